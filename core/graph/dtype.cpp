// NumPy's dtype names.
#include "core/graph/dtype.h"

namespace lazulite {

std::string_view name(DType t) {
  static constexpr std::string_view kNames[] = {"bool",   "int8",  "uint8",  "int16",   "uint16", "int32",
                                                "uint32", "int64", "uint64", "float32", "float64"};
  return kNames[static_cast<int>(t)];
}

}  // namespace lazulite
