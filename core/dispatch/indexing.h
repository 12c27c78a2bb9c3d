// Indexing with arrays: where the elements are, gathered reads, scattered writes, positions of true elements.
//
// A key is turned into a Selector by the bindings; find_places computes its index arrays and masks, so that errors come
// on the line and the shape of the result is known. The gather itself is lazy: a source of passes.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "core/dispatch/array.h"
#include "core/graph/node.h"
#include "core/graph/ops.h"
#include "core/graph/view.h"

namespace lazulite {

/// One index array of a key: whole numbers along one axis of the view, or a mask over `values.ndim()` axes from there.
struct AxisIndex {
  Array values;
  int axis = 0;
  int named = 0;  // that axis in error messages: of the array, not of the view
};

/// What becomes of an index out of range.
enum class OutOfRange : uint8_t { raise, wrap, clip };

/// A view, indexed with arrays along some of its axes: they go, and the axes of the arrays, broadcast together, stand
/// at `place` of what is left.
struct Selector {
  View view;
  std::vector<AxisIndex> indices;
  int place = 0;
  OutOfRange mode = OutOfRange::raise;
};

/// The elements that a selector stands for: the access of a gather, and the shape and layout that NumPy gives its
/// result.
struct Places {
  Dims shape;
  AxisOrder order = 0;
  GatherParams at;
  NodeRef index;             // computed
  bool distinct = false;     // no element stands there twice
  bool arrays_only = false;  // every axis comes from the index arrays
};

/// Throws NumPy's IndexError where the shape of a mask does not fit.
void check_masks(const Selector& s);
/// Computes index arrays and masks. Throws NumPy's IndexErrors. `check` is told the shape before the values of the
/// indices are looked at: what else may be wrong comes first.
Places find_places(const Selector& s, const std::function<void(const Dims&)>& check = {});

/// The elements of `a` at these places: lazy, as values of this line.
Array take(const Array& a, const Places& p);
/// a[selector] = value, now, with NumPy's casting and in its order, which shows where places repeat. Where `mask` is
/// set, errors are worded as for a key that is one mask.
void put(const Array& a, const Selector& s, const Argument& value, bool mask = false);
/// a[mask] = value for a single value, or one for every element of `a`: a `where`, so that it stays lazy.
void put_where(const Array& a, const Array& mask, const Argument& value);
/// Element by element a[place] = op(a[place], value), now: a place that stands there twice is changed twice.
void accumulate(Op op, const Array& a, const Places& p, const Argument& value);

/// x[mask] before anybody asks for its shape, which takes the values of the mask. Both are as they were on the line.
struct Masked {
  Array values, mask;  // the mask covers the first axes of the values
};
/// Is x[mask] made at once, as other small results of computed arrays are?
bool is_small(const Masked& m);
Array take(const Masked& m);
/// A reduction over all axes of x[mask], for which it is not made: the mask is part of the pass. Nothing for the ops
/// and dtypes that have no such form.
std::optional<Array> reduce(Op op, const Masked& m, bool keepdims, std::optional<DType> dtype, double ddof);

/// Computes a bool array; a node of its values in C order.
NodeRef computed_mask(const Array& mask);
int64_t count_true(const NodeRef& mask);
/// For every true element of a computed mask in C order: the sum over its axes of index times stride.
NodeRef positions(const NodeRef& mask, const Dims& strides);
/// The indices of the elements that are not zero, one array for each axis.
std::vector<Array> nonzero(const Array& a);

}  // namespace lazulite
