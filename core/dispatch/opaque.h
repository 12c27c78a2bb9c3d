// Opaque ops at work: functions of whole arrays, between the fused passes.
//
// An op is a static OpaqueOp (core/graph/node.h) whose `run` reads the operands and writes the result:
//
//   void run_cumsum(OpaqueRun& run) {
//     const int axis = static_cast<int>(run.params.numbers[0]);
//     run.for_each(lines, ns_of_a_line, [&](int64_t line) { ... });
//   }
//   const OpaqueOp kCumsum = {"cumsum", "every element needs those before it", run_cumsum};
//   ... return apply_opaque({&kCumsum, Dims{axis}}, dtype, shape, &input, 1, ns_of_a_line * lines);
//
// `run` is called without Python's lock. It throws Error for what depends on values (ErrorKind::linalg is
// numpy.linalg.LinAlgError); then nothing is published. The result must not depend on the number of threads.
#pragma once

#include <functional>
#include <vector>

#include "core/dispatch/array.h"
#include "core/dispatch/watch.h"
#include "core/graph/node.h"
#include "core/graph/plan.h"

namespace lazulite {

class Engine;

/// An array in memory. The result of an op is contiguous, in C order unless it asked for another; an operand has any
/// strides (0 where it is broadcast).
struct Strided {
  std::byte* data = nullptr;  // of element (0, ..., 0)
  DType dtype = DType::float64;
  Dims shape, strides;  // in elements
  template <class T>
  T* as() const {
    return reinterpret_cast<T*>(data);
  }
  /// Where number i, in C order, of the places along the axes [first, last) begins.
  int64_t offset(int64_t i, int first, int last) const {
    int64_t sum = 0;
    while (last-- > first) {
      sum += i % shape[last] * strides[last];
      i /= shape[last];
    }
    return sum;
  }
};

/// One run of an opaque op.
struct OpaqueRun {
  Engine& engine;
  const OpaqueParams& params;
  std::vector<Strided> in;
  Strided out;
  Watch* watch = nullptr;

  /// body(i) for i = 0, ..., n - 1 in any order, on several threads where that pays: `ns` is the estimated time of one
  /// call, at best some tens of microseconds. Looks for interruption between calls.
  void for_each(int64_t n, double ns, const std::function<void(int64_t)>& body) const;
  /// Between pieces of a long computation of at most some milliseconds: throws Error(interrupted) if it is to stop.
  void look() const;
};

/// The result of an opaque op. `ns` estimates its time on one core: where that is a few microseconds, less than a plan
/// takes, and the operands are computed, the op runs at once.
NodeRef apply_opaque(const OpaqueParams& params, DType t, const Dims& shape, const NodeRef* inputs, int n, double ns,
                     AxisOrder order = 0);

/// `n` in C order without strides, for ops that want to walk their operand so: itself, or a copy to be.
NodeRef contiguous(const NodeRef& n);

/// Runs a planned pass of mode opaque; the storages of its outputs.
std::vector<Ref<Storage>> run_opaque(Engine& engine, const Pass& pass, const PlannedNodes& nodes);

}  // namespace lazulite
