// Storage: one block of memory that nodes share, ours or somebody else's.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "core/graph/ref.h"

namespace lazulite {

/// A counted block of memory. Who made it says how it is released.
struct Storage {
  std::atomic<uint32_t> refs{1};
  /// Writers outside the engine that are alive now (NumPy arrays handed out): while any are, values are taken by copy.
  std::atomic<uint32_t> exports{0};
  /// Bytes counted as kept alive by pending nodes only (0: not counted).
  std::atomic<int64_t> pinned{0};
  /// Memory of the caller's that was lent, not given: pending readers are settled before it goes back.
  bool borrowed = false;
  /// At least kStripBytes past the end may be read (and, while nobody else sees the block, written).
  bool padded = false;
  std::byte* data = nullptr;
  int64_t bytes = 0;
  void (*release)(Storage*) = nullptr;
  void* owner = nullptr;
};

inline void destroy(Storage* s) { s->release(s); }

}  // namespace lazulite
