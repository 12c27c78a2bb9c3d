// Planner: stored nodes into passes, by level and iteration space.
#include <algorithm>

#include "core/graph/plan.h"
#include "core/graph/table.h"

namespace lazulite {

namespace {

constexpr size_t kMaxOutputs = 16;  // streams that one pass writes: beyond that, caches and store buffers suffer

/// The node whose shape and axis order a stored node is iterated in.
const Node* space(const Node* n) { return is_reduce(n) ? n->input[0] : n; }

/// May `n` use the value of stored `in` while it is still in registers? (`trace` checks that it really can.)
bool same_space(const Node* in, const Node* n) {
  if (is_reduce(in) || in->op == Op::opaque || n->op == Op::opaque) return false;
  if (n->op == Op::window || n->op == Op::gather) return false;
  return is_reduce(n) || (in->shape == n->shape && in->order == n->order);
}

}  // namespace

/// A pass holds outputs of one iteration space and one level; its reductions share their axes. The level of a node is
/// one more than that of the stored nodes it reads, except where it can read them in the pass that makes them. Opaque
/// ops have passes of their own.
void partition(Planner& p) {
  p.plan.passes.clear();
  Table latest;                    // the last pass of a level and space, by a hash of them
  std::vector<uint32_t> previous;  // of each pass: the one before it with the same hash
  for (NodeInfo& i : p.nodes) {
    i.level = i.min_level;
    for (int k = 0; k < i.node->n_inputs; ++k) {
      const Node* in = p.first(i.node->input[k]);
      if (!p.has(in)) continue;
      const NodeInfo& b = p.of(in);
      i.level = std::max(i.level, b.level + (b.stored && !same_space(in, i.node) ? 1u : 0u));
    }
    if (!i.stored) continue;
    Output o;
    o.node = i.node->index;
    o.dtype = i.node->dtype;
    if (i.node->op == Op::opaque) {
      if (i.same == kNone) {
        i.pass = static_cast<uint32_t>(p.plan.passes.size());
        p.plan.passes.emplace_back().mode = Mode::opaque;
        previous.push_back(kNone);
      } else {
        i.pass = p.nodes[i.same].pass;
        i.level = p.nodes[i.same].level;
      }
      p.plan.passes[i.pass].outputs.push_back(std::move(o));
      continue;
    }
    const Node* s = space(i.node);
    const uint64_t axes = is_reduce(i.node) ? i.node->reduce->axes : 0;
    uint64_t hash = s->order;
    for (int64_t d : s->shape) hash = (hash ^ static_cast<uint64_t>(d)) * 0x9E3779B97F4A7C15u;
    uint32_t& last = latest.at({i.level, hash}, kNone);
    uint32_t chosen = last;
    auto fits = [&](const Pass& pass) {
      const Node* other = space(p.node(pass.outputs[0].node));
      return (axes == 0 || pass.reduced == 0 || pass.reduced == axes) && pass.outputs.size() < kMaxOutputs &&
             other->shape == s->shape && other->order == s->order;
    };
    while (chosen != kNone && !fits(p.plan.passes[chosen])) chosen = previous[chosen];
    if (chosen == kNone) {
      chosen = static_cast<uint32_t>(p.plan.passes.size());
      p.plan.passes.emplace_back();
      previous.push_back(last);
      last = chosen;
    }
    Pass& pass = p.plan.passes[chosen];
    if (axes != 0) pass.reduced = axes;
    i.pass = chosen;
    if (is_reduce(i.node)) {
      o.op = i.node->op;
      o.ddof = i.node->reduce->ddof;
    }
    pass.outputs.push_back(std::move(o));
  }
  if (p.plan.passes.size() == 1) return;
  // Passes in order of level; within one level they are independent.
  std::vector<uint32_t> rank(p.plan.passes.size());
  for (uint32_t k = 0; k < rank.size(); ++k) rank[k] = k;
  auto level = [&](uint32_t k) { return p.nodes[p.plan.passes[k].outputs[0].node].level; };
  std::stable_sort(rank.begin(), rank.end(), [&](uint32_t a, uint32_t b) { return level(a) < level(b); });
  std::vector<Pass> sorted;
  sorted.reserve(rank.size());
  for (uint32_t k : rank) sorted.push_back(std::move(p.plan.passes[k]));
  p.plan.passes = std::move(sorted);
  for (uint32_t k = 0; k < p.plan.passes.size(); ++k)
    for (Output& o : p.plan.passes[k].outputs) p.nodes[o.node].pass = k;
}

}  // namespace lazulite
