// The loops of reductions: the same blocks and the same tree of partial results as the Python engine's, so that the
// bits are the same (core/graph/layout.cpp, core/dispatch/bind.cpp, tile.cpp and fold.cpp say why it is so).
#pragma once

#include <vector>

#include "lazulite/folds.h"
#include "lazulite/loops.h"

namespace lazulite::detail {

inline constexpr int64_t inner_block = 16384;               // elements of a block along the inner loop
inline constexpr int64_t row_block = 256;                   // rows of a block of an outer reduction
inline constexpr int64_t outer_lanes = 1024;                // columns of one tile of an outer reduction
inline constexpr int64_t outer_lanes_packed = 256;          // where operands are strided
inline constexpr int64_t most_partials = int64_t{1} << 20;  // block results kept until the end

/// Bytes from the first part of a region to the second, where lanes are results, and where they are one result's.
inline constexpr int64_t outer_second = outer_lanes * 8 + strip_bytes;
inline constexpr int64_t inner_second = strip_bytes;

/// The loops of one expression's reduction, and how many lanes its inner one keeps.
struct reduction_loops {
  /// Merges n elements, rounded up to whole steps, each into a lane of its own; they are of row number `row`.
  void (*accumulate)(const std::byte* const* p, const slot* numbers, std::byte* region, int64_t n, int64_t row);
  /// Merges n elements, element i into lane i mod `lanes`; they are of groups of lanes number `first` and on of the
  /// block. Of less than a step, a whole one is read.
  void (*reduce)(const std::byte* const* p, const slot* numbers, std::byte* region, int64_t n, int64_t first);
  int lanes;
  int step;
  /// Of joined lanes: those of nothing, and what all hold together.
  void (*start)(std::byte* region) = nullptr;
  void (*fold)(std::byte* region, std::byte* result) = nullptr;
};

/// Operands that are read once: those that an expression names twice count once.
inline int distinct_operands(const pass& p) {
  int n = 0;
  for (int k = 0; k < p.n_in; ++k) {
    bool seen = false;
    for (int j = 0; j < k && !seen; ++j) {
      const memory &a = p.in[j], &b = p.in[k];
      seen = a.data == b.data && a.size == b.size && a.draw == b.draw && a.first == b.first && a.key == b.key;
      for (int l = 0; l < p.loops && seen; ++l) seen = a.strides[l] == b.strides[l];
    }
    n += !seen;
  }
  return n;
}

/// Does starting and folding a row's partial results take longer than packing elements of many rows?
inline bool has_short_rows(const pass& p, int64_t reduced, double row_ns) {
  if (reduced < p.strip()) return true;
  return row_ns > 0.8 * distinct_operands(p) * static_cast<double>(reduced);
}

/// Orders the loops of a reduction and chooses the vector loops; true: those that are reduced over come last.
inline bool choose_loops(pass& p, double row_ns) {
  collapse(p);
  if (p.reduced == 0) {  // reduced loops of extent 1 are gone: a loop of one stands for them
    p.extents[p.loops] = 1;
    p.each_memory([&](memory& m) { m.strides[p.loops] = 0; });
    p.reduced = 1u << p.loops;
    ++p.loops;
  }
  const int n = p.loops;
  const int64_t strip = p.strip();
  int64_t kept = 1, reduced = 1;
  for (int k = 0; k < n; ++k) ((p.reduced >> k) & 1 ? reduced : kept) *= p.extents[k];
  bool inner = (p.reduced >> (n - 1)) & 1;
  if (inner && kept > reduced && kept >= strip && has_short_rows(p, reduced, row_ns)) inner = false;
  if (!inner && kept < strip / 2 && reduced > kept) inner = true;
  if (kept == 1) inner = true;
  int kept_at[max_rank + 1], reduced_at[max_rank + 1], n_kept = 0, n_reduced = 0, order[max_rank + 1];
  for (int k = 0; k < n; ++k) {
    if ((p.reduced >> k) & 1)
      reduced_at[n_reduced++] = k;
    else
      kept_at[n_kept++] = k;
  }
  const auto put = [&](int at, const int* from, int count) {
    for (int k = 0; k < count; ++k) order[at + k] = from[k];
  };
  if (inner) {
    put(0, kept_at, n_kept), put(n_kept, reduced_at, n_reduced);
    reorder(p, order, n);
    p.vector_loops = count_vector_loops(p, n_kept);
  } else {
    put(0, reduced_at, n_reduced), put(n_reduced, kept_at, n_kept);
    reorder(p, order, n);
    p.vector_loops = count_vector_loops(p, n_reduced);
    const int outer = n - p.vector_loops - n_reduced;  // [outer kept..., reduced..., vector loops...]
    for (int k = 0; k < outer; ++k) order[k] = n_reduced + k;
    for (int k = 0; k < n_reduced; ++k) order[outer + k] = k;
    for (int k = outer + n_reduced; k < n; ++k) order[k] = k;
    reorder(p, order, n);
  }
  return inner;
}

/// One reduction; `Store` turns a partial result of everything into the result's element.
template <class Fold, class Store>
class reduction {
  using T = typename Fold::value;
  using partial = typename Fold::partial;

