// for_blocks: loops over pieces of work that no pass runs, on several threads where that pays.
#pragma once

#include <cstdint>
#include <functional>

namespace lazulite {

class Engine;

/// body(k) for k in [0, n) in any order; `ns` is the estimated time of one call, at best some tens of microseconds.
/// Throws Error(interrupted) if it is to stop; then some calls are not made.
void for_blocks(Engine& engine, int64_t n, double ns, const std::function<void(int64_t)>& body);

/// The same one after the other, on this thread.
void in_order(Engine& engine, int64_t n, double ns, const std::function<void(int64_t)>& body);

}  // namespace lazulite
