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

}  // namespace lazulite
