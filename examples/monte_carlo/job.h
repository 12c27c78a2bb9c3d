// Job files: TOML, checked against the table in schema.h, with the line of every mistake.
#pragma once

#include <map>
#include <string>
#include <variant>
#include <vector>

#include "examples/monte_carlo/errors.h"
#include "examples/monte_carlo/models.h"
#include "examples/monte_carlo/schema.h"

namespace lazulite::monte_carlo {

/// One [[job]]: its checked values, those of the file above it, and the defaults.
struct Job {
  std::string file;
  int line = 1;
  std::map<std::string, int> lines;  // of the keys that it has; those in a table as "table/key"
  std::map<std::string, Value> values;

  InputError error(const std::string& key, const std::string& problem) const;
  bool has(const std::string& name) const { return values.count(name) > 0; }
  /// A flag; false where the model does not have the key.
  bool is_set(const std::string& name) const { return has(name) && get<bool>(name); }
  /// A value that the job must have, from the file or by default.
  template <class T>
  const T& get(const std::string& name) const {
    return std::get<T>(required(name));
  }
  double number(const std::string& name) const { return get<double>(name); }
  const std::string& text(const std::string& name) const { return get<std::string>(name); }
  const std::string& model() const { return text("model"); }
  std::string name() const { return has("name") ? text("name") : model(); }
  int64_t paths() const { return get<int64_t>("paths"); }
  std::string prices_file() const;

 private:
  const Value& required(const std::string& name) const;
};

std::vector<Job> read_jobs(const std::string& file);

}  // namespace lazulite::monte_carlo
