// Watch: may a pass go on? Asked between the pieces of its work.
#pragma once

#include <atomic>
#include <chrono>
#include <thread>

namespace lazulite {

/// Asks the engine's interrupt check every 10 ms, on the thread that began the pass; other threads see its answer.
class Watch {
 public:
  explicit Watch(bool (*check)()) : check_(check) {}

  /// True once the pass is to stop; without a look at the clock.
  bool stopped() const { return cancelled_.load(std::memory_order_relaxed); }

  /// True once the pass is to stop.
  bool stop() {
    if (stopped()) return true;
    if (!check_ || std::this_thread::get_id() != caller_) return false;
    const auto now = std::chrono::steady_clock::now();
    if (now - last_ < std::chrono::milliseconds(10)) return false;
    last_ = now;
    if (check_()) cancelled_.store(true, std::memory_order_relaxed);
    return stopped();
  }

 private:
  bool (*check_)();
  std::atomic<bool> cancelled_{false};
  std::thread::id caller_ = std::this_thread::get_id();
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

}  // namespace lazulite
