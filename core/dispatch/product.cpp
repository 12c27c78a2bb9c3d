// One product of two matrices in memory: packed panels, tiles over threads.
//
// Goto's scheme (Goto and van de Geijn 2008) with the roles of the operands exchanged, since results are row-major: for
// one slab of kDepth steps of the inner dimension both operands are packed into panels; a tile of the result is a block
// of left panels times a block of right panels that stay in L2, while one left panel at a time stays in L1. Small
// products, those of few columns or rows, and those with a vector read their operands where they lie.
#include "core/dispatch/product.h"

#include <algorithm>
#include <cstring>

#include "core/dispatch/engine.h"
#include "core/dispatch/pack.h"
#include "core/kernels/stage.h"

namespace lazulite {

namespace {

constexpr int64_t kLeftPanels = 12;            // of one block
constexpr int64_t kRightPanels = 10;           // of one block: half a megabyte on the widest target
constexpr int64_t kSpan = 64 * kDepth;         // inner steps whose sums are added before they meet others
constexpr int64_t kDirectLinks = 1 << 18;      // multiply-adds that are not worth packing for
constexpr int64_t kDirectRows = 256;           // of one task that reads its operands where they lie
constexpr int64_t kDirectPanels = 8;           // column panels of one such task
constexpr int64_t kVectorElements = 1 << 14;   // matrix elements of one task of a product with a vector
constexpr int64_t kPartialElements = 1 << 16;  // of a result small enough to keep one for every span
constexpr int64_t kShortRows = 16;             // rows to meet a vector that do not fill a vector register or two
constexpr double kPackNs = 0.5;                // packing one element
constexpr double kVectorNs = 0.2;              // a matrix element that meets a vector: memory traffic

double link_ns(DType t) { return is_float(t) ? (t == DType::float32 ? 0.02 : 0.04) : 0.1; }

/// Packs `lines` lines (`across` apart) of `depth` elements (`along` apart) into panels of `width` lines.
template <class T>
void pack_as(const T* from, int64_t across, int64_t along, int64_t lines, int64_t depth, int64_t width, T* to) {
  for (int64_t line = 0; line < lines; line += width, to += width * depth) {
    const T* panel = from + line * across;
    const int64_t n = std::min(width, lines - line);
    if (n == width && across == 1) {
      for (int64_t k = 0; k < depth; ++k)
        std::memcpy(to + k * width, panel + k * along, static_cast<size_t>(width) * sizeof(T));
      continue;
    }
    for (int64_t k = 0; k < depth; ++k) {
      for (int64_t j = 0; j < n; ++j) to[k * width + j] = panel[j * across + k * along];
      for (int64_t j = n; j < width; ++j) to[k * width + j] = T{0};
    }
  }
}

void pack(const std::byte* from, int64_t size, int64_t across, int64_t along, int64_t lines, int64_t depth,
          int64_t width, std::byte* to) {
  visit_bytes(size, [&](auto zero) {
    using T = decltype(zero);
    pack_as(reinterpret_cast<const T*>(from), across, along, lines, depth, width, reinterpret_cast<T*>(to));
  });
}

/// c[i] += a[i], in the sense of the products.
void join(DType t, std::byte* c, const std::byte* a, int64_t n) {
  visit(t, [&](auto zero) {
    using T = decltype(zero);
    auto* to = reinterpret_cast<T*>(c);
    const auto* from = reinterpret_cast<const T*>(a);
    for (int64_t i = 0; i < n; ++i) {
      if constexpr (std::is_same_v<T, bool>)
        to[i] = to[i] || from[i];
      else if constexpr (std::is_integral_v<T>)
        to[i] =
            static_cast<T>(static_cast<std::make_unsigned_t<T>>(to[i]) + static_cast<std::make_unsigned_t<T>>(from[i]));
      else
        to[i] += from[i];
    }
  });
}

/// The elements above the diagonal of a square matrix from those below.
void mirror(const Matrix& c, int64_t size, const Loop& loop) {
  constexpr int64_t kBlock = 32;
  const int64_t n = c.rows, blocks = (n + kBlock - 1) / kBlock;
  visit_bytes(size, [&](auto zero) {
    auto* p = reinterpret_cast<decltype(zero)*>(c.data);
    loop(blocks, static_cast<double>(n * kBlock) / 2, [&](int64_t block) {
      for (int64_t j = block * kBlock; j < n; j += kBlock)
        for (int64_t i = block * kBlock; i < std::min(n, (block + 1) * kBlock); ++i)
          for (int64_t k = std::max(j, i + 1); k < std::min(n, j + kBlock); ++k) p[i * n + k] = p[k * n + i];
    });
  });
}

int64_t round_up(int64_t n, int64_t to) { return (n + to - 1) / to * to; }

/// c = a * b over at most kSpan inner steps.
class SpanProduct {
 public:
  SpanProduct(Engine& engine, DType t, const Matrix& a, const Matrix& b, const Matrix& c, const Loop& loop)
      : engine_(engine),
        kernel_(engine.stages().matmul[static_cast<int>(t)]),
        size_(item_size(t)),
        link_ns_(link_ns(t)),
        m_(a.rows),
        n_(b.columns),
        k_(a.columns),
        a_(a),
        b_(b),
        c_(c),
        loop_(loop) {}

