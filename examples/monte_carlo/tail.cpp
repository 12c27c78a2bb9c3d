// The band of order statistics around a quantile; the Python runner's tail.py does the same, sum for sum.
#include "examples/monte_carlo/tail.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>

namespace lazulite::monte_carlo {

void Tail::add(int64_t n, const Array& loss) {
  const Array over = loss > high_;
  const Array count = sum(over);
  const Array beyond = where(over, loss, 0.0);
  const Array total = sum(beyond);
  const Array square = sum(beyond * beyond);
  compute({loss, count, total, square});
  const Memory memory = expose(loss);
  const auto* values = reinterpret_cast<const double*>(memory.data);
  undefined_ = undefined_ || std::any_of(values, values + n, [](double x) { return std::isnan(x); });
  if (undefined_) return;
  std::copy_if(values, values + n, std::back_inserter(fresh_), [&](double x) { return low_ <= x && x <= high_; });
  n_ += n;
  above_ += item(count).as<int64_t>();
  total_ += item(total).as<double>();
  square_ += item(square).as<double>();
  if (band_.size() + fresh_.size() > limit_) narrow();
}

int64_t Tail::merge() {
  std::sort(fresh_.begin(), fresh_.end());
  std::vector<Entry> merged;
  const auto take = [&](double loss, int64_t count) {
    if (merged.empty() || merged.back().loss != loss) merged.push_back({loss, 0});
    merged.back().count += count;
  };
  auto old = band_.begin();
  for (const double loss : fresh_) {
    for (; old != band_.end() && old->loss <= loss; ++old) take(old->loss, old->count);
    take(loss, 1);
  }
  for (; old != band_.end(); ++old) take(old->loss, old->count);
  fresh_.clear();
  band_ = std::move(merged);
  return std::accumulate(band_.begin(), band_.end(), int64_t{0}, [](int64_t n, const Entry& e) { return n + e.count; });
}

size_t Tail::at(int64_t rank) const {
  size_t k = 0;
  for (int64_t before = 0; (before += band_[k].count) <= rank;) ++k;
  return k;
}

int64_t Tail::rank(int64_t length) const {
  const int64_t below = n_ - above_ - length;
  return static_cast<int64_t>(std::ceil(level_ * static_cast<double>(n_))) - 1 - below;
}

int64_t Tail::spread(double errors) const {
  return static_cast<int64_t>(std::ceil(errors * std::sqrt(static_cast<double>(n_) * level_ * (1.0 - level_))));
}

void Tail::narrow() {
  const int64_t length = merge(), r = rank(length), s = spread(width_);
  if (r < 0 || r >= length) throw BandMissed();
  const int64_t first = std::max<int64_t>(r - s, 0), last = std::min(r + s, length - 1);
  const size_t begin = at(first), end = at(last) + 1;
  if (first > 0) low_ = band_[begin].loss;
  if (last < length - 1) high_ = band_[end - 1].loss;
  move_above(end);
  band_.erase(band_.begin(), band_.begin() + static_cast<ptrdiff_t>(begin));
  limit_ = std::max(limit_, 2 * band_.size());
}

void Tail::move_above(size_t end) {
  double total = 0.0, square = 0.0;
  for (size_t i = end; i < band_.size(); ++i) {
    const double x = band_[i].loss, count = static_cast<double>(band_[i].count);
    total += count * x;
    square += count * (x * x);
    above_ += band_[i].count;
  }
  total_ += total;
  square_ += square;
  band_.resize(end);
}

Risk Tail::result() {
  if (undefined_) return {std::nan(""), std::nan(""), std::nan(""), std::nan("")};
  const int64_t length = merge(), r = rank(length), s = spread(kZ95), below = n_ - above_ - length;
  const int64_t first = std::max(r - s, -below), last = std::min(r + s, n_ - 1 - below);
  if (first < 0 || last >= length) throw BandMissed();
  const double risk = band_[at(r)].loss + 0.0;  // no -0
  const double risk_error = (band_[at(last)].loss - band_[at(first)].loss) / (2.0 * kZ95);
  move_above(at(r) + 1);
  const double n = static_cast<double>(n_), count = static_cast<double>(above_), share = (1.0 - level_) * n;
  const double shortfall = risk + (total_ - count * risk) / share;
  // The shortfall is the mean of risk + max(loss - risk, 0) / (1 - level) (Rockafellar and Uryasev 2000).
  const double mean = (total_ - count * risk) / n;
  const double second = (square_ - 2.0 * risk * total_ + count * risk * risk) / n;
  const double error = std::sqrt(std::max(second - mean * mean, 0.0) / n) / (1.0 - level_);
  return {risk, risk_error, shortfall, error};
}

}  // namespace lazulite::monte_carlo
