// fork() while other threads hold the engine's locks: without the handlers of core/dispatch/fork.cpp the children hang.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/dispatch/engine.h"
#include "core/dispatch/operators.h"
#include "core/dispatch/registry.h"

namespace lazulite {
namespace {

double total(int64_t n) {
  std::byte* data;
  const Array a = make_empty(DType::float64, Dims{n}, &data);
  for (int64_t k = 0; k < n; ++k) reinterpret_cast<double*>(data)[k] = 1;
  return item(sum(a * 2.0 + 1.0)).as<double>();
}

/// The child's exit status: 0 if it could use everything that has a lock.
[[noreturn]] void use_every_lock() {
  alarm(20);  // ends a child that waits for a lock
  const bool right = total(100'000) == 300'000 && Engine::get().threads() == 1;
  Engine::get().trim();
  _exit(right ? 0 : 1);
}

void expect_success(pid_t child) {
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << "the child was ended by signal " << WTERMSIG(status);
}

/// Whether the thread waits for something, by the kernel's word.
bool is_asleep(pid_t thread) {
  std::ifstream file("/proc/self/task/" + std::to_string(thread) + "/stat");
  const std::string stat((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const size_t name_end = stat.rfind(')');
  return name_end != std::string::npos && stat.compare(name_end, 3, ") S") == 0;
}

/// Whether another thread has the engine's lock: the handlers take it first.
bool in_handlers(pid_t) {
  std::unique_lock<std::mutex> attempt(Engine::get().lock(), std::try_to_lock);
  return !attempt.owns_lock();
}

/// Forks while another thread holds `lock`. With the handlers, fork() waits until it is given back; without, `waits`
/// for the forking thread stays false, and the holder gives the lock back only after the fork, too late for the child.
template <class Lock>
void fork_while_held(Lock& lock, bool (*waits)(pid_t)) {
  total(100'000);  // starts the engine and its threads
  std::atomic<bool> held{false}, forked{false};
  const pid_t forking = gettid();
  std::thread holder([&] {
    std::lock_guard<Lock> guard(lock);
    held = true;
    while (!forked && !waits(forking)) std::this_thread::yield();
  });
  while (!held) std::this_thread::yield();
  const pid_t child = fork();
  if (child == 0) use_every_lock();
  forked = true;
  holder.join();
  expect_success(child);
}

TEST(Fork, WaitsForTheEnginesLock) { fork_while_held(Engine::get().lock(), is_asleep); }
TEST(Fork, WaitsForTheRegistrysLock) { fork_while_held(Registry::get().lock(), in_handlers); }

TEST(Fork, ChildrenOfABusyProcessCompute) {
  total(100'000);  // a fork amid the engine's start would leave it half started for ever
  std::atomic<bool> stop{false};
  std::vector<std::thread> busy;
  for (int t = 0; t < 3; ++t) {
    busy.emplace_back([&] {
      while (!stop) {
        total(20'000);
        Engine::get().trim();
      }
    });
  }
  for (int k = 0; k < 20 && !testing::Test::HasFailure(); ++k) {
    const pid_t child = fork();
    if (child == 0) use_every_lock();
    expect_success(child);
  }
  stop = true;
  for (std::thread& t : busy) t.join();
}

}  // namespace
}  // namespace lazulite
