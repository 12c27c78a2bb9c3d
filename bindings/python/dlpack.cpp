// DLPack: arrays exchanged with other libraries as capsules. The structs are those of the specification's C API,
// version 1.0 (https://dmlc.github.io/dlpack/latest/c_api.html); the names of capsules, and who frees what, are those
// of its Python part (https://dmlc.github.io/dlpack/latest/python_spec.html).
#include "bindings/python/dlpack.h"

#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

#include "bindings/python/array_type.h"
#include "bindings/python/errors.h"
#include "bindings/python/lease.h"
#include "bindings/python/numpy.h"

namespace lazulite::python {

namespace {

// --- The specification's structs ---------------------------------------------------------------------------------

struct Version {
  uint32_t major, minor;
};
struct Device {
  int32_t type, id;
};
enum DeviceType : int32_t { kCpu = 1, kCudaHost = 3, kRocmHost = 11, kCudaManaged = 13 };
struct DataType {
  uint8_t code, bits;
  uint16_t lanes;
};
enum TypeCode : uint8_t { kInt = 0, kUInt = 1, kFloat = 2, kBool = 6 };

struct Tensor {
  void* data;
  Device device;
  int32_t ndim;
  DataType dtype;
  int64_t* shape;
  int64_t* strides;  // in elements; null: C order
  uint64_t byte_offset;
};
/// The struct of a capsule "dltensor".
struct Unversioned {
  Tensor tensor;
  void* context;
  void (*deleter)(Unversioned*);
};
/// The struct of a capsule "dltensor_versioned".
struct Versioned {
  Version version;
  void* context;
  void (*deleter)(Versioned*);
  uint64_t flags;
  Tensor tensor;
};
constexpr uint64_t kReadOnly = 1, kCopied = 2;
static_assert(sizeof(Tensor) == 48 && sizeof(Unversioned) == 64 && sizeof(Versioned) == 80, "the specification's ABI");

template <class Managed>
constexpr const char* kName = std::is_same_v<Managed, Versioned> ? "dltensor_versioned" : "dltensor";
template <class Managed>
constexpr const char* kUsedName = std::is_same_v<Managed, Versioned> ? "used_dltensor_versioned" : "used_dltensor";

DataType data_type(DType t) {
  const TypeCode code = t == DType::bool_ ? kBool : is_float(t) ? kFloat : kind(t) == DKind::signed_ ? kInt : kUInt;
  return {code, static_cast<uint8_t>(8 * item_size(t)), 1};
}

std::optional<DType> dtype_of(const DataType& d) {
  for (int i = 0; i < kDTypes; ++i) {
    const DataType ours = data_type(static_cast<DType>(i));
    if (ours.code == d.code && ours.bits == d.bits && ours.lanes == d.lanes) return static_cast<DType>(i);
  }
  return std::nullopt;
}

// --- Arrays out --------------------------------------------------------------------------------------------------

/// What the consumer's deleter frees. It may be called on any thread, without the GIL.
template <class Managed>
struct Loan {
  explicit Loan(const Array& a) : lease(a), shape(lease.shape().begin(), lease.shape().end()) {
    for (const int64_t s : lease.byte_strides()) strides.push_back(s / item_size(lease.dtype()));
    managed.tensor = {
        lease.data(),   {kCpu, 0}, static_cast<int32_t>(shape.size()), data_type(lease.dtype()), shape.data(),
        strides.data(), 0};
    managed.context = this;
    managed.deleter = [](Managed* m) { delete static_cast<Loan*>(m->context); };
  }
  Lease lease;
  std::vector<int64_t> shape, strides;
  Managed managed{};
};

template <class Managed>
PyObject* capsule_of(std::unique_ptr<Loan<Managed>> loan) {
  PyObject* capsule = PyCapsule_New(&loan->managed, kName<Managed>, [](PyObject* c) {
    if (!PyCapsule_IsValid(c, kName<Managed>)) return;  // a consumer has taken it
    auto* m = static_cast<Managed*>(PyCapsule_GetPointer(c, kName<Managed>));
    m->deleter(m);
  });
  if (!capsule) throw py::error_already_set();
  (void)loan.release();
  return capsule;
}

void check_device(py::handle device) {
  if (device.is_none()) return;
  if (!py::isinstance<py::tuple>(device)) raise(PyExc_TypeError, "dl_device must be a tuple");
  int type, id;
  if (!PyArg_ParseTuple(device.ptr(), "ii", &type, &id)) throw py::error_already_set();
  if (type != kCpu || id != 0) raise(PyExc_BufferError, "unsupported device requested");
}

bool wants_versioned(py::handle version) {
  if (version.is_none()) return false;
  if (!py::isinstance<py::tuple>(version) || PyTuple_GET_SIZE(version.ptr()) != 2)
    raise(PyExc_TypeError, "max_version must be None or a tuple with two elements.");
  return version[py::int_(0)].cast<int64_t>() >= 1;
}

bool wants_copy(py::handle copy) {
  if (py::isinstance<py::str>(copy))
    raise(PyExc_ValueError, "strings are not allowed for 'copy' keyword. Use True/False/None instead.");
  const int truth = copy.is_none() ? 0 : PyObject_IsTrue(copy.ptr());
  if (truth < 0) throw py::error_already_set();
  return truth;
}

py::object export_dlpack(const Array& a, py::handle stream, py::handle max_version, py::handle device,
                         py::handle copied) {
  if (!stream.is_none()) raise(PyExc_RuntimeError, "lazulite only supports stream=None.");
  const bool versioned = wants_versioned(max_version);
  check_device(device);
  const bool own = wants_copy(copied);
  const Array given = own && !a.is_scalar() ? copy(a) : a;
  if (versioned) {
    auto loan = std::make_unique<Loan<Versioned>>(given);
    loan->managed.version = {1, 0};
    loan->managed.flags = (loan->lease.read_only() ? kReadOnly : 0) | (own || a.is_scalar() ? kCopied : 0);
    return py::reinterpret_steal<py::object>(capsule_of(std::move(loan)));
  }
  auto loan = std::make_unique<Loan<Unversioned>>(given);
  if (loan->lease.read_only())
    raise(PyExc_BufferError,
          "Cannot export readonly array since signalling readonly is unsupported by DLPack (supported by newer DLPack "
          "version).");
  return py::reinterpret_steal<py::object>(capsule_of(std::move(loan)));
}

// --- Arrays in ---------------------------------------------------------------------------------------------------

/// Takes the tensor out of the producer's capsule. The result is an object that frees it.
template <class Managed>
py::object take(py::handle capsule, Managed*& managed) {
  managed = static_cast<Managed*>(PyCapsule_GetPointer(capsule.ptr(), kName<Managed>));
  if (!managed) throw py::error_already_set();
  auto owner = py::reinterpret_steal<py::object>(PyCapsule_New(managed, nullptr, [](PyObject* c) {
    auto* m = static_cast<Managed*>(PyCapsule_GetPointer(c, nullptr));
    if (m->deleter) m->deleter(m);
  }));
  if (!owner) throw py::error_already_set();
  if (PyCapsule_SetName(capsule.ptr(), kUsedName<Managed>) != 0) throw py::error_already_set();
  return owner;
}

bool readable_by_cpu(int32_t device) {
  return device == kCpu || device == kCudaHost || device == kRocmHost || device == kCudaManaged;
}

/// The array of a capsule, on the producer's memory. The producer may write to it whenever it likes, unless the tensor
/// is a copy made for us: so it counts as exported, and values are taken by copy.
/// `copied`: the caller wants memory of its own, also from a producer that cannot make a copy.
Array import_dlpack(py::handle capsule, bool copied) {
  py::object owner;
  Tensor tensor;
  uint64_t flags = kReadOnly;  // an old tensor cannot say that it may be written: as in NumPy, it is read-only then
  if (PyCapsule_IsValid(capsule.ptr(), kName<Versioned>)) {
    auto* peek = static_cast<Versioned*>(PyCapsule_GetPointer(capsule.ptr(), kName<Versioned>));
    if (peek->version.major > 1)
      raise(PyExc_BufferError,
            "from_dlpack(): the exported DLPack major version is too high to be imported by this "
            "version of lazulite.");
    Versioned* m;
    owner = take(capsule, m);
    tensor = m->tensor;
    flags = m->flags;
  } else {
    Unversioned* m;
    owner = take(capsule, m);
    tensor = m->tensor;
  }
  if (tensor.ndim > kMaxDims) raise(PyExc_RuntimeError, "maxdims of DLTensor is higher than the supported maxdims.");
  if (!readable_by_cpu(tensor.device.type)) raise(PyExc_RuntimeError, "Unsupported device in DLTensor.");
  const auto t = dtype_of(tensor.dtype);
  if (!t)
    raise(PyExc_BufferError,
          "Unsupported dtype in DLTensor: lazulite has bool, the integers, float32 and float64 (got code " +
              std::to_string(tensor.dtype.code) + ", " + std::to_string(tensor.dtype.bits) + " bits)");
  Dims shape(tensor.ndim), strides(tensor.ndim);
  int64_t dense = 1;
  for (int k = tensor.ndim - 1; k >= 0; --k) {
    shape[k] = tensor.shape[k];
    strides[k] = (tensor.strides ? tensor.strides[k] : dense) * item_size(*t);
    dense *= shape[k];
  }
  const auto* first = static_cast<const std::byte*>(tensor.data) + tensor.byte_offset;
  const bool aligned = reinterpret_cast<uintptr_t>(first) % static_cast<uintptr_t>(item_size(*t)) == 0;
  if (!aligned || dense == 0 || (copied && !(flags & kCopied))) return make_copy(*t, shape, first, strides);
  Ref<Storage> s = held_by(owner);
  if (!(flags & kCopied)) s->exports.store(1);
  return borrow(*t, shape, std::move(s), first, strides, !(flags & kReadOnly));
}

}  // namespace

void add_dlpack(py::module_& m) {
  m.def("to_dlpack", export_dlpack);
  m.def("from_dlpack", import_dlpack);
}

}  // namespace lazulite::python
