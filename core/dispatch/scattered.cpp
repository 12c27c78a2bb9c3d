// Elements at given places: gathered lazily, written and accumulated on the spot.
#include <algorithm>
#include <cstring>

#include "core/dispatch/blocks.h"
#include "core/dispatch/engine.h"
#include "core/dispatch/indexing.h"
#include "core/dispatch/pack.h"
#include "core/dispatch/registry.h"
#include "core/dispatch/writes.h"
#include "core/graph/promotion.h"
#include "core/kernels/accumulate.h"

namespace lazulite {

namespace {

constexpr int64_t kChunk = 1024;  // places worked out at a time: they stay in L1
constexpr int64_t kBlockElements = int64_t{1} << 15;
constexpr double kElementNs = 2;

/// The places as loops over their axes in some order: that in which the values lie.
class Walk {
 public:
  Walk(const Places& p, AxisOrder order)
      : loops_(std::max(p.shape.size(), 1)), extents_(loops_, 1), strides_(loops_, 0), index_strides_(loops_, 0) {
    for (int k = 0; k < p.shape.size(); ++k) {
      const int axis = order == 0 ? k : static_cast<int>((order >> (4 * k)) & 15);
      extents_[k] = p.shape[axis];
      strides_[k] = p.at.strides[axis];
      index_strides_[k] = p.at.index_strides[axis];
    }
    offset_ = p.at.offset;
    index_ = reinterpret_cast<const int64_t*>(p.index->storage.load(std::memory_order_acquire)->data);
    distinct_ = p.distinct;
  }

  int64_t size() const { return extents_.product(); }
  int64_t offset() const { return offset_; }  // to add to every place

  /// f(places, first, n) for the places of elements [first, first + n), chunk by chunk; see for_blocks.
  template <class F>
  void each(F&& f) const {
    const int64_t n = size(), blocks = (n + kBlockElements - 1) / kBlockElements;
    const auto block = [&](int64_t b) {
      int64_t buffer[kChunk];
      const int64_t last = std::min(n, (b + 1) * kBlockElements);
      for (int64_t first = b * kBlockElements; first < last; first += kChunk) {
        const int64_t count = std::min(kChunk, last - first);
        f(add_index(extents_.data(), loops_, strides_.data(), index_, index_strides_.data(), first, count, buffer),
          first, count);
      }
    };
    (distinct_ ? for_blocks : in_order)(Engine::get(), blocks,
                                        kElementNs * static_cast<double>(std::min(n, kBlockElements)), block);
  }