 public:
  reduction(pass& p, const reduction_loops& loops, const Store& store) : p_(p), loops_(loops), store_(store) {
    inner_ = choose_loops(p, Fold::row_ns);
    const int outer = p.loops - p.vector_loops;
    while (kept_loops_ < outer && !((p.reduced >> kept_loops_) & 1)) ++kept_loops_;
    kept_ = p.product(0, kept_loops_);
    rows_ = p.product(kept_loops_, outer);
    length_ = p.product(outer, p.loops);
    const int64_t strip = p.strip();
    segment_ = inner_ ? inner_block : outer_lanes;
    for (int k = 0; k < p.n_in && !inner_; ++k)
      if (reach_of(p, p.in[k]) == reach::packed && !p.in[k].draw) segment_ = std::max(strip, outer_lanes_packed);
    segment_ = std::min(segment_, (length_ + strip - 1) / strip * strip);
    segments_ = (length_ + segment_ - 1) / segment_;
    blocks_ = inner_ ? rows_ * segments_ : (rows_ + row_block - 1) / row_block;
    const int64_t most = std::max<int64_t>(1, most_partials / (inner_ ? kept_ : kept_ * length_));
    group_ = (blocks_ + most - 1) / most;
    groups_ = (blocks_ + group_ - 1) / group_;
    total_ = inner_ ? rows_ * length_ : rows_;
  }

  void run() {
    const int64_t elements = inner_ ? kept_ : kept_ * length_;
    if (groups_ > 1) partials_.resize(static_cast<size_t>(elements * groups_));
    const int64_t tiles = kept_ * groups_ * (inner_ ? 1 : segments_);
    const double ns = element_ns(p_) * static_cast<double>(kept_ * rows_ * length_);
    spread(tiles, ns, [&](int64_t first, int64_t last) {
      walk w(p_);
      const auto most = static_cast<size_t>(inner_ ? std::min(group_, blocks_) : segment_);
      partial few[16];
      std::vector<partial> many(most > 16 ? most : 0);
      partial* const results = most > 16 ? many.data() : few;
      for (int64_t k = first; k < last; ++k) inner_ ? inner_tile(w, k, k > first, results) : outer_tile(w, k, results);
    });
    if (groups_ == 1) return;
    for (int64_t e = 0; e < elements; ++e) {
      partial* p = partials_.data() + e * groups_;
      merge_neighbours(p, groups_);
      put(e, p[0]);
    }
  }

 private:
  static void merge_neighbours(partial* p, int64_t n) {
    for (int64_t gap = 1; gap < n; gap *= 2)
      for (int64_t k = 0; k + gap < n; k += 2 * gap) Fold::merge(p[k], p[k + gap]);
  }
  /// Stores the result number e.
  void put(int64_t e, const partial& value) const {
    int64_t offset = 0;
    for (int k = p_.loops - 1; k >= 0; --k) {
      if ((p_.reduced >> k) & 1) continue;
      offset += e % p_.extents[k] * p_.out->strides[k];
      e /= p_.extents[k];
    }
    store_(value, total_, p_.out->data + offset * p_.out->size);
  }

