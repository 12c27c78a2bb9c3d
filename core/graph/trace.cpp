// Planner: every pass as values over operands. Windows and broadcasts are pushed down to the operands, and common
// subexpressions are found by value numbering.
#include "core/graph/access.h"
#include "core/graph/cost.h"
#include "core/graph/plan.h"
#include "core/graph/table.h"

namespace lazulite {

namespace {

/// Traces one pass. An access is named by its number in `accesses_`.
class Tracer {
 public:
  /// `expected`: nodes that the pass may well evaluate.
  Tracer(Planner& p, Pass& pass, uint32_t number, size_t expected)
      : p_(p), pass_(pass), number_(number), numbers_(expected) {
    pass_.values.reserve(2 * expected);
    pass_.operands.reserve(8);
    pass_.evaluated.reserve(expected);
    stack_.reserve(16);
  }

  bool run() {
    const Node* space = p_.node(pass_.outputs[0].node);
    if (space->op == Op::opaque) {
      for (int k = 0; k < space->n_inputs; ++k) operand_of_opaque(space->input[k]);
      return true;
    }
    if (is_reduce(space)) space = space->input[0];
    set_loops(*space);
    pass_.empty = pass_.extents.product() == 0;
    for (size_t k = 0; k < pass_.outputs.size(); ++k) {
      Output& o = pass_.outputs[k];
      Node* stored = p_.node(o.node);
      o.root = destination_of(stored);
      if (o.root != kNone) {
        const View& view = p_.roots[o.root].view;
        o.access = over_loops(view.strides, view.offset);
      } else {
        o.access = is_reduce(stored) ? reduced_access(*stored) : over_loops(stored->strides(), 0);
      }
      Node* n = is_reduce(stored) ? stored->input[0] : stored;
      if (pass_.empty) {  // nothing to evaluate
        o.value = static_cast<uint32_t>(pass_.values.size());
        pass_.values.push_back({Op::leaf, n->dtype, n->dtype, {kNone, kNone, kNone}});
        continue;
      }
      current_ = stored;
      again_ |= !evaluate(n, identity(), is_reduce(stored) ? nullptr : stored, o.value);
      if (is_reduce(stored) && stored->n_inputs > 1) again_ |= !evaluate_mask(*n, stored->input[1], o.mask);
    }
    return !again_;
  }

 private:
  /// Loops are the axes of the space, slowest first.
  void set_loops(const Node& space) {
    const int n = space.shape.size();
    axis_ = Dims(n);
    for (int k = 0; k < n; ++k) axis_[k] = space.order == 0 ? k : static_cast<int64_t>((space.order >> (4 * k)) & 15);
    pass_.extents = Dims(n);
    uint64_t reduced = 0;
    for (int k = 0; k < n; ++k) {
      pass_.extents[k] = space.shape[static_cast<int>(axis_[k])];
      if ((pass_.reduced >> axis_[k]) & 1) reduced |= uint64_t{1} << k;
    }
    pass_.reduced = reduced;
    accesses_.push_back(over_loops(space.strides(), 0));
    space_ = &space;
  }

  /// What an opaque op reads: an input's storage, or that of an input window's base.
  void operand_of_opaque(Node* in) {
    View view = View::whole(in->shape, in->order);
    const Node* stored = p_.first(in);
    if (in->op == Op::window && p_.has(in)) {
      view.strides = in->window->strides;
      view.offset = in->window->offset;
      stored = p_.first(in->input[0]);
    }
    pass_.operands.push_back({stored->index, in->dtype, {}, Reach::contiguous, false});
    pass_.views.push_back(std::move(view));
  }

  uint32_t identity() const { return 0; }

  Access over_loops(const Dims& strides, int64_t offset) const {
    Access a{offset, Dims(axis_.size())};
    for (int k = 0; k < axis_.size(); ++k) a.strides[k] = strides[static_cast<int>(axis_[k])];
    return a;
  }

  /// Where a reduction's result goes: kept axes keep their order, with or without ones for the others.
  Access reduced_access(const Node& n) const {
    const Dims out = n.strides();
    const int axes = n.input[0]->shape.size();
    const bool keeps = n.shape.size() == axes;
    Dims strides(axes);
    for (int k = 0, j = 0; k < axes; ++k) {
      const bool reduced = (n.reduce->axes >> k) & 1;
      strides[k] = reduced ? 0 : out[keeps ? k : j];
      j += !reduced;
    }
    return over_loops(strides, 0);
  }

  uint32_t destination_of(const Node* n) const {
    for (size_t k = 0; k < p_.roots.size(); ++k)
      if (p_.roots[k].destination && p_.roots[k].node.get() == n) return static_cast<uint32_t>(k);
    return kNone;
  }

