// The scalar half of reductions: starting partials, folding lanes, merging blocks, and the final value.
#pragma once

#include <cstdint>

#include "core/graph/dtype.h"
#include "core/graph/node.h"
#include "core/graph/ops.h"

namespace lazulite {

/// The result of one block, before it meets the others.
struct Partial {
  Scalar value;        // sum, extreme, truth, or (as a double) the mean
  double m2 = 0;       // var, std: sum of squared distances from the mean
  int64_t count = 0;   // elements merged
  int64_t index = -1;  // argmin, argmax: the winner's place
};

/// Rules of one reduction over one dtype. A region holds `lanes` values (then as many squared distances, lane counters
/// or counts, for the reductions with more parts).
struct Fold {
  int64_t lanes;         // partial results that a vector stage keeps
  int64_t region_bytes;  // of all parts
  int64_t second;        // bytes from the first part to the second
  void (*start)(std::byte* region, int64_t lanes, int64_t second);
  /// Merges `count` values (elements `first`, ... of the block) into the partials, one by one. The mask of a masked
  /// reduction begins kStripBytes after the values.
  void (*add)(std::byte* region, int64_t lanes, int64_t second, const std::byte* values, int64_t first, int64_t count);
  /// Folds the partials of a block of `count` elements in a fixed tree.
  Partial (*finish)(const std::byte* region, int64_t lanes, int64_t second, int64_t count);
  /// a := a merged with b, a's elements before b's.
  void (*merge)(Partial& a, const Partial& b);
  /// The value of one element of natural (lane per output) accumulators, after `count` elements.
  Partial (*lane)(const std::byte* region, int64_t second, int64_t k, int64_t count);
  /// Writes the reduction's result.
  void (*store)(const Partial& p, double ddof, std::byte* out);
  /// Writes the results of lanes first, ..., first + n - 1 of natural accumulators, `step` bytes apart.
  void (*store_lanes)(const std::byte* region, int64_t second, int64_t first, int64_t n, int64_t count, double ddof,
                      std::byte* out, int64_t step);
  Partial empty;  // the partial of no elements
};

/// `t` is the loop dtype. `natural_lanes`: `lanes` lanes, one for each output element (outer-axis
/// reductions); else the lanes that the vector stages keep at this strip width.
Fold make_fold(Op op, DType t, int width, int64_t natural_lanes = 0);

/// The same for a reduction over selected elements (sums, means and moments of floats): a count for every lane.
Fold make_masked_fold(Op op, DType t);

/// Merges the results of n consecutive blocks into the first, in a tree of neighbours.
inline void merge_neighbours(Partial* p, int64_t n, const Fold& fold) {
  for (int64_t gap = 1; gap < n; gap *= 2)
    for (int64_t k = 0; k + gap < n; k += 2 * gap) fold.merge(p[k], p[k + gap]);
}

}  // namespace lazulite
