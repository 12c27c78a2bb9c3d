// Planner: the invariants that hold between its passes. A violation is a bug of ours and names itself.
#include <stdexcept>
#include <string>

#include "core/graph/plan.h"

namespace lazulite {

namespace {
void check(bool holds, const char* after, const char* what) {
  if (!holds) throw std::logic_error(std::string("lazulite planner, after ") + after + ": " + what);
}
}  // namespace

void verify(const Planner& p, const char* after) {
  for (size_t k = 0; k < p.nodes.size(); ++k) {
    const Node* n = p.nodes[k].node;
    check(n->index == k, after, "a collected node lost its place");
    for (int j = 0; j < n->n_inputs; ++j)
      check(!p.has(n->input[j]) || n->input[j]->index < k, after, "an input comes after its user");
    check(!p.nodes[k].root || p.nodes[k].stored, after, "a root is not stored");
  }
  for (size_t k = 0; k < p.plan.passes.size(); ++k) {
    const Pass& pass = p.plan.passes[k];
    check(!pass.outputs.empty(), after, "a pass computes nothing");
    for (const Output& o : pass.outputs) check(p.nodes[o.node].pass == k, after, "an output is in another pass");
    if (std::string(after) == "partition") continue;
    if (pass.mode == Mode::opaque) {
      const Node* first = p.node(pass.outputs[0].node);
      check(pass.operands.size() == pass.views.size(), after, "an opaque operand has no view");
      for (const Output& o : pass.outputs) {
        const Node* n = p.node(o.node);
        check(
            n->op == Op::opaque && n->shape == first->shape && n->dtype == first->dtype && *n->opaque == *first->opaque,
            after, "an opaque pass computes something else");
        check(o.root == kNone, after, "an opaque op has a destination");
      }
      for (const Operand& o : pass.operands)
        check((o.node & kLeaf) || (p.nodes[o.node].stored && p.nodes[o.node].pass < k), after,
              "an opaque operand is not stored before its use");
      continue;
    }
    for (size_t j = 0; j < pass.values.size(); ++j)
      for (uint32_t in : pass.values[j].in) {
        if (in == kNone) continue;
        const bool leaf = pass.values[j].op == Op::leaf;
        check(in < (leaf ? pass.operands.size() : j), after, "a value comes before its input");
      }
    for (const Output& o : pass.outputs) check(o.value < pass.values.size(), after, "an output has no value");
    for (const Operand& o : pass.operands)
      check((o.node & kLeaf) || p.node(o.node)->op == Op::random || p.nodes[o.node].pass < k, after,
            "an operand is computed after its use");
    if (std::string(after) != "linearise" || pass.empty) continue;
    check(pass.linked >= 1 && k + pass.linked <= p.plan.passes.size(), after,
          "a pass is linked to one that is not there");
    check(pass.program && pass.program->steps.back().action == Action::end, after, "a program does not end");
    const uint32_t slots = pass.program->first_temporary + pass.program->temporaries;
    for (const Step& s : pass.program->steps)
      for (uint32_t slot : s.operand)
        check(slot < slots || s.action == Action::reduce, after, "an instruction names no slot");
  }
}

}  // namespace lazulite
