// Allocation from size classes, with huge pages for large blocks.
#include "core/dispatch/memory.h"

#include <cstdlib>
#include <string>
#ifdef __linux__
#include <sys/mman.h>
#endif

#include "core/graph/error.h"
#include "core/graph/program.h"

namespace lazulite {

namespace {
constexpr int64_t kHugePage = int64_t{2} << 20;
constexpr int64_t kPadding = 512;  // kStripBytes: stages may read a whole strip past the last element

constexpr int64_t kAlignment = 64;

/// C11's aligned_alloc takes whole multiples of the alignment (glibc does not mind others, ThreadSanitizer does).
void* allocate_aligned(int64_t bytes, int64_t alignment) {
  return std::aligned_alloc(static_cast<size_t>(alignment),
                            static_cast<size_t>((bytes + alignment - 1) / alignment * alignment));
}

int log2_floor(int64_t v) { return 63 - __builtin_clzll(static_cast<unsigned long long>(v)); }
}  // namespace

int MemoryPool::size_class(int64_t bytes) {
  if (bytes <= 64) return 0;
  const int p = log2_floor(bytes - 1);  // 2^p < bytes <= 2^(p+1)
  const int64_t quarter = int64_t{1} << (p - 2);
  return 4 * (p - 6) + static_cast<int>((bytes - (int64_t{1} << p) + quarter - 1) / quarter);
}

int64_t MemoryPool::class_bytes(int c) {
  const int p = 6 + c / 4;
  return (int64_t{1} << p) + (int64_t{1} << (p - 2)) * (c % 4);
}

Ref<Storage> MemoryPool::allocate(int64_t bytes, int64_t limit) {
  const int c = bytes > (int64_t{1} << 46) ? kClasses : size_class(bytes + kPadding);
  if (c >= kClasses) throw Error(ErrorKind::memory, "Unable to allocate " + std::to_string(bytes) + " bytes");
  const int64_t size = class_bytes(c);
  if (limit > 0 && in_use() + size > limit)
    throw Error(ErrorKind::memory, "allocating " + std::to_string(bytes) + " bytes would pass the memory limit of " +
                                       std::to_string(limit) + " (in use: " + std::to_string(in_use()) +
                                       "); raise it with lz.options(memory_limit=...) or compute in parts");
  Storage* s = nullptr;
  {
    const Lock::scoped_lock guard(lock_);
    FreeList& list = free_[static_cast<size_t>(c)];
    if (!list.empty()) {
      s = list.back();
      list.pop_back();
      add(cached_, -size);
      add(in_use_, size);
    }
  }
  if (s) {
    s->refs.store(1, std::memory_order_relaxed);
  } else {
    const bool huge = size >= 2 * kHugePage;
    void* p = allocate_aligned(size, huge ? kHugePage : kAlignment);
    if (!p) {
      trim();
      p = allocate_aligned(size, kAlignment);
      if (!p) throw Error(ErrorKind::memory, "Unable to allocate " + std::to_string(bytes) + " bytes");
    }
#ifdef __linux__
    if (huge) madvise(p, static_cast<size_t>(size), MADV_HUGEPAGE);
#endif
    s = new Storage;
    s->data = static_cast<std::byte*>(p);
    s->release = recycle;
    s->owner = this;
    s->padded = true;
    const Lock::scoped_lock guard(lock_);
    add(in_use_, size);
  }
  s->bytes = bytes;
  return Ref<Storage>::adopt(s);
}

void MemoryPool::recycle(Storage* s) {
  auto* pool = static_cast<MemoryPool*>(s->owner);
  const int c = size_class(s->bytes + kPadding);
  const int64_t size = class_bytes(c);
  if (const int64_t pinned = s->pinned.load(std::memory_order_relaxed)) {
    s->pinned.store(0, std::memory_order_relaxed);
    pool->pinned_.fetch_sub(pinned, std::memory_order_relaxed);
  }
  {
    const Lock::scoped_lock guard(pool->lock_);
    add(pool->in_use_, -size);
    if (pool->cached() + size <= pool->most_cached_) {
      pool->free_[static_cast<size_t>(c)].push_back(s);
      add(pool->cached_, size);
      return;
    }
  }
  std::free(s->data);
  delete s;
}

void MemoryPool::trim() {
  std::array<FreeList, kClasses> lists;
  {
    const Lock::scoped_lock guard(lock_);
    lists.swap(free_);
    cached_.store(0, std::memory_order_relaxed);
  }
  for (const FreeList& blocks : lists) {
    for (Storage* s : blocks) {
      std::free(s->data);
      delete s;
    }
  }
}

void MemoryPool::lock() { lock_.lock(); }
void MemoryPool::unlock() { lock_.unlock(); }

}  // namespace lazulite
