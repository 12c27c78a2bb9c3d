// Array: NumPy's array semantics over lazy nodes. Cells that are repointed by writes, views that write through.
//
// This is the API that bindings use. Functions throw lazulite::Error. They are called by one thread at a time for any
// one array (Python: under the GIL); computing releases nothing by itself and may run in several threads at once.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/graph/error.h"
#include "core/graph/node.h"
#include "core/graph/view.h"

namespace lazulite {

/// What an array name stands for: a node (repointed by writes), or a window onto another cell's elements.
struct Cell : Recycled<Cell> {
  std::atomic<uint32_t> refs{1};
  /// NumPy's scalar rather than a 0-d array: never a view, in-place operators rebind it.
  bool scalar = false;
  bool writeable = true;
  NodeRef node;              // null for a view
  Ref<Cell> base;            // of a view: a cell that is no view itself
  View view;                 // of a view: over the base's storage
  Cell* previous = nullptr;  // registry of the cells whose node was pending when it was set
  Cell* next = nullptr;
  std::atomic<bool> registered{false};  // there; flushes of other threads take computed ones out
};
void destroy(Cell* c);

/// A Python number: it takes the dtype of the arrays it meets (NEP 50).
struct Weak {
  enum class Kind : uint8_t { boolean, integer, floating };
  Kind kind = Kind::floating;
  double real = 0;                          // floating; of an integer, its nearest double
  int64_t integer = 0;                      // boolean, integer: the value, if it fits
  bool fits = true;                         // integer: int64 holds it
  bool big = false;                         // integer: uint64 holds it where int64 does not (`integer` has its bits)
  std::shared_ptr<const std::string> text;  // integer that fits neither: its digits, for the error
};

class Array {
 public:
  Array() = default;
  explicit Array(Ref<Cell> cell) : cell_(std::move(cell)) {}
  explicit Array(NodeRef node, bool scalar = false);

  explicit operator bool() const { return static_cast<bool>(cell_); }
  Cell* cell() const { return cell_.get(); }

  DType dtype() const;
  const Dims& shape() const { return is_view() ? cell_->view.shape : cell_->node->shape; }
  int ndim() const { return shape().size(); }
  int64_t size() const { return shape().product(); }
  /// In elements, over the storage that the array has or will have.
  Dims strides() const { return is_view() ? cell_->view.strides : cell_->node->strides(); }
  bool is_scalar() const { return cell_->scalar; }
  bool is_view() const { return static_cast<bool>(cell_->base); }
  bool is_writeable() const { return cell_->writeable && !cell_->scalar; }
  /// Computed: reading a value costs no pass.
  bool is_computed() const;
  /// Shares the cell: both names see every write.
  bool same(const Array& o) const { return cell_.get() == o.cell_.get(); }

  /// The value as it is now, for use in an expression. Memory that others may write is copied.
  NodeRef read() const;

  /// For callers that know the array to outlive the call: an Array that is not counted as an owner of the cell, to be
  /// given back before it is destroyed.
  Array lend() const { return Array(Ref<Cell>::adopt(cell_.get())); }
  void give_back() { cell_.release(); }

