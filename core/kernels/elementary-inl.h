// The vector side of the op table's elementary functions: see ops-inl.h.
#pragma once

#include "core/kernels/math-inl.h"
#include "core/kernels/ops-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

#define LZ_ELEMENTARY(id, loops, rule, ulp, vec, ref, doc) LZ_VEC_OF(id, (vec), V a)
#include "core/ops.def"

}  // namespace HWY_NAMESPACE
}  // namespace lazulite