  void run() {
    if (n_ == 1 && with_vector(a_, b_)) return;
    if (m_ == 1 && with_vector(b_.transposed(), a_.transposed())) return;
    const bool narrow = n_ <= kernel_.columns || (m_ <= 2 * kernel_.rows && b_.steps[1] == 1);
    if (narrow || m_ * n_ * k_ <= kDirectLinks)
      direct();
    else
      packed();
  }

 private:
  /// c = a * x for a vector x, if the rows or the columns of `a` are contiguous.
  bool with_vector(const Matrix& a, const Matrix& x) {
    if ((a.steps[0] != 1 && a.steps[1] != 1) || k_ < kShortRows) return false;
    Ref<Storage> copy;
    const std::byte* vector = x.data;
    if (x.steps[0] != 1 && k_ > 1) {
      copy = engine_.allocate(k_ * size_);
      pack(x.data, size_, 1, x.steps[0], 1, k_, 1, copy->data);
      vector = copy->data;
    }
    const int64_t lines = a.rows;
    const bool rows = a.steps[1] == 1;
    // Long runs along the columns, and whole cache lines of the result.
    const int64_t task = std::max<int64_t>(rows ? 1 : 1024, round_up(kVectorElements / k_, 64));
    loop_((lines + task - 1) / task, kVectorNs * static_cast<double>(task * k_), [&](int64_t t) {
      const int64_t first = t * task, n = std::min(task, lines - first);
      const std::byte* from = a.data + first * a.steps[0] * size_;
      std::byte* to = c_.data + first * size_;
      if (rows) return kernel_.dots(from, a.steps[0], vector, n, k_, to);
      for (int64_t k = 0; k < k_; k += kDepth)
        kernel_.columns_sum(from + k * a.steps[1] * size_, a.steps[1], vector + k * size_, n, std::min(kDepth, k_ - k),
                            to, k > 0);
    });
    return true;
  }

  void direct() {
    const int64_t columns = kernel_.columns * kDirectPanels;
    const int64_t over = (n_ + columns - 1) / columns, down = (m_ + kDirectRows - 1) / kDirectRows;
    const double ns = 2 * link_ns_ * static_cast<double>(std::min(columns, n_) * std::min(kDirectRows, m_) * k_);
    loop_(down * over, ns, [&](int64_t t) {
      const int64_t i = t / over * kDirectRows, j = t % over * columns;
      for (int64_t k = 0; k < k_; k += kDepth) {
        const int64_t depth = std::min(kDepth, k_ - k);
        const Matrix x = a_.part(size_, i, std::min(kDirectRows, m_ - i), k, depth);
        const Matrix y = b_.part(size_, k, depth, j, std::min(columns, n_ - j));
        kernel_.direct(x.data, x.steps, y.data, y.steps, x.rows, y.columns, depth, at(i, j), n_, k > 0);
      }
    });
  }

