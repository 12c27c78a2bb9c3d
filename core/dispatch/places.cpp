// From index arrays and masks to places in storage: NumPy's broadcasting, ranges and errors.
#include <algorithm>
#include <atomic>
#include <string>

#include "core/dispatch/blocks.h"
#include "core/dispatch/engine.h"
#include "core/dispatch/indexing.h"
#include "core/dispatch/pack.h"

namespace lazulite {

namespace {

constexpr int64_t kBlockElements = int64_t{1} << 15;
constexpr double kElementNs = 1;

/// An index array in memory, and what its values mean.
struct Term {
  NodeRef values;      // computed int64
  int64_t size = -1;   // of the axis; -1: places already
  int64_t stride = 1;  // of the axis
  int named = 0;
  int repeats = 1;  // index arrays that NumPy makes of it
};

bool is_mask(const AxisIndex& i) { return i.values.dtype() == DType::bool_; }

}  // namespace

void check_masks(const Selector& s) {
  for (const AxisIndex& i : s.indices) {
    if (!is_mask(i)) continue;
    for (int k = 0; k < i.values.ndim(); ++k)
      if (i.values.shape()[k] != s.view.shape[i.axis + k] &&
          i.values.shape()[k] != 0)  // NumPy takes no elements for any
        throw Error(ErrorKind::index,
                    "boolean index did not match indexed array along axis " + std::to_string(i.named + k) +
                        "; size of axis is " + std::to_string(s.view.shape[i.axis + k]) +
                        " but size of corresponding boolean axis is " + std::to_string(i.values.shape()[k]));
  }
}

namespace {

NodeRef computed_integers(const Array& a) {
  NodeRef n = a.read();
  if (n->op == Op::constant) return make_full(DType::int64, Dims(), convert(n->value, n->dtype, DType::int64)).read();
  if (n->dtype != DType::int64) n = make_elementwise(Op::cast, DType::int64, n->shape, &n, 1);
  if (n->pending()) Engine::get().compute({Root{n, nullptr, {}}});
  return n;
}

Term term(const Selector& s, const AxisIndex& i) {
  if (!is_mask(i)) return {computed_integers(i.values), s.view.shape[i.axis], s.view.strides[i.axis], i.named, 1};
  Dims strides(i.values.ndim());
  for (int k = 0; k < strides.size(); ++k) strides[k] = s.view.strides[i.axis + k];
  return {positions(computed_mask(i.values), strides), -1, 1, i.named, std::max(1, i.values.ndim())};
}

Dims broadcast_terms(const std::vector<Term>& terms) {
  int rank = 0;
  for (const Term& t : terms) rank = std::max(rank, t.values->shape.size());
  Dims shape(rank, 1);
  for (const Term& t : terms) {
    const Dims& from = t.values->shape;
    const int lead = rank - from.size();
    for (int k = 0; k < from.size(); ++k) {
      if (from[k] == 1 || from[k] == shape[lead + k]) continue;
      if (shape[lead + k] != 1) {
        std::string shapes;
        for (const Term& u : terms)
          for (int j = 0; j < u.repeats; ++j) shapes += to_string(u.values->shape) + " ";
        throw Error(ErrorKind::index,
                    "shape mismatch: indexing arrays could not be broadcast together with shapes " + shapes);
      }
      shape[lead + k] = from[k];
    }
  }
  return shape;
}

const int64_t* data_of(const Node& n) {
  return reinterpret_cast<const int64_t*>(n.storage.load(std::memory_order_acquire)->data);
}

/// The values of an index array are places already: in range, not negative, one storage element apart.
bool are_places(const Term& t) {
  if (t.size < 0) return true;
  if (t.stride != 1) return false;
  const int64_t n = t.values->size, blocks = (n + kBlockElements - 1) / kBlockElements;
  const int64_t* values = data_of(*t.values);
  std::atomic<bool> good{true};
  const auto size = static_cast<uint64_t>(t.size);
  for_blocks(Engine::get(), blocks, 0.3 * kElementNs * kBlockElements, [&](int64_t b) {
    const int64_t first = b * kBlockElements, last = std::min(n, first + kBlockElements);
    bool inside = true;
    for (int64_t k = first; k < last; ++k) inside &= static_cast<uint64_t>(values[k]) < size;
    if (!inside) good.store(false, std::memory_order_relaxed);
  });
  return good.load();
}

/// An index in [0, size), or -1 where that is the caller's mistake.
int64_t in_range(int64_t i, int64_t size, OutOfRange mode) {
  switch (mode) {
    case OutOfRange::raise:
      return i < -size || i >= size ? -1 : i < 0 ? i + size : i;
    case OutOfRange::wrap:
      return (i % size + size) % size;
    case OutOfRange::clip:
      return std::clamp<int64_t>(i, 0, size - 1);
  }
  return -1;
}

/// Strides of a term's values over the axes of the terms together.
Dims broadcast_strides(const Term& t, const Dims& shape) {
  Dims strides(shape.size(), 0);
  const Dims own = t.values->strides();
  const int lead = shape.size() - own.size();
  for (int k = 0; k < own.size(); ++k)
    if (t.values->shape[k] != 1) strides[lead + k] = own[k];
  return strides;
}

/// to[k] (+)= place of the k-th element of the term, broadcast to `shape`, with the axes in `order`.
void add_term(const Term& t, const Dims& shape, AxisOrder order, OutOfRange mode, bool first_term, int64_t* to) {
  const int rank = std::max(shape.size(), 1);
  Dims extents(rank, 1), strides(rank, 0);
  const Dims own = broadcast_strides(t, shape);
  for (int k = 0; k < shape.size(); ++k) {
    const int axis = order == 0 ? k : static_cast<int>((order >> (4 * k)) & 15);
    extents[k] = shape[axis];
    strides[k] = own[axis];
  }
  const int64_t n = shape.product(), blocks = (n + kBlockElements - 1) / kBlockElements;
  const int64_t* values = data_of(*t.values);
  std::atomic<int64_t> wrong{n};  // the first element that is out of range
  const auto index_at = [&](int64_t position) {
    int64_t index = 0;
    each_run(extents.data(), strides.data(), rank, position, 1,
             [&](int64_t offset, int64_t, int64_t, int64_t) { index = values[offset]; });
    return index;
  };
  for_blocks(Engine::get(), blocks, kElementNs * kBlockElements, [&](int64_t b) {
    const int64_t first = b * kBlockElements;
    each_run(extents.data(), strides.data(), rank, first, std::min(kBlockElements, n - first),
             [&](int64_t offset, int64_t step, int64_t at, int64_t count) {
               for (int64_t k = 0; k < count; ++k) {
                 int64_t i = values[offset + k * step];
                 if (t.size >= 0) {
                   i = in_range(i, t.size, mode);
                   if (i < 0) {
                     int64_t seen = wrong.load();
                     while (first + at + k < seen && !wrong.compare_exchange_weak(seen, first + at + k)) {
                     }
                     return;
                   }
                 }
                 int64_t& place = to[first + at + k];
                 place = (first_term ? 0 : place) + i * t.stride;
               }
             });
  });
  if (wrong.load() < n)
    throw Error(ErrorKind::index, "index " + std::to_string(index_at(wrong.load())) + " is out of bounds for axis " +
                                      std::to_string(t.named) + " with size " + std::to_string(t.size));
}

}  // namespace

namespace {

/// The axes of the view that are not indexed.
std::vector<int> axes_left(const Selector& s) {
  std::vector<int> rest;
  for (int k = 0; k < s.view.shape.size(); ++k) {
    bool indexed = false;
    for (const AxisIndex& i : s.indices) indexed |= k >= i.axis && k < i.axis + (is_mask(i) ? i.values.ndim() : 1);
    if (!indexed) rest.push_back(k);
  }
  return rest;
}

/// Their extents, with those of the index arrays among them.
Dims result_shape(const Selector& s, const std::vector<int>& rest, const Dims& arrays) {
  const int rank = static_cast<int>(rest.size()) + arrays.size();
  if (rank > kMaxDims)
    throw Error(ErrorKind::index,
                "number of dimensions must be within [0, 64], indexing result would have " + std::to_string(rank));
  Dims shape(rank);
  for (int k = 0, j = 0; k < rank; ++k) {
    const int b = k - s.place;
    shape[k] = b >= 0 && b < arrays.size() ? arrays[b] : s.view.shape[rest[static_cast<size_t>(j++)]];
  }
  return shape;
}

/// The places along the terms together, in the 'K' order of the arrays.
NodeRef add_terms(const std::vector<Term>& terms, const Dims& shape, OutOfRange mode) {
  for (const Term& t : terms)
    if (t.size == 0 && mode != OutOfRange::raise && shape.product() > 0)
      throw Error(ErrorKind::index, "cannot do a non-empty take from an empty axes.");
  std::vector<Dims> strides;
  for (const Term& t : terms) strides.push_back(broadcast_strides(t, shape));
  const AxisOrder order = keep_order(shape.size(), strides.data(), static_cast<int>(strides.size()));
  Ref<Storage> places = Engine::get().allocate(shape.product() * 8);
  for (size_t k = 0; k < terms.size(); ++k)
    add_term(terms[k], shape, order, mode, k == 0, reinterpret_cast<int64_t*>(places->data));
  return make_leaf(DType::int64, shape, order, std::move(places));
}

}  // namespace

Places find_places(const Selector& s, const std::function<void(const Dims&)>& check) {
  check_masks(s);
  std::vector<Term> terms;
  for (const AxisIndex& i : s.indices) terms.push_back(term(s, i));
  const Dims shape = broadcast_terms(terms);
  const std::vector<int> rest = axes_left(s);
  const int rank = static_cast<int>(rest.size()) + shape.size();

  Places p;
  p.shape = result_shape(s, rest, shape);
  p.distinct = terms.size() == 1 && terms[0].size < 0;
  p.arrays_only = rest.empty();
  if (check) check(p.shape);
  p.index = terms.size() == 1 && are_places(terms[0]) ? terms[0].values : add_terms(terms, shape, s.mode);

  // In memory NumPy lays the arrays' axes outermost, in C order (or that of the arrays, where there are no others), and
  // the others in the order of the view.
  p.at = {s.view.offset, Dims(rank, 0), Dims(rank, 0)};
  const Dims steps = p.index->strides(), outer = p.arrays_only ? steps : storage_strides(shape, 0);
  Dims memory(rank);  // strides that say so
  int64_t span = 1;
  for (int axis : rest) span += std::abs(s.view.strides[axis]) * s.view.shape[axis];
  for (int k = 0, j = 0; k < rank; ++k) {
    const int b = k - s.place;
    if (b >= 0 && b < shape.size()) {
      p.at.index_strides[k] = steps[b];
      memory[k] = outer[b] * span;
    } else {
      p.at.strides[k] = memory[k] = s.view.strides[rest[static_cast<size_t>(j++)]];
    }
  }
  p.order = keep_order(rank, &memory, 1);
  return p;
}

}  // namespace lazulite
