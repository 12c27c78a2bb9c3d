// Splitting flat accesses into axes, and joining axes into flat accesses of an operand.
#include "core/graph/access.h"

#include <algorithm>
#include <numeric>

namespace lazulite {

std::optional<AxisAccess> split(const Access& a, const Dims& loops, const Dims& shape, const Dims& strides) {
  const int axes = shape.size(), n = loops.size();
  // Axes from the largest stride to the smallest: each takes what it can of a flat distance.
  std::vector<int> order(static_cast<size_t>(axes));
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int x, int y) { return strides[x] > strides[y]; });
  auto divide = [&](int64_t flat, int64_t* out) {
    for (int axis : order) {
      out[axis] = shape[axis] == 1 ? 0 : flat / strides[axis];
      flat -= out[axis] * strides[axis];
    }
    return flat == 0;
  };
  AxisAccess r;
  r.start.resize(static_cast<size_t>(axes));
  r.step.resize(static_cast<size_t>(axes * n));
  if (!divide(a.offset, r.start.data())) return std::nullopt;
  for (int j = 0; j < n; ++j)
    if (!divide(loops[j] > 1 ? a.strides[j] : 0, r.step.data() + j * axes)) return std::nullopt;
  // The split is right everywhere if it stays inside every axis at the extremes.
  for (int k = 0; k < axes; ++k) {
    int64_t low = r.start[static_cast<size_t>(k)], high = low;
    for (int j = 0; j < n; ++j) {
      const int64_t reach = r.step[static_cast<size_t>(j * axes + k)] * (loops[j] - 1);
      (reach < 0 ? low : high) += reach;
    }
    if (low < 0 || high >= shape[k]) return std::nullopt;
  }
  return r;
}

Access join(const AxisAccess& a, int loops, int axes, const Dims& shape, const Dims& strides, int64_t offset) {
  Access r{offset, Dims(loops)};
  const int lead = axes - shape.size();
  for (int k = 0; k < shape.size(); ++k) {
    if (shape[k] == 1) continue;
    r.offset += a.start[static_cast<size_t>(lead + k)] * strides[k];
    for (int j = 0; j < loops; ++j) r.strides[j] += a.step[static_cast<size_t>(j * axes + lead + k)] * strides[k];
  }
  return r;
}

}  // namespace lazulite
