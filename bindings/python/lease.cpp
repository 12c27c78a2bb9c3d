// Lease: an array's memory in the hands of somebody outside.
#include "bindings/python/lease.h"

#include <cstring>

namespace lazulite::python {

namespace {

bool repeats_elements(const Dims& shape, const Dims& strides) {
  for (int k = 0; k < shape.size(); ++k)
    if (strides[k] == 0 && shape[k] > 1) return true;
  return false;
}

Array copy_of_scalar(const Array& a) {
  const Scalar value = item(a);
  std::byte* data;
  Array result = make_empty(a.dtype(), Dims(), &data);
  std::memcpy(data, value.bytes, static_cast<size_t>(item_size(a.dtype())));
  return result;
}

}  // namespace

Lease::Lease(const Array& a) : shape_(a.shape()), dtype_(a.dtype()) {
  const Array lent = a.is_scalar() ? copy_of_scalar(a) : a;
  Memory m = expose(lent);
  storage_ = std::move(m.storage);
  storage_->exports.fetch_add(1, std::memory_order_relaxed);
  data_ = m.data;
  byte_strides_ = m.byte_strides;
  read_only_ = !lent.is_writeable() || repeats_elements(shape_, byte_strides_);
}

}  // namespace lazulite::python
