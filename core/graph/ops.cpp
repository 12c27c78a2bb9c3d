// The op table, built from core/ops.def.
#include "core/graph/ops.h"

namespace lazulite {

const std::array<OpInfo, kOps>& op_table() {
  static constexpr std::array<OpInfo, kOps> kTable = {{
#define LZ_UNARY(id, loops, rule, ulp, vec, ref, doc) {#id, OpKind::unary, 1, loops, TypeRule::rule, ulp, doc},
#define LZ_BINARY(id, loops, rule, ulp, vec, ref, doc) {#id, OpKind::binary, 2, loops, TypeRule::rule, ulp, doc},
#define LZ_TERNARY(id, loops, rule, ulp, vec, ref, doc) {#id, OpKind::ternary, 3, loops, TypeRule::rule, ulp, doc},
#define LZ_TEST(id, loops, rule, ulp, vec, ref, doc) {#id, OpKind::test, 1, loops, TypeRule::rule, ulp, doc},
#define LZ_COMPARE(id, loops, rule, ulp, vec, ref, doc) {#id, OpKind::compare, 2, loops, TypeRule::rule, ulp, doc},
#define LZ_WHERE(id, loops, rule, ulp, doc) {#id, OpKind::where, 3, loops, TypeRule::rule, ulp, doc},
#define LZ_COMPOSITE(id, arity, doc) {#id, OpKind::composite, arity, kAll, TypeRule::promote, 0, doc},
#define LZ_REDUCE(id, loops, rule, ulp, doc) {#id, OpKind::reduce, 1, loops, TypeRule::rule, ulp, doc},
#define LZ_SAMPLE(id, loops, params, doc) {#id, OpKind::sample, 1 + params, loops, TypeRule::promote, 0, doc},
#include "core/ops.def"
      {"astype", OpKind::cast, 1, kAll, TypeRule::promote, 0, "Conversion to another dtype."},
      {"leaf", OpKind::source, 0, kAll, TypeRule::promote, 0, "Computed values."},
      {"constant", OpKind::source, 0, kAll, TypeRule::promote, 0, "One value, broadcast."},
      {"window", OpKind::source, 1, kAll, TypeRule::promote, 0, "A strided view."},
      {"random", OpKind::source, 0, kFloats, TypeRule::promote, 0, "A random draw."},
      {"opaque", OpKind::source, 0, kAll, TypeRule::promote, 0, "A function of whole arrays."},
      {"gather", OpKind::source, 2, kAll, TypeRule::promote, 0, "Elements at given places."},
  }};
  return kTable;
}

std::string_view name(Law law) {
  static constexpr std::string_view kNames[] = {
#define LZ_LAW(id, doc) #id,
#include "core/ops.def"
  };
  return kNames[static_cast<size_t>(law)];
}

std::string_view name(Stream stream) {
  static constexpr std::string_view kNames[kStreams] = {"ars", "philox", "numpy_philox", "sobol"};
  return kNames[static_cast<size_t>(stream)];
}

}  // namespace lazulite
