// Views that need a decision: reshape (view or copy), broadcasts, diagonals, and elements taken as scalars.
#include <algorithm>
#include <string>

#include "core/dispatch/array.h"
#include "core/dispatch/engine.h"

namespace lazulite {

Array take_scalar(const Array& a, View view) { return Array(make_view(a, std::move(view)).read(), true); }

namespace {
/// As NumPy writes it: leading unknown extents are left out, others are "newaxis".
std::string asked_shape(const Dims& shape) {
  std::string text;
  for (int64_t d : shape)
    if (d >= 0 || !text.empty()) text += (text.empty() ? "" : ",") + (d < 0 ? "newaxis" : std::to_string(d));
  return "(" + text + (shape.size() == 1 && !text.empty() ? ",)" : ")");
}
}  // namespace

Array reshape(const Array& a, Dims shape) {
  int unknown = -1;
  int64_t known = 1;
  for (int k = 0; k < shape.size(); ++k) {
    if (shape[k] >= 0) {
      known *= shape[k];
      continue;
    }
    if (shape[k] != -1 || unknown >= 0)
      throw Error(ErrorKind::value,
                  unknown >= 0 ? "can only specify one unknown dimension" : "negative dimensions not allowed");
    unknown = k;
  }
  const int64_t size = a.size();
  const Dims asked = shape;
  if (unknown >= 0 && known > 0 && size % known == 0) shape[unknown] = size / known;
  if (shape.product() != size || (unknown >= 0 && shape[unknown] < 0))
    throw Error(ErrorKind::value,
                "cannot reshape array of size " + std::to_string(size) + " into shape " + asked_shape(asked));
  if (auto v = reshape(view_of(a), shape)) return make_view(a, *v);
  // The elements in C order; a view of that copy is an array of its own.
  const Array c = copy(a, true);
  return make_view(c, *reshape(view_of(c), shape));
}

Array broadcast_to(const Array& a, const Dims& shape) {
  const Dims& from = a.shape();
  const int lead = shape.size() - from.size();
  bool fits = lead >= 0;
  for (int k = 0; fits && k < from.size(); ++k) fits = from[k] == 1 || from[k] == shape[lead + k];
  if (!fits)
    throw Error(ErrorKind::value,
                "operands could not be broadcast together with remapped shapes [original->remapped]: " +
                    to_string(from) + "  and requested shape " + to_string(shape));
  View v = view_of(a);
  v.broadcast(shape);
  Array r = make_view(a, v);
  r.cell()->writeable = false;
  return r;
}

Array diagonal(const Array& a, int64_t offset, int axis1, int axis2, bool writeable) {
  View v = view_of(a);
  const int64_t below = std::max<int64_t>(-offset, 0), above = std::max<int64_t>(offset, 0);
  const int64_t count = std::max<int64_t>(std::min(v.shape[axis1] - below, v.shape[axis2] - above), 0);
  const int64_t step = v.strides[axis1] + v.strides[axis2];
  if (count > 0) v.offset += below * v.strides[axis1] + above * v.strides[axis2];
  v.drop_axis(std::max(axis1, axis2));
  v.drop_axis(std::min(axis1, axis2));
  const int last = v.shape.size();
  v.insert_axis(last);
  v.shape[last] = count;
  v.strides[last] = step;
  Array r = make_view(a, std::move(v));
  if (!writeable) r.cell()->writeable = false;
  return r;
}

}  // namespace lazulite
