// NumPy's dtype names and promotion table.
#include "core/graph/dtype.h"

#include "core/graph/promotion.h"

namespace lazulite {

std::string_view name(DType t) {
  static constexpr std::string_view kNames[] = {"bool",   "int8",  "uint8",  "int16",   "uint16", "int32",
                                                "uint32", "int64", "uint64", "float32", "float64"};
  return kNames[static_cast<int>(t)];
}

DType promote(DType a, DType b) { return promoted(a, b); }

bool same_kind(DType from, DType to) { return is_same_kind(from, to); }

}  // namespace lazulite
