// Pending graphs as bytes and back. A reader trusts nothing: every rule that holds for a node built from operands is
// checked for one that is read.
#include "core/graph/serialise.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "core/graph/error.h"

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
// Integers are seven bits a byte, the lowest first (signed ones with the sign lowest); values, keys and floats are
// eight bytes, the lowest first.
constexpr std::string_view kMarker = "lazulite graph 1\n";

/// What kinds of ops are called in the format; the others have no portable form.
std::string_view kind_name(Op op) {
  switch (info(op).kind) {
    case OpKind::unary:
    case OpKind::binary:
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

class Writer {
 public:
  void number(uint64_t v) {
    for (; v >= 0x80; v >>= 7) out_.push_back(static_cast<char>(v | 0x80));
    out_.push_back(static_cast<char>(v));
  }
  void signed_number(int64_t v) { number((static_cast<uint64_t>(v) << 1) ^ static_cast<uint64_t>(v >> 63)); }
  void bits(uint64_t v) {
    for (int k = 0; k < 8; ++k) out_.push_back(static_cast<char>(v >> (8 * k)));
  }
  void dims(const Dims& d) {
    number(static_cast<uint64_t>(d.size()));
    for (int64_t v : d) signed_number(v);
  }
  void name(const std::string& text) {
    const auto [place, is_new] = names_.try_emplace(text, names_.size());
    if (is_new) order_.push_back(text);
    number(place->second);
  }
  std::string finish(size_t nodes) && {
    Writer head;
    head.number(order_.size());
    for (const std::string& text : order_) {
      head.number(text.size());
      head.out_ += text;
    }
    head.number(nodes);
    return std::string(kMarker) + head.out_ + out_;
  }
  size_t size() const { return out_.size(); }

 private:
  std::string out_;
  std::unordered_map<std::string, size_t> names_;
  std::vector<std::string> order_;
};

/// The pending nodes below `root`, inputs first, and what computed nodes they read.
struct Reach {
  std::vector<const Node*> pending;
  struct Use {
    bool whole = false;    // other than through windows
    int64_t windowed = 0;  // elements that windows see
  };
  std::unordered_map<const Node*, Use> leaves;
};

bool reads_part_of_leaf(const Node* n) { return n->op == Op::window && n->input[0]->computed(); }

Reach reach_of(Node* root) {
  Reach r;
  std::vector<std::pair<const Node*, int>> stack{{root, 0}};  // and the inputs already followed
  std::unordered_map<const Node*, bool> seen{{root, true}};
  while (!stack.empty()) {
    auto& [n, k] = stack.back();
    if (k == n->n_inputs) {
      r.pending.push_back(n);
      stack.pop_back();
      continue;
    }
    const Node* in = n->input[k++];
    if (in->computed()) {
      Reach::Use& use = r.leaves[in];
      if (n->op == Op::window)
        use.windowed += n->size;
      else
        use.whole = true;
    } else if (seen.try_emplace(in, true).second) {
      stack.emplace_back(in, 0);
    }
  }
  return r;
}

uint64_t bits_of(double v) { return Scalar::of(v).as<uint64_t>(); }

}  // namespace

std::optional<SerialisedGraph> serialise(const NodeRef& root) {
  if (!root->pending()) return std::nullopt;
  const Reach reach = reach_of(root.get());
  SerialisedGraph g;
  Writer w;
  std::unordered_map<const Node*, size_t> place;
  int64_t bytes = 0;
  const auto add_leaf = [&](const Node* n) {
    w.name(portable_name(Op::leaf));
    w.number(g.leaves.size());
    bytes += n->bytes();
    g.leaves.emplace_back(const_cast<Node*>(n));
    place.emplace(n, place.size());
  };
  for (const Node* n : reach.pending) {
    if (!is_portable(n->op)) return std::nullopt;
    if (reads_part_of_leaf(n)) {
      const Reach::Use& use = reach.leaves.at(n->input[0]);
      if (!use.whole && use.windowed < n->input[0]->size) {
        add_leaf(n);
        continue;
      }
    }
    for (int k = 0; k < n->n_inputs; ++k)
      if (n->input[k]->computed() && place.find(n->input[k]) == place.end()) add_leaf(n->input[k]);
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
    if (bytes + static_cast<int64_t>(w.size()) >= root->bytes()) return std::nullopt;
  }
  g.nodes = std::move(w).finish(place.size());
  return g;
}

// --- Reading -----------------------------------------------------------------------------------------------------

namespace {

[[noreturn]] void malformed(const std::string& what) {
  throw Error(ErrorKind::value,
              "unpickling a lazulite graph: " + what + "; the pickle is damaged, or not of this version");
}
void require(bool holds, const char* what) {
  if (!holds) malformed(what);
}

/// A name for a message, whatever bytes it has.
std::string printable(std::string_view name) {
  std::string s(name.substr(0, 40));
  for (char& c : s)
    if (c < ' ' || c > '~') c = '?';
  return "'" + s + "'";
}

class Reader {
 public:
  explicit Reader(std::string_view bytes) : in_(bytes) {}
  std::string_view text(uint64_t n) {
    require(n <= in_.size(), "it ends early");
    const std::string_view s = in_.substr(0, n);
    in_.remove_prefix(n);
    return s;
  }
  uint64_t number() {
    uint64_t v = 0;
    for (int shift = 0;; shift += 7) {
      const auto byte = static_cast<unsigned char>(text(1)[0]);
      require(shift < 63 || byte <= 1, "a number has too many bits");
      v |= static_cast<uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return v;
    }
  }
  int64_t signed_number() {
    const uint64_t v = number();
    return static_cast<int64_t>((v >> 1) ^ (~(v & 1) + 1));
  }
  uint64_t bits() {
    const std::string_view s = text(8);
    uint64_t v = 0;
    for (int k = 0; k < 8; ++k) v |= static_cast<uint64_t>(static_cast<unsigned char>(s[size_t(k)])) << (8 * k);
    return v;
  }
  Dims dims() {
    const uint64_t n = number();
    require(n <= static_cast<uint64_t>(kMaxDims), "too many axes");
    Dims d(static_cast<int>(n));
    for (int k = 0; k < d.size(); ++k) d[k] = signed_number();
    return d;
  }
  Dims shape(DType t) {
    Dims d = dims();
    int64_t bytes = item_size(t);
    for (int64_t n : d) {
      require(n >= 0, "an extent is negative");
      require(n == 0 || !__builtin_mul_overflow(bytes, n, &bytes), "an array is too big");
    }
    return d;
  }
  bool done() const { return in_.empty(); }
  size_t left() const { return in_.size(); }

 private:
  std::string_view in_;
};

/// An enumerator by its name.
template <class E, class NameOf>
E named(std::string_view text, int count, NameOf name_of, const char* what) {
  for (int k = 0; k < count; ++k)
    if (name_of(static_cast<E>(k)) == text) return static_cast<E>(k);
  malformed("this version has no " + std::string(what) + " " + printable(text));
}

/// Zero, or the axes of an array of `ndim` axes in some order.
bool is_order(AxisOrder order, int ndim) {
  if (order == 0) return true;
  if (ndim > kMaxOrdered || (ndim < kMaxOrdered && (order >> (4 * ndim)) != 0)) return false;
  uint32_t seen = 0;
  for (int k = 0; k < ndim; ++k) seen |= 1u << ((order >> (4 * k)) & 15);
  return seen == (1u << ndim) - 1;
}

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

/// The shape that the operands have together; `least`: axes that there are anyway.
Dims broadcast(const std::vector<NodeRef>& in, const Dims& least = Dims()) {
  int ndim = least.size();
  for (const NodeRef& n : in) ndim = std::max(ndim, n->shape.size());
  Dims out(ndim, 1);
  for (int k = 0; k < least.size(); ++k) out[ndim - least.size() + k] = least[k];
  for (const NodeRef& n : in)
    for (int k = 0; k < n->shape.size(); ++k) {
      int64_t& extent = out[ndim - n->shape.size() + k];
      require(extent == 1 || n->shape[k] == 1 || extent == n->shape[k], "operands do not broadcast");
      if (extent == 1) extent = n->shape[k];
    }
  return out;
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

NodeRef read_node(Reader& r, Op op, const std::vector<std::string_view>& names, const std::vector<NodeRef>& before) {
  const auto next_name = [&] {
    const uint64_t k = r.number();
    require(k < names.size(), "a name is missing");
    return names[k];
  };
  const auto t = named<DType>(
      next_name(), kDTypes, [](DType d) { return name(d); }, "dtype");
  if (op == Op::constant) {
    const Scalar value = Scalar::of(r.bits());
    return make_constant(t, t == DType::bool_ ? Scalar::of(value.as<uint8_t>() != 0) : value);
  }
  const Dims shape = r.shape(t);
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
  const AxisOrder order = r.number();
  require(is_order(order, shape.size()), "the order of axes is none");
  std::vector<NodeRef> in;
  for (int k = 0; k < info(op).arity; ++k) {
    const uint64_t back = r.number();
    require(back >= 1 && back <= before.size(), "an input is missing");
    in.push_back(before[before.size() - back]);
  }
  NodeRef n;
  if (op == Op::window) {
    View v{shape, Dims(), r.signed_number()};
    v.strides = r.dims();
    require(v.strides.size() == shape.size(), "a window has other strides than axes");
    for (int k = 0; k < shape.size(); ++k)
      if (shape[k] <= 1) v.strides[k] = 0;  // whatever they are, nothing is there to stride over
    require(in[0]->op != Op::constant && in[0]->dtype == t && is_inside(*in[0], v), "a window is not in its base");
    n = make_window(in[0], v);
  } else if (info(op).kind == OpKind::reduce) {
    const uint64_t axes = r.number();
    const double ddof = Scalar::of(r.bits()).as<double>();
    check_reduction(op, t, shape, *in[0], axes);
    n = make_reduce(op, t, in[0], shape, axes, ddof);
  } else {
    check_elementwise(op, t, shape, in);
    n = make_elementwise(op, t, shape, in.data(), static_cast<int>(in.size()));
  }
  n->order = order;
  return n;
}

}  // namespace

NodeRef deserialise(std::string_view bytes, const std::vector<NodeRef>& leaves) {
  Reader r(bytes);
  require(bytes.substr(0, kMarker.size()) == kMarker, "it does not begin as one");
  (void)r.text(kMarker.size());
  const uint64_t n_names = r.number();
  std::vector<std::string_view> names;
  for (uint64_t k = 0; k < n_names; ++k) names.push_back(r.text(r.number()));
  // The ops among the names, found once.
  std::vector<Op> ops(names.size(), Op::count_);
  for (size_t k = 0; k < names.size(); ++k)
    for (int op = 0; op < kOps; ++op)
      if (is_portable(static_cast<Op>(op)) && portable_name(static_cast<Op>(op)) == names[k])
        ops[k] = static_cast<Op>(op);
  const uint64_t n_nodes = r.number();
  std::vector<NodeRef> nodes;
  for (uint64_t k = 0; k < n_nodes; ++k) {
    const uint64_t number = r.number();
    require(number < names.size(), "a name is missing");
    const Op op = ops[number];
    if (op == Op::count_) malformed("this version has no op " + printable(names[number]));
    if (op == Op::leaf) {
      const uint64_t leaf = r.number();
      require(leaf < leaves.size(), "a leaf is missing");
      nodes.push_back(leaves[leaf]);
    } else {
      nodes.push_back(read_node(r, op, names, nodes));
    }
  }
  require(r.done() && !nodes.empty(), "its length is wrong");
  return nodes.back();
}

}  // namespace lazulite
