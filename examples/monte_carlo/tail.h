// Value at risk and expected shortfall from any number of losses, in bounded memory.
//
// Only losses near the quantile can be it, so only those are kept: a band of order statistics that is narrowed,
// whenever it has doubled, to some standard errors either side of the quantile so far: it grows with the root of the
// number of paths. Equal losses are kept once, and counted. Losses above the band are counted and summed, those below
// it are forgotten. The result is the exact quantile of all losses, unless the true one has left the band (at a width
// of 8: once in 10^15), which is noticed, and answered with a wider band and a second run.
#pragma once

#include <vector>

#include "core/dispatch/operators.h"
#include "examples/monte_carlo/schema.h"

namespace lazulite::monte_carlo {

/// The quantile is not in the band.
struct BandMissed {};

struct Risk {
  double risk, risk_error, shortfall, shortfall_error;
};

class Tail {
 public:
  explicit Tail(double level, double width = kWidth, size_t limit = kLimit)
      : level_(level), width_(width), limit_(limit) {}
  static constexpr double kWidth = 8.0;              // of the band, in standard errors
  static constexpr size_t kLimit = size_t{1} << 17;  // losses in the band before it is narrowed
  /// Takes n more losses; all of this is one pass, and a look at the values it leaves.
  void add(int64_t n, const Array& loss);
  Risk result();

 private:
  /// A loss of the band, and how many there are of it.
  struct Entry {
    double loss;
    int64_t count;
  };

  /// Puts the fresh losses into the band, and returns how many losses it stands for.
  int64_t merge();
  /// Where in the band the loss with `rank` losses of the band before it is.
  size_t at(int64_t rank) const;
  /// Of the quantile in the band of so many losses: the smallest loss that a fraction `level` does not exceed.
  int64_t rank(int64_t length) const;
  /// So many standard errors of the quantile, as a difference of ranks.
  int64_t spread(double errors) const;
  void narrow();
  /// Moves what stands at `end` and after it above the band, the smallest first.
  void move_above(size_t end);

  double level_, width_;
  size_t limit_;
  double low_ = -kInfinity, high_ = kInfinity;
  std::vector<Entry> band_;    // ascending
  std::vector<double> fresh_;  // those that came since
  int64_t n_ = 0;
  bool undefined_ = false;  // a loss was no number: infinite gains less infinite losses
  // Of the losses above the band.
  int64_t above_ = 0;
  double total_ = 0.0, square_ = 0.0;
};

}  // namespace lazulite::monte_carlo
