// Draws as lazy arrays.
#include "examples/monte_carlo/draws.h"

namespace lazulite::monte_carlo {

static SeedSequence sequence(uint64_t seed) {
  std::vector<uint32_t> words;
  SeedSequence::append_words(seed, words);
  return SeedSequence(words);
}

Rng::Rng(uint64_t seed) : bits_(sequence(seed)) {}

Array Rng::draw(Law law, int64_t n) {
  const uint64_t first = bits_.reserve(static_cast<uint64_t>(n));
  return make_random(law, DType::float64, {n}, bits_.key().word, first);
}

Draws& Draws::again(bool mirrored) {
  place_ = 0;
  mirrored_ = mirrored;
  return *this;
}

Array Draws::random(int64_t n) {
  const Array u = draw(Law::random, n);
  return mirrored_ ? 1.0 - u : u;
}

Array Draws::standard_normal(int64_t n) {
  const Array z = draw(Law::standard_normal, n);
  return mirrored_ ? -z : z;
}

Array Draws::draw(Law law, int64_t n) {
  ++place_;
  if (place_ <= drawn_.size()) return drawn_[place_ - 1];
  const Array values = rng_.draw(law, n);
  rng_.advance(skip_);
  if (shared_) drawn_.push_back(values);
  return values;
}

}  // namespace lazulite::monte_carlo
