// Order statistics: an opaque op on integer keys that order as NumPy orders the values.
#include "core/dispatch/select.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <type_traits>

#include "core/dispatch/engine.h"
#include "core/dispatch/opaque.h"

namespace lazulite {

namespace {

constexpr double kNs = 10;                    // of an element, about
constexpr int64_t kLong = int64_t{1} << 17;   // elements of a line from which on counting comes first
constexpr int64_t kPiece = int64_t{1} << 19;  // elements that one task counts at least
constexpr int64_t kMostPieces = 64;           // each has 256 kB of counts
constexpr int kDigit = 16;                    // leading bits of the key that are counted

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
};

/// Puts the keys of the ascending places [first, last) into their places.
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

template <class T>
class Selection {
 public:
  using Keys = KeyOf<T>;
  using K = typename Keys::type;

  explicit Selection(OpaqueRun& run) : run_(run), in_(run.in[0]), k_(run.in[1]) {
    const int last = in_.shape.size() - 1;
    n_ = in_.shape[last];
    step_ = in_.strides[last];
    count_ = k_.shape[0];
    for (int a = 0; a < last; ++a) lines_ *= in_.shape[a];
  }

  void run() {
    if (lines_ == 0 || count_ == 0) return;
    if (n_ >= kLong && count_ <= 64) {
      for (int64_t line = 0; line < lines_; ++line) long_line(line);
    } else {
      run_.for_each(lines_, kNs * static_cast<double>(n_), [&](int64_t line) { short_line(line); });
    }
  }

 private:
  const T* line_at(int64_t line) const {
    int64_t offset = 0;
    for (int a = in_.shape.size() - 2; a >= 0; --a) {
      offset += line % in_.shape[a] * in_.strides[a];
      line /= in_.shape[a];
    }
    return in_.as<T>() + offset;
  }

  /// The places asked for, in range, in the order in which they were.
  std::vector<int64_t> places(int64_t line) const {
    int64_t offset = 0;
    for (int a = k_.shape.size() - 1; a >= 1; --a) {
      offset += line % k_.shape[a] * k_.strides[a];
      line /= k_.shape[a];
    }
    std::vector<int64_t> asked(static_cast<size_t>(count_));
    for (int64_t j = 0; j < count_; ++j)
      asked[static_cast<size_t>(j)] = std::clamp<int64_t>(k_.as<int64_t>()[offset + j * k_.strides[0]], 0, n_ - 1);
    return asked;
  }

  static std::vector<int64_t> ascending(std::vector<int64_t> places) {
    std::sort(places.begin(), places.end());
    places.erase(std::unique(places.begin(), places.end()), places.end());
    return places;
  }

  void short_line(int64_t line) {
    static thread_local std::vector<K> keys;
    keys.resize(static_cast<size_t>(n_));
    const T* v = line_at(line);
    for (int64_t i = 0; i < n_; ++i) keys[static_cast<size_t>(i)] = Keys::key(v[i * step_]);
    const std::vector<int64_t> asked = places(line), order = ascending(asked);
    place_all(keys.data(), 0, n_, order.data(), order.data() + order.size());
    for (int64_t j = 0; j < count_; ++j)
      out(j, line) = Keys::value(keys[static_cast<size_t>(asked[static_cast<size_t>(j)])]);
  }

  /// Counts the leading digits of the keys, on all threads; then only keys with the digits of places asked for matter.
  void long_line(int64_t line) {
    constexpr size_t digits = size_t{1} << std::min<size_t>(kDigit, 8 * sizeof(K));
    constexpr int shift = static_cast<int>(8 * sizeof(K)) > kDigit ? static_cast<int>(8 * sizeof(K)) - kDigit : 0;
    const int64_t length = std::max(kPiece, (n_ + kMostPieces - 1) / kMostPieces), pieces = (n_ + length - 1) / length;
    const T* v = line_at(line);
    const auto each = [&](int64_t piece, auto&& f) {
      for (int64_t i = piece * length; i < std::min(n_, (piece + 1) * length); ++i) f(Keys::key(v[i * step_]));
    };
    std::vector<std::vector<uint32_t>> counts(static_cast<size_t>(pieces));
    run_.for_each(pieces, 1.5 * static_cast<double>(length), [&](int64_t piece) {
      std::vector<uint32_t>& c = counts[static_cast<size_t>(piece)];
      c.resize(digits);
      each(piece, [&](K key) { ++c[static_cast<size_t>(key >> shift)]; });
    });
    std::vector<int64_t> total(digits);
    for (const auto& c : counts)
      for (size_t d = 0; d < digits; ++d) total[d] += c[d];

    // Of every place: its digit, and how many of the keys before it have a digit that nobody asked for.
    const std::vector<int64_t> asked = places(line), order = ascending(asked);
    std::vector<uint8_t> wanted(digits);
    std::vector<int64_t> left_out(order.size());
    int64_t before = 0, skipped = 0, kept = 0;
    size_t next = 0;
    for (size_t d = 0; d < digits && next < order.size(); before += total[d++]) {
      const size_t first = next;
      while (next < order.size() && order[next] < before + total[d]) left_out[next++] = skipped;
      wanted[d] = next > first;
      (next > first ? kept : skipped) += total[d];
    }
    std::vector<int64_t> start(static_cast<size_t>(pieces) + 1);
    for (size_t p = 0; p < counts.size(); ++p) {
      start[p + 1] = start[p];
      for (size_t d = 0; d < digits; ++d)
        if (wanted[d]) start[p + 1] += counts[p][d];
    }
    std::vector<K> keys(static_cast<size_t>(kept));
    run_.for_each(pieces, 1.5 * static_cast<double>(length), [&](int64_t piece) {
      K* to = keys.data() + start[static_cast<size_t>(piece)];
      each(piece, [&](K key) {
        if (wanted[static_cast<size_t>(key >> shift)]) *to++ = key;
      });
    });
    std::vector<int64_t> within(order.size());
    for (size_t j = 0; j < order.size(); ++j) within[j] = order[j] - left_out[j];
    run_.look();
    place_all(keys.data(), 0, kept, within.data(), within.data() + within.size());
    for (int64_t j = 0; j < count_; ++j) {
      const int64_t place = asked[static_cast<size_t>(j)];
      const auto at = static_cast<size_t>(std::lower_bound(order.begin(), order.end(), place) - order.begin());
      out(j, line) = Keys::value(keys[static_cast<size_t>(within[at])]);
    }
  }

  T& out(int64_t j, int64_t line) { return run_.out.as<T>()[j * lines_ + line]; }

  OpaqueRun& run_;
  const Strided &in_, &k_;
  int64_t n_ = 0, step_ = 0, count_ = 0, lines_ = 1;
};

void run_selection(OpaqueRun& run) {
  visit(run.out.dtype, [&](auto zero) {
    using T = std::conditional_t<std::is_same_v<decltype(zero), bool>, uint8_t, decltype(zero)>;
    Selection<T>(run).run();
  });
}

constexpr OpaqueOp kSelect = {"partition", "order statistics need all elements of a line", run_selection};

}  // namespace

Array select(const Array& a, const Array& k) {
  const NodeRef in[] = {a.read(), k.read()};
  const double ns = kNs * static_cast<double>(in[0]->size);
  return Array(apply_opaque({&kSelect, {}}, in[0]->dtype, in[1]->shape, in, 2, ns));
}

}  // namespace lazulite
