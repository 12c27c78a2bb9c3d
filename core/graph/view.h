// View: a strided window onto the elements of a storage, with NumPy's arithmetic for slices, transposes and reshapes.
#pragma once

#include <cstdint>
#include <optional>

#include "core/graph/dims.h"

namespace lazulite {

/// The axes of an array from slowest to fastest in memory, four bits each; 0 means C order (also for 0 and 1 axes).
/// Arrays of more than 16 axes are always in C order.
using AxisOrder = uint64_t;
inline constexpr int kMaxOrdered = 16;

/// Contiguous element strides of `shape` with its axes in `order`.
Dims storage_strides(const Dims& shape, AxisOrder order);

/// Shape, strides and offset in elements over a base's storage.
struct View {
  Dims shape;
  Dims strides;
  int64_t offset = 0;

  static View whole(const Dims& shape, AxisOrder order) { return {shape, storage_strides(shape, order), 0}; }

  /// Takes `index` of `axis` and drops the axis. The index is in range.
  void take(int axis, int64_t index);
  /// start:stop:step of `axis`, already clipped: `count` elements from `start`, `step` apart.
  void slice(int axis, int64_t start, int64_t step, int64_t count);
  void insert_axis(int axis);
  void drop_axis(int axis);
  void permute(const Dims& axes);
  /// Axes of extent 1 and new leading axes get stride 0. The shapes broadcast.
  void broadcast(const Dims& to);

  bool is_contiguous() const;  // in C order
};

/// The same elements in another shape without a copy, or nothing where that takes one (NumPy's rule).
std::optional<View> reshape(const View& v, const Dims& shape);

/// NumPy's 'K' rule: the axis order of an elementwise result over operands with these strides (all of one ndim; 0 where
/// broadcast). The first operand wins ties; C order wins conflicts.
AxisOrder keep_order(int ndim, const Dims* strides, int operands);

}  // namespace lazulite
