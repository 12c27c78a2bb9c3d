// The band of order statistics around a quantile; the Python runner's tail.py does the same, sum for sum.
#include "examples/monte_carlo/tail.h"

#include <algorithm>
#include <cmath>
#include <iterator>

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
  std::copy_if(values, values + n, std::back_inserter(band_), [&](double x) { return low_ <= x && x <= high_; });
  n_ += n;
  above_ += item(count).as<int64_t>();
  total_ += item(total).as<double>();
  square_ += item(square).as<double>();
  if (band_.size() > limit_) narrow();
}

int64_t Tail::rank() const {
  const int64_t below = n_ - above_ - static_cast<int64_t>(band_.size());
  return static_cast<int64_t>(std::ceil(level_ * static_cast<double>(n_))) - 1 - below;
}

int64_t Tail::spread(double errors) const {
  return static_cast<int64_t>(std::ceil(errors * std::sqrt(static_cast<double>(n_) * level_ * (1.0 - level_))));
}

void Tail::narrow() {
  std::sort(band_.begin(), band_.end());
  const auto length = static_cast<int64_t>(band_.size());
  const int64_t r = rank(), s = spread(width_);
  if (r < 0 || r >= length) throw BandMissed();
  const int64_t first = std::max<int64_t>(r - s, 0), last = std::min(r + s, length - 1);
  const double from = band_[static_cast<size_t>(first)], to = band_[static_cast<size_t>(last)];
  if (first > 0) low_ = from;
  if (last < length - 1) high_ = to;
  // Ties stay together: what equals an end of the band is in it.
  move_above(static_cast<size_t>(std::upper_bound(band_.begin(), band_.end(), to) - band_.begin()));
  band_.erase(band_.begin(), std::lower_bound(band_.begin(), band_.end(), from));
  limit_ = std::max(limit_, 2 * band_.size());
}

/// Moves the end of the sorted band above it, the smallest first.
void Tail::move_above(size_t first) {
  double total = 0.0, square = 0.0;
  for (size_t i = first; i < band_.size(); ++i) {
    total += band_[i];
    square += band_[i] * band_[i];
  }
  above_ += static_cast<int64_t>(band_.size() - first);
  total_ += total;
  square_ += square;
  band_.resize(first);
}

Risk Tail::result() {
  std::sort(band_.begin(), band_.end());
  const auto length = static_cast<int64_t>(band_.size());
  const int64_t r = rank(), s = spread(kZ95), below = n_ - above_ - length;
  const int64_t first = std::max(r - s, -below), last = std::min(r + s, n_ - 1 - below);
  if (first < 0 || last >= length) throw BandMissed();
  const auto value = [&](int64_t i) { return band_[static_cast<size_t>(i)]; };
  const double risk = value(r);
  const double risk_error = (value(last) - value(first)) / (2.0 * kZ95);
  move_above(static_cast<size_t>(std::upper_bound(band_.begin(), band_.end(), risk) - band_.begin()));
  const double n = static_cast<double>(n_), count = static_cast<double>(above_), share = (1.0 - level_) * n;
  const double shortfall = risk + (total_ - count * risk) / share;
  // The shortfall is the mean of risk + max(loss - risk, 0) / (1 - level) (Rockafellar and Uryasev 2000).
  const double mean = (total_ - count * risk) / n;
  const double second = (square_ - 2.0 * risk * total_ + count * risk * risk) / n;
  const double error = std::sqrt(std::max(second - mean * mean, 0.0) / n) / (1.0 - level_);
  return {risk, risk_error, shortfall, error};
}

}  // namespace lazulite::monte_carlo
