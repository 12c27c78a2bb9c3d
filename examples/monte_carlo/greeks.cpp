// Central differences over variants of the parameters.
#include "examples/monte_carlo/greeks.h"

#include <algorithm>
#include <cmath>

namespace lazulite::monte_carlo {

// Steps, each to either side. A smaller step has less bias (of the order of its square), and where a payoff has a kink
// or a jump more variance.
constexpr double kSpotStep = 0.05;  // standard deviations of the log price at maturity
constexpr double kPart = 0.01;      // of the volatility, of the maturity
constexpr double kRateStep = 0.001;

namespace {

template <class Parameters>
class Differences {
 public:
  explicit Differences(Parameters base) : base_(std::move(base)), all_{{base_}, {{"price", {{1.0, 0}}}}} {}

  /// The first derivative by a parameter that `field` gives; where its variants are.
  template <class Field>
  size_t first(const std::string& name, double width, Field field, double sign = 1.0) {
    const size_t up = all_.variants.size();
    for (const double h : {width, -width}) {
      Parameters moved = base_;
      double& x = field(moved);
      x = x + h;
      all_.variants.emplace_back(std::move(moved));
    }
    const double weight = sign / (2.0 * width);
    all_.quantities.push_back({name, {{weight, up}, {-weight, up + 1}}});
    return up;
  }

  void second(const std::string& name, double width, size_t up) {
    const double weight = 1.0 / (width * width);
    all_.quantities.push_back({name, {{weight, up}, {-2.0 * weight, 0}, {weight, up + 1}}});
  }

  Estimated result() { return std::move(all_); }

 private:
  Parameters base_;
  Estimated all_;
};

double spot_step(double spot, double volatility, double maturity) {
  return kSpotStep * std::min(volatility * std::sqrt(maturity), 1.0) * spot;
}

Estimated of_option(const Option& o, bool passing_time) {
  Differences<Option> d(o);
  const double width = spot_step(o.spot, o.volatility, o.maturity);
  const size_t up = d.first("delta", width, [](Option& x) -> double& { return x.spot; });
  d.second("gamma", width, up);
  d.first("vega", kPart * o.volatility, [](Option& x) -> double& { return x.volatility; });
  d.first("rho", kRateStep, [](Option& x) -> double& { return x.rate; });
  if (passing_time)
    d.first(
        "theta", kPart * o.maturity, [](Option& x) -> double& { return x.maturity; }, -1.0);
  return d.result();
}

Estimated of_basket(const Basket& b) {
  Differences<Basket> d(b);
  for (size_t i = 0; i < b.assets.size(); ++i) {
    const double width = spot_step(b.spots[i], b.volatilities[i], b.maturity);
    const size_t up = d.first("delta " + b.assets[i], width, [i](Basket& x) -> double& { return x.spots[i]; });
    d.second("gamma " + b.assets[i], width, up);
    d.first("vega " + b.assets[i], kPart * b.volatilities[i], [i](Basket& x) -> double& { return x.volatilities[i]; });
  }
  d.first("rho", kRateStep, [](Basket& x) -> double& { return x.rate; });
  d.first(
      "theta", kPart * b.maturity, [](Basket& x) -> double& { return x.maturity; }, -1.0);
  return d.result();
}

}  // namespace

Estimated estimated(const std::string& model, const Inputs& inputs, bool greeks) {
  if (!greeks) return {{inputs}, {{model == "pi" ? "pi" : "price", {{1.0, 0}}}}};
  if (const auto* b = std::get_if<Basket>(&inputs)) return of_basket(*b);
  // For a path-dependent option, less time left would also move the dates at which its path counts.
  return of_option(std::get<Option>(inputs), model == "european");
}

}  // namespace lazulite::monte_carlo
