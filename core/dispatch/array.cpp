// Cells: making arrays, reading them, computing them, and handing out their memory.
#include "core/dispatch/array.h"

#include "core/dispatch/engine.h"
#include "core/dispatch/pack.h"
#include "core/dispatch/registry.h"
#include "core/graph/serialise.h"

namespace lazulite {

// --- Cells -------------------------------------------------------------------------------------------------------

namespace {

/// What a cell does with a node that it points to no more.
void forget(NodeRef node) {
  if (!node || node.sole()) return;  // a sole one goes, and its counts with it
  Node* n = node.get();
  const bool last = n->handles.fetch_sub(1, std::memory_order_acq_rel) == 1;
  Storage* s = n->storage.load(std::memory_order_acquire);
  if (last && s && n->refs.load(std::memory_order_relaxed) > 1) Engine::get().pin(s);
}

bool borrowed(const Node& n) {
  const Storage* s = n.storage.load(std::memory_order_acquire);
  return s && s->borrowed;
}

Ref<Cell> new_cell(NodeRef node, bool scalar) {
  Cell* c = new Cell;
  c->scalar = scalar;
  point(c, std::move(node));
  return Ref<Cell>::adopt(c);
}

/// A new computed node with the elements of `n`, which is computed.
NodeRef duplicate(const Node& n) {
  const Storage* from = n.storage.load(std::memory_order_acquire);
  Ref<Storage> to = Engine::get().allocate(n.bytes());
  std::memcpy(to->data, from->data, static_cast<size_t>(n.bytes()));
  return make_leaf(n.dtype, n.shape, n.order, std::move(to));
}

/// A computed node with the elements that a window sees now.
NodeRef gathered(const Node& window, const Storage& from) {
  Ref<Storage> to = Engine::get().allocate(window.bytes());
  const int64_t size = item_size(window.dtype), offset = window.window->offset;
  // In the order of the result's storage, so that the copy is written straight through.
  const int n = window.shape.size();
  Dims extents(std::max(n, 1), 1), strides(std::max(n, 1), 0);
  for (int k = 0; k < n; ++k) {
    const int axis = window.order == 0 ? k : static_cast<int>((window.order >> (4 * k)) & 15);
    extents[k] = window.shape[axis];
    strides[k] = window.window->strides[axis];
  }
  if (window.size > 0)
    each_run(extents.data(), strides.data(), extents.size(), 0, window.size,
             [&](int64_t at, int64_t step, int64_t position, int64_t count) {
               gather(to->data + position * size, from.data + (offset + at) * size, step, count, size);
             });
  return make_leaf(window.dtype, window.shape, window.order, std::move(to));
}

}  // namespace

void point(Cell* c, NodeRef node) {
  if (node.sole())  // nobody else can count it
    node->handles.store(node->handles.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  else
    node->handles.fetch_add(1, std::memory_order_acq_rel);
  const bool listed = node->pending() || borrowed(*node);
  if (listed || c->registered)
    Registry::get().set(c, node, listed);
  else
    std::swap(c->node, node);
  forget(std::move(node));
}

void destroy(Cell* c) {
  if (c->registered) Registry::get().remove(c);
  forget(std::move(c->node));
  delete c;
}

Array::Array(NodeRef node, bool scalar) : cell_(new_cell(std::move(node), scalar)) {}

DType Array::dtype() const { return is_view() ? cell_->base->node->dtype : cell_->node->dtype; }

bool Array::is_computed() const { return !(is_view() ? cell_->base->node : cell_->node)->pending(); }

NodeRef Array::read() const {
  const Cell& c = is_view() ? *cell_->base : *cell_;
  NodeRef n = c.node;
  const Storage* s = n->storage.load(std::memory_order_acquire);
  const bool exported = s && s->exports.load(std::memory_order_acquire) > 0;
  const View* v = is_view() ? &cell_->view : nullptr;
  if (!v || (v->offset == 0 && v->shape == n->shape && v->strides == n->strides())) {
    if (exported) return duplicate(*n);
    return n;  // moved: ?: would count it twice
  }
  NodeRef window = make_window(n, *v);
  if (s && (exported || window->size <= Engine::get().options.eager_below)) return gathered(*window, *s);
  return window;
}

// --- Making arrays -----------------------------------------------------------------------------------------------

Array make_empty(DType t, const Dims& shape, std::byte** data) {
  int64_t elements = 1;
  for (int64_t d : shape)
    if (__builtin_mul_overflow(elements, d, &elements) || elements > (int64_t{1} << 59))
      throw Error(ErrorKind::value,
                  "array is too big; `arr.size * arr.dtype.itemsize` is larger than the maximum "
                  "possible size.");
  Ref<Storage> s = Engine::get().allocate(elements << log2_size(t));
  if (data) *data = s->data;
  return Array(make_leaf(t, shape, 0, std::move(s)));
}

Array make_empty_like(DType t, const Dims& shape, const std::vector<Array>& models) {
  std::vector<Dims> strides;
  for (const Array& m : models) {
    Dims d = m.strides();
    for (int k = 0; k < d.size(); ++k)
      if (m.shape()[k] == 1) d[k] = 0;  // says nothing about the order
    strides.push_back(d);
  }
  const Array a = make_empty(t, shape);
  const AxisOrder order = keep_order(shape.size(), strides.data(), static_cast<int>(strides.size()));
  return order == 0 ? a : Array(make_leaf(t, shape, order, Ref<Storage>(a.cell()->node->storage.load())));
}

Array make_full(DType t, const Dims& shape, Scalar value) {
  std::byte* data;
  Array a = make_empty(t, shape, &data);
  gather(data, value.bytes, 0, a.size(), item_size(t));
  return a;
}

Array make_copy(DType t, const Dims& shape, const void* data, const Dims& byte_strides) {
  const int64_t size = item_size(t);
  Dims strides = byte_strides;
  bool aligned = reinterpret_cast<uintptr_t>(data) % static_cast<uintptr_t>(size) == 0;
  for (int k = 0; k < strides.size(); ++k) {
    aligned &= strides[k] % size == 0;
    strides[k] /= size;
  }
  // The copy keeps the memory order of its source, as NumPy's copies do.
  const AxisOrder order = keep_order(shape.size(), &strides, 1);
  std::byte* to;
  Array whole = make_empty(t, shape, &to);
  const int64_t n = whole.size();
  const Dims out = storage_strides(shape, order);
  if (order != 0) whole = Array(make_leaf(t, shape, order, Ref<Storage>(whole.cell()->node->storage.load())));
  if (n == 0) return whole;
  if (aligned && strides == out) {
    std::memcpy(to, data, static_cast<size_t>(n * size));
    return whole;
  }
  if (!aligned || shape.size() == 0) {
    // Odd addresses are copied byte by byte.
    Dims extents = shape, from = byte_strides;
    if (shape.size() == 0) {
      std::memcpy(to, data, static_cast<size_t>(size));
      return whole;
    }
    each_run(extents.data(), from.data(), extents.size(), 0, n,
             [&](int64_t offset, int64_t step, int64_t at, int64_t m) {
               for (int64_t k = 0; k < m; ++k)
                 std::memcpy(to + (at + k) * size, static_cast<const std::byte*>(data) + offset + k * step,
                             static_cast<size_t>(size));
             });
    if (order == 0) return whole;
    return Array(make_leaf(t, shape, 0, Ref<Storage>(whole.cell()->node->storage.load())));
  }
  auto* s = new Storage;
  s->data = static_cast<std::byte*>(const_cast<void*>(data));
  s->release = [](Storage* p) { delete p; };
  const Array result = copy(borrow(t, shape, Ref<Storage>::adopt(s), s->data, byte_strides, false));
  compute(result);
  return result;
}

Array borrow(DType t, const Dims& shape, Ref<Storage> storage, const std::byte* first, const Dims& byte_strides,
             bool writeable) {
  const int64_t size = item_size(t);
  // The storage as a flat array from its lowest element on; the array is a window of it.
  View v{shape, byte_strides, 0};
  int64_t low = 0, high = 0;
  for (int k = 0; k < shape.size(); ++k) {
    v.strides[k] /= size;
    const int64_t reach = v.strides[k] * std::max<int64_t>(shape[k] - 1, 0);
    (reach < 0 ? low : high) += reach;
  }
  storage->data = const_cast<std::byte*>(first) + low * size;
  const bool empty = shape.product() == 0;
  const int64_t span = empty ? 0 : high - low + 1;
  storage->bytes = span * size;
  v.offset = -low;
  const AxisOrder order = keep_order(shape.size(), &v.strides, 1);
  const bool whole = v.strides == storage_strides(shape, order) && v.offset == 0;
  if (whole || empty) {
    Array a(make_leaf(t, shape, order, std::move(storage)));
    a.cell()->writeable = writeable;
    return a;
  }
  Array flat(make_leaf(t, Dims{span}, 0, std::move(storage)));
  flat.cell()->writeable = writeable;
  return make_view(flat, v);
}

Array make_random(Law law, DType t, const Dims& shape, const uint64_t key[2], uint64_t first) {
  return make_draw(t, shape, RandomParams{law, Stream::ars, {key[0], key[1]}, first});
}

Array make_draw(DType t, const Dims& shape, const RandomParams& params) {
  if (!can_draw(params.stream, params.law, t))
    throw Error(ErrorKind::type, std::string(name(params.law)) + ": no draws of dtype " + std::string(name(t)));
  Array a(make_random(t, shape, params));
  flush_if_due(a.cell()->node);
  return a;
}

Array make_view(const Array& a, View view) {
  Cell* c = new Cell;
  c->base = a.is_view() ? a.cell()->base : Ref<Cell>(a.cell());
  c->view = std::move(view);
  c->writeable = a.cell()->writeable;
  return Array(Ref<Cell>::adopt(c));
}

View view_of(const Array& a) {
  return a.is_view() ? a.cell()->view : View::whole(a.cell()->node->shape, a.cell()->node->order);
}

// --- Computing ---------------------------------------------------------------------------------------------------

void compute(const Array* arrays, size_t count) {
  std::vector<Root> roots;
  for (const Array* a = arrays; a != arrays + count; ++a) {
    Cell* c = a->cell();
    if (c->base && c->base->node->pending() && c->base->refs.load() == 1) {
      // Nobody else can reach the base: the view need not be one.
      NodeRef window = make_window(c->base->node, c->view);
      c->base = Ref<Cell>();
      point(c, std::move(window));
    }
    Cell* owner = c->base ? c->base.get() : c;
    if (owner->node->pending()) roots.push_back(Root{owner->node, nullptr, {}});
  }
  if (!roots.empty()) Engine::get().compute(roots);
  for (const Array* a = arrays; a != arrays + count; ++a) {
    Cell* owner = a->is_view() ? a->cell()->base.get() : a->cell();
    if (owner->registered && !owner->node->pending() && !borrowed(*owner->node)) Registry::get().remove(owner);
  }
}

namespace {

/// Computes the array and gives the cell whose node holds its elements. A pass lets other threads run, and one of them
/// may repoint the cell to a pending node meanwhile: then that is computed, too.
Cell* computed_owner(const Array& a) {
  for (;;) {
    compute(a);
    Cell* owner = a.is_view() ? a.cell()->base.get() : a.cell();
    if (!owner->node->pending()) return owner;
  }
}

}  // namespace

Memory expose(const Array& a) {
  Cell* owner = computed_owner(a);
  // Others that hold the node (pending readers) keep its values; whoever gets the memory may write to it.
  const Storage* s = owner->node->storage.load();
  if (owner->node->refs.load(std::memory_order_acquire) > 1 && s->exports.load() == 0)
    point(owner, duplicate(*owner->node));
  Storage* memory = owner->node->storage.load();
  const int64_t size = item_size(a.dtype());
  Memory m{Ref<Storage>(memory), memory->data, a.strides()};
  if (a.is_view()) m.data += a.cell()->view.offset * size;
  for (int k = 0; k < m.byte_strides.size(); ++k) m.byte_strides[k] *= size;
  return m;
}

Scalar item(const Array& a) {
  if (a.size() != 1) throw Error(ErrorKind::type, "only 0-dimensional arrays can be converted to Python scalars");
  const Cell* owner = computed_owner(a);
  const int64_t size = item_size(a.dtype());
  Scalar s;
  const std::byte* data = owner->node->storage.load()->data + (a.is_view() ? a.cell()->view.offset * size : 0);
  std::memcpy(s.bytes, data, static_cast<size_t>(size));
  return s;
}

// --- Graphs as bytes ---------------------------------------------------------------------------------------------

std::optional<PortableGraph> to_bytes(const Array& a) {
  const NodeRef root = a.read();
  std::optional<SerialisedGraph> g;
  {
    std::lock_guard<std::mutex> guard(Engine::get().lock());
    g = serialise(root);
  }
  if (!g) return std::nullopt;
  PortableGraph result{std::move(g->nodes), {}};
  for (NodeRef& leaf : g->leaves) result.leaves.emplace_back(std::move(leaf));
  return result;
}

Array from_bytes(std::string_view nodes, const std::vector<Array>& leaves, bool scalar) {
  std::vector<NodeRef> read;
  for (const Array& leaf : leaves) read.push_back(leaf.read());
  const NodeRef root = deserialise(nodes, read);
  if (scalar && root->shape.size() != 0) throw Error(ErrorKind::value, "from_bytes: a scalar has no axes");
  return Array(root, scalar);
}

// --- Budgets -----------------------------------------------------------------------------------------------------

void flush_if_due(const NodeRef& newest) {
  if (!newest->pending()) return;
  Engine& e = Engine::get();
  const int64_t nodes = e.options.flush_nodes, bytes = e.options.flush_bytes;
  if (nodes > 0 && newest->depth >= nodes) {
    e.compute({Root{newest, nullptr, {}}});
    return;
  }
  const bool many = nodes > 0 && Registry::get().count() >= nodes;
  const bool heavy = bytes > 0 && e.memory_pinned() >= bytes;
  if (!many && !heavy) return;
  std::vector<Root> roots;
  Registry::get().each([&](Cell* c) {
    if (c->node->pending()) roots.push_back(Root{c->node, nullptr, {}});
  });
  e.compute(roots);
  Registry::get().remove_if([](Cell* c) { return !c->node->pending() && !borrowed(*c->node); });
}

namespace {

/// Does the graph below `n` read borrowed memory? Under the engine lock.
bool reads_borrowed(const NodeRef& n) {
  static uint32_t epoch = 0x80000000u;  // the planner's epochs count from 1
  ++epoch;
  std::vector<Node*> stack{n.get()};
  while (!stack.empty()) {
    Node* m = stack.back();
    stack.pop_back();
    if (m->epoch == epoch) continue;
    m->epoch = epoch;
    if (borrowed(*m)) return true;
    for (int k = 0; k < m->n_inputs; ++k) stack.push_back(m->input[k]);
  }
  return false;
}

}  // namespace

void compute_borrowers() {
  std::vector<Root> roots;
  {
    std::lock_guard<std::mutex> guard(Engine::get().lock());
    Registry::get().each([&](Cell* c) {
      if (c->node->pending() && reads_borrowed(c->node)) roots.push_back(Root{c->node, nullptr, {}});
    });
  }
  if (!roots.empty()) Engine::get().compute(roots);
}

void copy_borrowed() {
  std::vector<Cell*> holders;
  Registry::get().each([&](Cell* c) {
    if (borrowed(*c->node)) holders.push_back(c);
  });
  for (Cell* c : holders) point(c, duplicate(*c->node));
}

}  // namespace lazulite
