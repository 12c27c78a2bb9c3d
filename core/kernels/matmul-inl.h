// Matrix products: the register tile and the products with vectors, for every target.
#if defined(LZ_MATMUL_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LZ_MATMUL_INL
#undef LZ_MATMUL_INL
#else
#define LZ_MATMUL_INL
#endif

#include <type_traits>

#include "core/kernels/compat-inl.h"
#include "core/kernels/matmul.h"
#include "core/kernels/simd-inl.h"

#if defined(__clang__)
#define LZ_UNROLL _Pragma("clang loop unroll(full)")
#else
#define LZ_UNROLL _Pragma("GCC unroll 32")
#endif

namespace lazulite {
namespace HWY_NAMESPACE {

/// c + a * b and a + b. Lanes of `bool` are bytes of 0 or 1.
template <class T, class D, class V>
HWY_INLINE V Link(D d, V a, V b, V c) {
  if constexpr (std::is_same_v<T, bool>)
    return hn::Or(hn::And(a, b), c);
  else if constexpr (std::is_floating_point_v<T>)
    return hn::MulAdd(a, b, c);
  else
    return Times(d, a, b) + c;
}
template <class T, class V>
HWY_INLINE V Join(V a, V b) {
  if constexpr (std::is_same_v<T, bool>)
    return hn::Or(a, b);
  else
    return a + b;
}
template <class T, class H>
HWY_INLINE H JoinOne(H a, H b) {
  if constexpr (std::is_same_v<T, bool>)
    return H(a | b);
  else
    return H(a + b);
}

template <class T>
using Held = std::conditional_t<std::is_same_v<T, bool>, uint8_t, T>;

/// The tile: rows of vectors, in registers with one row of the right operand and one element of the left. Float tiles
/// fill the register file, 32 registers or 16; integer products need more scratch.
template <class T>
inline constexpr int kTileRows = std::is_floating_point_v<T>&& kVectorBytes == 64 ? 8 : 4;
template <class T>
inline constexpr int kTileVectors = std::is_floating_point_v<T> ? 3 : 2;
template <class T>
inline constexpr int kTileColumns = kTileVectors<T>* kLanes<Held<T>>;

/// c (+)= R rows of `a` times V vectors of columns of `b`. Left element (r, k) is a[r * row + k * next].
template <class T, int R, int V>
HWY_INLINE void Tile(const Held<T>* a, int64_t row, int64_t next, const Held<T>* b, int64_t b_step, int64_t depth,
                     Held<T>* c, int64_t c_step, bool add) {
  using H = Held<T>;
  const Tag<H> d;
  constexpr int N = kLanes<H>;
  Vector<H> sum[R][V];
  LZ_UNROLL
  for (int r = 0; r < R; ++r) {
    LZ_UNROLL
    for (int v = 0; v < V; ++v) sum[r][v] = hn::Zero(d);
  }
  for (int64_t k = 0; k < depth; ++k, a += next, b += b_step) {
    Vector<H> columns[V];
    LZ_UNROLL
    for (int v = 0; v < V; ++v) columns[v] = hn::LoadU(d, b + v * N);
    LZ_UNROLL
    for (int r = 0; r < R; ++r) {
      const auto x = hn::Set(d, a[r * row]);
      LZ_UNROLL
      for (int v = 0; v < V; ++v) sum[r][v] = Link<T>(d, x, columns[v], sum[r][v]);
    }
  }
  LZ_UNROLL
  for (int r = 0; r < R; ++r) {
    LZ_UNROLL
    for (int v = 0; v < V; ++v) {
      H* to = c + r * c_step + v * N;
      hn::StoreU(add ? Join<T>(hn::LoadU(d, to), sum[r][v]) : sum[r][v], d, to);
    }
  }
}

/// A tile of which only `width` columns are wanted.
template <class T, int R, int V>
HWY_INLINE void TileOfWidth(const Held<T>* a, int64_t row, int64_t next, const Held<T>* b, int64_t b_step,
                            int64_t depth, Held<T>* c, int64_t c_step, int64_t width, bool add) {
  using H = Held<T>;
  constexpr int C = V * kLanes<H>;
  if (width == C) return Tile<T, R, V>(a, row, next, b, b_step, depth, c, c_step, add);
  HWY_ALIGN H edge[R * C];
  Tile<T, R, V>(a, row, next, b, b_step, depth, edge, C, false);
  for (int64_t r = 0; r < R; ++r)
    for (int64_t j = 0; j < width; ++j)
      c[r * c_step + j] = add ? JoinOne<T>(c[r * c_step + j], edge[r * C + j]) : edge[r * C + j];
}

/// m rows of `a` times V vectors of columns: whole tiles, then halves of tiles.
template <class T, int V, int R = kTileRows<T>>
void TileRows(const Held<T>* a, int64_t row, int64_t next, const Held<T>* b, int64_t b_step, int64_t m, int64_t depth,
              Held<T>* c, int64_t c_step, int64_t width, bool add) {
  constexpr int C = V * kLanes<Held<T>>;
  for (; m >= R; m -= R, a += R * row, c += R * c_step) {
    // Rows that follow each other without a gap may be written too wide, as long as later rows repair that.
    if (!add && width == c_step && (m - R) * width >= C - width)
      Tile<T, R, V>(a, row, next, b, b_step, depth, c, c_step, false);
    else
      TileOfWidth<T, R, V>(a, row, next, b, b_step, depth, c, c_step, width, add);
  }
  if constexpr (R > 1)
    if (m > 0) TileRows<T, V, R / 2>(a, row, next, b, b_step, m, depth, c, c_step, width, add);
}

/// As many vectors as hold `width` columns.
template <class T, int V = kTileVectors<T>>
HWY_INLINE void TileColumns(const Held<T>* a, int64_t row, int64_t next, const Held<T>* b, int64_t b_step, int64_t m,
                            int64_t depth, Held<T>* c, int64_t c_step, int64_t width, bool add) {
  if constexpr (V > 1)
    if (width <= (V - 1) * kLanes<Held<T>>)
      return TileColumns<T, V - 1>(a, row, next, b, b_step, m, depth, c, c_step, width, add);
  TileRows<T, V>(a, row, next, b, b_step, m, depth, c, c_step, width, add);
}

template <class T>
void MultiplyPacked(const void* left, const void* right, int64_t m, int64_t n, int64_t depth, void* c, int64_t step,
                    bool add) {
  using H = Held<T>;
  constexpr int R = kTileRows<T>, V = kTileVectors<T>, C = kTileColumns<T>;
  const auto *a = static_cast<const H*>(left), *b = static_cast<const H*>(right);
  auto* to = static_cast<H*>(c);
  for (int64_t i = 0; i < m; i += R) {
    for (int64_t j = 0; j < n; j += C) {
      const H *panel = a + i * depth, *columns = b + j * depth;
      if (i + R <= m && j + C <= n)
        Tile<T, R, V>(panel, 1, R, columns, C, depth, to + i * step + j, step, add);
      else
        TileColumns<T>(panel, 1, R, columns, C, HWY_MIN(int64_t{R}, m - i), depth, to + i * step + j, step,
                       HWY_MIN(int64_t{C}, n - j), add);
    }
  }
}

template <class T>
void MultiplyDirect(const void* left, const int64_t* a_steps, const void* right, const int64_t* b_steps, int64_t m,
                    int64_t n, int64_t depth, void* c, int64_t step, bool add) {
  using H = Held<T>;
  constexpr int C = kTileColumns<T>, N = kLanes<H>;
  const auto *a = static_cast<const H*>(left), *b = static_cast<const H*>(right);
  auto* to = static_cast<H*>(c);
  for (int64_t j = 0; j < n; j += C) {
    const int64_t width = HWY_MIN(int64_t{C}, n - j);
    if (b_steps[1] == 1 && width % N == 0) {
      TileColumns<T>(a, a_steps[0], a_steps[1], b + j, b_steps[0], m, depth, to + j, step, width, add);
      continue;
    }
    // Columns that lie apart, or that do not fill a vector, which may not be read beyond their end.
    HWY_ALIGN H columns[kDepth * C];
    const int64_t held = (width + N - 1) / N * N;
    for (int64_t k = 0; k < depth; ++k) {
      const H* from = b + k * b_steps[0] + j * b_steps[1];
      for (int64_t l = 0; l < width; ++l) columns[k * held + l] = from[l * b_steps[1]];
      for (int64_t l = width; l < held; ++l) columns[k * held + l] = H{0};
    }
    TileColumns<T>(a, a_steps[0], a_steps[1], columns, held, m, depth, to + j, step, width, add);
  }
}

/// The first `count` lanes from memory of which only they may be read, zeros in the others.
template <class H>
HWY_INLINE Vector<H> LoadPart(const H* from, int64_t count) {
  const Tag<H> d;
  if constexpr (kVectorBytes >= 32 && sizeof(H) >= 4) {  // real masked loads
    return hn::MaskedLoad(hn::FirstN(d, size_t(count)), d, from);
  } else {
    HWY_ALIGN H part[kLanes<H>] = {};
    for (int64_t j = 0; j < count; ++j) part[j] = from[j];
    return hn::Load(d, part);
  }
}

/// The partial sums of `dots`: 256 bytes of them, whatever the vector's width.
template <class T>
inline constexpr int kDotVectors = 256 / static_cast<int>(kVectorBytes);

/// Element k of R rows meets partial sum k mod (lanes of kDotVectors); these are added in halves.
template <class T, int R>
HWY_INLINE void DotRows(const Held<T>* a, int64_t step, const Held<T>* x, int64_t depth, Held<T>* y) {
  using H = Held<T>;
  const Tag<H> d;
  constexpr int N = kLanes<H>, V = kDotVectors<T>;
  constexpr int64_t P = V * N;
  Vector<H> sum[R][V];
  LZ_UNROLL
  for (int r = 0; r < R; ++r) {
    LZ_UNROLL
    for (int v = 0; v < V; ++v) sum[r][v] = hn::Zero(d);
  }
  const auto links = [&](const H* rows, int64_t row_step, const H* by) HWY_ATTR {
    LZ_UNROLL
    for (int v = 0; v < V; ++v) {
      const auto b = hn::LoadU(d, by + v * N);
      LZ_UNROLL
      for (int r = 0; r < R; ++r) sum[r][v] = Link<T>(d, hn::LoadU(d, rows + r * row_step + v * N), b, sum[r][v]);
    }
  };
  int64_t k = 0;
  for (; k + P <= depth; k += P) links(a + k, step, x + k);
  LZ_UNROLL
  for (int v = 0; v < V; ++v) {
    const int64_t count = HWY_MIN(int64_t{N}, depth - k - v * N);
    if (count <= 0) break;
    const auto b = LoadPart(x + k + v * N, count);
    LZ_UNROLL
    for (int r = 0; r < R; ++r) sum[r][v] = Link<T>(d, LoadPart(a + r * step + k + v * N, count), b, sum[r][v]);
  }
  LZ_UNROLL
  for (int r = 0; r < R; ++r) {
    LZ_UNROLL
    for (int half = V / 2; half > 0; half /= 2) {
      LZ_UNROLL
      for (int v = 0; v < half; ++v) sum[r][v] = Join<T>(sum[r][v], sum[r][v + half]);
    }
    HWY_ALIGN H lane[N];
    hn::Store(sum[r][0], d, lane);
    for (int half = N / 2; half > 0; half /= 2)
      for (int j = 0; j < half; ++j) lane[j] = JoinOne<T>(lane[j], lane[j + half]);
    y[r] = lane[0];
  }
}

template <class T>
void Dots(const void* left, int64_t step, const void* right, int64_t m, int64_t depth, void* result) {
  using H = Held<T>;
  constexpr int R = kVectorBytes == 64 ? 4 : 1;  // rows that share the loads of x, as registers allow
  const auto *a = static_cast<const H*>(left), *x = static_cast<const H*>(right);
  auto* y = static_cast<H*>(result);
  int64_t i = 0;
  for (; i + R <= m; i += R) DotRows<T, R>(a + i * step, step, x, depth, y + i);
  for (; i < m; ++i) DotRows<T, 1>(a + i * step, step, x, depth, y + i);
}

template <class T>
void ColumnsSum(const void* left, int64_t step, const void* right, int64_t n, int64_t depth, void* result, bool add) {
  using H = Held<T>;
  const Tag<H> d;
  constexpr int N = kLanes<H>;
  constexpr int64_t kRows = 8, kChunk = 8192 / sizeof(H);  // rows at a time; columns whose sums stay in L1
  const auto *a = static_cast<const H*>(left), *x = static_cast<const H*>(right);
  auto* y = static_cast<H*>(result);
  HWY_ALIGN H sum[kChunk + N];
  for (int64_t first = 0; first < n; first += kChunk) {
    const int64_t width = HWY_MIN(kChunk, n - first), whole = width / N * N;
    __builtin_memset(sum, 0, sizeof sum);
    for (int64_t k = 0; k < depth; k += kRows) {
      const int64_t rows = HWY_MIN(kRows, depth - k);
      const H* from = a + k * step + first;
      if (rows == kRows) {
        Vector<H> by[kRows];
        LZ_UNROLL
        for (int r = 0; r < kRows; ++r) by[r] = hn::Set(d, x[k + r]);
        for (int64_t j = 0; j < whole; j += N) {
          auto s = hn::Load(d, sum + j);
          LZ_UNROLL
          for (int r = 0; r < kRows; ++r) s = Link<T>(d, by[r], hn::LoadU(d, from + r * step + j), s);
          hn::Store(s, d, sum + j);
        }
      } else {
        for (int64_t r = 0; r < rows; ++r) {
          const auto by = hn::Set(d, x[k + r]);
          for (int64_t j = 0; j < whole; j += N)
            hn::Store(Link<T>(d, by, hn::LoadU(d, from + r * step + j), hn::Load(d, sum + j)), d, sum + j);
        }
      }
      if (whole < width) {
        auto s = hn::Load(d, sum + whole);
        for (int64_t r = 0; r < rows; ++r)
          s = Link<T>(d, hn::Set(d, x[k + r]), LoadPart(from + r * step + whole, width - whole), s);
        hn::Store(s, d, sum + whole);
      }
    }
    for (int64_t j = 0; j < width; ++j) y[first + j] = add ? JoinOne<T>(y[first + j], sum[j]) : sum[j];
  }
}

template <class T>
constexpr MatmulKernel KernelOf() {
  return {kTileRows<T>, kTileColumns<T>, &MultiplyPacked<T>, &MultiplyDirect<T>, &Dots<T>, &ColumnsSum<T>};
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite

#endif  // LZ_MATMUL_INL
