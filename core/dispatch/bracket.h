// Order statistics by sampling: two elements of a sorted sample enclose a place, and one pass over all elements keeps
// the few between them (Floyd and Rivest, "Expected time bounds for selection", 1975). Nothing here depends on threads.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>
#include <vector>

namespace lazulite {

/// Keys are unsigned integers in the order of the values; NaN is the last of all.
template <class T>
struct KeyOf {
  using type = std::conditional_t<
      sizeof(T) == 1, uint8_t,
      std::conditional_t<sizeof(T) == 2, uint16_t, std::conditional_t<sizeof(T) == 4, uint32_t, uint64_t>>>;
  static constexpr type kSign = static_cast<type>(type{1} << (8 * sizeof(T) - 1));

  static type key(T v) {
    type bits;
    std::memcpy(&bits, &v, sizeof v);
    if constexpr (std::is_floating_point_v<T>) {
      if (v != v) return std::numeric_limits<type>::max();
      return bits & kSign ? static_cast<type>(~bits) : static_cast<type>(bits | kSign);
    } else if constexpr (std::is_signed_v<T>) {
      return static_cast<type>(bits ^ kSign);
    } else {
      return bits;
    }
  }
  static T value(type k) {
    type bits = k;
    if constexpr (std::is_floating_point_v<T>) {
      if (k == std::numeric_limits<type>::max()) return std::numeric_limits<T>::quiet_NaN();
      bits = k & kSign ? static_cast<type>(k ^ kSign) : static_cast<type>(~k);
    } else if constexpr (std::is_signed_v<T>) {
      bits = static_cast<type>(k ^ kSign);
    }
    T v;
    std::memcpy(&v, &bits, sizeof v);
    return v;
  }
  static bool is_nan(type k) { return std::is_floating_point_v<T> && k == std::numeric_limits<type>::max(); }
};

/// Puts the keys of the ascending places [first, last) into their places among keys[from, to).
template <class K>
void place_all(K* keys, int64_t from, int64_t to, const int64_t* first, const int64_t* last) {
  while (first != last && to - from > 1) {
    const int64_t* middle = first + (last - first) / 2;
    std::nth_element(keys + from, keys + *middle, keys + to);
    place_all(keys, from, *middle, first, middle);
    from = *middle + 1;
    first = middle + 1;
  }
}

/// What one pass over elements finds of a bracket: how many are below it, up to its ends, or NaN; and those inside.
template <class T>
struct Scan {
  int64_t below = 0, to_low = 0, to_high = 0, nan = 0;
  std::vector<T> inside;

  void run(const T* v, int64_t n, T low, T high) {
    constexpr int64_t chunk = 1024;
    std::array<T, chunk> kept;
    for (; n > 0; v += chunk, n -= chunk) {
      size_t m = 0;
      for (int64_t i = 0; i < std::min(n, chunk); ++i) {
        const T x = v[i];
        kept[m] = x;
        m += static_cast<size_t>((x > low) & (x < high));
        below += x < low;
        to_low += x <= low;
        to_high += x <= high;
        if constexpr (std::is_floating_point_v<T>) nan += x != x;
      }
      inside.insert(inside.end(), kept.begin(), kept.begin() + static_cast<int64_t>(m));
    }
  }
};

template <class T>
Scan<T> scan_alone(const T* v, int64_t n, T low, T high) {
  Scan<T> s;
  s.run(v, n, low, high);
  return s;
}

/// A sorted sample of a line, NaN last: one element of every part of equal length, by a fixed hash.
template <class T>
class Sample {
 public:
  Sample(const T* v, int64_t n) : n_(n) {
    const auto size = static_cast<int64_t>(std::pow(static_cast<double>(n), 2.0 / 3));
    keys_.resize(static_cast<size_t>(std::clamp<int64_t>(size, 1, 2048)));
    const auto s = static_cast<int64_t>(keys_.size());
    uint64_t hash = 0;
    for (int64_t i = 0; i < s; ++i) {
      hash = hash * 6364136223846793005u + 1442695040888963407u;
      const int64_t from = i * n / s, to = (i + 1) * n / s;
      keys_[static_cast<size_t>(i)] =
          KeyOf<T>::key(v[from + static_cast<int64_t>((hash >> 33) % static_cast<uint64_t>(to - from))]);
    }
    std::sort(keys_.begin(), keys_.end());
    valid_ = s;
    while (valid_ > 0 && KeyOf<T>::is_nan(keys_[static_cast<size_t>(valid_ - 1)])) --valid_;
  }

