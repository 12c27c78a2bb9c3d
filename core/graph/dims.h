// Dims: a short list of extents or strides, kept in place up to four axes.
#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <utility>

namespace lazulite {

inline constexpr int kMaxDims = 64;  // NumPy's limit

/// A fixed-length array of int64, one entry per axis.
class Dims {
 public:
  Dims() = default;
  explicit Dims(int n, int64_t value = 0) { reset(n, value); }
  Dims(std::initializer_list<int64_t> v) : Dims(v.begin(), static_cast<int>(v.size())) {}
  Dims(const int64_t* v, int n) {
    reset(n);
    std::copy(v, v + n, data());
  }
  Dims(const Dims& o) : Dims(o.data(), o.size_) {}
  Dims(Dims&& o) noexcept : size_(std::exchange(o.size_, 0)) { std::copy(o.inline_, o.inline_ + kInline, inline_); }
  Dims& operator=(Dims o) noexcept {
    std::swap(size_, o.size_);
    std::swap_ranges(inline_, inline_ + kInline, o.inline_);
    return *this;
  }
  ~Dims() {
    if (size_ > kInline) delete[] heap();
  }

  int size() const { return size_; }
  int64_t* data() { return size_ > kInline ? heap() : inline_; }
  const int64_t* data() const { return size_ > kInline ? heap() : inline_; }
  int64_t& operator[](int i) { return data()[i]; }
  int64_t operator[](int i) const { return data()[i]; }
  const int64_t* begin() const { return data(); }
  const int64_t* end() const { return data() + size_; }
  bool operator==(const Dims& o) const { return size_ == o.size_ && std::equal(begin(), end(), o.begin()); }
  bool operator!=(const Dims& o) const { return !(*this == o); }

  /// Product of the extents; 1 for no axes.
  int64_t product() const {
    int64_t p = 1;
    for (int64_t d : *this) p *= d;
    return p;
  }

 private:
  static constexpr int kInline = 4;
  void reset(int n, int64_t value = 0) {
    size_ = n;
    if (n > kInline) {
      inline_[0] = static_cast<int64_t>(reinterpret_cast<intptr_t>(new int64_t[static_cast<size_t>(n)]));
      std::fill(heap(), heap() + n, value);
    } else {
      std::fill(inline_, inline_ + kInline, value);  // all: cheaper than n of them
    }
  }
  int64_t* heap() const { return reinterpret_cast<int64_t*>(static_cast<intptr_t>(inline_[0])); }

  int32_t size_ = 0;
  int64_t inline_[kInline] = {};
};

/// NumPy's spelling of a shape: "()", "(3,)", "(2,3)".
inline std::string to_string(const Dims& d) {
  std::string s = "(";
  for (int i = 0; i < d.size(); ++i) s += (i ? "," : "") + std::to_string(d[i]);
  return s + (d.size() == 1 ? ",)" : ")");
}

}  // namespace lazulite