  uint32_t intern(Access a) {
    for (uint32_t k = static_cast<uint32_t>(accesses_.size()); k-- > 0;)
      if (accesses_[k] == a) return k;
    accesses_.push_back(std::move(a));
    return static_cast<uint32_t>(accesses_.size() - 1);
  }

  /// The value of a collected node under an access. Most nodes have one access in a pass: it is kept with the node.
  uint32_t& known(const Node* n, uint32_t access) {
    NodeInfo& i = p_.of(n);
    if (i.known_pass != number_) {
      i.known_pass = number_;
      i.known_access = access;
      i.known_value = kNone;
    }
    if (i.known_access == access) return i.known_value;
    return others_.at({n->index, access}, kNone);
  }

  uint32_t value(const Value& v) {
    const uint64_t head = static_cast<uint64_t>(v.op) | static_cast<uint64_t>(v.dtype) << 8 |
                          static_cast<uint64_t>(v.loop) << 16 | static_cast<uint64_t>(v.in[0]) << 24;
    uint32_t& at = numbers_.at({head, (static_cast<uint64_t>(v.in[1]) << 32) | v.in[2]}, kNone);
    if (at == kNone) {
      at = static_cast<uint32_t>(pass_.values.size());
      pass_.values.push_back(v);
    }
    return at;
  }

  /// The value of an operand: equal sources under equal accesses are one. `gathers`: a gather that this pass makes.
  uint32_t operand(const Node* n, uint32_t access, const AxisAccess* gathers = nullptr) {
    uint32_t& at = operands_.at({n->index, n->op == Op::constant ? kNone : access}, kNone);
    if (at == kNone) {
      at = static_cast<uint32_t>(pass_.values.size());
      const auto number = static_cast<uint32_t>(pass_.operands.size());
      pass_.values.push_back({Op::leaf, n->dtype, n->dtype, {number, kNone, kNone}});
      if (!gathers) {
        pass_.operands.push_back({n->index, n->dtype, accesses_[access]});
      } else {
        const int loops = pass_.extents.size(), rank = n->shape.size();
        const GatherParams& g = *n->gather;
        pass_.operands.push_back({p_.first(n->input[0])->index, n->dtype,
                                  join(*gathers, loops, rank, n->shape, g.strides, g.offset), Reach::contiguous, false,
                                  n->input[1]->index, join(*gathers, loops, rank, n->shape, g.index_strides, 0)});
      }
    }
    return at;
  }

  /// True if the node is read from memory (or is a source) in this pass.
  bool is_operand(const Node* n, uint32_t access, const Node* output) {
    if (!n->pending() || n->op == Op::random || n->op == Op::gather) return true;
    const NodeInfo& i = p_.of(n);
    if (!i.stored || n == output) return false;
    return is_reduce(n) || !(i.pass == number_ && access == identity() && n->shape == space_->shape);
  }

  struct Frame {
    Node* node;
    uint32_t access;
    uint32_t access_of[3];  // of the inputs
    uint32_t value_of[3];
    int next;
  };

  /// Accesses of a node's inputs, given the node's own. False (and the node is forced) where the map cannot be split.
  bool open(Frame& f) {
    Node* n = f.node;
    const int loops = pass_.extents.size();
    bool same = n->op != Op::window;
    for (int k = 0; k < n->n_inputs && same; ++k) {
      const Node* in = n->input[k];
      same = in->op == Op::constant || (in->shape == n->shape && in->order == n->order);
    }
    if (same) {
      for (int k = 0; k < n->n_inputs; ++k) f.access_of[k] = n->input[k]->op == Op::constant ? scalar() : f.access;
      return true;
    }
    const auto axes = split(accesses_[f.access], pass_.extents, n->shape, n->strides());
    if (!axes) {
      p_.of(n).forced = true;
      return false;
    }
    const int rank = n->shape.size();
    for (int k = 0; k < n->n_inputs; ++k) {
      const Node* in = n->input[k];
      if (n->op == Op::window)
        f.access_of[k] = intern(join(*axes, loops, rank, n->shape, n->window->strides, n->window->offset));
      else
        f.access_of[k] = intern(join(*axes, loops, rank, in->shape, in->strides(), 0));
    }
    return true;
  }

  uint32_t scalar() {
    if (scalar_ == kNone) scalar_ = intern({0, Dims(pass_.extents.size())});
    return scalar_;
  }

