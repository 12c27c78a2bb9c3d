// Order statistics: an opaque op. Long lines are shared among threads, short ones spread over them.
#include "core/dispatch/select.h"

#include <algorithm>
#include <limits>
#include <type_traits>

#include "core/dispatch/bracket.h"
#include "core/dispatch/engine.h"
#include "core/dispatch/opaque.h"

namespace lazulite {

namespace {

constexpr double kNs = 3;                     // of an element, about
constexpr int64_t kLong = int64_t{1} << 17;   // elements of a line from which on threads share it
constexpr int64_t kPiece = int64_t{1} << 16;  // of a long line: what one task looks at
constexpr int64_t kPieceOfCounts = int64_t{1} << 19;
constexpr int64_t kMostPieces = 64;  // each has 256 kB of counts
constexpr int kDigit = 16;           // leading bits of the key that are counted
constexpr int64_t kFew = 32;         // places: more are found by counting
constexpr int64_t kTogether = 8;     // lines that are read at once where they lie side by side

template <class T>
class Selection {
 public:
  explicit Selection(OpaqueRun& run) : run_(run), in_(run.in[0]), k_(run.in[1]), all_nan_(run.params.numbers[0] != 0) {
    const int last = in_.shape.size() - 1;
    n_ = in_.shape[last];
    step_ = in_.strides[last];
    count_ = k_.shape[0];
    for (int a = 0; a < last; ++a) lines_ *= in_.shape[a];
  }

  void run() {
    if (lines_ == 0 || count_ == 0) return;
    for (int a = 1; a < k_.shape.size(); ++a) one_list_ &= k_.strides[a] == 0 || k_.shape[a] == 1;
    if (one_list_) list_ = places(0);
    if (n_ < kLong) {
      const int64_t together = step_ == 1 ? 1 : kTogether;
      run_.for_each((lines_ + together - 1) / together, kNs * static_cast<double>(n_ * together),
                    [&](int64_t task) { some_lines(task * together, std::min(lines_, (task + 1) * together)); });
    } else {
      for (int64_t line = 0; line < lines_; ++line) long_line(line);
    }
  }

 private:
  /// The places that are asked for, in range, in the order in which they are, and ascending.
  struct Places {
    std::vector<int64_t> asked, ascending;
    std::vector<size_t> position;  // of what is asked among the ascending
  };

  const T* line_at(int64_t line) const { return in_.as<T>() + in_.offset(line, 0, in_.shape.size() - 1); }

  Places places(int64_t line) const {
    const int64_t offset = k_.offset(line, 1, k_.shape.size());
    Places p;
    for (int64_t j = 0; j < count_; ++j)
      p.asked.push_back(std::clamp<int64_t>(k_.as<int64_t>()[offset + j * k_.strides[0]], 0, n_ - 1));
    p.ascending = p.asked;
    std::sort(p.ascending.begin(), p.ascending.end());
    p.ascending.erase(std::unique(p.ascending.begin(), p.ascending.end()), p.ascending.end());
    for (const int64_t place : p.asked)
      p.position.push_back(
          static_cast<size_t>(std::lower_bound(p.ascending.begin(), p.ascending.end(), place) - p.ascending.begin()));
    return p;
  }

  /// Lines side by side are copied together, so that every cache line is read once.
  void some_lines(int64_t from, int64_t to) {
    static thread_local std::vector<T> copies;
    const T* v[kTogether];
    for (int64_t k = from; k < to; ++k) v[k - from] = line_at(k);
    if (step_ != 1) {
      copies.resize(static_cast<size_t>((to - from) * n_));
      for (int64_t i = 0; i < n_; ++i)
        for (int64_t k = 0; k < to - from; ++k) copies[static_cast<size_t>(k * n_ + i)] = v[k][i * step_];
      for (int64_t k = 0; k < to - from; ++k) v[k] = copies.data() + k * n_;
    }
    for (int64_t k = from; k < to; ++k) select(v[k - from], k, scan_alone<T>);
  }

  void long_line(int64_t line) {
    const T* v = line_at(line);
    std::vector<T> copy;
    if (step_ != 1) {
      copy.resize(static_cast<size_t>(n_));
      pieces(n_, kPiece, [&](int64_t, int64_t from, int64_t to) {
        for (int64_t i = from; i < to; ++i) copy[static_cast<size_t>(i)] = v[i * step_];
      });
      v = copy.data();
    }
    if (count_ > kFew) return count_digits(v, line);
    select(v, line, [&](const T* w, int64_t n, T low, T high) {
      std::vector<Scan<T>> parts(static_cast<size_t>((n + kPiece - 1) / kPiece));
      pieces(n, kPiece, [&](int64_t piece, int64_t from, int64_t to) {
        parts[static_cast<size_t>(piece)].run(w + from, to - from, low, high);
      });
      Scan<T> s;
      for (const Scan<T>& part : parts) {
        s.below += part.below;
        s.to_low += part.to_low;
        s.to_high += part.to_high;
        s.nan += part.nan;
        s.inside.insert(s.inside.end(), part.inside.begin(), part.inside.end());
      }
      return s;
    });
  }

