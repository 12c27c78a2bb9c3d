// Shapes that follow an input's: elementwise ops broadcast, reductions drop their axes, whole windows keep theirs.
#include "core/graph/follow.h"

#include <algorithm>
#include <string>

#include "core/graph/bytes.h"

namespace lazulite {

Dims broadcast(const std::vector<NodeRef>& in, const Dims& least) {
  int ndim = least.size();
  for (const NodeRef& n : in) ndim = std::max(ndim, n->shape.size());
  Dims out(ndim, 1);
  for (int k = 0; k < least.size(); ++k) out[ndim - least.size() + k] = least[k];
  for (const NodeRef& n : in)
    for (int k = 0; k < n->shape.size(); ++k) {
      int64_t& extent = out[ndim - n->shape.size() + k];
      if (extent != 1 && n->shape[k] != 1 && extent != n->shape[k]) {
        std::string shapes;
        for (const NodeRef& m : in) shapes += " " + to_string(m->shape);
        malformed("operands do not broadcast:" + shapes);
      }
      if (extent == 1) extent = n->shape[k];
    }
  return out;
}

Dims follow_reduction(const Dims& written, const ArrayForm& was, const Node& in, uint64_t axes) {
  if (in.shape.size() != was.shape.size())
    malformed("an array of shape " + to_string(was.shape) + " is reduced, and is of shape " + to_string(in.shape) +
              " now: the number of axes has to stay");
  const bool keeps = written.size() == was.shape.size();
  std::vector<int64_t> out;
  for (int k = 0; k < in.shape.size(); ++k) {
    const bool reduced = (axes >> k) & 1;
    if (!reduced || keeps) out.push_back(reduced ? 1 : in.shape[k]);
  }
  return Dims(out.data(), static_cast<int>(out.size()));
}

View follow_window(const View& written, const ArrayForm& was, const Node& base) {
  const auto fixed = [&] {
    malformed("a slice or a reshape of an array of shape " + to_string(was.shape) + ", which is of shape " +
              to_string(base.shape) +
              " now: such an expression takes inputs of the shapes that it was saved with only");
  };
  const int ndim = was.shape.size();
  if (base.shape.size() != ndim || written.offset != 0) fixed();
  for (int k = 0; k < ndim; ++k)
    if ((was.shape[k] <= 1) && base.shape[k] != was.shape[k]) fixed();  // nothing says which axis of the window it is
  const Dims then = storage_strides(was.shape, was.order), now = storage_strides(base.shape, base.order);
  View v = written;
  std::vector<bool> used(static_cast<size_t>(ndim), false);
  for (int k = 0; k < v.shape.size(); ++k) {
    if (written.strides[k] == 0 || written.shape[k] <= 1) continue;  // an axis of its own: repeated, or of one element
    int axis = 0;
    while (axis < ndim && (used[static_cast<size_t>(axis)] || was.shape[axis] <= 1 ||
                           then[axis] != written.strides[k] || was.shape[axis] != written.shape[k]))
      ++axis;
    if (axis == ndim) fixed();
    used[static_cast<size_t>(axis)] = true;
    v.shape[k] = base.shape[axis];
    v.strides[k] = now[axis];
  }
  for (int k = 0; k < ndim; ++k)
    if (was.shape[k] > 1 && !used[static_cast<size_t>(k)]) fixed();
  return v;
}

}  // namespace lazulite