  void packed() {
    const int64_t rows = kernel_.rows * kLeftPanels, columns = kernel_.columns * kRightPanels;
    const int64_t down = (m_ + rows - 1) / rows, over = (n_ + columns - 1) / columns;
    const int64_t most = std::min(k_, kDepth);
    const Ref<Storage> left = engine_.allocate(round_up(m_, kernel_.rows) * most * size_);
    const Ref<Storage> right = engine_.allocate(round_up(n_, kernel_.columns) * most * size_);
    // A matrix times its own transpose, whose elements on both sides of the diagonal are the same chains.
    const bool symmetric = a_.data == b_.data && m_ == n_ && a_.steps[0] == b_.steps[1] && a_.steps[1] == b_.steps[0];
    for (int64_t k = 0; k < k_; k += kDepth) {
      const int64_t depth = std::min(kDepth, k_ - k);
      loop_(down + over, kPackNs * static_cast<double>(depth * (rows + columns) / 2), [&](int64_t t) {
        if (t < down) {
          const Matrix x = a_.part(size_, t * rows, std::min(rows, m_ - t * rows), k, depth);
          pack(x.data, size_, x.steps[0], x.steps[1], x.rows, depth, kernel_.rows,
               left->data + t * rows * depth * size_);
        } else {
          t -= down;
          const Matrix x = b_.part(size_, k, depth, t * columns, std::min(columns, n_ - t * columns));
          pack(x.data, size_, x.steps[1], x.steps[0], x.columns, depth, kernel_.columns,
               right->data + t * columns * depth * size_);
        }
      });
      loop_(down * over, link_ns_ * static_cast<double>(rows * columns * depth), [&](int64_t t) {
        const int64_t i = t / over * rows, j = t % over * columns;
        if (symmetric && j >= i + rows) return;
        kernel_.packed(left->data + i * depth * size_, right->data + j * depth * size_, std::min(rows, m_ - i),
                       std::min(columns, n_ - j), depth, at(i, j), n_, k > 0);
      });
    }
    if (symmetric) mirror(c_, size_, loop_);
  }

  std::byte* at(int64_t i, int64_t j) const { return c_.data + (i * n_ + j) * size_; }

  Engine& engine_;
  const MatmulKernel& kernel_;
  const int64_t size_;
  const double link_ns_;
  const int64_t m_, n_, k_;
  const Matrix a_, b_, c_;
  const Loop& loop_;
};

void one_after_the_other(int64_t n, double, const std::function<void(int64_t)>& body) {
  for (int64_t i = 0; i < n; ++i) body(i);
}

}  // namespace

Matrix matrix_of(const Strided& s, int64_t batch) {
  const int last = s.shape.size() - 1;
  return {s.data + s.offset(batch, 0, last - 1) * item_size(s.dtype),
          s.shape[last - 1],
          s.shape[last],
          {s.strides[last - 1], s.strides[last]}};
}

double multiply_ns(DType t, int64_t m, int64_t n, int64_t k) {
  const double links = static_cast<double>(m * n) * static_cast<double>(k);
  return 100 + (m == 1 || n == 1 ? kVectorNs : 1.5 * link_ns(t)) * links;
}

void multiply(Engine& engine, DType t, const Matrix& a, const Matrix& b, const Matrix& c, const Loop& loop) {
  const int64_t size = item_size(t), elements = a.rows * b.columns, k = a.columns;
  if (elements == 0) return;
  if (k == 0) {
    std::memset(c.data, 0, static_cast<size_t>(elements * size));
    return;
  }
  if (k <= kSpan) return SpanProduct(engine, t, a, b, c, loop).run();
  const int64_t spans = (k + kSpan - 1) / kSpan;
  const auto span = [&](int64_t s, std::byte* to, const Loop& with) {
    const int64_t first = s * kSpan, n = std::min(kSpan, k - first);
    SpanProduct(engine, t, a.part(size, 0, a.rows, first, n), b.part(size, first, n, 0, b.columns),
                {to, c.rows, c.columns, {c.steps[0], c.steps[1]}}, with)
        .run();
  };
  const bool many = elements <= kPartialElements;  // tiles are few then, but spans are many
  const Ref<Storage> partial = engine.allocate((many ? spans - 1 : 1) * elements * size);
  const auto place = [&](int64_t s) { return s == 0 ? c.data : partial->data + (many ? s - 1 : 0) * elements * size; };
  if (many)
    loop(spans, multiply_ns(t, a.rows, b.columns, kSpan), [&](int64_t s) { span(s, place(s), one_after_the_other); });
  for (int64_t s = 0; s < spans; ++s) {
    if (!many) span(s, place(s), loop);
    if (s > 0) join(t, c.data, place(s), elements);
  }
}

}  // namespace lazulite