  /// f(piece, from, to) for the pieces of n elements, on all threads.
  template <class F>
  void pieces(int64_t n, int64_t length, F&& f) {
    run_.for_each((n + length - 1) / length, 1.5 * static_cast<double>(length),
                  [&](int64_t piece) { f(piece, piece * length, std::min(n, (piece + 1) * length)); });
  }

  template <class MakeScan>
  void select(const T* v, int64_t line, const MakeScan& scan) {
    Places own;
    if (!one_list_) own = places(line);
    const Places& p = one_list_ ? list_ : own;
    static thread_local std::vector<T> found;
    found.resize(p.ascending.size());
    const bool has_nan =
        select_places(v, n_, p.ascending.data(), p.ascending.data() + p.ascending.size(), found.data(), scan);
    if (has_nan && all_nan_) std::fill(found.begin(), found.end(), std::numeric_limits<T>::quiet_NaN());
    for (int64_t j = 0; j < count_; ++j) out(j, line) = found[p.position[static_cast<size_t>(j)]];
  }

  /// Counts the leading digits of the keys, on all threads; then only keys with the digits of places asked for matter.
  void count_digits(const T* v, int64_t line) {
    using Keys = KeyOf<T>;
    using K = typename Keys::type;
    constexpr size_t digits = size_t{1} << std::min<size_t>(kDigit, 8 * sizeof(K));
    constexpr int shift = static_cast<int>(8 * sizeof(K)) > kDigit ? static_cast<int>(8 * sizeof(K)) - kDigit : 0;
    const int64_t length = std::max(kPieceOfCounts, (n_ + kMostPieces - 1) / kMostPieces);
    std::vector<std::vector<uint32_t>> counts(static_cast<size_t>((n_ + length - 1) / length));
    std::vector<uint8_t> nan(counts.size());
    pieces(n_, length, [&](int64_t piece, int64_t from, int64_t to) {
      std::vector<uint32_t>& c = counts[static_cast<size_t>(piece)];
      c.resize(digits);
      bool has_nan = false;
      for (int64_t i = from; i < to; ++i) {
        const K key = Keys::key(v[i]);
        has_nan |= Keys::is_nan(key);
        ++c[static_cast<size_t>(key >> shift)];
      }
      nan[static_cast<size_t>(piece)] = has_nan;
    });
    if (all_nan_ && std::find(nan.begin(), nan.end(), 1) != nan.end()) {
      for (int64_t j = 0; j < count_; ++j) out(j, line) = std::numeric_limits<T>::quiet_NaN();
      return;
    }
    std::vector<int64_t> total(digits);
    for (const auto& c : counts)
      for (size_t d = 0; d < digits; ++d) total[d] += c[d];

    // Of every place: its digit, and how many of the keys before it have a digit that nobody asked for.
    const Places p = places(line);
    const std::vector<int64_t>& order = p.ascending;
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
    std::vector<int64_t> start(counts.size() + 1);
    for (size_t k = 0; k < counts.size(); ++k) {
      start[k + 1] = start[k];
      for (size_t d = 0; d < digits; ++d)
        if (wanted[d]) start[k + 1] += counts[k][d];
    }
    std::vector<K> keys(static_cast<size_t>(kept));
    pieces(n_, length, [&](int64_t piece, int64_t from, int64_t to) {
      K* next_key = keys.data() + start[static_cast<size_t>(piece)];
      for (int64_t i = from; i < to; ++i)
        if (const K key = Keys::key(v[i]); wanted[static_cast<size_t>(key >> shift)]) *next_key++ = key;
    });
    std::vector<int64_t> within(order.size());
    for (size_t j = 0; j < order.size(); ++j) within[j] = order[j] - left_out[j];
    run_.look();
    place_all(keys.data(), 0, kept, within.data(), within.data() + within.size());
    for (int64_t j = 0; j < count_; ++j)
      out(j, line) = Keys::value(keys[static_cast<size_t>(within[p.position[static_cast<size_t>(j)]])]);
  }

  T& out(int64_t j, int64_t line) { return run_.out.as<T>()[j * lines_ + line]; }

  OpaqueRun& run_;
  const Strided &in_, &k_;
  int64_t n_ = 0, step_ = 0, count_ = 0, lines_ = 1;
  bool all_nan_;          // where there is one
  bool one_list_ = true;  // of places, for all lines
  Places list_;
};

void run_selection(OpaqueRun& run) {
  visit(run.out.dtype, [&](auto zero) {
    using T = std::conditional_t<std::is_same_v<decltype(zero), bool>, uint8_t, decltype(zero)>;
    Selection<T>(run).run();
  });
}

constexpr OpaqueOp kSelect = {"partition", "order statistics need all elements of a line", run_selection};

}  // namespace

Array select(const Array& a, const Array& k, bool all_nan) {
  const NodeRef in[] = {a.read(), k.read()};
  const double ns = kNs * static_cast<double>(in[0]->size);
  return Array(apply_opaque({&kSelect, Dims{int64_t{all_nan}}}, in[0]->dtype, in[1]->shape, in, 2, ns));
}

}  // namespace lazulite
