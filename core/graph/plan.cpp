// The planner as a list of passes over the graph.
#include "core/graph/plan.h"

#include <atomic>
#include <stdexcept>

#include "core/graph/plan_cache.h"

namespace lazulite {

namespace {
#ifndef NDEBUG
constexpr bool kVerify = true;
#else
constexpr bool kVerify = false;
#endif
}  // namespace

Planner::Planner(const std::vector<Root>& r, const PlannedNodes& n, ProgramCache& c)
    : roots(r), collected(n), cache(c), nodes(n.pending.size()) {
  for (size_t k = 0; k < nodes.size(); ++k) {
    nodes[k].node = n.pending[k];
    for (int j = 0; j < nodes[k].node->n_inputs; ++j)
      if (has(nodes[k].node->input[j])) ++of(nodes[k].node->input[j]).uses;
  }
  for (const Root& root : roots)
    if (has(root.node.get())) of(root.node.get()).root = true;
}

namespace {

Plan new_plan(const std::vector<Root>& roots, const PlannedNodes& nodes, ProgramCache& cache) {
  Planner p(roots, nodes, cache);
  share(p);
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
  link_rows(p);
  linearise(p);
  if (kVerify) verify(p, "linearise");
  return std::move(p.plan);
}

void keep(PlannedNodes& nodes, const Plan& plan) {
  size_t count = 0;
  for (const Pass& pass : plan.passes) count += pass.outputs.size() + pass.operands.size();
  nodes.kept.reserve(count);
  for (const Pass& pass : plan.passes) {
    for (const Output& o : pass.outputs) nodes.kept.emplace_back(nodes[o.node]);
    for (const Operand& o : pass.operands) {
      nodes.kept.emplace_back(nodes[o.node]);
      if (o.index != kNone) nodes.kept.emplace_back(nodes[o.index]);
    }
  }
}

}  // namespace

Planned make_plan(const std::vector<Root>& roots, PlanCache& cache) {
  static std::atomic<uint32_t> epochs{0};
  Planned result;
  result.nodes = collect(roots, ++epochs, cache.structure);
  const uint64_t hash = hash_words(cache.structure.data(), cache.structure.size());
  result.plan = cache.find(hash);
  if (!result.plan) {
    result.plan = std::make_shared<const Plan>(new_plan(roots, result.nodes, cache.programs));
    cache.offer(hash, result.plan);
  }
  keep(result.nodes, *result.plan);
  return result;
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
    case Op::floor_divide:
    case Op::remainder:
    case Op::fmod:
      return 0.6;
    case Op::hypot:
      return 1.0;
    case Op::tan:
    case Op::arctan2:
    case Op::logit:
    case Op::expit:
    case Op::log_expit:
    case Op::exprel:
      return 1.5;
    case Op::erfc:
    case Op::erfcx:
    case Op::erfinv:
    case Op::erfcinv:
    case Op::ndtr:
    case Op::log_ndtr:
    case Op::ndtri:
    case Op::gammaln:
    case Op::gamma:
    case Op::rgamma:
    case Op::digamma:
    case Op::i0:
    case Op::i0e:
    case Op::i1:
    case Op::i1e:
      return 2.5;
    case Op::j0:
    case Op::j1:
    case Op::y0:
    case Op::y1:
      return 4.0;
    case Op::power:
      return 2.0;
    case Op::random:
      return 0.8;
    case Op::sample_gamma:
    case Op::sample_log_gamma:
    case Op::sample_beta:
    case Op::sample_poisson:
    case Op::sample_binomial:
    case Op::sample_vonmises:
    case Op::sample_zipf:
    case Op::sample_hypergeometric:
      return 5.0;
    case Op::sample_uniform:
    case Op::sample_fork:
      return 0.5;
    case Op::divide:
    case Op::reciprocal:
    case Op::sqrt:
      return 0.25;
    case Op::gather:
      return 1.5;
    case Op::window:
    case Op::constant:
    case Op::leaf:
      return 0;
    default:
      return 0.03;
  }
}

}  // namespace lazulite