 private:
  int loops_;
  Dims extents_, strides_, index_strides_;
  int64_t offset_ = 0;
  const int64_t* index_ = nullptr;
  bool distinct_ = false;
};

/// to[places[k]] = from[k * step], elements of `size` bytes.
void scatter_at(std::byte* to, const int64_t* places, const std::byte* from, int64_t step, int64_t n, int64_t size) {
  visit_bytes(size, [&](auto zero) {
    using T = decltype(zero);
    for (int64_t k = 0; k < n; ++k) reinterpret_cast<T*>(to)[places[k]] = reinterpret_cast<const T*>(from)[k * step];
  });
}

/// Values to write, in memory: one for every place, or one for all.
struct Values {
  NodeRef node;
  const std::byte* data;
  int64_t step;
};

/// The order in which NumPy assigns to index arrays without other axes: the 'K' order of the arrays and the value.
AxisOrder assignment_order(const Places& p, const Node& value) {
  if (!p.arrays_only) return p.order;
  const int rank = p.shape.size(), lead = rank - value.shape.size();
  const Dims own = value.op == Op::window && value.pending() ? value.window->strides : value.strides();
  Dims strides[] = {p.at.index_strides, Dims(rank, 0)};
  for (int k = std::max(0, -lead); k < own.size(); ++k)
    if (value.shape[k] != 1) strides[1][lead + k] = own[k];
  return keep_order(rank, strides, 2);
}

/// The value computed in dtype t, with its axes in `order`.
Values settle(const NodeRef& value, DType t, const Dims& shape, AxisOrder order) {
  NodeRef v = value;
  if (v->op == Op::constant) {
    v = make_constant(t, convert(v->value, v->dtype, t));
    const std::byte* data = v->value.bytes;
    return {std::move(v), data, 0};
  }
  if (v->pending() || v->dtype != t || v->shape != shape || v->order != order) {
    v = as_result(v, t, shape, order);
    Engine::get().compute({Root{v, nullptr, {}}});
  }
  const std::byte* data = v->storage.load(std::memory_order_acquire)->data;
  return {std::move(v), data, 1};
}

void check_stretches(const NodeRef& value, const Dims& shape, bool mask) {
  const Dims& from = value->shape;
  if (mask && from.size() > 1)
    throw Error(ErrorKind::type,
                "NumPy boolean array indexing assignment requires a 0 or 1-dimensional input, input has " +
                    std::to_string(from.size()) + " dimensions");
  if (stretches(from, shape)) return;
  if (mask)
    throw Error(ErrorKind::value, "NumPy boolean array indexing assignment cannot assign " + std::to_string(from[0]) +
                                      " input values to the " + std::to_string(shape.product()) +
                                      " output values where the mask is true");
  throw Error(ErrorKind::value, "shape mismatch: value array of shape " + to_string(from) +
                                    " could not be broadcast to indexing result of shape " + to_string(shape));
}

}  // namespace

Array take(const Array& a, const Places& p) {
  NodeRef base = owner(a)->node;
  if (base->op == Op::constant) base = make_full(base->dtype, Dims(), base->value).read();
  const int64_t size = p.shape.product();
  const Storage* s = base->storage.load(std::memory_order_acquire);
  if (s && size <= Engine::get().options.eager_below) {
    Ref<Storage> to = Engine::get().allocate(size << log2_size(base->dtype));
    const Walk walk(p, p.order);
    const int64_t item = item_size(base->dtype);
    walk.each([&](const int64_t* places, int64_t first, int64_t n) {
      gather_at(to->data + first * item, s->data + walk.offset() * item, item, places, n);
    });
    return Array(make_leaf(base->dtype, p.shape, p.order, std::move(to)));
  }
  const NodeRef n = make_gather(base, p.index, p.shape, p.order, p.at);
  // Memory that others may write is read now.
  if (s && s->exports.load(std::memory_order_acquire) > 0) Engine::get().compute({Root{n, nullptr, {}}});
  flush_if_due(n);
  return Array(n);
}

void put(const Array& a, const Selector& s, const Argument& value, bool mask) {
  check_writeable(a);
  const NodeRef given = value_for(a.dtype(), value);
  const Places p = find_places(s, [&](const Dims& shape) { check_stretches(given, shape, mask); });
  if (p.shape.product() == 0) return;
  const AxisOrder order = assignment_order(p, *given);
  const Values v = settle(given, a.dtype(), p.shape, order);  // first: it may read the elements that it replaces
  const Ref<Storage> to = writable_elements(owner(a));
  const Walk walk(p, order);
  const int64_t item = item_size(a.dtype());
  walk.each([&](const int64_t* places, int64_t first, int64_t n) {
    scatter_at(to->data + walk.offset() * item, places, v.data + first * v.step * item, v.step, n, item);
  });
}

void put_where(const Array& a, const Array& mask, const Argument& value) {
  check_writeable(a);
  NodeRef v = value_for(a.dtype(), value);
  if (v->op == Op::constant) v = make_constant(a.dtype(), convert(v->value, v->dtype, a.dtype()));
  const Argument args[] = {mask, astype(Array(v), a.dtype(), false), a};
  assign(a, apply(Op::where, args, 3));
}

void accumulate(Op op, const Array& a, const Places& p, const Argument& value) {
  check_writeable(a);
  // The loop's types are those of the op on arrays without elements.
  const Argument none[] = {
      make_empty(a.dtype(), Dims{0}),
      std::holds_alternative<Weak>(value) ? value : Argument(make_empty(std::get<Array>(value).dtype(), Dims{0}))};
  const NodeRef loop = apply(op, none, 2).cell()->node;
  const DType t = loop->n_inputs == 2 ? loop->input[0]->dtype : a.dtype();
  const AccumulateLoop run = accumulate_loop(loop->op, t);
  if (!run || loop->dtype != t)
    throw Error(ErrorKind::type, std::string(info(op).name) + ".at: no loop for " + std::string(name(a.dtype())));
  if (!same_kind(t, a.dtype()))
    throw Error(ErrorKind::type, "Cannot cast ufunc '" + std::string(info(op).name) + "' output from dtype('" +
                                     std::string(name(t)) + "') to dtype('" + std::string(name(a.dtype())) +
                                     "') with casting rule 'same_kind'");
  const NodeRef given = value_for(t, value);
  if (!stretches(given->shape, p.shape) || given->shape.size() > p.shape.size())
    throw Error(ErrorKind::value, "array is not broadcastable to correct shape");
  if (p.shape.product() == 0) return;
  const AxisOrder order = p.arrays_only ? 0 : p.order;
  const Values v = settle(given, t, p.shape, order);
  const Ref<Storage> to = writable_elements(owner(a));
  const Walk walk(p, order);
  const int64_t item = item_size(a.dtype()), value_item = item_size(t);
  std::byte* const base = to->data + walk.offset() * item;
  walk.each([&](const int64_t* places, int64_t first, int64_t n) {
    const std::byte* values = v.data + first * v.step * value_item;
    if (t == a.dtype()) return run(base, places, values, v.step, n);
    for (int64_t k = 0; k < n; ++k) {  // through the loop's dtype, one by one
      std::byte* at = base + places[k] * item;
      constexpr int64_t here = 0;
      Scalar x;
      std::memcpy(x.bytes, at, static_cast<size_t>(item));
      x = convert(x, a.dtype(), t);
      run(x.bytes, &here, values + k * v.step * value_item, 0, 1);
      x = convert(x, t, a.dtype());
      std::memcpy(at, x.bytes, static_cast<size_t>(item));
    }
  });
}

}  // namespace lazulite
