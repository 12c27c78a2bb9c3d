// ByteWriter and ByteReader: numbers, extents and names as bytes and back. A reader trusts nothing.
//
// Integers are seven bits a byte, the lowest first (signed ones with the sign lowest); values, keys and floats are
// eight bytes, the lowest first.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/graph/dims.h"
#include "core/graph/dtype.h"
#include "core/graph/error.h"
#include "core/graph/view.h"

namespace lazulite {

/// Bytes are not what they should be. Who knows where they come from adds that to the message.
[[noreturn]] inline void malformed(const std::string& what) { throw Error(ErrorKind::value, what); }
inline void require(bool holds, const char* what) {
  if (!holds) malformed(what);
}

/// A name for a message, whatever bytes it has.
inline std::string printable(std::string_view name) {
  std::string s(name.substr(0, 40));
  for (char& c : s)
    if (c < ' ' || c > '~') c = '?';
  return "'" + s + "'";
}

/// An enumerator by its name.
template <class E, class NameOf>
E named(std::string_view text, int count, NameOf name_of, const char* what) {
  for (int k = 0; k < count; ++k)
    if (name_of(static_cast<E>(k)) == text) return static_cast<E>(k);
  malformed("this version has no " + std::string(what) + " " + printable(text));
}
inline DType dtype_named(std::string_view text) {
  return named<DType>(
      text, kDTypes, [](DType t) { return name(t); }, "dtype");
}

class ByteWriter {
 public:
  void number(uint64_t v) {
    for (; v >= 0x80; v >>= 7) out_.push_back(static_cast<char>(v | 0x80));
    out_.push_back(static_cast<char>(v));
  }
  void signed_number(int64_t v) { number((static_cast<uint64_t>(v) << 1) ^ static_cast<uint64_t>(v >> 63)); }
  void bits(uint64_t v, int bytes = 8) {
    for (int k = 0; k < bytes; ++k) out_.push_back(static_cast<char>(v >> (8 * k)));
  }
  void dims(const Dims& d) {
    number(static_cast<uint64_t>(d.size()));
    for (int64_t v : d) signed_number(v);
  }
  /// With its length before it.
  void text(std::string_view s) {
    number(s.size());
    out_ += s;
  }
  void append(std::string_view s) { out_ += s; }
  size_t size() const { return out_.size(); }
  std::string& out() { return out_; }

 private:
  std::string out_;
};

/// Whether an array of the shape has a size that can be counted.
inline void require_size(const Dims& shape, DType t) {
  int64_t bytes = item_size(t);
  for (int64_t n : shape) {
    require(n >= 0, "an extent is negative");
    require(n == 0 || !__builtin_mul_overflow(bytes, n, &bytes), "an array is too big");
  }
}

class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : in_(bytes) {}
  std::string_view take(uint64_t n) {
    require(n <= in_.size(), "it ends early");
    const std::string_view s = in_.substr(0, n);
    in_.remove_prefix(n);
    return s;
  }
  std::string_view text() { return take(number()); }
  uint64_t number() {
    uint64_t v = 0;
    for (int shift = 0;; shift += 7) {
      const auto byte = static_cast<unsigned char>(take(1)[0]);
      require(shift < 63 || byte <= 1, "a number has too many bits");
      v |= static_cast<uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return v;
    }
  }
  int64_t signed_number() {
    const uint64_t v = number();
    return static_cast<int64_t>((v >> 1) ^ (~(v & 1) + 1));
  }
  uint64_t bits(int bytes = 8) {
    const std::string_view s = take(static_cast<uint64_t>(bytes));
    uint64_t v = 0;
    for (int k = 0; k < bytes; ++k) v |= static_cast<uint64_t>(static_cast<unsigned char>(s[size_t(k)])) << (8 * k);
    return v;
  }
  Dims dims() {
    const uint64_t n = number();
    require(n <= static_cast<uint64_t>(kMaxDims), "too many axes");
    Dims d(static_cast<int>(n));
    for (int k = 0; k < d.size(); ++k) d[k] = signed_number();
    return d;
  }
  Dims shape(DType t) {
    Dims d = dims();
    require_size(d, t);
    return d;
  }
  /// The order of the axes of an array with `ndim` of them: zero, or each of them once.
  AxisOrder order(int ndim) {
    const AxisOrder v = number();
    if (v == 0) return v;
    bool fine = ndim <= kMaxOrdered && (ndim == kMaxOrdered || (v >> (4 * ndim)) == 0);
    uint32_t seen = 0;
    for (int k = 0; fine && k < ndim; ++k) seen |= 1u << ((v >> (4 * k)) & 15);
    require(fine && seen == (1u << ndim) - 1, "the order of axes is none");
    return v;
  }
  bool done() const { return in_.empty(); }

 private:
  std::string_view in_;
};

}  // namespace lazulite
