// MemoryPool: 64-byte aligned, padded, recycled blocks. A page fault costs as much as the arithmetic on the page.
#pragma once

#include <tbb/spin_mutex.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <vector>

#include "core/graph/storage.h"

namespace lazulite {

class MemoryPool {
 public:
  explicit MemoryPool(int64_t most_cached) : most_cached_(most_cached) {}

  /// A block of at least `bytes`, contents undefined. Throws Error(memory) beyond `limit` (0: none) or when the system
  /// has none.
  Ref<Storage> allocate(int64_t bytes, int64_t limit);
  int64_t in_use() const { return in_use_.load(std::memory_order_relaxed); }
  int64_t cached() const { return cached_.load(std::memory_order_relaxed); }
  /// Blocks that only pending nodes keep alive.
  void pin(Storage* s) {
    if (s->release != recycle || s->pinned.exchange(s->bytes) != 0) return;
    pinned_.fetch_add(s->bytes, std::memory_order_relaxed);
  }
  int64_t pinned() const { return pinned_.load(std::memory_order_relaxed); }
  /// Returns cached blocks to the system.
  void trim();
  /// Around a fork.
  void lock();
  void unlock();

 private:
  /// Four classes to each power of two from 64 bytes up.
  static constexpr int kClasses = 4 * 42;
  static int size_class(int64_t bytes);
  static int64_t class_bytes(int c);
  static void recycle(Storage* s);

  using FreeList = std::vector<Storage*>;
  using Lock = tbb::spin_mutex;
  static void add(std::atomic<int64_t>& count, int64_t n) {  // under the lock
    count.store(count.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
  }
  Lock lock_;  // the lists, in_use_ and cached_: held for some instructions, twice for every op on small arrays
  std::array<FreeList, kClasses> free_;
  std::atomic<int64_t> in_use_{0}, cached_{0}, pinned_{0};
  int64_t most_cached_;
};

}  // namespace lazulite
