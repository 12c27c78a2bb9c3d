// Pending graphs as bytes and back. A reader trusts nothing: every rule that holds for a node built from operands is
// checked for one that is read.
#include "core/graph/serialise.h"

#include <unordered_map>
#include <utility>

#include "core/graph/bytes.h"

namespace lazulite {

namespace {

static_assert(sizeof(Scalar) == 8, "a constant is eight bytes in the format");

// The format: the marker; the number of names, and the names (ops with their kind, dtypes, laws), each with its length;
// the number of nodes, and the nodes, inputs first, the root last. A node: the number of its op's name, then
//   leaf                  the number of the leaf
//   constant              dtype, value
//   random                dtype, shape, law, stream, key, first
//   everything else       dtype, shape, order, each input as how many nodes back, then
//     window              offset, strides
//     reduction           axes, ddof
// Numbers are as in core/graph/bytes.h.
constexpr std::string_view kMarker = "lazulite graph 1\n";

/// What kinds of ops are called in the format; the others have no portable form.
std::string_view kind_name(Op op) {
  switch (info(op).kind) {
    case OpKind::unary:
    case OpKind::binary:
    case OpKind::ternary:
    case OpKind::test:
    case OpKind::compare:
    case OpKind::where:
    case OpKind::sample:
    case OpKind::cast:
      return "elementwise";
    case OpKind::reduce:
      return "reduction";
    case OpKind::source:
      return op == Op::leaf || op == Op::constant || op == Op::window || op == Op::random ? "source" : "";
    default:
      return "";
  }
}
bool is_portable(Op op) { return !kind_name(op).empty(); }
std::string portable_name(Op op) { return std::string(kind_name(op)) + " " + std::string(info(op).name); }

// --- Writing -----------------------------------------------------------------------------------------------------

/// The nodes' bytes, and the names that they refer to by number.
class Writer : public ByteWriter {
 public:
  void name(const std::string& text) {
    const auto [place, is_new] = names_.try_emplace(text, names_.size());
    if (is_new) order_.push_back(text);
    number(place->second);
  }
  std::string finish(size_t nodes) && {
    ByteWriter head;
    head.append(kMarker);
    head.number(order_.size());
    for (const std::string& text : order_) head.text(text);
    head.number(nodes);
    head.append(out());
    return std::move(head.out());
  }

