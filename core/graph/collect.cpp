// Planner: the pending nodes below the roots, inputs first.
#include "core/graph/plan.h"

namespace lazulite {

void collect(Planner& p) {
  // An explicit stack: graphs may be a million nodes deep. `index` counts the inputs already followed until the node
  // is done, then it is the node's place in the order.
  std::vector<Node*> stack;
  stack.reserve(32);
  p.nodes.reserve(32);
  p.plan.nodes.reserve(32);
  auto enter = [&](Node* n) {
    if (n->epoch == p.epoch || !n->pending()) return;
    n->epoch = p.epoch;
    n->index = 0;
    stack.push_back(n);
  };
  for (const Root& r : p.roots) {
    enter(r.node.get());
    while (!stack.empty()) {
      Node* n = stack.back();
      if (n->index < n->n_inputs) {
        enter(n->input[n->index++]);
        continue;
      }
      stack.pop_back();
      n->index = static_cast<uint32_t>(p.nodes.size());
      p.nodes.emplace_back().node = n;
      p.plan.nodes.emplace_back(n);  // another thread may publish the root, and drop it, while the plan runs
    }
  }
  for (NodeInfo& i : p.nodes)
    for (int k = 0; k < i.node->n_inputs; ++k)
      if (p.has(i.node->input[k])) ++p.of(i.node->input[k]).uses;
  for (const Root& r : p.roots) {
    if (p.has(r.node.get())) p.of(r.node.get()).root = true;
    p.plan.nodes.push_back(r.node);
  }
}

}  // namespace lazulite
