// View arithmetic: slices, transposes, reshapes without a copy, and NumPy's 'K' order.
#include "core/graph/view.h"

#include <cstdlib>

namespace lazulite {

Dims storage_strides(const Dims& shape, AxisOrder order) {
  const int n = shape.size();
  Dims strides(n);
  int64_t step = 1;
  for (int k = n - 1; k >= 0; --k) {
    const int axis = order == 0 ? k : static_cast<int>((order >> (4 * k)) & 15);
    strides[axis] = step;
    step *= std::max<int64_t>(shape[axis], 1);
  }
  return strides;
}

namespace {
Dims without(const Dims& d, int axis) {
  Dims r(d.size() - 1);
  for (int i = 0, j = 0; i < d.size(); ++i)
    if (i != axis) r[j++] = d[i];
  return r;
}
Dims with(const Dims& d, int axis, int64_t value) {
  Dims r(d.size() + 1, value);
  for (int i = 0; i < d.size(); ++i) r[i < axis ? i : i + 1] = d[i];
  return r;
}
}  // namespace

void View::take(int axis, int64_t index) {
  offset += index * strides[axis];
  drop_axis(axis);
}

void View::slice(int axis, int64_t start, int64_t step, int64_t count) {
  if (count > 0) offset += start * strides[axis];
  strides[axis] *= step;
  shape[axis] = count;
}

void View::insert_axis(int axis) {
  shape = with(shape, axis, 1);
  strides = with(strides, axis, 0);
}

void View::drop_axis(int axis) {
  shape = without(shape, axis);
  strides = without(strides, axis);
}

void View::permute(const Dims& axes) {
  const Dims s = shape, t = strides;
  for (int i = 0; i < axes.size(); ++i) {
    shape[i] = s[static_cast<int>(axes[i])];
    strides[i] = t[static_cast<int>(axes[i])];
  }
}

void View::broadcast(const Dims& to) {
  Dims t(to.size(), 0);
  const int lead = to.size() - shape.size();
  for (int i = 0; i < shape.size(); ++i) t[lead + i] = shape[i] == 1 ? 0 : strides[i];
  shape = to;
  strides = t;
}

bool View::is_contiguous() const {
  int64_t step = 1;
  for (int k = shape.size() - 1; k >= 0; --k) {
    if (shape[k] == 0) return true;
    if (shape[k] != 1 && strides[k] != step) return false;
    step *= shape[k];
  }
  return true;
}

std::optional<View> reshape(const View& v, const Dims& shape) {
  if (shape.product() == 0) return View{shape, storage_strides(shape, 0), v.offset};
  // Old axes of extent 1 say nothing about memory.
  Dims old(v.shape.size()), step(v.shape.size());
  int n = 0;
  for (int i = 0; i < v.shape.size(); ++i) {
    if (v.shape[i] == 1) continue;
    old[n] = v.shape[i];
    step[n++] = v.strides[i];
  }
  Dims strides(shape.size(), 1);
  int oi = 0, ni = 0;
  while (oi < n && ni < shape.size()) {
    // The smallest runs of old and new axes with the same number of elements.
    int oj = oi + 1, nj = ni + 1;
    int64_t po = old[oi], pn = shape[ni];
    while (po != pn) {
      if (pn < po)
        pn *= shape[nj++];
      else
        po *= old[oj++];
    }
    for (int k = oi; k + 1 < oj; ++k)
      if (step[k] != old[k + 1] * step[k + 1]) return std::nullopt;
    strides[nj - 1] = step[oj - 1];
    for (int k = nj - 1; k > ni; --k) strides[k - 1] = strides[k] * shape[k];
    oi = oj;
    ni = nj;
  }
  for (; ni < shape.size(); ++ni) strides[ni] = ni > 0 ? strides[ni - 1] : 1;  // trailing axes of extent 1
  return View{shape, strides, v.offset};
}

AxisOrder keep_order(int ndim, const Dims* strides, int operands) {
  if (ndim <= 1 || ndim > kMaxOrdered) return 0;
  // A stable insertion sort of the axes, fastest first, as numpy.nditer orders them; pairs that no operand can rank
  // keep their C order.
  int axes[kMaxOrdered];
  for (int i = 0; i < ndim; ++i) axes[i] = ndim - 1 - i;
  for (int i = 1; i < ndim; ++i) {
    const int a = axes[i];
    int place = i;
    for (int j = i - 1; j >= 0; --j) {
      const int b = axes[j];
      bool ranked = false, swap = false;
      for (int k = 0; k < operands; ++k) {
        const int64_t sa = std::abs(strides[k][a]), sb = std::abs(strides[k][b]);
        if (sa == 0 || sb == 0) continue;
        if (sb <= sa)
          swap = false;
        else if (!ranked)
          swap = true;
        ranked = true;
      }
      if (!ranked) continue;
      if (!swap) break;
      place = j;
    }
    for (int j = i; j > place; --j) axes[j] = axes[j - 1];
    axes[place] = a;
  }
  AxisOrder order = 0;
  bool c_order = true;
  for (int k = 0; k < ndim; ++k) {
    const int axis = axes[ndim - 1 - k];
    c_order &= axis == k;
    order |= static_cast<AxisOrder>(axis) << (4 * k);
  }
  return c_order ? 0 : order;
}

}  // namespace lazulite
