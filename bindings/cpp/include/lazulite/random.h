// Random draws as expressions: the Python package's streams, the same numbers for the same seed.
//
// A generator hands out ranges of its stream, one for each draw; element i of a draw depends on the seed and its number
// only, whatever the threads, the pieces and the SIMD target (of those with FMA). core/kernels/random.h says how.
#pragma once

#include <vector>

#include "core/graph/seed_hash.h"
#include "lazulite/assign.h"

LAZULITE_BEGIN_ROUNDED

#include "core/kernels/philox-inl.h"
#include "core/kernels/random-inl.h"

LAZULITE_END_ROUNDED

namespace lazulite {

namespace detail {

/// Elements of a stream: an operand that is made where it is read.
template <class T, int R>
struct draw : leaf_base<T, R> {
  static constexpr bool always_c_order = false, is_drawn = true;
  void (*fill)(const uint64_t*, uint64_t, int64_t, void*);
  uint64_t key[2];
  uint64_t first;
  extents<R> shape_;

  draw(void (*f)(const uint64_t*, uint64_t, int64_t, void*), const uint64_t* k, uint64_t at, const extents<R>& shape)
      : fill(f), key{k[0], k[1]}, first(at), shape_(shape) {}
  const extents<R>& shape() const { return shape_; }
  const T* data() const { return nullptr; }
  static constexpr double cost() { return cost_of(Op::random); }
  template <class F>
  void each_leaf(F&& f) const {
    f(*this);
  }
};

inline namespace LAZULITE_ON_TARGET {

template <class T, int R>
memory memory_of_leaf(const draw<T, R>& d, const int64_t* shape, int rank) {
  const view<const T, R> place(nullptr, d.shape());
  memory m = memory_of(place, shape, rank);
  m.draw = d.fill;
  m.key = d.key;
  m.first = d.first;
  return m;
}

}  // namespace LAZULITE_ON_TARGET

}  // namespace detail

namespace HWY_NAMESPACE {
template <class T, int R, int first, int number, int E>
struct KernelOf<detail::draw<T, R>, first, number, E> {
  using type = Load<T, first, E>;
};

using RandomFunction = void (*)(const uint64_t*, uint64_t, int64_t, void*);
template <class Law32, class Law64, class T>
RandomFunction FillOf(Stream stream) {
  static_assert(std::is_floating_point_v<T>, "lazulite: draws are float or double");
  using Law = std::conditional_t<sizeof(T) == 8, Law64, Law32>;
  return stream == Stream::ars ? RandomFunction(&Fill<Enciphered<Ars7>, Law>)
                               : RandomFunction(&Fill<Enciphered<Philox4x32>, Law>);
}
}  // namespace HWY_NAMESPACE

namespace random {

/// A stream of 2^64 elements, handed out in ranges. (Not to be used by several threads at once.)
class generator {
 public:
  generator(uint64_t seed, Stream stream) : stream_(stream) {
    const uint32_t words[2] = {static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32)};
    uint32_t state[4];
    seed_words(seed_pool(words, words[1] ? 2 : 1), state, 4);
    for (int k = 0; k < 2; ++k) key_[k] = state[2 * k] | uint64_t{state[2 * k + 1]} << 32;
  }

  /// The number of the next element.
  uint64_t position() const { return next_; }
  /// Moves on by `delta` elements, modulo 2^64.
  void advance(uint64_t delta) { next_ += delta; }

  // The laws, for one to four axes: random<double>(n), normal<float>({n, m}).
#define LAZULITE_LAWS(R)                                                                                             \
  /** Uniform in [0, 1). */                                                                                          \
  template <class T = double>                                                                                        \
  auto random(const extents<R>& shape) {                                                                             \
    return draw_of<T>(HWY_NAMESPACE::FillOf<HWY_NAMESPACE::Random32, HWY_NAMESPACE::Random64, T>(stream_), shape);   \
  }                                                                                                                  \
  template <class T = double>                                                                                        \
  auto standard_normal(const extents<R>& shape) {                                                                    \
    return draw_of<T>(HWY_NAMESPACE::FillOf<HWY_NAMESPACE::Normal32, HWY_NAMESPACE::Normal64, T>(stream_), shape);   \
  }                                                                                                                  \
  template <class T = double>                                                                                        \
  auto standard_exponential(const extents<R>& shape) {                                                               \
    return draw_of<T>(HWY_NAMESPACE::FillOf<HWY_NAMESPACE::Exponential32, HWY_NAMESPACE::Exponential64, T>(stream_), \
                      shape);                                                                                        \
  }                                                                                                                  \
  template <class T = double>                                                                                        \
  auto normal(const extents<R>& shape, double loc = 0, double scale = 1) {                                           \
    if (!(scale >= 0)) throw std::invalid_argument("scale < 0");                                                     \
    return loc + scale * standard_normal<T>(shape);                                                                  \
  }                                                                                                                  \
  template <class T = double>                                                                                        \
  auto uniform(const extents<R>& shape, double low, double high) {                                                   \
    if (!(high - low >= 0)) throw std::invalid_argument("high - low < 0");                                           \
    return low + (high - low) * random<T>(shape);                                                                    \
  }                                                                                                                  \
  template <class T = double>                                                                                        \
  auto exponential(const extents<R>& shape, double scale) {                                                          \
    if (!(scale >= 0)) throw std::invalid_argument("scale < 0");                                                     \
    return scale * standard_exponential<T>(shape);                                                                   \
  }
  LAZULITE_LAWS(1)
  LAZULITE_LAWS(2)
  LAZULITE_LAWS(3)
  LAZULITE_LAWS(4)
#undef LAZULITE_LAWS

 private:
  template <class T, int R>
  detail::draw<T, R> draw_of(HWY_NAMESPACE::RandomFunction fill, const extents<R>& shape) {
    const uint64_t first = next_;
    next_ += static_cast<uint64_t>(shape.product());
    return detail::draw<T, R>(fill, key_, first, shape);
  }

  Stream stream_;
  uint64_t key_[2];
  uint64_t next_ = 0;
};

/// ARS-7, the Python package's default; needs the processor's AES instructions to be fast.
inline generator ars(uint64_t seed) { return generator(seed, Stream::ars); }
inline generator default_rng(uint64_t seed) { return ars(seed); }
/// Philox4x32-10, as lz.random.Philox(seed).
inline generator philox(uint64_t seed) { return generator(seed, Stream::philox); }

}  // namespace random

}  // namespace lazulite
