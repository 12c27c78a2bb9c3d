// What a job file may say: every key with its kind, range, default and line of doc, as keys.toml lists them.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace lazulite::monte_carlo {

inline constexpr double kInfinity = std::numeric_limits<double>::infinity();
/// The normal distribution has 95 % within so many standard deviations.
inline constexpr double kZ95 = 1.959963984540054;

using Table = std::vector<std::pair<std::string, double>>;
using Texts = std::vector<std::string>;
using Vector = std::vector<double>;
using Matrix = std::vector<Vector>;
using Value = std::variant<double, int64_t, bool, std::string, Table, Texts, Vector, Matrix>;

/// An interval, as a test and as words.
struct Range {
  double low, high;
  bool open;  // the ends are excluded
  std::string words;
  bool holds(double value) const { return open ? low < value && value < high : low <= value && value <= high; }
};

enum class Kind { number, integer, text, flag, table, texts, numbers, matrix };

struct Key {
  std::string name;
  Kind kind;
  std::string example;  // in TOML
  std::string doc;
  std::optional<Value> default_value;
  Range range;
  Texts choices;  // of a text
};

const Key& key_named(std::string_view name);
const Range& range_named(std::string_view name);
const Texts& models();
/// The keys of a model; models() holds it.
const Texts& model_keys(const std::string& model);
/// The keys that may stand above the first [[job]], for every job that does not say otherwise.
const Texts& file_keys();
/// A model's keys as a job that could be pasted into a file.
std::string describe(const std::string& model);

}  // namespace lazulite::monte_carlo