 private:
  std::unordered_map<std::string, size_t> names_;
  std::vector<std::string> order_;
};

/// The pending nodes below the roots, inputs first, and what leaves they read: computed nodes, and those of `cut`.
struct Reach {
  std::vector<const Node*> pending;
  struct Use {
    bool whole = false;    // other than through windows
    int64_t windowed = 0;  // elements that windows see
  };
  std::unordered_map<const Node*, Use> leaves;
};

using Numbers = std::unordered_map<const Node*, size_t>;
bool is_leaf(const Node* n, const Numbers& cut) { return n->computed() || cut.find(n) != cut.end(); }

Reach reach_of(const std::vector<NodeRef>& roots, const Numbers& cut) {
  Reach r;
  std::unordered_map<const Node*, bool> seen;
  std::vector<std::pair<const Node*, int>> stack;  // and the inputs already followed
  const auto meet = [&](const Node* n, const Node* reader) {
    if (is_leaf(n, cut)) {
      Reach::Use& use = r.leaves[n];
      if (reader && reader->op == Op::window)
        use.windowed += reader->size;
      else
        use.whole = true;
    } else if (seen.try_emplace(n, true).second) {
      stack.emplace_back(n, 0);
    }
  };
  for (const NodeRef& root : roots) {
    meet(root.get(), nullptr);
    while (!stack.empty()) {
      auto& [n, k] = stack.back();
      if (k < n->n_inputs) {
        const Node* reader = n;
        const Node* in = n->input[k++];
        meet(in, reader);
      } else {
        r.pending.push_back(n);
        stack.pop_back();
      }
    }
  }
  return r;
}

uint64_t bits_of(double v) { return Scalar::of(v).as<uint64_t>(); }

constexpr int64_t kNoLimit = INT64_MAX;

/// Nothing where the graph takes `limit` bytes or more, or where a node has no portable form.
std::optional<SerialisedGraph> write(const std::vector<NodeRef>& roots, const std::vector<NodeRef>& inputs,
                                     int64_t limit) {
  Numbers cut;
  for (size_t k = 0; k < inputs.size(); ++k) cut.emplace(inputs[k].get(), k);
  const Reach reach = reach_of(roots, cut);
  SerialisedGraph g;
  g.leaves = inputs;
  for (const NodeRef& n : inputs) g.is_read.push_back(reach.leaves.find(n.get()) != reach.leaves.end());
  Writer w;
  Numbers place;
  int64_t bytes = 0;
  const auto add_leaf = [&](const Node* n) {
    if (!place.try_emplace(n, place.size()).second) return;
    w.name(portable_name(Op::leaf));
    const auto number = cut.find(n);
    w.number(number != cut.end() ? number->second : g.leaves.size());
    if (number != cut.end()) return;
    bytes += n->bytes();
    g.leaves.emplace_back(const_cast<Node*>(n));
  };
  for (const Node* n : reach.pending) {
    if (!is_portable(*n)) return std::nullopt;
    if (n->op == Op::window && n->input[0]->computed() && cut.find(n->input[0]) == cut.end()) {
      const Reach::Use& use = reach.leaves.at(n->input[0]);
      if (!use.whole && use.windowed < n->input[0]->size) {
        add_leaf(n);
        continue;
      }
    }
    for (int k = 0; k < n->n_inputs; ++k)
      if (is_leaf(n->input[k], cut)) add_leaf(n->input[k]);
    w.name(portable_name(n->op));
    w.name(std::string(name(n->dtype)));
    if (n->op == Op::constant) {
      w.bits(n->value.as<uint64_t>());
    } else {
      w.dims(n->shape);
      if (n->op == Op::random) {
        w.name(std::string(name(n->random->law)));
        w.name(std::string(name(n->random->stream)));
        for (const uint64_t part : n->random->key) w.bits(part);
        w.bits(n->random->first);
      } else {
        w.number(n->order);
        for (int k = 0; k < n->n_inputs; ++k) w.number(place.size() - place.at(n->input[k]));
      }
    }
    if (n->op == Op::window) {
      w.signed_number(n->window->offset);
      w.dims(n->window->strides);
    } else if (info(n->op).kind == OpKind::reduce) {
      w.number(n->reduce->axes);
      w.bits(bits_of(n->reduce->ddof));
    }
    place.emplace(n, place.size());
    if (bytes + static_cast<int64_t>(w.size()) >= limit) return std::nullopt;
  }
  for (const NodeRef& root : roots) {
    if (is_leaf(root.get(), cut)) add_leaf(root.get());
    g.roots.push_back(place.at(root.get()));
  }
  g.nodes = std::move(w).finish(place.size());
  return g;
}

}  // namespace

bool is_portable(const Node& n) {
  return is_portable(n.op) && !(info(n.op).kind == OpKind::reduce && n.n_inputs > 1);  // a mask has no place yet
}

std::optional<SerialisedGraph> serialise(const NodeRef& root) {
  if (!root->pending()) return std::nullopt;
  return write({root}, {}, root->bytes());
}

SerialisedGraph serialise(const std::vector<NodeRef>& roots, const std::vector<NodeRef>& inputs) {
  return *write(roots, inputs, kNoLimit);
}

// --- Reading -----------------------------------------------------------------------------------------------------

namespace {

/// Whether every element of the window lies in its base's storage.
bool is_inside(const Node& base, const View& v) {
  if (v.shape.product() == 0) return v.offset >= 0 && v.offset <= base.size;
  int64_t low = v.offset, high = v.offset;
  for (int k = 0; k < v.shape.size(); ++k) {
    int64_t reach;
    if (__builtin_mul_overflow(v.strides[k], v.shape[k] - 1, &reach)) return false;
    if (__builtin_add_overflow(reach < 0 ? low : high, reach, reach < 0 ? &low : &high)) return false;
  }
  return low >= 0 && high < base.size;
}

void check_elementwise(Op op, DType t, const Dims& shape, const std::vector<NodeRef>& in) {
  const OpInfo& row = info(op);
  // A value written to the whole of an array is repeated to its shape by a cast.
  require(broadcast(in, op == Op::cast ? shape : Dims()) == shape, "operands do not give the shape");
  if (row.kind == OpKind::cast) return;
  const DType loop = in.back()->dtype;
  for (size_t k = row.kind == OpKind::where ? 1 : 0; k < in.size(); ++k)
    require(in[k]->dtype == loop, "operands differ in dtype");
  require(row.kind != OpKind::where || in[0]->dtype == DType::bool_, "a condition is not bool");
  require(contains(row.loops, loop), "an op has no loop for its operands");
  const bool gives_bool = row.kind == OpKind::test || row.kind == OpKind::compare;
  require(t == (gives_bool ? DType::bool_ : loop), "an op gives another dtype");
}

void check_reduction(Op op, DType t, const Dims& shape, const Node& in, uint64_t axes) {
  const int ndim = in.shape.size();
  require(axes != 0 && (ndim == 64 || axes >> ndim == 0), "a reduction has no such axis");
  require(contains(info(op).loops, in.dtype), "a reduction has no loop for its operand");
  const bool arg = op == Op::reduce_argmin || op == Op::reduce_argmax;
  require(!arg || (axes & (axes - 1)) == 0, "an index over several axes");
  require(t == (arg ? DType::int64 : in.dtype), "a reduction gives another dtype");
  std::vector<int64_t> dropped, kept;
  int64_t reduced = 1;
  for (int k = 0; k < ndim; ++k) {
    const bool is_reduced = (axes >> k) & 1;
    if (is_reduced) reduced *= in.shape[k];
    kept.push_back(is_reduced ? 1 : in.shape[k]);
    if (!is_reduced) dropped.push_back(in.shape[k]);
  }
  require(shape == Dims(dropped.data(), static_cast<int>(dropped.size())) || shape == Dims(kept.data(), ndim),
          "a reduction gives another shape");
  const bool has_identity = !arg && op != Op::reduce_min && op != Op::reduce_max;
  require(has_identity || reduced != 0, "a reduction of no elements");
}

/// `was`: the forms that the nodes before had when they were written; `form` becomes that of this one.
NodeRef read_node(ByteReader& r, Op op, const std::vector<std::string_view>& names, const std::vector<NodeRef>& before,
                  const std::vector<ArrayForm>& was, ArrayForm& form) {
  const auto next_name = [&] {
    const uint64_t k = r.number();
    require(k < names.size(), "a name is missing");
    return names[k];
  };
  const DType t = dtype_named(next_name());
  if (op == Op::constant) {
    const Scalar value = Scalar::of(r.bits());
    return make_constant(t, t == DType::bool_ ? Scalar::of(value.as<uint8_t>() != 0) : value);
  }
  Dims shape = r.shape(t);
  form.shape = shape;
  if (op == Op::random) {
    RandomParams p{};
    p.law = named<Law>(
        next_name(), kLaws, [](Law l) { return name(l); }, "law");
    p.stream = named<Stream>(
        next_name(), kStreams, [](Stream s) { return name(s); }, "stream");
    for (uint64_t& part : p.key) part = r.bits();
    p.first = r.bits();
    require(can_draw(p.stream, p.law, t), "a draw is of a dtype that its law has not");
    require(p.stream != Stream::sobol || (p.key[2] > 0 && p.key[2] <= kSobolPoints && p.key[3] <= kSobolPoints),
            "points of Sobol's that there are not");
    require(p.first <= UINT64_MAX - static_cast<uint64_t>(shape.product()), "a draw ends beyond its stream");
    return make_random(t, shape, p);
  }
  form.order = r.order(shape.size());
  std::vector<NodeRef> in;
  std::vector<const ArrayForm*> in_was;
  bool follows = false;  // an input has another form than when this was written
  for (int k = 0; k < info(op).arity; ++k) {
    const uint64_t back = r.number();
    require(back >= 1 && back <= before.size(), "an input is missing");
    in.push_back(before[before.size() - back]);
    in_was.push_back(&was[was.size() - back]);
    follows |= !has_form(*in.back(), *in_was.back());
  }
  NodeRef n;
  if (op == Op::window) {
    View v{shape, Dims(), r.signed_number()};
    v.strides = r.dims();
    require(v.strides.size() == shape.size(), "a window has other strides than axes");
    for (int k = 0; k < shape.size(); ++k)
      if (shape[k] <= 1) v.strides[k] = 0;  // whatever they are, nothing is there to stride over
    if (follows) v = follow_window(v, *in_was[0], *in[0]);
    require_size(v.shape, t);
    require(in[0]->op != Op::constant && in[0]->dtype == t && is_inside(*in[0], v), "a window is not in its base");
    n = make_window(in[0], v);
  } else if (info(op).kind == OpKind::reduce) {
    const uint64_t axes = r.number();
    const double ddof = Scalar::of(r.bits()).as<double>();
    if (follows) shape = follow_reduction(shape, *in_was[0], *in[0], axes);
    require_size(shape, t);
    check_reduction(op, t, shape, *in[0], axes);
    n = make_reduce(op, t, in[0], shape, axes, ddof);
  } else {
    // (A value written to the whole of an array of another shape keeps that one's.)
    if (follows && (op != Op::cast || shape == in_was[0]->shape)) shape = broadcast(in);
    require_size(shape, t);
    check_elementwise(op, t, shape, in);
    n = make_elementwise(op, t, shape, in.data(), static_cast<int>(in.size()));
  }
  if (!follows) n->order = form.order;
  return n;
}

/// The ops by their portable names.
const std::unordered_map<std::string, Op>& ops_by_name() {
  static const auto* ops = [] {
    auto* map = new std::unordered_map<std::string, Op>;
    for (int k = 0; k < kOps; ++k)
      if (const auto op = static_cast<Op>(k); is_portable(op)) map->emplace(portable_name(op), op);
    return map;
  }();
  return *ops;
}

}  // namespace

std::vector<NodeRef> deserialise_all(std::string_view bytes, const std::vector<NodeRef>& leaves,
                                     const std::vector<ArrayForm>& written) {
  ByteReader r(bytes);
  require(bytes.substr(0, kMarker.size()) == kMarker, "it does not begin as one");
  (void)r.take(kMarker.size());
  const uint64_t n_names = r.number();
  std::vector<std::string_view> names;
  std::vector<Op> ops;
  for (uint64_t k = 0; k < n_names; ++k) {
    names.push_back(r.text());
    const auto op = ops_by_name().find(std::string(names.back()));
    ops.push_back(op == ops_by_name().end() ? Op::count_ : op->second);
  }
  const uint64_t n_nodes = r.number();
  std::vector<NodeRef> nodes;
  std::vector<ArrayForm> forms;
  for (uint64_t k = 0; k < n_nodes; ++k) {
    const uint64_t number = r.number();
    require(number < names.size(), "a name is missing");
    const Op op = ops[number];
    if (op == Op::count_) malformed("this version has no op " + printable(names[number]));
    ArrayForm form;
    if (op == Op::leaf) {
      const uint64_t leaf = r.number();
      require(leaf < leaves.size(), "a leaf is missing");
      nodes.push_back(leaves[leaf]);
      form = leaf < written.size() ? written[leaf] : ArrayForm{leaves[leaf]->shape, leaves[leaf]->order};
    } else {
      nodes.push_back(read_node(r, op, names, nodes, forms, form));
    }
    forms.push_back(std::move(form));
  }
  require(r.done() && !nodes.empty(), "its length is wrong");
  return nodes;
}

NodeRef deserialise(std::string_view bytes, const std::vector<NodeRef>& leaves) {
  try {
    NodeRef root = deserialise_all(bytes, leaves).back();
    require(root->op != Op::constant, "it is a constant");  // which has no elements to hand out
    return root;
  } catch (const Error& e) {
    throw Error(ErrorKind::value, std::string("unpickling a lazulite graph: ") + e.what() +
                                      "; the pickle is damaged, or not of this version");
  }
}

}  // namespace lazulite
