// The linear form of a pass: symbolic instructions over numbered slots, before a SIMD target gives them addresses.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/graph/dtype.h"
#include "core/graph/ops.h"

namespace lazulite {

/// Where a stage takes its operands from: A the accumulator, M memory (slot[operand]), S one value in memory,
/// broadcast. Letters stand in the order of the op's arguments. Memory operands are contiguous, need no alignment, and
/// are E elements long in every step; the operands that are not A take operand[0], operand[1], ... in that order.
enum class Form : uint8_t {
  A,   // unary:  op(acc)
  AB,  // sin and cos: op(acc), and the other one of the two goes to operand[0]
  AM,
  MA,
  AS,
  SA,  // binary: op(acc, mem), op(mem, acc), op(acc, scalar), op(scalar, acc)
  MM,
  MS,
  SM,  // binary, floats only: both operands from slots
  AMM,
  AMS,
  ASM,
  ASS,  // where:  cond in acc
  MAM,
  MAS,  // where:  x in acc, cond = operand[0]
  MMA,
  MSA,  // where:  y in acc, cond = operand[0]
  count_
};
inline constexpr int kForms = static_cast<int>(Form::count_);

/// The ops that stages take two at a time, as functions of (accumulator, operand).
enum class Arithmetic : uint8_t { add, subtract, subtract_from, multiply, none };
inline constexpr int kArithmetics = 4;
constexpr Arithmetic arithmetic(Op op, bool reversed) {
  if (op == Op::add) return Arithmetic::add;
  if (op == Op::multiply) return Arithmetic::multiply;
  if (op == Op::subtract) return reversed ? Arithmetic::subtract_from : Arithmetic::subtract;
  return Arithmetic::none;
}

/// What one instruction does. pair: g(f(acc, x), y); start: g(f(a, x), y) with a in memory; tree: g(acc, f(x, y));
/// horner: acc = f(acc * m, s), then g(acc * m, s), f again and so on, operand[2] steps of Horner's rule, with the
/// scalars of the slots from operand[1] on.
enum class Action : uint8_t { load, splat, store, stream, op, pair, start, tree, horner, cast, reduce, end };

/// One instruction of a program. `operand` are slot numbers; of a masked reduction: the partials, the mask, and the
/// slot for the mask's values of a partly filled strip.
struct Step {
  Action action;
  Op op;       // op, reduce
  Form form;   // op
  DType from;  // loop dtype; of a cast, the source
  DType to;    // of a cast, the destination
  uint32_t operand[3];
  Arithmetic f = Arithmetic::none, g = Arithmetic::none;  // pair, start, tree, horner
  bool scalar[2] = {};                                    // x, y
  bool masked = false;                                    // reduce
};

/// A pass as straight-line code. Slots are numbered: 0 the machine's own; then what moves from step to step, the
/// operands that are not scalars and the outputs (a reduction may take several, see `slots_of`); then the scalar
/// operands; then temporaries.
struct Program {
  std::vector<Step> steps;
  int width = 0;  // log2 of the widest dtype's size
  std::vector<uint32_t> operand_slot, output_slot;
  uint32_t moving = 1;           // slots below this one move
  uint32_t first_temporary = 1;  // slots below this one are operands and outputs
  uint32_t temporaries = 0;
  /// The same steps as one target's code; made by the dispatcher, under the engine lock, before the program
  /// first runs.
  mutable std::shared_ptr<const void> code;
};

/// Slots that a reduction's output takes: the partials, and for some a second region and a counter. `masked`: the
/// partials, and the mask's values of a partly filled strip.
constexpr int slots_of(Op reduce, bool masked) {
  if (masked) return 2;
  switch (reduce) {
    case Op::reduce_argmin:  // values, lane counters, strip number
    case Op::reduce_argmax:
    case Op::reduce_var:  // means, reciprocals of counts, sums of squared distances
    case Op::reduce_std:
      return 3;
    default:
      return 1;
  }
}
/// The op that merges two partial results of a reduction over loop dtype t, unless it has a stage of its own for that.
constexpr Op join_of(Op reduce, DType t) {
  switch (reduce) {
    case Op::reduce_min:
      return t == DType::bool_ ? Op::logical_and : Op::minimum;
    case Op::reduce_max:
      return t == DType::bool_ ? Op::logical_or : Op::maximum;
    case Op::reduce_nanmin:
      return Op::fmin;
    case Op::reduce_nanmax:
      return Op::fmax;
    case Op::reduce_any:
      return Op::logical_or;
    case Op::reduce_all:
      return Op::logical_and;
    case Op::reduce_prod:
      return Op::multiply;
    default:
      return Op::add;
  }
}
constexpr bool is_arg(Op op) { return op == Op::reduce_argmin || op == Op::reduce_argmax; }
constexpr bool is_moments(Op op) { return op == Op::reduce_var || op == Op::reduce_std; }

}  // namespace lazulite
