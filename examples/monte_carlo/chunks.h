// Paths come in chunks. How many, is a number of the method, not of the machine: results depend on neither threads nor
// memory.
#pragma once

#include <algorithm>
#include <cstdint>

#include "examples/monte_carlo/build.h"

namespace lazulite::monte_carlo {

inline constexpr int64_t kChunk = 1 << 18;
inline constexpr int64_t kChunkPi = 1 << 22;     // two draws a path, not hundreds: more paths, for the same work a pass
inline constexpr int64_t kMostStored = 1 << 22;  // numbers that a chunk keeps in memory

// Quantities, with their controls: of more than that, some of what they share is stored between passes.
inline constexpr size_t kOnePass = 8;

/// Draws a chunk, for so many quantities that are estimated together from so many evaluations of the model.
inline int64_t chunk_size(const std::string& model, const Inputs& inputs, size_t quantities = 1,
                          size_t evaluations = 1) {
  int64_t size = model == "pi" ? kChunkPi : kChunk;
  int64_t stored = 1;  // numbers a draw
  if (quantities > 1) stored += 2 * static_cast<int64_t>(quantities);
  if (quantities > kOnePass) stored += 8 * static_cast<int64_t>(evaluations);
  if (const auto* f = std::get_if<Filtered>(&inputs)) stored += f->horizon;
  while (size > 1 && size * stored > kMostStored) size /= 2;
  return size;
}

/// Calls each(done, next): how many are done, and how many come next.
template <class Each>
void for_chunks(int64_t total, int64_t size, Each each) {
  for (int64_t done = 0; done < total; done += size) each(done, std::min(size, total - done));
}

}  // namespace lazulite::monte_carlo
