// Planner: the loops of each pass: ordered by memory, collapsed, and the vector loop chosen.
#include <algorithm>
#include <numeric>

#include "core/graph/plan.h"

namespace lazulite {

namespace {

// A vector loop shorter than this many strips is joined with the loops around it, and its operands are packed: a short
// loop would leave much of its last strip empty.
constexpr int64_t kShortStrips = 4;
// Outputs from this size on are written past the caches: they would not be found there later anyway.
constexpr int64_t kStreamBytes = int64_t{16} << 20;

/// Calls f on the strides of every operand and output.
template <class F>
void each_access(Pass& pass, F&& f) {
  for (Operand& o : pass.operands) {
    f(o.access);
    if (o.index != kNone) f(o.index_access);
  }
  for (Output& o : pass.outputs) f(o.access);
}

void reorder(Pass& pass, const std::vector<int>& order) {
  auto apply = [&](Dims& d) {
    Dims r(static_cast<int>(order.size()));
    for (size_t k = 0; k < order.size(); ++k) r[static_cast<int>(k)] = d[order[k]];
    d = r;
  };
  each_access(pass, [&](Access& a) { apply(a.strides); });
  apply(pass.extents);
  uint64_t reduced = 0;
  for (size_t k = 0; k < order.size(); ++k)
    if ((pass.reduced >> order[k]) & 1) reduced |= uint64_t{1} << k;
  pass.reduced = reduced;
}

bool is_reduced(const Pass& pass, int k) { return (pass.reduced >> k) & 1; }

/// Drops loops of extent 1 and merges neighbours that every access walks in one stride.
void collapse(Pass& pass) {
  std::vector<int> keep;
  for (int k = 0; k < pass.extents.size(); ++k)
    if (pass.extents[k] != 1) keep.push_back(k);
  if (keep.size() != static_cast<size_t>(pass.extents.size())) reorder(pass, keep);
  for (int k = pass.extents.size() - 2; k >= 0; --k) {
    if (is_reduced(pass, k) != is_reduced(pass, k + 1)) continue;
    bool merge = true;
    each_access(pass, [&](Access& a) { merge &= a.strides[k] == a.strides[k + 1] * pass.extents[k + 1]; });
    if (!merge) continue;
    pass.extents[k + 1] *= pass.extents[k];
    std::vector<int> rest;
    for (int j = 0; j < pass.extents.size(); ++j)
      if (j != k) rest.push_back(j);
    reorder(pass, rest);
  }
}

/// Number of trailing loops, not crossing `from`, that make a vector loop of a useful length.
int vector_loops(const Pass& pass, int from, int64_t strip) {
  int64_t length = 1;
  int n = 0;
  for (int k = pass.extents.size() - 1; k >= from && length < kShortStrips * strip; --k, ++n) length *= pass.extents[k];
  return n;
}

/// Is the time that a row of `reduced` elements takes for its start and end more than that of collecting elements of
/// many rows for one vector?
bool short_rows(const Planner& p, const Pass& pass, int64_t reduced, int64_t strip) {
  if (reduced < strip) return true;
  double row = 0, element = 0;  // ns, measured
  for (const Output& o : pass.outputs) row += is_moments(o.op) || is_arg(o.op) ? 400 : 150;
  for (const Operand& o : pass.operands) element += p.node(o.node)->op == Op::constant ? 0 : 0.8;
  return row > element * static_cast<double>(reduced);
}

void choose_reduction(const Planner& p, Pass& pass, int64_t strip) {
  const int n = pass.extents.size();
  int64_t kept = 1, reduced = 1;
  for (int k = 0; k < n; ++k) (is_reduced(pass, k) ? reduced : kept) *= pass.extents[k];
  bool inner = is_reduced(pass, n - 1);
  // The loop with the small stride makes the best vector loop, unless it is short and the other is long.
  if (inner && kept > reduced && kept >= strip && short_rows(p, pass, reduced, strip)) inner = false;
  if (!inner && kept < strip / 2 && reduced > kept) inner = true;
  if (kept == 1) inner = true;
  // Either way kept loops stay in memory order among themselves, and so do reduced ones.
  std::vector<int> outer_kept, red;
  for (int k = 0; k < n; ++k) (is_reduced(pass, k) ? red : outer_kept).push_back(k);
  if (inner) {
    pass.mode = Mode::reduce_inner;
    std::vector<int> order = outer_kept;
    order.insert(order.end(), red.begin(), red.end());
    reorder(pass, order);
    pass.vector_loops = vector_loops(pass, static_cast<int>(outer_kept.size()), strip);
  } else {
    pass.mode = Mode::reduce_outer;
    std::vector<int> order = red;
    order.insert(order.end(), outer_kept.begin(), outer_kept.end());
    reorder(pass, order);
    pass.vector_loops = vector_loops(pass, static_cast<int>(red.size()), strip);
    // [outer kept..., reduced..., vector loops...]
    const int v = pass.vector_loops, r = static_cast<int>(red.size()), o = n - v - r;
    order.clear();
    for (int k = 0; k < o; ++k) order.push_back(r + k);
    for (int k = 0; k < r; ++k) order.push_back(k);
    for (int k = 0; k < v; ++k) order.push_back(r + o + k);
    reorder(pass, order);
  }
}

/// log2 of the widest dtype's size.
int width(const Pass& pass) {
  int w = 0;
  for (const Value& v : pass.values) w = std::max(w, std::max(log2_size(v.dtype), log2_size(v.loop)));
  for (const Output& o : pass.outputs) w = std::max(w, log2_size(pass.values[o.value].dtype));
  return w;
}

Reach reach(const Pass& pass, const Access& a) {
  const int n = pass.extents.size(), first = n - pass.vector_loops;
  bool scalar = true, contiguous = true;
  int64_t step = 1;
  for (int k = n - 1; k >= first; --k) {
    scalar &= a.strides[k] == 0;
    contiguous &= a.strides[k] == step;
    step *= pass.extents[k];
  }
  return scalar ? Reach::scalar : contiguous ? Reach::contiguous : Reach::packed;
}

/// Do all rows of the output begin on a cache line? (Its storage does.)
bool rows_aligned(const Pass& pass, const Output& o) {
  for (int k = 0; k < pass.extents.size() - pass.vector_loops; ++k)
    if (o.access.strides[k] * item_size(o.dtype) % 64 != 0) return false;
  return true;
}

/// Is the node stored by another pass of this plan?
bool earlier(const Planner& p, const Pass& pass, NodeId n) {
  return p.nodes[n].stored && &p.plan.passes[p.nodes[n].pass] != &pass;
}

}  // namespace

void layout(Planner& p) {
  for (Pass& pass : p.plan.passes) {
    if (pass.mode == Mode::opaque) continue;
    pass.width = width(pass);
    const int64_t strip = 512 >> pass.width;
    if (!pass.empty) collapse(pass);
    if (pass.extents.size() == 0) {  // one element: a loop of one
      pass.extents = Dims(1, 1);
      each_access(pass, [&](Access& a) { a.strides = Dims(1, 0); });
      for (Output& o : pass.outputs) o.access.strides[0] = 1;
    }
    bool reduces = false;
    for (const Output& o : pass.outputs) reduces |= o.op != Op::leaf;
    if (pass.empty) {
      pass.vector_loops = pass.extents.size();
    } else if (reduces) {
      if (pass.reduced == 0) {  // reduced loops of extent 1 are gone: a loop of one stands for them
        const int n = pass.extents.size();
        Dims extents(n + 1, 1);
        std::copy(pass.extents.begin(), pass.extents.end(), extents.data());
        each_access(pass, [&](Access& a) {
          Dims strides(n + 1, 0);
          std::copy(a.strides.begin(), a.strides.end(), strides.data());
          a.strides = strides;
        });
        pass.extents = extents;
        pass.reduced = uint64_t{1} << n;
      }
      choose_reduction(p, pass, strip);
    } else {
      pass.vector_loops = vector_loops(pass, 0, strip);
    }
    for (Operand& o : pass.operands) {
      o.reach = reach(pass, o.access);
      // Where a gather's index is the same along the vector loop, that loop reads a row.
      if (o.index != kNone && reach(pass, o.index_access) != Reach::scalar) o.reach = Reach::packed;
      // Draws are made into a buffer, one or many.
      const Node* n = p.node(o.node);
      o.generated = n->op == Op::random && p.has(n) && !earlier(p, pass, o.node);
      if (o.generated) o.reach = Reach::packed;
      if (n->op == Op::constant) o.reach = Reach::scalar;
    }
    for (Output& o : pass.outputs) {
      o.reach = o.op == Op::leaf ? reach(pass, o.access) : Reach::contiguous;
      if (o.reach == Reach::scalar) o.reach = Reach::contiguous;  // one element
      o.stream = o.op == Op::leaf && o.reach == Reach::contiguous && o.root == kNone && pass.mode == Mode::map &&
                 rows_aligned(pass, o) && p.node(o.node)->bytes() >= kStreamBytes;
    }
  }
}

}  // namespace lazulite