  /// A group of blocks of one result.
  void inner_tile(walk& w, int64_t tile, bool follows, partial* values) {
    const int64_t kept = tile / groups_, group = tile % groups_, first = group * group_,
                  blocks = std::min(blocks_ - first, group_);
    alignas(64) std::byte region[inner_second + strip_bytes];
    for (int64_t b = 0; b < blocks; ++b) {
      const int64_t block = first + b, begin = block % segments_ * segment_,
                    count = std::min(length_ - begin, segment_);
      if (segments_ == 1 && (b > 0 || follows))
        w.step();
      else
        w.locate(kept * rows_ + block / segments_);
      if constexpr (Fold::kind == fold_kind::joined)
        loops_.start(region);
      else
        Fold::start(region, inner_second, loops_.lanes);
      w.each_batch(begin, count, false, [&](const std::byte* const* from, int64_t at, int64_t n, std::byte* const*) {
        if (n < p_.step) from = w.tail(from, 0, n);
        loops_.reduce(from, p_.numbers, region, n, (at - begin) / loops_.lanes);
      });
      if constexpr (Fold::kind == fold_kind::joined)
        loops_.fold(region, reinterpret_cast<std::byte*>(values + b));
      else
        values[b] = Fold::finish(region, inner_second, loops_.lanes, count);
      Fold::move_index(values[b], block / segments_ * length_ + begin);
    }
    merge_neighbours(values, blocks);
    if (groups_ == 1)
      store_(values[0], total_, p_.out->data + w.out_offset(0) * p_.out->size);
    else
      partials_[static_cast<size_t>(tile)] = values[0];
  }

  /// A group of row blocks of some columns.
  void outer_tile(walk& w, int64_t tile, partial* results) {
    const int64_t columns = tile / segments_, begin = tile % segments_ * segment_, kept = columns / groups_,
                  group = columns % groups_, count = std::min(length_ - begin, segment_), first = group * group_,
                  blocks = std::min(blocks_ - first, group_);
    alignas(64) std::byte region[2 * outer_second];
    for (int64_t b = 0; b < blocks; ++b) {
      const int64_t from_row = (first + b) * row_block, to_row = std::min(rows_, from_row + row_block);
      Fold::start(region, outer_second, count);
      for (int64_t row = from_row; row < to_row; ++row) {
        row == from_row ? w.locate(kept * rows_ + row) : w.step();
        w.each_batch(begin, count, false, [&](const std::byte* const* from, int64_t at, int64_t n, std::byte* const*) {
          constexpr auto size = static_cast<int64_t>(sizeof(T));
          std::byte* to = region + (at - begin) * size;
          const int64_t whole = n / p_.step * p_.step;
          if (whole > 0) loops_.accumulate(from, p_.numbers, to, whole, row - from_row);
          if (whole < n)
            loops_.accumulate(w.tail(from, whole, n - whole), p_.numbers, to + whole * size, n - whole, row - from_row);
        });
      }
      for (int64_t k = 0; k < count; ++k) {
        partial lane = Fold::lane(region, outer_second, k, to_row - from_row);
        Fold::move_index(lane, from_row);
        if (b == 0)
          results[k] = lane;
        else
          Fold::merge(results[k], lane);
      }
    }
    if (groups_ > 1) {
      for (int64_t k = 0; k < count; ++k)
        partials_[static_cast<size_t>((kept * length_ + begin + k) * groups_ + group)] = results[k];
      return;
    }
    const int outer = p_.loops - p_.vector_loops;
    std::byte* const to = p_.out->data + w.out_offset(0) * p_.out->size;
    each_run(p_.extents + outer, p_.out->strides + outer, p_.vector_loops, begin, count,
             [&](int64_t offset, int64_t step, int64_t at, int64_t n) {
               for (int64_t k = 0; k < n; ++k) store_(results[at + k], total_, to + (offset + k * step) * p_.out->size);
             });
  }

  pass& p_;
  const reduction_loops& loops_;
  const Store& store_;
  bool inner_;
  int kept_loops_ = 0;
  int64_t kept_, rows_, length_, segment_, segments_, blocks_, group_, groups_, total_;
  std::vector<partial> partials_;
};

}  // namespace lazulite::detail
