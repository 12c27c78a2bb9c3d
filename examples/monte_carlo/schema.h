// What a job file may say: every key with its type, its range, its default and one line of doc, in one table.
#pragma once

#include <limits>
#include <string>
#include <vector>

namespace lazulite::monte_carlo {

/// An interval, as a test and as words.
struct Range {
  double low, high;
  bool open;  // the ends are excluded
  const char* words;
  bool holds(double value) const { return open ? low < value && value < high : low <= value && value <= high; }
};

inline constexpr double kInfinity = std::numeric_limits<double>::infinity();
/// The normal distribution has 95 % within so many standard deviations.
inline constexpr double kZ95 = 1.959963984540054;
inline constexpr Range kFinite{-kInfinity, kInfinity, true, "it must be a finite number"};
inline constexpr Range kPaths{2, 1e15, false, "give a whole number from 2 to 10^15"};
inline constexpr Range kSeed{0, 9223372036854775807.0, false, "give a whole number from 0 to 2^63 - 1"};
inline constexpr Range kThreads{1, 4096, false, "give a whole number from 1 to 4096"};

enum class Kind { number, integer, text, flag, table };

struct Key {
  std::string name;
  Kind kind;
  std::string example;  // in TOML
  std::string doc;
  std::string default_value;              // in TOML; empty: none
  Range range = kFinite;                  // of a number, an integer, the numbers of a table
  std::vector<std::string> choices = {};  // of a text
};

const Key& key_named(const std::string& name);
const std::vector<std::string>& models();
/// The keys of a model; models() holds it.
const std::vector<std::string>& model_keys(const std::string& model);
/// The keys that may stand above the first [[job]], for every job that does not say otherwise.
const std::vector<std::string>& file_keys();
/// A model's keys as a job that could be pasted into a file.
std::string describe(const std::string& model);

}  // namespace lazulite::monte_carlo
