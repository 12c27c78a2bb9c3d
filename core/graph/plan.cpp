// The planner as a list of passes over the graph.
#include "core/graph/plan.h"

#include <atomic>
#include <stdexcept>

namespace lazulite {

namespace {
#ifndef NDEBUG
constexpr bool kVerify = true;
#else
constexpr bool kVerify = false;
#endif
}  // namespace

Plan make_plan(const std::vector<Root>& roots, ProgramCache& cache) {
  static std::atomic<uint32_t> epochs{0};
  Planner p{roots, cache, {}, ++epochs, {}};
  collect(p);
  // Every round that fails forces a node to be stored, or moves a pass to a later level: there is an end to both.
  for (size_t round = 0;; ++round) {
    if (round > 2 * p.nodes.size() + 2) throw std::logic_error("lazulite planner: no end of rounds");
    choose(p);
    partition(p);
    if (kVerify) verify(p, "partition");
    if (trace(p)) break;
  }
  if (kVerify) verify(p, "trace");
  layout(p);
  linearise(p);
  if (kVerify) verify(p, "linearise");
  return std::move(p.plan);
}

double op_cost(Op op) {
  switch (op) {  // measured for float64 with 512-bit vectors; only ratios matter
    case Op::exp:
    case Op::exp2:
    case Op::log:
      return 0.5;
    case Op::expm1:
    case Op::log2:
    case Op::log10:
    case Op::log1p:
    case Op::sin:
    case Op::cos:
    case Op::arcsin:
    case Op::arccos:
    case Op::arctan:
    case Op::sinh:
    case Op::cosh:
    case Op::tanh:
    case Op::erf:
      return 1.0;
    case Op::tan:
      return 1.5;
    case Op::random:
      return 0.8;
    case Op::divide:
    case Op::reciprocal:
    case Op::sqrt:
      return 0.25;
    case Op::window:
    case Op::constant:
    case Op::leaf:
      return 0;
    default:
      return is_scalar_row(op) ? 4 : 0.03;
  }
}

}  // namespace lazulite
