// Operands of an elementwise op: arrays read, Python numbers weak, and the dtype that NumPy's promotion gives them.
#pragma once

#include <string>

#include "core/dispatch/array.h"

namespace lazulite {

/// Up to three operands of one op. Of every one there is a node or, until `settle`, a Python number.
struct Operands {
  NodeRef node[3];
  const Weak* weak[3] = {};
  int count;

  Operands(const Argument* args, int n);

  /// The promoted dtype of operands [first, count).
  DType promoted(int first = 0) const;

  /// Turns the Python numbers into constants of dtype t. Throws Error (overflow) for an integer that t does not hold;
  /// with `wrap`, it takes the low bits, as numpy.where does.
  void settle(DType t, int first = 0, bool wrap = false);

  /// The float that a function of floats computes in: NumPy's smallest that holds every operand. float16, which it
  /// picks for bool and 8-bit integers alone, comes in a later version: Error (type).
  DType floating(Op op) const;

  /// The operands' dtypes, for errors.
  std::string types() const;
};

/// NumPy's dtype of a Python number alone.
DType default_dtype(Weak::Kind k);

/// A Python integer, whole.
std::string digits(const Weak& w);

/// Is a Python int a value of the integer type t?
bool in_range(const Weak& w, DType t);
[[noreturn]] void out_of_bounds(const Weak& w, DType t);

}  // namespace lazulite
