// Loops over oneTBB's threads. In ThreadSanitizer builds this file is not instrumented (core/CMakeLists.txt): the
// distribution's oneTBB is not either, so the order that TBB gives to its threads is invisible. It is told here
// instead.
#include "core/dispatch/threads.h"

#include <sched.h>
#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>
#include <tbb/partitioner.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <mutex>

#ifdef LAZULITE_TSAN
#include <sanitizer/tsan_interface.h>
#endif

namespace lazulite {

namespace {

/// What this thread has done comes before whatever follows `ordered_after(at)`, in any thread.
void ordered_before([[maybe_unused]] void* at) {
#ifdef LAZULITE_TSAN
  __tsan_release(at);
#endif
}
void ordered_after([[maybe_unused]] void* at) {
#ifdef LAZULITE_TSAN
  __tsan_acquire(at);
#endif
}

int usable_cpus() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) return std::max(1, CPU_COUNT(&set));
  return 1;
}

}  // namespace

struct Threads::Arena {
  std::mutex lock;
  std::shared_ptr<tbb::task_arena> arena;  // made when it is first needed
};

Threads::Threads(int n) : count_(n > 0 ? n : usable_cpus()), arena_(std::make_unique<Arena>()) {}
Threads::~Threads() = default;

void Threads::lock() { arena_->lock.lock(); }
void Threads::unlock() { arena_->lock.unlock(); }

void Threads::set(int n) {
  if (forked_) return;
  std::lock_guard<std::mutex> guard(arena_->lock);
  count_ = n;
  arena_->arena.reset();
}

void Threads::parallel_for(int64_t n, int64_t grain, const std::function<void(int64_t, int64_t)>& body) {
  if (forked_) {
    body(0, n);
    return;
  }
  std::shared_ptr<tbb::task_arena> arena;
  {
    std::lock_guard<std::mutex> guard(arena_->lock);
    if (!arena_->arena) arena_->arena = std::make_shared<tbb::task_arena>(count());
    arena = arena_->arena;
  }
  char fork = 0, join = 0;
  ordered_before(&fork);
  arena->execute([&] {
    tbb::parallel_for(
        tbb::blocked_range<int64_t>(0, n, static_cast<size_t>(grain)),
        [&](const tbb::blocked_range<int64_t>& r) {
          ordered_after(&fork);
          body(r.begin(), r.end());
          ordered_before(&join);
        },
        tbb::auto_partitioner());
  });
  ordered_after(&join);
}

}  // namespace lazulite
