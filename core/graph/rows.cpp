// Planner: passes that run together, a block of rows after the other, so that rows stay in the caches between them.
//
// A softmax of rows is three passes: the largest element, the sum of exponentials, the quotients. Each reads of the
// others' results what belongs to its own row, so all three may run over some rows before the next ones: one trip over
// memory instead of three.
#include "core/graph/plan.h"

namespace lazulite {

namespace {

int outer_loops(const Pass& pass) { return pass.extents.size() - pass.vector_loops; }

/// Are all results of a row of the outer loops complete once the row's own tiles have run?
bool has_rows(const Pass& pass) {
  if (pass.empty || (pass.mode != Mode::map && pass.mode != Mode::reduce_inner) || outer_loops(pass) == 0) return false;
  if (pass.vector_length() > kBlock) return false;  // the blocks of a longer row are merged when the pass ends
  for (int k = 0; k < outer_loops(pass); ++k)
    if ((pass.reduced >> k) & 1) return false;
  for (const Output& o : pass.outputs)
    if (o.root != kNone) return false;  // the destination may be memory that other rows read
  return true;
}

/// Does an access stay in the row that another pass, with the same loops, writes by `written`?
bool in_same_row(const Access& read, const Access& written, int outer_loops) {
  if (read.offset != written.offset) return false;
  bool same = true, first = true;
  for (int k = 0; k < written.strides.size(); ++k) {
    same &= read.strides[k] == written.strides[k];
    if (k < outer_loops && !same) return false;
    first &= k < outer_loops || read.strides[k] == 0;
  }
  return same || first;
}

/// May `pass` run over each block of rows right behind the passes from `first` on? Only where it reads one of them.
bool links(const Pass& pass, Pass* first) {
  if (!has_rows(pass) || pass.extents != first->extents || pass.vector_loops != first->vector_loops) return false;
  bool reads = false;
  for (const Operand& o : pass.operands)
    for (const Pass* p = first; p != &pass; ++p)
      for (const Output& w : p->outputs) {
        if (o.index == w.node) return false;
        if (o.node != w.node) continue;
        if (o.index != kNone || !in_same_row(o.access, w.access, outer_loops(pass))) return false;
        reads = true;
      }
  return reads;
}

}  // namespace

void link_rows(Planner& p) {
  std::vector<Pass>& passes = p.plan.passes;
  for (size_t first = 0; first < passes.size(); first += passes[first].linked) {
    if (!has_rows(passes[first])) continue;
    size_t& n = passes[first].linked;
    while (first + n < passes.size() && links(passes[first + n], &passes[first])) ++n;
    // What is read again soon is not written past the caches.
    for (size_t k = first; k < first + n; ++k)
      for (Output& w : passes[k].outputs)
        for (size_t j = k + 1; j < first + n; ++j)
          for (const Operand& o : passes[j].operands) w.stream &= o.node != w.node;
  }
}

}  // namespace lazulite
