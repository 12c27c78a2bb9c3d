// Lease: an array's memory in the hands of somebody outside. Buffers, NumPy arrays and DLPack tensors hold one each.
#pragma once

#include "core/dispatch/array.h"

namespace lazulite::python {

/// While it lives the memory counts as written by others (Storage::exports): values are taken by copy. It may die on
/// any thread, without the GIL.
class Lease {
 public:
  /// The memory of `a`, which is computed. A scalar, whose value never changes, gives a copy of it.
  explicit Lease(const Array& a);
  ~Lease() { storage_->exports.fetch_sub(1, std::memory_order_release); }
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

  std::byte* data() const { return data_; }  // of element (0, ..., 0)
  const Dims& shape() const { return shape_; }
  const Dims& byte_strides() const { return byte_strides_; }
  DType dtype() const { return dtype_; }
  /// Whether the holder must not write: the array is read-only, or one element stands at several indices.
  bool read_only() const { return read_only_; }

 private:
  Ref<Storage> storage_;
  std::byte* data_;
  Dims shape_, byte_strides_;
  DType dtype_;
  bool read_only_;
};

}  // namespace lazulite::python
