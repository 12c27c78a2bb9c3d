// The op table on integers and bools, but for elementary functions, which convert first: the header library against the
// engine, bit for bit.
#include "tests/cpp/header/testing.h"

namespace lazulite {
namespace {

template <class T>
class HeaderOps : public testing::Test {};
using Integers = testing::Types<HEADER_TYPES>;
TYPED_TEST_SUITE(HeaderOps, Integers);

TYPED_TEST(HeaderOps, OfOneArgument) {
#define LZ_ELEMENTARY(...)
#define LZ_UNARY(id) check_unary<Op::id, TypeParam>(#id, [](const auto& a) { return id(a); });
#define LZ_TEST(id) LZ_UNARY(id)
#include "core/ops/ids.def"
}

TYPED_TEST(HeaderOps, OfTwoArguments) {
#define LZ_BINARY(id) check_binary<Op::id, TypeParam>(#id, [](const auto& a, const auto& b) { return id(a, b); });
#define LZ_COMPARE(id) LZ_BINARY(id)
#include "core/ops/ids.def"
}

}  // namespace
}  // namespace lazulite
