// Planner: which nodes get their values stored in memory. All others live in registers and L1 only.
#include "core/graph/cost.h"
#include "core/graph/plan.h"

namespace lazulite {

/// A node is stored when
///  - it is a root, or a reduction (its value is known only at the end of a pass), or opaque;
///  - an opaque op reads it, or reads it through a window;
///  - an earlier computation evaluated it without storing it, and this one needs it again: the topmost such nodes;
///  - windows or broadcasts would evaluate it more often than storing it costs;
///  - several passes of this plan would evaluate it, at more than the cost of storing it;
///  - elements of it are gathered;
///  - `trace` could not push an access through it.
void choose(Planner& p) {
  for (NodeInfo& i : p.nodes) {
    i.stored = i.root || i.forced || is_reduce(i.node) ||
               (i.node->op == Op::opaque && (i.same == kNone || i.node->handles > 0));
    i.reads = 0;
  }
  // Consumers first: marks and reads flow from a node to its inputs.
  for (size_t k = p.nodes.size(); k-- > 0;) {
    NodeInfo& i = p.nodes[k];
    const Node* n = i.node;
    const bool reduce = is_reduce(n);
    for (int j = 0; j < n->n_inputs; ++j) {
      Node* in = p.first(n->input[j]);
      if (n->op == Op::opaque && in->op == Op::window && p.has(in)) in = p.first(in->input[0]);
      if (!p.has(in)) continue;
      NodeInfo& b = p.of(in);
      if (n->op == Op::opaque) {
        b.stored = true;
        continue;
      }
      if (in->evaluated && !n->evaluated && in->op != Op::window) b.stored = true;
      if (n->op == Op::gather)
        b.stored = true;
      else if (n->op == Op::window)
        b.reads += static_cast<double>(n->size);
      else if (!reduce && n->size > in->size)
        b.reads += static_cast<double>(n->size);
    }
  }
  for (NodeInfo& i : p.nodes) {
    Node* n = i.node;
    double work = cost_of(n->op);
    for (int j = 0; j < n->n_inputs; ++j) {
      const Node* in = p.first(n->input[j]);
      if (p.has(in) && !p.of(in).stored) work += p.of(in).work;
    }
    i.work = std::min(work, 1e6);
    if (i.stored || n->op == Op::window || n->size == 0) continue;
    const double copies = i.reads / static_cast<double>(n->size) - 1;  // evaluations beyond the first
    if (copies > 0 && work * copies > kStoreCost) i.stored = true;
    if (n->size == 1 && i.reads > 1) i.stored = true;
  }
}

}  // namespace lazulite