  /// The value of `n` under `access`. `output`: the stored node that is being computed, hence not an operand.
  bool evaluate(Node* n, uint32_t access, const Node* output, uint32_t& result) {
    n = p_.first(n);
    if (is_operand(n, access, output)) return source(n, access, result);
    stack_.clear();
    if (known(n, access) == kNone && !push(n, access)) return false;
    while (!stack_.empty()) {
      Frame& f = stack_.back();
      if (f.next == f.node->n_inputs) {
        known(f.node, f.access) = close(f);
        stack_.pop_back();
        continue;
      }
      Node* in = p_.first(f.node->input[f.next]);
      const uint32_t a = f.access_of[f.next];
      uint32_t& v = f.value_of[f.next];
      if (is_operand(in, a, nullptr)) {
        if (!source(in, a, v)) return false;
      } else {
        v = known(in, a);
        if (v == kNone) {
          if (!push(in, a)) return false;
          continue;  // and back to this input, then known
        }
      }
      ++f.next;
    }
    result = known(n, access);
    return true;
  }

  /// The value of a mask that is broadcast to the space.
  bool evaluate_mask(const Node& space, Node* mask, uint32_t& result) {
    uint32_t access = identity();
    if (mask->shape != space.shape || mask->order != space.order) {
      const auto axes = split(accesses_[identity()], pass_.extents, space.shape, space.strides());
      access = intern(join(*axes, pass_.extents.size(), space.shape.size(), mask->shape, mask->strides(), 0));
    }
    return evaluate(p_.first(mask), access, nullptr, result);
  }

  bool push(Node* n, uint32_t access) {
    Frame f{n, access, {}, {kNone, kNone, kNone}, 0};
    if (!open(f)) return false;
    stack_.push_back(f);
    return true;
  }

  /// The value of a node whose inputs are known.
  uint32_t close(const Frame& f) {
    const Node* n = f.node;
    Value v{
        n->op, n->dtype, n->input[n->op == Op::where ? 1 : 0]->dtype, {f.value_of[0], f.value_of[1], f.value_of[2]}};
    if (n->op == Op::window) return v.in[0];  // it is in the accesses
    if (!p_.of(n).stored) evaluated(f.node);
    if (n->op == Op::cast && v.loop == v.dtype) return v.in[0];  // a copy is its source
    // x * x reads x once.
    if (v.op == Op::multiply && v.in[0] == v.in[1]) v = {Op::square, v.dtype, v.loop, {v.in[0], kNone, kNone}};
    pass_.cost += cost_of(v.op);
    return value(v);
  }

  /// The value of something that is read, or made, by this pass.
  bool source(Node* n, uint32_t access, uint32_t& result) {
    if (p_.has(n)) {
      NodeInfo& i = p_.of(n);
      const bool made_here = (n->op == Op::random || n->op == Op::gather) && (!i.stored || i.pass == number_);
      if (made_here ? n->op == Op::gather && too_late(p_.first(n->input[0])) : too_late(n)) return false;
      if (made_here && !i.stored) {
        if (i.traced != number_) pass_.cost += cost_of(n->op);
        evaluated(n);
      }
      if (made_here && n->op == Op::gather) {
        const auto axes = split(accesses_[access], pass_.extents, n->shape, n->strides());
        if (!axes) i.forced = true;
        if (axes) result = operand(n, access, &*axes);
        return axes.has_value();
      }
    }
    result = operand(n, access);
    return true;
  }

  /// Is the stored node computed too late for this pass? What reads it moves behind it. Nothing else does: other
  /// outputs of this pass may be what the node is computed from.
  bool too_late(const Node* n) {
    if (!p_.has(n) || p_.of(n).pass < number_) return false;
    p_.of(current_).min_level = p_.of(n).level + 1;
    return true;
  }

  void evaluated(const Node* n) {
    NodeInfo& i = p_.of(n);
    if (i.traced == number_) return;
    // Evaluated by an earlier pass, too: worth storing if that costs less.
    if (i.traced != kNone && i.work > kStoreCost) i.forced = again_ = true;
    i.traced = number_;
    pass_.evaluated.push_back(n->index);
  }

  Planner& p_;
  Pass& pass_;
  uint32_t number_;
  bool again_ = false;
  const Node* current_ = nullptr;  // the output being traced
  const Node* space_ = nullptr;
  Dims axis_;  // loop -> axis of the space
  std::vector<Access> accesses_;
  uint32_t scalar_ = kNone;
  Table numbers_;   // expressions
  Table operands_;  // sources
  Table others_;    // nodes with a second access
  std::vector<Frame> stack_;
};

}  // namespace

bool trace(Planner& p) {
  for (NodeInfo& i : p.nodes) i.traced = i.known_pass = kNone;
  const size_t each = p.nodes.size() / std::max<size_t>(p.plan.passes.size(), 1) + 1;
  for (uint32_t k = 0; k < p.plan.passes.size(); ++k)
    if (!Tracer(p, p.plan.passes[k], k, each).run()) return false;
  return true;
}

}  // namespace lazulite
