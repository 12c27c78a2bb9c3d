// Loops over pieces of work outside the passes: threads, and looks for interruption between pieces.
#include "core/dispatch/blocks.h"

#include <algorithm>

#include "core/dispatch/engine.h"
#include "core/dispatch/watch.h"
#include "core/graph/error.h"

namespace lazulite {

namespace {

constexpr double kSerialNs = 30e3;  // below, the caller does it all, its locks held
constexpr double kTaskNs = 20e3;    // work worth handing to another thread

void run(Engine& engine, int64_t n, double ns, bool parallel, const std::function<void(int64_t)>& body) {
  std::atomic<bool> cancelled{false};
  Watch watch(engine.interrupt_check(), cancelled);
  const auto some = [&](int64_t first, int64_t last) {
    for (int64_t k = first; k < last && !watch.stop(); ++k) body(k);
  };
  const double total = ns * static_cast<double>(n);
  if (total < kSerialNs) {
    for (int64_t k = 0; k < n; ++k) body(k);
  } else if (!parallel || engine.threads() == 1) {
    engine.blocking([&] { some(0, n); });
  } else {
    const auto grain = static_cast<int64_t>(std::max(1.0, kTaskNs / ns));
    engine.blocking([&] { engine.parallel_for(n, grain, some); });
  }
  if (cancelled.load()) throw Error(ErrorKind::interrupted, "interrupted");
}

}  // namespace

void for_blocks(Engine& engine, int64_t n, double ns, const std::function<void(int64_t)>& body) {
  run(engine, n, ns, true, body);
}

void in_order(Engine& engine, int64_t n, double ns, const std::function<void(int64_t)>& body) {
  run(engine, n, ns, false, body);
}

}  // namespace lazulite
