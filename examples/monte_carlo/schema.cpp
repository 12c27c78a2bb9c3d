// The table of keys; the Python runner's schema.py has the same rows.
#include "examples/monte_carlo/schema.h"

#include <algorithm>
#include <map>

namespace lazulite::monte_carlo {

constexpr Range kPositive{0.0, kInfinity, true, "it must be above 0, and finite"};
constexpr Range kRate{-10.0, 10.0, false, "it is a rate a year between -10 and 10 (0.03 is 3 %)"};
constexpr Range kVolatility{0.0, 10.0, false, "it is a fraction a year between 0 and 10 (0.2 is 20 %)"};
constexpr Range kMaturity{0.0, 1000.0, true, "it is a number of years above 0 and below 1000"};
constexpr Range kLevel{0.5, 1.0, true, "it must lie between 0.5 and 1 (0.99 is 99 %)"};
constexpr Range kSteps{1, 100'000, false, "give a whole number from 1 to 100000"};

const std::vector<std::string>& models() {
  static const std::vector<std::string> all = {"pi", "european", "asian", "barrier", "portfolio"};
  return all;
}

static const std::vector<Key>& keys() {
  static const std::vector<Key> all = {
      {"name", Kind::text, "\"DAX call\"", "what the tables call the job (default: the model)", ""},
      {"model", Kind::text, "\"european\"", "what to simulate", "", kFinite, models()},
      {"paths", Kind::integer, "1_000_000", "how many paths to draw", "1000000", kPaths},
      {"seed", Kind::integer, "42", "chooses the random stream", "1", kSeed},
      {"prices", Kind::text, "\"../data/prices.csv\"", "a CSV file of prices, seen from the job file", ""},
      {"periods_per_year", Kind::number, "252", "rows of the prices file in a year", "252", kPositive},
      {"asset", Kind::text, "\"DAX\"", "the column that gives spot (its last price) and volatility", ""},
      {"option", Kind::text, "\"call\"", "what the option gives a right to", "\"call\"", kFinite, {"call", "put"}},
      {"spot", Kind::number, "100.0", "the price today", "", kPositive},
      {"strike", Kind::number, "105.0", "the price agreed on", "", kPositive},
      {"rate", Kind::number, "0.03", "the riskless rate, continuously compounded", "0", kRate},
      {"dividend", Kind::number, "0.01", "the dividend yield, continuously compounded", "0", kRate},
      {"volatility", Kind::number, "0.2", "of the log price, a year", "", kVolatility},
      {"maturity", Kind::number, "1.0", "years until the option ends", "1", kMaturity},
      {"steps", Kind::integer, "252", "time steps to the end", "252", kSteps},
      {"control", Kind::flag, "true", "use the geometric Asian option as control variate", "true"},
      {"barrier", Kind::number, "130.0", "the option is worth nothing once a step ends here or above", "", kPositive},
      {"holdings", Kind::table, "{ DAX = 60_000, SMI = -20_000 }", "what is held of each column, in money", ""},
      {"returns", Kind::text, "\"log\"", "which returns are normal", "\"log\"", kFinite, {"log", "simple"}},
      {"horizon", Kind::number, "10", "rows of the prices file to look ahead", "1", kPositive},
      {"level", Kind::number, "0.99", "the confidence of value at risk and expected shortfall", "0.99", kLevel},
  };
  return all;
}

const Key& key_named(const std::string& name) {
  return *std::find_if(keys().begin(), keys().end(), [&](const Key& key) { return key.name == name; });
}

const std::vector<std::string>& model_keys(const std::string& model) {
  static const auto table = [] {
    const std::vector<std::string> common = {"name", "model", "paths", "seed"};
    std::vector<std::string> option = common;
    for (const char* name : {"option", "asset", "prices", "periods_per_year", "spot", "strike", "rate", "dividend",
                             "volatility", "maturity", "steps"}) {
      option.emplace_back(name);
    }
    std::map<std::string, std::vector<std::string>> t = {
        {"pi", common}, {"european", option}, {"asian", option}, {"barrier", option}, {"portfolio", common}};
    t["asian"].emplace_back("control");
    t["barrier"].emplace_back("barrier");
    for (const char* name : {"prices", "holdings", "returns", "horizon", "level"}) t["portfolio"].emplace_back(name);
    return t;
  }();
  return table.at(model);
}

const std::vector<std::string>& file_keys() {
  static const std::vector<std::string> all = {"paths", "seed", "prices", "periods_per_year"};
  return all;
}

std::string describe(const std::string& model) {
  std::string text = "[[job]]\nmodel = \"" + model + "\"";
  for (const std::string& name : model_keys(model)) {
    if (name == "model") continue;
    const Key& key = key_named(name);
    std::string line = name + " = " + key.example;
    if (line.size() < 44) line.resize(44, ' ');
    text += "\n" + line + "# " + key.doc;
    if (!key.default_value.empty()) text += " (default: " + key.default_value + ")";
  }
  return text;
}

}  // namespace lazulite::monte_carlo
