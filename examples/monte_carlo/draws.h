// Random draws: the stream of a seed, and the draws of one chunk of paths, which several evaluations of a model share.
#pragma once

#include <cstdint>
#include <vector>

#include "core/dispatch/operators.h"
#include "core/graph/seed.h"

namespace lazulite::monte_carlo {

/// A generator with the streams of `lz.random.default_rng(seed)`.
class Rng {
 public:
  explicit Rng(uint64_t seed);
  Array draw(Law law, int64_t n);
  void advance(int64_t elements) { bits_.advance(static_cast<uint64_t>(elements)); }

 private:
  BitGenerator bits_;
};

/// What a model has as its generator. If `shared`, every evaluation after again() gets the draws of the first one:
/// common random numbers for other parameters. Mirrored, it gets those of the opposite sign: antithetic ones.
///
/// `skip`: after each draw so many elements of the stream are left out. Paths that are a part of a chunk, from its
/// first element on, are drawn so.
class Draws {
 public:
  explicit Draws(Rng& rng, bool shared = false, int64_t skip = 0) : rng_(rng), shared_(shared), skip_(skip) {}
  Draws& again(bool mirrored = false);
  Array random(int64_t n);
  Array standard_normal(int64_t n);
  /// How many draws the last evaluation has made.
  size_t place() const { return place_; }

 private:
  Array draw(Law law, int64_t n);

  Rng& rng_;
  bool shared_;
  int64_t skip_;
  std::vector<Array> drawn_;
  size_t place_ = 0;
  bool mirrored_ = false;
};

}  // namespace lazulite::monte_carlo
