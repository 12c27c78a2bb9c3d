// What becomes of a saved graph's shapes when an input has another shape than it was written with.
#pragma once

#include <vector>

#include "core/graph/node.h"

namespace lazulite {

/// How an array lies in memory.
struct ArrayForm {
  Dims shape;
  AxisOrder order = 0;
};
inline bool has_form(const Node& n, const ArrayForm& f) { return n.order == f.order && n.shape == f.shape; }

/// The shape that the operands have together; `least`: axes that there are anyway. Throws Error (value).
Dims broadcast(const std::vector<NodeRef>& in, const Dims& least = Dims());

/// A reduction's shape over its input, which had the form `was` where the result had the shape `written`.
Dims follow_reduction(const Dims& written, const ArrayForm& was, const Node& in, uint64_t axes);

/// A window's place in its base, which had the form `was` where the window was `written`. Windows that show every
/// element of the base, with its axes in some order and new ones between, can be had of another shape; a slice or a
/// reshape cannot, since its numbers do not say which of them came from the shape: those throw Error (value).
View follow_window(const View& written, const ArrayForm& was, const Node& base);

}  // namespace lazulite
