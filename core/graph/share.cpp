// Planner: equal opaque nodes, wherever they were written, are computed once.
//
// Elementwise nodes are shared by value numbering within their pass (trace). An opaque op has a pass of its own, and
// what it costs is worth comparing the graphs below two of them.
#include <unordered_map>
#include <vector>

#include "core/graph/plan.h"
#include "core/graph/plan_cache.h"

namespace lazulite {

namespace {

/// Equal nodes have equal parameters, whatever their inputs.
bool same_params(const Node& a, const Node& b) {
  if (is_reduce(&a))
    return a.reduce->axes == b.reduce->axes && std::memcmp(&a.reduce->ddof, &b.reduce->ddof, sizeof(double)) == 0;
  switch (a.op) {
    case Op::window:
      return a.window->offset == b.window->offset && a.window->strides == b.window->strides;
    case Op::random:
      return false;  // their keys are no part of the structure that plans are found by
    case Op::opaque:
      return *a.opaque == *b.opaque;
    default:
      return true;
  }
}

}  // namespace

void share(Planner& p) {
  int opaque = 0;
  for (const NodeInfo& i : p.nodes) opaque += i.node->op == Op::opaque;
  if (opaque < 2) return;
  std::vector<NodeId> equal(p.nodes.size());  // the first of each class of equal nodes
  auto representative = [&](const Node* n) { return p.has(n) ? equal[n->index] : n->index; };
  auto same = [&](const Node& a, const Node& b) {
    if (a.op != b.op || a.dtype != b.dtype || a.n_inputs != b.n_inputs || a.shape != b.shape || a.order != b.order)
      return false;
    for (int k = 0; k < a.n_inputs; ++k)
      if (representative(a.input[k]) != representative(b.input[k])) return false;
    return same_params(a, b);
  };
  std::unordered_multimap<uint64_t, const Node*> known;
  std::vector<uint64_t> key;
  for (NodeInfo& i : p.nodes) {
    const Node* n = i.node;
    key.assign(n->shape.begin(), n->shape.end());
    key.push_back(static_cast<uint64_t>(n->op));
    if (n->op == Op::window) key.push_back(static_cast<uint64_t>(n->window->offset));
    for (int k = 0; k < n->n_inputs; ++k) key.push_back(representative(n->input[k]));
    const uint64_t hash = hash_words(key.data(), key.size());
    NodeId& first = equal[n->index] = n->index;
    for (auto [it, last] = known.equal_range(hash); it != last && first == n->index; ++it)
      if (same(*n, *it->second)) first = it->second->index;
    if (first == n->index)
      known.emplace(hash, n);
    else if (n->op == Op::opaque)
      i.same = first;
  }
}

}  // namespace lazulite
