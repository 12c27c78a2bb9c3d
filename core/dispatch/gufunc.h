// NumPy's shape rule for functions of vectors and matrices: core dimensions by name, leading axes broadcast.
#pragma once

#include <initializer_list>

#include "core/dispatch/array.h"

namespace lazulite {

/// Checks the operands against a signature such as "(n?,k),(k,m?)->(n?,m?)" (a dimension with `?` may be missing) and
/// gives the broadcast of their leading axes. Throws NumPy's errors: too few axes, core dimensions that differ, leading
/// axes that do not broadcast. `name` is the function's.
Dims match_core(const char* name, const char* signature, std::initializer_list<const Array*> operands);

/// Checks that a result can be written to an array of shape `out`; throws NumPy's error if its core dimensions differ.
void check_core_out(const char* name, const char* signature, const Dims& out, const Dims& result, int core);

/// `loop` and further axes.
Dims extended(const Dims& loop, std::initializer_list<int64_t> core);

/// The operand with its leading axes broadcast to `loop`, its last `core` axes as they are.
NodeRef broadcast_loop(const Array& a, const Dims& loop, int core);

}  // namespace lazulite
