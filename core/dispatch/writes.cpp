// Writes: assignment through views, in-place operators, out=.
//
// A write to the whole of an array that nobody outside sees repoints its cell, lazily. A write to a part is done at
// once: the base is computed, and the window is written in place. Nodes that still read the base keep the values that
// they were written with: if there are any, the base's elements are first copied to a storage of their own.
#include "core/dispatch/writes.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>
#include <vector>

#include "core/dispatch/array.h"
#include "core/dispatch/engine.h"
#include "core/dispatch/pack.h"
#include "core/dispatch/registry.h"
#include "core/graph/promotion.h"

namespace lazulite {

namespace {

/// What `int(x)` gives, with Python's errors: the way of a Python float into an array of integers.
Weak whole_part(double x) {
  if (std::isnan(x)) throw Error(ErrorKind::value, "cannot convert float NaN to integer");
  if (std::isinf(x)) throw Error(ErrorKind::overflow, "cannot convert float infinity to integer");
  Weak w;
  w.kind = Weak::Kind::integer;
  w.real = std::trunc(x);
  w.big = w.real >= 0x1p63 && w.real < 0x1p64;
  w.fits = w.real >= -0x1p63 && w.real < 0x1p63;
  if (!w.fits && !w.big) throw Error(ErrorKind::overflow, "Python int too large to convert to C long");
  w.integer = w.big ? static_cast<int64_t>(static_cast<uint64_t>(w.real)) : static_cast<int64_t>(w.real);
  return w;
}

bool covers_base(const Array& a) {
  if (!a.is_view()) return true;
  const View& v = a.cell()->view;
  const Node& n = *a.cell()->base->node;
  return v.offset == 0 && v.shape == n.shape && v.strides == n.strides();
}

/// Can the cell be repointed, or does somebody hold its very memory?
bool may_repoint(const Cell& c) {
  const Storage* s = c.node->storage.load(std::memory_order_acquire);
  return !s || (s->exports.load(std::memory_order_acquire) == 0 && !s->borrowed);
}

}  // namespace

void check_writeable(const Array& a) {
  if (!a.is_writeable()) throw Error(ErrorKind::value, "assignment destination is read-only");
}

Cell* owner(const Array& a) { return a.is_view() ? a.cell()->base.get() : a.cell(); }

NodeRef as_result(const NodeRef& value, DType t, const Dims& shape, AxisOrder order) {
  NodeRef in = value;
  if (in->op == Op::constant) in = make_constant(t, convert(in->value, in->dtype, t));
  if (in->shape.size() > shape.size()) {  // NumPy's setitem drops leading axes of one
    View v = View::whole(in->shape, in->order);
    while (v.shape.size() > shape.size()) v.drop_axis(0);
    in = make_window(in, v);
  }
  NodeRef n = make_elementwise(Op::cast, t, shape, &in, 1);
  n->order = order;
  return n;
}

bool stretches(const Dims& from, const Dims& to) {
  const int lead = to.size() - from.size();
  for (int k = 0; k < from.size(); ++k)
    if (from[k] != 1 && from[k] != (lead + k < 0 ? 1 : to[lead + k])) return false;
  return true;
}

namespace {

void check_broadcast(const NodeRef& value, const Dims& shape) {
  const Dims& from = value->shape;
  if (stretches(from, shape)) return;
  int ones = 0;  // leading axes that are dropped first
  while (from.size() - ones > shape.size() && from[ones] == 1) ++ones;
  throw Error(ErrorKind::value, "could not broadcast input array from shape " +
                                    to_string(Dims(from.data() + ones, from.size() - ones)) + " into shape " +
                                    to_string(shape));
}

/// The cell's elements in a storage that no pending node reads.
void own_elements(Cell* c) {
  Node& n = *c->node;
  if (n.refs.load(std::memory_order_acquire) == 1) return;
  const Storage* from = n.storage.load();
  if (from->exports.load() > 0) return;  // readers took copies already; writers outside must see this write
  Ref<Storage> to = Engine::get().allocate(n.bytes());
  std::memcpy(to->data, from->data, static_cast<size_t>(n.bytes()));
  point(c, make_leaf(n.dtype, n.shape, n.order, std::move(to)));
}

}  // namespace

Ref<Storage> writable_elements(Cell* base) {
  // A computation may let other threads run, and those may repoint the base.
  while (base->node->pending()) {
    const NodeRef node = base->node;
    Engine::get().compute({Root{node, nullptr, {}}});
    if (base->node.get() == node.get()) point(base, node);  // no longer pending: out of the registry
  }
  if (base->node->op == Op::constant) point(base, make_full(base->node->dtype, Dims(), base->node->value).cell()->node);
  own_elements(base);
  return Ref<Storage>(base->node->storage.load());
}

namespace {

/// The axes of `view` by falling stride, if walking them so visits its elements from the storage's first to its last,
/// in runs of neighbours: a box cut out by slices of step 1.
std::optional<std::vector<int>> box_axes(const View& view) {
  std::vector<int> axes;
  for (int k = 0; k < view.shape.size(); ++k)
    if (view.shape[k] != 1) axes.push_back(k);
  std::sort(axes.begin(), axes.end(), [&](int a, int b) { return view.strides[a] > view.strides[b]; });
  int64_t span = 1;  // that the axes so far cover, from the innermost
  for (size_t k = axes.size(); k-- > 0;) {
    const int64_t stride = view.strides[axes[k]];
    if (stride < span || (k + 1 == axes.size() && stride != 1)) return std::nullopt;
    span = stride * view.shape[axes[k]];
  }
  return axes;
}

/// Copies the elements of `bytes` bytes of storage that the view leaves out.
void copy_outside(const View& view, const std::vector<int>& axes, int64_t size, const std::byte* from, std::byte* to,
                  int64_t bytes) {
  const int n = static_cast<int>(axes.size());
  Dims extents(std::max(n, 1), 1), strides(std::max(n, 1), 1);
  for (int k = 0; k < n; ++k) {
    extents[k] = view.shape[axes[static_cast<size_t>(k)]];
    strides[k] = view.strides[axes[static_cast<size_t>(k)]];
  }
  int64_t copied = 0;
  const auto copy_up_to = [&](int64_t end) {
    std::memcpy(to + copied, from + copied, static_cast<size_t>(end - copied));
  };
  each_run(extents.data(), strides.data(), extents.size(), 0, extents.product(),
           [&](int64_t offset, int64_t, int64_t, int64_t count) {
             copy_up_to((view.offset + offset) * size);
             copied = (view.offset + offset + count) * size;
           });
  copy_up_to(bytes);
}

/// Writes most of a base that the value reads, or that others read: into a new storage, which gets the rest from the
/// old one. The values are stored once. False: the window is no such part, or the base must stay where it is.
bool write_to_new_storage(Cell* base, const NodeRef& node, const View& view, const NodeRef& value) {
  if (!may_repoint(*base) || 2 * view.shape.product() < node->size) return false;
  const auto axes = box_axes(view);
  if (!axes) return false;
  Engine& engine = Engine::get();
  Ref<Storage> to = engine.allocate(node->bytes());
  const AxisOrder order = keep_order(view.shape.size(), &view.strides, 1);
  engine.compute({Root{as_result(value, node->dtype, view.shape, order), to, view}});
  // Another thread may have repointed the base meanwhile, or asked for its memory.
  if (base->node.get() != node.get() || !may_repoint(*base)) return false;
  copy_outside(view, *axes, item_size(node->dtype), node->storage.load()->data, to->data, node->bytes());
  point(base, make_leaf(node->dtype, node->shape, node->order, std::move(to)));
  return true;
}

/// Writes to a window of the base's storage, now.
void write_window(const Array& a, NodeRef value) {
  Engine& engine = Engine::get();
  Cell* base = owner(a);
  const View view = view_of(a);
  if (view.shape.product() == 0) return;
  // Every computation may let other threads run, and those may repoint the base: then all is looked at again.
  for (;;) {
    const NodeRef node = base->node;
    if (node->pending()) {
      engine.compute({Root{node, nullptr, {}}});
      if (base->node.get() == node.get()) point(base, node);  // no longer pending: out of the registry
    } else if (value->pending() && node->refs.load(std::memory_order_acquire) > 2) {
      if (write_to_new_storage(base, node, view, value)) return;
      // The value may read the elements that it replaces. (One reference is the base's, one ours.)
      engine.compute({Root{value, nullptr, {}}});
    } else if (!value->pending() && value->storage.load() == node->storage.load() && value->op != Op::constant) {
      NodeRef twin = as_result(value, value->dtype, value->shape, value->order);
      engine.compute({Root{twin, nullptr, {}}});
      value = twin;
    } else {
      break;
    }
  }
  own_elements(base);
  const AxisOrder order = keep_order(view.shape.size(), &view.strides, 1);
  const NodeRef result = as_result(value, base->node->dtype, view.shape, order);
  value = NodeRef();
  engine.compute({Root{result, Ref<Storage>(base->node->storage.load()), view}});
}

void write(const Array& a, const NodeRef& value) {
  Cell* c = owner(a);
  if (covers_base(a) && may_repoint(*c)) {
    const NodeRef old = c->node;
    NodeRef n = value;
    // A fresh value of the right dtype and layout is taken as it is.
    if (n->op == Op::constant || n->op == Op::window || n->dtype != old->dtype || n->shape != old->shape ||
        n->order != old->order)
      n = as_result(value, old->dtype, old->shape, old->order);
    point(c, n);
    flush_if_due(n);
    return;
  }
  write_window(a, value);
}

void check_same_kind(std::string_view op, DType from, DType to) {
  if (!same_kind(from, to))
    throw Error(ErrorKind::type, "Cannot cast ufunc '" + std::string(op) + "' output from dtype('" +
                                     std::string(name(from)) + "') to dtype('" + std::string(name(to)) +
                                     "') with casting rule 'same_kind'");
}

}  // namespace

NodeRef value_for(DType t, const Argument& value) {
  if (const Array* source = std::get_if<Array>(&value)) return source->read();
  const Weak& given = std::get<Weak>(value);
  const Weak w = given.kind == Weak::Kind::floating && is_integer(t) ? whole_part(given.real) : given;
  // Python ints must fit; NumPy gives its OverflowError here, too.
  const Argument both[] = {Array(make_constant(t, Scalar{})), w};
  if (w.kind == Weak::Kind::integer && is_integer(t)) (void)apply(Op::add, both, 2);
  return w.kind == Weak::Kind::floating ? make_constant(DType::float64, Scalar::of<double>(w.real))
         : w.big                        ? make_constant(DType::uint64, Scalar::of<int64_t>(w.integer))
         : w.fits                       ? make_constant(DType::int64, Scalar::of<int64_t>(w.integer))
                                        : make_constant(DType::float64, Scalar::of<double>(w.real));
}

void assign(const Array& a, const Argument& value) {
  check_writeable(a);
  const NodeRef v = value_for(a.dtype(), value);
  check_broadcast(v, a.shape());
  write(a, v);
}

void apply_in_place(Op op, const Array& a, const Argument& value) {
  if (!a.is_writeable()) throw Error(ErrorKind::value, "output array is read-only");
  const Argument args[] = {a, value};
  if (op == Op::power)
    check_same_kind(info(op).name, result_type(args, 2), a.dtype());  // before exponents are looked at
  const Array r = apply(op, args, 2);
  check_same_kind(info(op).name, r.dtype(), a.dtype());
  if (r.shape() != a.shape())
    throw Error(ErrorKind::value, "non-broadcastable output operand with shape " + to_string(a.shape()) +
                                      " doesn't match the broadcast shape " + to_string(r.shape()));
  write(a, r.cell()->node);
}

void write_out(const Array& out, const Array& source, const char* op_name, bool stretch) {
  if (!out.is_writeable()) throw Error(ErrorKind::value, "output array is read-only");
  check_same_kind(op_name, source.dtype(), out.dtype());
  const bool fits = out.shape() == source.shape() ||
                    (stretch && out.ndim() >= source.ndim() && stretches(source.shape(), out.shape()));
  if (!fits)
    throw Error(ErrorKind::value, "non-broadcastable output operand with shape " + to_string(out.shape()) +
                                      " doesn't match the broadcast shape " + to_string(source.shape()));
  write(out, source.read());
}

}  // namespace lazulite
