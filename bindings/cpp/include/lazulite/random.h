// Random draws as expressions: the Python package's streams, the same numbers for the same seed.
//
// A generator hands out ranges of its stream, one for each draw; element i of a draw depends on the seed and its number
// only, whatever the threads, the pieces and the SIMD target (of those with FMA). core/kernels/random.h says how.
#pragma once

#include <vector>

#include "core/graph/seed_hash.h"
#include "lazulite/assign.h"
#include "lazulite/draw.h"

namespace lazulite {

namespace detail {

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

namespace random {

inline namespace LAZULITE_ON_TARGET {

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
#define LAZULITE_LAWS(R)                                                   \
  /** Uniform in [0, 1). */                                                \
  template <class T = double>                                              \
  auto random(const extents<R>& shape) {                                   \
    return draw_of<detail::law::random, T>(shape);                         \
  }                                                                        \
  template <class T = double>                                              \
  auto standard_normal(const extents<R>& shape) {                          \
    return draw_of<detail::law::standard_normal, T>(shape);                \
  }                                                                        \
  template <class T = double>                                              \
  auto standard_exponential(const extents<R>& shape) {                     \
    return draw_of<detail::law::standard_exponential, T>(shape);           \
  }                                                                        \
  template <class T = double>                                              \
  auto normal(const extents<R>& shape, double loc = 0, double scale = 1) { \
    if (!(scale >= 0)) throw std::invalid_argument("scale < 0");           \
    return loc + scale * standard_normal<T>(shape);                        \
  }                                                                        \
  template <class T = double>                                              \
  auto uniform(const extents<R>& shape, double low, double high) {         \
    if (!(high - low >= 0)) throw std::invalid_argument("high - low < 0"); \
    return low + (high - low) * random<T>(shape);                          \
  }                                                                        \
  template <class T = double>                                              \
  auto exponential(const extents<R>& shape, double scale) {                \
    if (!(scale >= 0)) throw std::invalid_argument("scale < 0");           \
    return scale * standard_exponential<T>(shape);                         \
  }
  LAZULITE_LAWS(1)
  LAZULITE_LAWS(2)
  LAZULITE_LAWS(3)
  LAZULITE_LAWS(4)
#undef LAZULITE_LAWS

 private:
  template <detail::law law, class T, int R>
  detail::draw<T, R> draw_of(const extents<R>& shape) {
    static_assert(std::is_floating_point_v<T>, "lazulite: draws are float or double");
    const uint64_t first = next_;
    next_ += static_cast<uint64_t>(shape.product());
    const detail::draw_function fill =
        stream_ == Stream::ars ? LAZULITE_CHOOSE(kArsDraw<law, T>) : LAZULITE_CHOOSE(kPhiloxDraw<law, T>);
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

}  // namespace LAZULITE_ON_TARGET

}  // namespace random

}  // namespace lazulite
