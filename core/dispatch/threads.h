// Threads: how many there may be, and loops spread over them. oneTBB is behind this file.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>

namespace lazulite {

class Threads {
 public:
  /// `n` threads; 0: as many as the CPUs that this process may use.
  explicit Threads(int n);
  ~Threads();

  int count() const { return count_.load(std::memory_order_relaxed); }
  void set(int n);
  /// TBB's workers do not survive a fork: a child runs serially.
  void after_fork() {
    forked_ = true;
    count_ = 1;
  }
  /// Around a fork.
  void lock();
  void unlock();

  /// Calls body(first, last) for parts of [0, n) of `grain` elements or more, on several threads at once, and returns
  /// when all are done. Exceptions come back from here.
  void parallel_for(int64_t n, int64_t grain, const std::function<void(int64_t, int64_t)>& body);

 private:
  struct Arenas;
  std::atomic<int> count_;
  bool forked_ = false;
  std::unique_ptr<Arenas> arenas_;
};

}  // namespace lazulite