  /// An element that is hardly ever after the place, and one that is hardly ever before it.
  T low(int64_t place) const { return at(position(place) - margin()); }
  T high(int64_t place) const { return at(position(place) + margin() + 1); }
  /// Do the brackets of two places touch?
  bool near(int64_t place, int64_t next) const { return position(next) - position(place) <= margin(); }

 private:
  int64_t position(int64_t place) const {
    return static_cast<int64_t>(static_cast<double>(place) * static_cast<double>(keys_.size()) /
                                static_cast<double>(n_));
  }
  int64_t margin() const { return static_cast<int64_t>(1.5 * std::sqrt(static_cast<double>(keys_.size()))); }
  T at(int64_t i) const {
    using Limits = std::numeric_limits<T>;
    if (i < 0) return Limits::has_infinity ? -Limits::infinity() : Limits::lowest();
    if (i >= valid_) return Limits::has_infinity ? Limits::infinity() : Limits::max();
    return KeyOf<T>::value(keys_[static_cast<size_t>(i)]);
  }

  int64_t n_, valid_;
  std::vector<typename KeyOf<T>::type> keys_;
};

/// The elements of v[0, n) whose ascending places are [first, last), in ascending order with NaN last, to `to`. Returns
/// whether there is a NaN. `scan(v, n, low, high)` makes a Scan. The sign of a zero is that of some zero of v.
template <class T, class MakeScan>
bool select_places(const T* v, int64_t n, const int64_t* first, const int64_t* last, T* to, const MakeScan& scan) {
  using Keys = KeyOf<T>;
  constexpr int64_t short_line = 300;
  const int64_t* const start = first;
  std::vector<int64_t> failed;
  bool has_nan = false;
  if (n >= short_line && last - first <= 32) {
    const Sample<T> sample(v, n);
    while (first != last) {
      const int64_t* end = first + 1;
      while (end != last && sample.near(end[-1], *end)) ++end;
      const T low = sample.low(*first), high = sample.high(end[-1]);
      Scan<T> s = scan(v, n, low, high);
      has_nan = s.nan > 0;
      std::vector<int64_t> inside;
      const int64_t inside_end = s.to_low + static_cast<int64_t>(s.inside.size());
      for (const int64_t* p = first; p != end; ++p) {
        T& result = to[p - start];
        if (*p >= n - s.nan) {
          result = std::numeric_limits<T>::quiet_NaN();
        } else if (*p < s.below || *p >= s.to_high) {
          failed.push_back(p - start);
        } else if (*p < s.to_low) {
          result = low;
        } else if (*p >= inside_end) {
          result = high;
        } else {
          inside.push_back(*p - s.to_low);
        }
      }
      if (!inside.empty()) {
        std::vector<T> found(inside.size());
        select_places(s.inside.data(), static_cast<int64_t>(s.inside.size()), inside.data(),
                      inside.data() + inside.size(), found.data(), scan_alone<T>);
        size_t next = 0;
        for (const int64_t* p = first; p != end; ++p)
          if (*p >= s.to_low && *p < inside_end && *p < n - s.nan) to[p - start] = found[next++];
      }
      first = end;
    }
    if (failed.empty()) return has_nan;
  } else {
    for (const int64_t* p = first; p != last; ++p) failed.push_back(p - start);
  }
  static thread_local std::vector<typename Keys::type> keys;
  keys.resize(static_cast<size_t>(n));
  has_nan = false;
  for (int64_t i = 0; i < n; ++i) {
    const auto key = Keys::key(v[i]);
    keys[static_cast<size_t>(i)] = key;
    has_nan |= Keys::is_nan(key);
  }
  std::vector<int64_t> places;
  for (const int64_t j : failed) places.push_back(start[j]);
  place_all(keys.data(), 0, n, places.data(), places.data() + places.size());
  for (const int64_t j : failed) to[j] = Keys::value(keys[static_cast<size_t>(start[j])]);
  return has_nan;
}

}  // namespace lazulite
