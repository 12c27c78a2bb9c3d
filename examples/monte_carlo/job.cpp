// Reading and checking a job file.
#include "examples/monte_carlo/job.h"

#include <toml++/toml.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

namespace lazulite::monte_carlo {

static const char* const kStarter = "`lazulite-mc keys european` prints one to start from";

InputError Job::error(const std::string& key, const std::string& problem) const {
  auto found = lines.find(key);
  if (found == lines.end()) found = lines.find(key.substr(0, key.find('/')));
  return at(file, found == lines.end() ? line : found->second, problem);
}

const Value& Job::required(const std::string& name) const {
  const auto found = values.find(name);
  if (found != values.end()) return found->second;
  const std::string remedy = "; add for example " + name + " = " + key_named(name).example;
  throw error(name, "the " + model() + " job has no " + name + remedy);
}

std::string Job::prices_file() const {
  return (std::filesystem::path(file).parent_path() / text("prices")).lexically_normal().string();
}

/// A TOML number, also an integer that a double rounds.
static double as_double(const toml::node& node) {
  const auto* integer = node.as_integer();
  return integer ? static_cast<double>(integer->get()) : node.as_floating_point()->get();
}

/// What a TOML value is, in the words of the errors.
static std::string kind(const toml::node& node) {
  if (const auto* s = node.as_string()) {
    const bool printable = std::none_of(s->get().begin(), s->get().end(), [](unsigned char c) { return c < 32; });
    return printable && !s->get().empty() ? "the text '" + s->get() + "'" : "a text";
  }
  if (const auto* b = node.as_boolean()) return b->get() ? "true" : "false";
  if (node.is_number()) return "the number " + show(as_double(node));
  if (const auto* list = node.as_array()) return list->empty() ? "an empty list" : "a list";
  return node.is_table() ? "a table" : "a date";
}

static double number(const Job& job, const std::string& path, const std::string& name, const Key& key,
                     const toml::node& node) {
  if (!node.is_number()) {
    const std::string example = key.kind == Kind::table ? name + " = 60_000" : key.name + " = " + key.example;
    throw job.error(path, name + " is " + kind(node) + " where a number belongs; write for example " + example);
  }
  const double value = as_double(node);
  if (std::isnan(value)) throw job.error(path, name + " is not a number (nan); " + key.range.words);
  if (!key.range.holds(value)) throw job.error(path, name + " is " + show(value) + "; " + key.range.words);
  return value;
}

static std::string text(const Job& job, const std::string& name, const Key& key, const toml::node& node) {
  const auto* text = node.as_string();
  if (!text || text->get().empty()) {
    throw job.error(key.name, name + " is " + kind(node) + "; write " + key.name + " = " + key.example);
  }
  const std::string& s = text->get();
  if (std::any_of(s.begin(), s.end(), [](unsigned char c) { return c < 32; })) {
    throw job.error(key.name, name + " has a line break or control character in it; leave it out");
  }
  if (!key.choices.empty() && std::find(key.choices.begin(), key.choices.end(), s) == key.choices.end()) {
    throw job.error(key.name, name + " is '" + s + "'; use one of " + join(key.choices));
  }
  return s;
}

/// A list whose items `read` reads; `of` says what they are.
template <class Read>
static auto list(const Job& job, const std::string& name, const Key& key, const toml::node& node, const char* of,
                 const char* item, Read read) {
  const auto* list = node.as_array();
  if (!list || list->empty()) {
    const std::string problem = name + " is " + kind(node) + ", not a list of " + of;
    throw job.error(key.name, problem + "; write " + key.name + " = " + key.example);
  }
  std::vector<decltype(read(name, node))> result;
  for (const toml::node& n : *list) {
    result.push_back(read(item + std::string(" ") + std::to_string(result.size() + 1) + " of " + name, n));
  }
  return result;
}

static Vector numbers(const Job& job, const std::string& name, const Key& key, const toml::node& node) {
  return list(job, name, key, node, "numbers", "number",
              [&](const std::string& n, const toml::node& item) { return number(job, key.name, n, key, item); });
}

/// The value as its key's kind, or an error that says what to write instead.
static Value check(Job& job, const Key& key, const toml::node& node) {
  const std::string& name = key.name;
  const std::string write = "; write " + name + " = " + key.example;
  if (key.kind == Kind::table) {
    const toml::table* table = node.as_table();
    if (!table || table->empty()) throw job.error(name, name + " is " + kind(node) + ", not a table" + write);
    Table result;
    for (const auto& [k, v] : *table)
      job.lines[name + "/" + std::string(k.str())] = static_cast<int>(k.source().begin.line);
    for (const auto& [k, v] : *table) {
      const std::string asset(k.str());
      result.emplace_back(asset, number(job, name + "/" + asset, asset, key, v));
    }
    return result;
  }
  if (key.kind == Kind::texts) {
    return list(job, name, key, node, "texts", "name",
                [&](const std::string& n, const toml::node& item) { return text(job, n, key, item); });
  }
  if (key.kind == Kind::numbers) return numbers(job, name, key, node);
  if (key.kind == Kind::matrix) {
    return list(job, name, key, node, "lists", "row",
                [&](const std::string& n, const toml::node& item) { return numbers(job, n, key, item); });
  }
  if (key.kind == Kind::text) return text(job, name, key, node);
  if (key.kind == Kind::flag) {
    if (const auto* flag = node.as_boolean()) return flag->get();
    throw job.error(name, name + " is " + kind(node) + "; write true or false, without quotes");
  }
  if (key.kind == Kind::integer) {
    if (const auto* x = node.as_floating_point()) {
      throw job.error(name, name + " is " + show(x->get()) + "; " + key.range.words);
    }
    const auto* i = node.as_integer();
    if (!i) throw job.error(name, name + " is " + kind(node) + " where a number belongs; " + key.range.words);
    if (!key.range.holds(static_cast<double>(i->get()))) {
      throw job.error(name, name + " is " + std::to_string(i->get()) + "; " + key.range.words);
    }
    return i->get();
  }
  return number(job, name, name, key, node);
}

static Job read_job(const Job& above, const toml::table& table) {
  Job job;
  job.file = above.file;
  job.line = static_cast<int>(table.source().begin.line);
  for (const auto& [k, v] : table) job.lines[std::string(k.str())] = static_cast<int>(k.source().begin.line);
  const toml::node* model = table.get("model");
  const Key& model_key = key_named("model");
  if (!model) throw job.error("model", "the job has no model; add for example model = " + model_key.example);
  job.values["model"] = check(job, model_key, *model);
  const std::vector<std::string>& keys = model_keys(job.model());
  for (const auto& [k, v] : table) {
    const std::string name(k.str());
    if (std::find(keys.begin(), keys.end(), name) != keys.end()) continue;
    const std::string known = closest(name, keys);
    const std::string hint = known.empty() ? job.model() + " has " + join(keys) : "did you mean '" + known + "'?";
    throw job.error(name, "unknown key '" + name + "' in a " + job.model() + " job; " + hint);
  }
  for (const std::string& name : keys) {
    const Key& key = key_named(name);
    if (const toml::node* node = table.get(name)) {
      job.values[name] = check(job, key, *node);
    } else if (above.has(name)) {
      job.values[name] = above.values.at(name);
    } else if (key.default_value) {
      job.values[name] = *key.default_value;
    }
  }
  return job;
}

std::vector<Job> read_jobs(const std::string& file) {
  const std::string text = read_text(file, kStarter);
  toml::table table;
  try {
    table = toml::parse(text, file);
  } catch (const toml::parse_error& error) {
    std::string message(error.description());
    std::replace(message.begin(), message.end(), '\n', ' ');
    const int line = static_cast<int>(error.source().begin.line);
    throw at(file, line, "not valid TOML: " + message + "; correct the line (https://toml.io)");
  }
  Job above;
  above.file = file;
  for (const auto& [k, v] : table) above.lines[std::string(k.str())] = static_cast<int>(k.source().begin.line);
  for (const auto& [k, v] : table) {
    const std::string name(k.str());
    std::vector<std::string> allowed = file_keys();
    if (name == "job" || std::find(allowed.begin(), allowed.end(), name) != allowed.end()) continue;
    allowed.emplace_back("job");
    const std::string known = closest(name, allowed);
    const std::string hint = known.empty() ? "there may stand " + join(file_keys()) : "did you mean '" + known + "'?";
    throw above.error(name, "unknown key '" + name + "' above the first [[job]]; " + hint);
  }
  for (const std::string& name : file_keys()) {
    if (const toml::node* node = table.get(name)) above.values[name] = check(above, key_named(name), *node);
  }
  const toml::node* node = table.get("job");
  const toml::array* jobs = node ? node->as_array() : nullptr;
  if (!jobs || jobs->empty() || !std::all_of(jobs->begin(), jobs->end(), [](const auto& j) { return j.is_table(); })) {
    throw above.error("job", std::string("the file has no [[job]]; ") + kStarter);
  }
  std::vector<Job> result;
  for (const auto& job : *jobs) result.push_back(read_job(above, *job.as_table()));
  return result;
}

}  // namespace lazulite::monte_carlo
