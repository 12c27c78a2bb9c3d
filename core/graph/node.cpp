// Making, publishing and freeing nodes.
#include "core/graph/node.h"

#include <cmath>
#include <limits>

namespace lazulite {

namespace {

void free_params(Node* n) {
  switch (info(n->op).kind) {
    case OpKind::reduce:
      delete n->reduce;
      break;
    case OpKind::source:
      if (n->op == Op::window) delete n->window;
      if (n->op == Op::random) delete n->random;
      if (n->op == Op::opaque) delete n->opaque;
      if (n->op == Op::gather) delete n->gather;
      break;
    default:
      break;
  }
}

/// Drops the inputs of `n`; those that nobody else holds go to the list `dead`.
void drop_inputs(Node* n, Node*& dead) {
  for (int i = 0; i < n->n_inputs; ++i) {
    Node* in = n->input[i];
    if (!drop_reference(in)) continue;
    in->next_dead = dead;
    dead = in;
  }
  n->n_inputs = 0;
}

/// Frees the nodes of the list, and what only they kept alive: without recursion, and without memory of its own.
void destroy_all(Node* dead) {
  while (dead) {
    Node* n = dead;
    dead = n->next_dead;
    drop_inputs(n, dead);
    if (Storage* s = n->storage.load(std::memory_order_acquire)) Ref<Storage>::adopt(s);
    free_params(n);
    delete n;
  }
}

void set_input(Node* n, NodeRef in) {
  if (in->pending()) n->depth = std::max(n->depth, in->depth + 1);
  n->input[n->n_inputs++] = in.release();
}

/// Strides of an operand's elements, in the axes of a result of `ndim` axes.
Dims operand_strides(const Node& n, int ndim) {
  const Dims own = n.op == Op::window ? n.window->strides : n.strides();
  Dims s(ndim, 0);
  const int lead = ndim - own.size();
  for (int i = 0; i < own.size(); ++i) s[lead + i] = n.shape[i] == 1 ? 0 : own[i];
  return s;
}

AxisOrder result_order(const Dims& shape, const NodeRef* inputs, int n) {
  if (shape.size() <= 1) return 0;
  bool plain = true;
  for (int i = 0; i < n; ++i) plain &= inputs[i]->order == 0 && inputs[i]->op != Op::window;
  if (plain) return 0;
  Dims strides[3];
  for (int i = 0; i < n; ++i) strides[i] = operand_strides(*inputs[i], shape.size());
  return keep_order(shape.size(), strides, n);
}

/// A reduction's result keeps the order of its operand's axes, as NumPy's does; arg searches give C order.
AxisOrder reduced_order(Op op, const Node& in, const Dims& shape, uint64_t axes) {
  const int ndim = in.shape.size();
  if (shape.size() <= 1 || op == Op::reduce_argmin || op == Op::reduce_argmax) return 0;
  if (in.order == 0 && in.op != Op::window) return 0;
  const Dims strides = operand_strides(in, ndim);
  const AxisOrder order = keep_order(ndim, &strides, 1);
  if (order == 0) return 0;
  int place[16] = {};  // axis of the operand -> axis of the result
  const bool keeps = shape.size() == ndim;
  for (int k = 0, j = 0; k < ndim; ++k) {
    place[k] = keeps ? k : j;
    j += !((axes >> k) & 1);
  }
  AxisOrder result = 0;
  bool plain = true;
  for (int k = 0, j = 0; k < ndim; ++k) {
    const int axis = static_cast<int>((order >> (4 * k)) & 15);
    if (!keeps && ((axes >> axis) & 1)) continue;
    plain &= place[axis] == j;
    result |= static_cast<AxisOrder>(place[axis]) << (4 * j++);
  }
  return plain ? 0 : result;
}

}  // namespace

void destroy(Node* n) {
  n->next_dead = nullptr;
  destroy_all(n);
}

NodeRef make_leaf(DType t, const Dims& shape, AxisOrder order, Ref<Storage> storage) {
  Node* n = new Node(Op::leaf, t, shape);
  n->order = order;
  n->storage.store(storage.release(), std::memory_order_release);
  return NodeRef::adopt(n);
}

NodeRef make_constant(DType t, Scalar value) {
  Node* n = new Node(Op::constant, t, Dims());
  n->value = value;
  return NodeRef::adopt(n);
}

NodeRef make_elementwise(Op op, DType t, const Dims& shape, NodeRef* inputs, int count) {
  Node* n = new Node(op, t, shape);
  n->order = result_order(shape, inputs, count);
  for (int i = 0; i < count; ++i) set_input(n, std::move(inputs[i]));
  return NodeRef::adopt(n);
}

NodeRef make_window(const NodeRef& base, const View& view) {
  Node* n = new Node(Op::window, base->dtype, view.shape);
  const Dims strides = view.strides;
  n->order = keep_order(view.shape.size(), &strides, 1);  // the layout of a copy, should one be needed
  n->window = new WindowParams{view.offset, view.strides};
  set_input(n, base);
  return NodeRef::adopt(n);
}

NodeRef make_reduce(Op op, DType t, const NodeRef& input, const Dims& shape, uint64_t axes, double ddof,
                    const NodeRef& mask) {
  Node* n = new Node(op, t, shape);
  n->order = reduced_order(op, *input, shape, axes);
  n->reduce = new ReduceParams{axes, ddof};
  set_input(n, input);
  if (mask) set_input(n, mask);
  return NodeRef::adopt(n);
}

bool can_draw(Stream stream, Law law, DType t) {
  if (law == Law::word) return t == DType::uint64 || t == DType::float64;
  // Points are no independent draws: there is no sense in pairs of neighbours, as a normal takes them.
  return is_float(t) && (stream != Stream::sobol || law == Law::random);
}

NodeRef make_random(DType t, const Dims& shape, const RandomParams& params) {
  Node* n = new Node(Op::random, t, shape);
  n->random = new RandomParams(params);
  return NodeRef::adopt(n);
}

NodeRef make_opaque(const OpaqueParams& params, DType t, const Dims& shape, const NodeRef* inputs, int count,
                    AxisOrder order) {
  Node* n = new Node(Op::opaque, t, shape);
  n->order = order;
  n->opaque = new OpaqueParams(params);
  for (int i = 0; i < count; ++i) set_input(n, inputs[i]);
  return NodeRef::adopt(n);
}

NodeRef make_gather(const NodeRef& base, const NodeRef& index, const Dims& shape, AxisOrder order,
                    const GatherParams& params) {
  Node* n = new Node(Op::gather, base->dtype, shape);
  n->order = order;
  n->gather = new GatherParams(params);
  set_input(n, base);
  set_input(n, index);
  return NodeRef::adopt(n);
}

void publish(Node* n, Ref<Storage> storage) {
  n->storage.store(storage.release(), std::memory_order_release);
  Node* dead = nullptr;
  drop_inputs(n, dead);
  destroy_all(dead);
}

Scalar convert(Scalar value, DType from, DType to) {
  if (from == to) return value;
  return visit(from, [&](auto source) {
    using From = decltype(source);
    const From v = value.as<From>();
    return visit(to, [&](auto target) {
      using To = decltype(target);
      if constexpr (std::is_same_v<To, bool>) {
        return Scalar::of<bool>(v != From(0));
      } else if constexpr (std::is_floating_point_v<From> && std::is_integral_v<To>) {
        // Out of range follows NumPy on x86-64: the "integer indefinite" value of a 64-bit conversion, then wrap.
        const double d = static_cast<double>(v);
        if (!(d >= -9223372036854775808.0 && d < 9223372036854775808.0)) {
          if (std::is_same_v<To, uint64_t> && d >= 9223372036854775808.0 && d < 18446744073709551616.0)
            return Scalar::of<To>(static_cast<To>(static_cast<uint64_t>(d)));
          return Scalar::of<To>(static_cast<To>(std::numeric_limits<int64_t>::min()));
        }
        return Scalar::of<To>(static_cast<To>(static_cast<int64_t>(d)));
      } else {
        return Scalar::of<To>(static_cast<To>(v));
      }
    });
  });
}

}  // namespace lazulite
