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
#include <utility>
#include <vector>

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

/// Every caller has an arena to itself: in a shared one, callers that find no place would wait, deaf to interruption,
/// while others did their work. TBB spreads its workers over the arenas.
struct Threads::Arenas {
  std::mutex lock;
  int concurrency = 0;  // of those that are idle
  std::vector<std::unique_ptr<tbb::task_arena>> idle;
};

Threads::Threads(int n) : count_(n > 0 ? n : usable_cpus()), arenas_(std::make_unique<Arenas>()) {}
Threads::~Threads() = default;

void Threads::lock() { arenas_->lock.lock(); }
void Threads::unlock() { arenas_->lock.unlock(); }

void Threads::set(int n) {
  if (!forked_) count_ = n;
}

void Threads::parallel_for(int64_t n, int64_t grain, const std::function<void(int64_t, int64_t)>& body) {
  if (forked_) {
    body(0, n);
    return;
  }
  const int concurrency = count();
  std::unique_ptr<tbb::task_arena> arena;
  {
    std::lock_guard<std::mutex> guard(arenas_->lock);
    if (arenas_->concurrency != concurrency) arenas_->idle.clear();
    arenas_->concurrency = concurrency;
    if (!arenas_->idle.empty()) {
      arena = std::move(arenas_->idle.back());
      arenas_->idle.pop_back();
    }
  }
  if (!arena) arena = std::make_unique<tbb::task_arena>(concurrency);
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
  std::lock_guard<std::mutex> guard(arenas_->lock);
  if (arenas_->concurrency == concurrency) arenas_->idle.push_back(std::move(arena));
}

}  // namespace lazulite