 private:
  Ref<Cell> cell_;
};

/// An operand of an op.
using Argument = std::variant<Array, Weak>;

// --- Making arrays -----------------------------------------------------------------------------------------------

/// Uninitialised elements in C order; `data` is where they are.
Array make_empty(DType t, const Dims& shape, std::byte** data = nullptr);
/// Uninitialised elements in the 'K' order of arrays of the same number of axes, as NumPy's results have it.
Array make_empty_like(DType t, const Dims& shape, const std::vector<Array>& models);
/// Every element `value` (a value of dtype t).
Array make_full(DType t, const Dims& shape, Scalar value);
/// A copy of foreign elements; strides in bytes; made in parallel when it is large.
Array make_copy(DType t, const Dims& shape, const void* data, const Dims& byte_strides);
/// Foreign memory used in place. `storage` owns it (its release may run on any thread, and must not wait for a lock
/// that a caller of this API may hold); strides in bytes, multiples of the item size.
Array borrow(DType t, const Dims& shape, Ref<Storage> storage, const std::byte* first, const Dims& byte_strides,
             bool writeable);
/// A draw of `shape` from element `first` of the stream.
Array make_draw(DType t, const Dims& shape, const RandomParams& params);
/// The same from ARS-7's stream of a key.
Array make_random(Law law, DType t, const Dims& shape, const uint64_t key[2], uint64_t first);

// --- Elementwise -------------------------------------------------------------------------------------------------

/// A row of the op table (unary, binary, test, compare, where, composite) applied with NumPy's promotion and
/// broadcasting. `dtype`: compute in this dtype, as NumPy's `dtype=`. Small computed operands are computed at once.
Array apply(Op op, const Argument* args, int count, std::optional<DType> dtype = std::nullopt);
/// Conversion; `copy` makes a new array even where nothing changes. Casting rules are the caller's.
Array astype(const Array& a, DType t, bool copy = true);
/// A copy of the value as it is now, in C order if `c_order`, else in the 'K' order of the value.
Array copy(const Array& a, bool c_order = false);
/// The dtype that NumPy gives a mix of arrays and Python numbers.
DType result_type(const Argument* args, int count);

// --- Reductions --------------------------------------------------------------------------------------------------

/// `op` is one of the reduce rows. Axes are a bit set, in range; `dtype` as NumPy's (sum, mean, var, std only).
Array reduce(Op op, const Array& a, uint64_t axes, bool keepdims = false, std::optional<DType> dtype = std::nullopt,
             double ddof = 0);

// --- Views -------------------------------------------------------------------------------------------------------

/// The view of `a` that `edit` makes of its whole-array view; `scalar`: full integer indexing, a value not a view.
Array make_view(const Array& a, View view);
View view_of(const Array& a);
/// Element `view` (0-d) as a NumPy scalar.
Array take_scalar(const Array& a, View view);
/// One extent may be -1. A view where NumPy gives one, else a copy.
Array reshape(const Array& a, Dims shape);
Array broadcast_to(const Array& a, const Dims& shape);
/// Read-only unless `writeable`: the elements whose index along axis2 exceeds that along axis1 by `offset`, as the last
/// axis.
Array diagonal(const Array& a, int64_t offset, int axis1, int axis2, bool writeable = false);

// --- Writes ------------------------------------------------------------------------------------------------------

/// a[...] = value: broadcast and cast (unsafe, as NumPy's setitem); done when the call returns.
void assign(const Array& a, const Argument& value);
/// a op= value for the whole of `a`. Arrays: the cell is repointed (views: written through). Casting is same-kind.
void apply_in_place(Op op, const Array& a, const Argument& value);
/// Writes the value of `source` to `out` as NumPy's `out=`: same-kind casting; `out` is not stretched, and `source`
/// only where `stretch` is set (elementwise ops).
void write_out(const Array& out, const Array& source, const char* op_name, bool stretch);

// --- Values ------------------------------------------------------------------------------------------------------

/// Computes the arrays in as few passes as possible. A view computes its base unless that is pending and larger.
void compute(const Array* arrays, size_t count);
inline void compute(const std::vector<Array>& arrays) { compute(arrays.data(), arrays.size()); }
inline void compute(const Array& a) { compute(&a, 1); }

/// The memory of a computed array. Counted in storage->exports while `shared` is held by somebody outside.
struct Memory {
  Ref<Storage> storage;
  std::byte* data;  // of element (0, ..., 0)
  Dims byte_strides;
};
/// Computes, and gives the array's own memory; pending readers of it keep the values they were written with.
/// A caller that hands it to writers increments storage->exports, and decrements it when they are gone.
Memory expose(const Array& a);
/// The value of a 0-d (or one-element) array.
Scalar item(const Array& a);

/// A pending array as bytes and the computed arrays that they refer to; nothing where its value takes no more room.
/// `from_bytes` gives the pending array again (it throws Error (value) for anything else).
struct PortableGraph {
  std::string nodes;
  std::vector<Array> leaves;
};
std::optional<PortableGraph> to_bytes(const Array& a);
Array from_bytes(std::string_view nodes, const std::vector<Array>& leaves, bool scalar);

/// Passes, stages, bytes and what was stored, as text.
std::string explain(const std::vector<Array>& arrays);

/// The end of `lz.fuse`. First, before changed arguments are written back: computes everything pending that reads
/// borrowed memory. Then, once the lender's own arrays are dropped: copies what still holds some.
void compute_borrowers();
void copy_borrowed();

}  // namespace lazulite
