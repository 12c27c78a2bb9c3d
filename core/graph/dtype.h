// The element types, their sizes and kinds, and NumPy 2's promotion table.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace lazulite {

/// Element types in NumPy's order of kinds. float16, bfloat16 and the complex types take the numbers that follow;
/// everything keyed on a DType is sized by `kMaxDTypes`, so that adding one moves nothing.
enum class DType : uint8_t { bool_, int8, uint8, int16, uint16, int32, uint32, int64, uint64, float32, float64 };

inline constexpr int kDTypes = 11;
inline constexpr int kMaxDTypes = 16;

// LZ_FOR_DTYPES(X): X(dtype, C++ type). `bool` is one byte, 0 or 1, in memory and in vectors.
// clang-format off
#define LZ_FOR_INTEGERS(X)                                                                          \
  X(int8, int8_t) X(uint8, uint8_t) X(int16, int16_t) X(uint16, uint16_t) X(int32, int32_t)         \
  X(uint32, uint32_t) X(int64, int64_t) X(uint64, uint64_t)
#define LZ_FOR_FLOATS(X) X(float32, float) X(float64, double)
#define LZ_FOR_DTYPES(X) X(bool_, bool) LZ_FOR_INTEGERS(X) LZ_FOR_FLOATS(X)
// clang-format on

enum class DKind : uint8_t { boolean, signed_, unsigned_, floating };

/// log2 of the item size in bytes.
constexpr int log2_size(DType t) {
  constexpr int8_t k[] = {0, 0, 0, 1, 1, 2, 2, 3, 3, 2, 3};
  return k[static_cast<int>(t)];
}
constexpr int64_t item_size(DType t) { return int64_t{1} << log2_size(t); }
constexpr DKind kind(DType t) {
  if (t == DType::bool_) return DKind::boolean;
  if (t >= DType::float32) return DKind::floating;
  return (static_cast<int>(t) & 1) ? DKind::signed_ : DKind::unsigned_;
}
constexpr bool is_float(DType t) { return kind(t) == DKind::floating; }
constexpr bool is_integer(DType t) { return kind(t) == DKind::signed_ || kind(t) == DKind::unsigned_; }

/// NumPy's name: "bool", "int8", ..., "float64".
std::string_view name(DType t);

/// Sets of types, as the op table writes them.
using DTypeSet = uint16_t;
constexpr DTypeSet bit(DType t) { return static_cast<DTypeSet>(1u << static_cast<int>(t)); }
constexpr bool contains(DTypeSet s, DType t) { return (s & bit(t)) != 0; }
inline constexpr DTypeSet kBools = bit(DType::bool_);
inline constexpr DTypeSet kDoubles = bit(DType::float64);
inline constexpr DTypeSet kWords = bit(DType::uint64);
inline constexpr DTypeSet kDoublesOrWords = kDoubles | kWords;
inline constexpr DTypeSet kFloats = bit(DType::float32) | bit(DType::float64);
inline constexpr DTypeSet kSigned = bit(DType::int8) | bit(DType::int16) | bit(DType::int32) | bit(DType::int64);
inline constexpr DTypeSet kUnsigned = bit(DType::uint8) | bit(DType::uint16) | bit(DType::uint32) | bit(DType::uint64);
inline constexpr DTypeSet kInts = kSigned | kUnsigned;
inline constexpr DTypeSet kNumbers = kInts | kFloats;
inline constexpr DTypeSet kBits = kInts | kBools;
inline constexpr DTypeSet kAll = kNumbers | kBools;

/// The C++ type of a dtype, for code that switches on one.
template <DType t>
struct CTypeOf;
#define LZ_X(d, T)           \
  template <>                \
  struct CTypeOf<DType::d> { \
    using type = T;          \
  };
LZ_FOR_DTYPES(LZ_X)
#undef LZ_X
template <class T>
inline constexpr DType dtype_of = DType::float64;
#define LZ_X(d, T) \
  template <>      \
  inline constexpr DType dtype_of<T> = DType::d;
LZ_FOR_DTYPES(LZ_X)
#undef LZ_X

/// Calls f(T{}) with the C++ type of `t`.
template <class F>
decltype(auto) visit(DType t, F&& f) {
  switch (t) {
#define LZ_X(d, T) \
  case DType::d:   \
    return f(T{});
    LZ_FOR_DTYPES(LZ_X)
#undef LZ_X
  }
  return f(double{});
}

}  // namespace lazulite
