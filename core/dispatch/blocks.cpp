// Loops over pieces of work: threads, and looks for interruption between pieces.
#include "core/dispatch/blocks.h"

#include <algorithm>

#include "core/dispatch/engine.h"
#include "core/dispatch/watch.h"
#include "core/graph/error.h"

namespace lazulite {

namespace {

constexpr double kSerialNs = 30e3;  // below, the caller does it all, its locks held

void each(Engine& engine, int64_t n, double ns, bool in_order, const std::function<void(int64_t)>& body) {
  Watch watch(engine.interrupt_check());
  const auto some = [&](int64_t first, int64_t last) {
    for (int64_t k = first; k < last && !watch.stop(); ++k) body(k);
  };
  spread(engine, n, ns * static_cast<double>(n), some, in_order);
  if (watch.stopped()) throw Error(ErrorKind::interrupted, "interrupted");
}

}  // namespace

void spread(Engine& engine, int64_t n, double total, const std::function<void(int64_t, int64_t)>& run, bool in_order) {
  if (total < kSerialNs) {
    run(0, n);
  } else if (in_order || engine.threads() == 1 || n == 1) {
    engine.blocking([&] { run(0, n); });
  } else {
    const auto grain = static_cast<int64_t>(std::max(1.0, kTaskNs / (total / static_cast<double>(n))));
    engine.blocking([&] { engine.parallel_for(n, grain, run); });
  }
}

void for_blocks(Engine& engine, int64_t n, double ns, const std::function<void(int64_t)>& body) {
  each(engine, n, ns, false, body);
}

void in_order(Engine& engine, int64_t n, double ns, const std::function<void(int64_t)>& body) {
  each(engine, n, ns, true, body);
}

}  // namespace lazulite
