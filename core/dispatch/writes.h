// What the kinds of writes share: values made ready, and storages that may be written to.
#pragma once

#include "core/dispatch/array.h"

namespace lazulite {

void check_writeable(const Array& a);

/// The cell that holds the array's elements: its own, or that of the base of a view.
Cell* owner(const Array& a);

/// What is written for a right-hand side to an array of dtype t: an array's value as it is now, or a constant. Python
/// numbers that do not fit raise NumPy's errors.
NodeRef value_for(DType t, const Argument& value);

/// Does an array of shape `from` stretch to `to`? Leading axes of extent 1 are dropped where `to` has fewer.
bool stretches(const Dims& from, const Dims& to);

/// A pending node with `value`'s elements, broadcast to `shape`, cast to `t`, laid out in `order`.
NodeRef as_result(const NodeRef& value, DType t, const Dims& shape, AxisOrder order);

/// The cell's elements, computed, in a storage that may be written to at once: no pending node reads it.
Ref<Storage> writable_elements(Cell* base);

}  // namespace lazulite
