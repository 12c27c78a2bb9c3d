// Loops over pieces of work, on several threads where that pays: spread for passes, for_blocks for other work.
#pragma once

#include <cstdint>
#include <functional>

namespace lazulite {

class Engine;

/// Estimated time of work that is worth handing to another thread.
inline constexpr double kTaskNs = 20e3;

/// Calls run(first, last) for ranges that make up [0, n), together `total` ns of work: on the threads, or, below some
/// 30 us, on the caller with its locks held. `in_order`: in one call.
void spread(Engine& engine, int64_t n, double total, const std::function<void(int64_t, int64_t)>& run,
            bool in_order = false);

/// body(k) for k in [0, n) in any order; `ns` is the estimated time of one call, at best some tens of microseconds.
/// Throws Error(interrupted) if it is to stop; then some calls are not made.
void for_blocks(Engine& engine, int64_t n, double ns, const std::function<void(int64_t)>& body);

/// The same one after the other, on this thread.
void in_order(Engine& engine, int64_t n, double ns, const std::function<void(int64_t)>& body);

}  // namespace lazulite
