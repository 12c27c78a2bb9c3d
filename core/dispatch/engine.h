// Engine: what the process has one of: SIMD target, threads, memory pool, plan cache, the lock around planning.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/dispatch/threads.h"
#include "core/graph/plan_cache.h"
#include "core/graph/storage.h"

namespace lazulite {

class MemoryPool;
struct StageTable;
struct Decompositions;

/// Limits that users set (`lz.options`). 0 turns a limit off.
struct Options {
  std::atomic<int64_t> eager_below{256};      // ops on computed arrays of at most so many elements run at once
  std::atomic<int64_t> flush_nodes{100'000};  // pending nodes before the graph is computed
  std::atomic<int64_t> flush_bytes;           // bytes that only pending nodes keep alive (default: RAM / 8)
  std::atomic<int64_t> memory_limit{0};       // bytes that the pool may hold in all
};

/// What the engine did, for tests and `lz.profile`.
struct Counters {
  std::atomic<int64_t> passes{0};  // passes run
  std::atomic<int64_t> nodes{0};   // nodes that passes evaluated (a node twice counts twice)
  std::atomic<int64_t> eager{0};   // ops run at once
};

class Engine {
 public:
  /// The one engine. The first call picks the SIMD target (LAZULITE_SIMD lowers it) and throws Error where the CPU has
  /// none of the compiled ones.
  static Engine& get();

  Options options;
  Counters counters;

  const StageTable& stages() const { return *stages_; }
  const Decompositions& decompositions() const { return *decompositions_; }
  const char* target() const { return target_; }

  int threads() const { return threads_->count(); }
  /// 1 <= n; LAZULITE_NUM_THREADS, else the CPUs this process may use, by default. A forked child stays with one.
  void set_threads(int n);

  /// Called on the thread that computes, every few milliseconds of a long pass; true stops it with
  /// Error(interrupted). Bindings check for signals in it.
  void set_interrupt_check(bool (*check)()) { interrupt_check_ = check; }

  /// Called on the computing thread around the running of passes that take more than some microseconds, with no lock
  /// held: `leave` before, `back` with its result after. Python releases its interpreter lock there.
  void set_blocking_hooks(void* (*leave)(), void (*back)(void*)) {
    leave_ = leave;
    back_ = back;
  }
  /// Runs f between the hooks.
  template <class F>
  void blocking(F&& f) {
    struct Guard {
      void (*back)(void*);
      void* token;
      ~Guard() {
        if (back) back(token);
      }
    } guard{back_, leave_ ? leave_() : nullptr};
    f();
  }

  /// Plans and runs. Safe from several threads at once.
  void compute(const std::vector<Root>& roots);

  /// Memory: 64-byte aligned, padded by kStripBytes, recycled.
  Ref<Storage> allocate(int64_t bytes);
  int64_t memory_in_use() const;
  int64_t memory_cached() const;
  /// Counts a block of ours as kept alive by pending nodes only, until it is released.
  void pin(Storage* s);
  int64_t memory_pinned() const;
  void trim();  // gives cached blocks back to the system

  PlanCache& plans() { return plans_; }
  std::mutex& lock() { return lock_; }
  auto interrupt_check() const -> bool (*)() { return interrupt_check_; }
  void parallel_for(int64_t n, int64_t grain, const std::function<void(int64_t, int64_t)>& body) {
    threads_->parallel_for(n, grain, body);
  }

 private:
  Engine();
  ~Engine();
  void survive_forks();  // fork.cpp
  const StageTable* stages_ = nullptr;
  const Decompositions* decompositions_ = nullptr;
  const char* target_ = "";
  bool (*interrupt_check_)() = nullptr;
  void* (*leave_)() = nullptr;
  void (*back_)(void*) = nullptr;
  PlanCache plans_;
  std::mutex lock_;  // planning, publishing, marks
  std::unique_ptr<MemoryPool> pool_;
  std::unique_ptr<Threads> threads_;
};

}  // namespace lazulite
