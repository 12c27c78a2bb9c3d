// Node: one immutable value of the expression graph, and the functions that make one.
#pragma once

#include <atomic>
#include <cstdint>
#include <cstring>

#include "core/graph/dims.h"
#include "core/graph/dtype.h"
#include "core/graph/ops.h"
#include "core/graph/recycled.h"
#include "core/graph/ref.h"
#include "core/graph/storage.h"
#include "core/graph/view.h"

namespace lazulite {

/// One value of any dtype, its bytes at the start.
struct Scalar {
  alignas(8) std::byte bytes[8] = {};
  template <class T>
  static Scalar of(T v) {
    Scalar s;
    std::memcpy(s.bytes, &v, sizeof v);
    return s;
  }
  template <class T>
  T as() const {
    T v;
    std::memcpy(&v, bytes, sizeof v);
    return v;
  }
};

/// A window's place in its base's storage.
struct WindowParams {
  int64_t offset;
  Dims strides;
};

/// A reduction's axes (bit k: axis k of the input) and, for var and std, the divisor n - ddof.
struct ReduceParams {
  uint64_t axes;
  double ddof;
};

/// The words that a stream's key has at most; unused ones are 0.
inline constexpr int kKeyWords = 6;

/// Points of Sobol's sequence are numbered below this; key words 2 and 3 of the stream are how many, and the first.
inline constexpr uint64_t kSobolPoints = uint64_t{1} << 32;
/// Dimensions that there are direction numbers for.
inline constexpr int kSobolDimensions = 1111;

/// A draw's law, its stream, that one's key (core/kernels/random.h) and the stream number of its first element, in C
/// order.
struct RandomParams {
  Law law;
  Stream stream;
  uint64_t key[kKeyWords];
  uint64_t first;
};

struct OpaqueRun;  // core/dispatch/opaque.h

/// An op that needs its operands as whole arrays in memory, such as a matrix product. One static object for each.
struct OpaqueOp {
  const char* name;  // NumPy's
  const char* why;   // it stands alone: for explain
  void (*run)(OpaqueRun& run);
};

/// An opaque node's op, and its parameters: whatever they mean to the op.
struct OpaqueParams {
  const OpaqueOp* op;
  Dims numbers;
  double real = 0;
  bool operator==(const OpaqueParams& o) const {
    return op == o.op && numbers == o.numbers && std::memcmp(&real, &o.real, sizeof real) == 0;
  }
};

/// Which elements a gather takes from its base's storage: an affine map from its axes, plus the value of its index
/// (whole numbers in C order, computed) at another affine map.
struct GatherParams {
  int64_t offset;
  Dims strides;        // over the base's storage, one per axis of the result
  Dims index_strides;  // over the index's storage; 0 along the axes that do not come from it
};

/// A value of the graph. Everything but `storage` is fixed when the node is made; inputs are dropped, under the engine
/// lock, once `storage` is set. A computed node's elements are contiguous in storage, in its axis order.
struct Node : Recycled<Node> {
  std::atomic<uint32_t> refs{1};
  Op op;
  DType dtype;
  uint8_t n_inputs = 0;
  /// A plan evaluates this node (guarded by the engine lock): if it is still pending when a new node needs it, it is
  /// stored.
  bool evaluated = false;
  /// Cells that point here: somebody can still ask for this value.
  std::atomic<uint32_t> handles{0};
  /// Longest chain of pending nodes below this one, as counted when it was made.
  uint32_t depth = 0;
  union {
    int64_t size;
    Node* next_dead;  // while it is being freed
  };
  AxisOrder order = 0;
  Dims shape;
  Node* input[3] = {};
  union {
    Scalar value;          // constant
    WindowParams* window;  // window
    ReduceParams* reduce;  // reductions
    RandomParams* random;  // random
    OpaqueParams* opaque;  // opaque
    GatherParams* gather;  // gather: inputs are the base and the index
  };
  std::atomic<Storage*> storage{nullptr};
  /// Scratch of one planning run (guarded by the engine lock): `index` is valid while `epoch` is the run's number.
  uint32_t epoch = 0;
  uint32_t index = 0;

  Node(Op o, DType t, const Dims& s) : op(o), dtype(t), size(s.product()), shape(s), value{} {}
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  bool computed() const { return storage.load(std::memory_order_acquire) != nullptr; }
  bool pending() const { return !computed() && op != Op::constant; }
  int64_t bytes() const { return size << log2_size(dtype); }
  Dims strides() const { return storage_strides(shape, order); }
};
static_assert(sizeof(Node) <= 168, "a node is allocated for every op of an expression");

using NodeRef = Ref<Node>;

/// Frees a node and, without recursion, whatever only it kept alive.
void destroy(Node* n);

NodeRef make_leaf(DType t, const Dims& shape, AxisOrder order, Ref<Storage> storage);
NodeRef make_constant(DType t, Scalar value);
/// An elementwise op (or a cast) whose inputs broadcast to `shape`; the axis order follows NumPy's 'K' rule.
/// Takes the inputs over: the counting of references is most of what a node costs.
NodeRef make_elementwise(Op op, DType t, const Dims& shape, NodeRef* inputs, int n);
NodeRef make_window(const NodeRef& base, const View& view);
/// `shape` has the kept axes of the input, with or without ones in place of the others.
/// With a `mask`, which broadcasts to the input, over the elements that it selects only.
NodeRef make_reduce(Op op, DType t, const NodeRef& input, const Dims& shape, uint64_t axes, double ddof,
                    const NodeRef& mask = {});
/// Can a law be drawn as this dtype? Words take 64 bits, the other laws are floats.
bool can_draw(Stream stream, Law law, DType t);
NodeRef make_random(DType t, const Dims& shape, const RandomParams& params);
/// The result is in C order. Operands are stored as they are, windows included: the op sees their strides.
NodeRef make_opaque(const OpaqueParams& params, DType t, const Dims& shape, const NodeRef* inputs, int n,
                    AxisOrder order = 0);
NodeRef make_gather(const NodeRef& base, const NodeRef& index, const Dims& shape, AxisOrder order,
                    const GatherParams& params);

/// Records the result: the node becomes computed and forgets its inputs. Under the engine lock, once per node.
void publish(Node* n, Ref<Storage> storage);

/// Converts a constant's value.
Scalar convert(Scalar value, DType from, DType to);

}  // namespace lazulite
