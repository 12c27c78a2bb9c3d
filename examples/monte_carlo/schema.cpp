// The table of keys, read from keys.toml.
#include "examples/monte_carlo/schema.h"

#include <toml++/toml.h>

#include <algorithm>
#include <map>

#include "examples/monte_carlo/errors.h"
#include "examples/monte_carlo/texts.h"

namespace lazulite::monte_carlo {

namespace {

struct Schema {
  Texts models, file_keys;
  std::map<std::string, Texts> model_keys;
  std::map<std::string, Range> ranges;
  std::map<std::string, Key> keys;

  static const Schema& get() {
    static const Schema schema = read();
    return schema;
  }
  static Schema read();
};

std::string text(const toml::table& row, const char* name) { return row[name].value_or(std::string()); }

Texts texts(const toml::node* list) {
  Texts result;
  if (list) {
    for (const toml::node& item : *list->as_array()) result.push_back(item.as_string()->get());
  }
  return result;
}

/// TOML's integers are numbers, too, also where a double rounds them.
double number(const toml::node* node) {
  const auto* integer = node->as_integer();
  return integer ? static_cast<double>(integer->get()) : node->as_floating_point()->get();
}

Range range(const toml::table& row) {
  const bool open = row.contains("above");
  return {number(row.get(open ? "above" : "from")), number(row.get(open ? "below" : "to")), open, text(row, "words")};
}

Kind kind(const std::string& name) {
  static const Texts names = {"number", "integer", "text", "flag", "table", "texts", "numbers", "matrix"};
  return static_cast<Kind>(std::find(names.begin(), names.end(), name) - names.begin());
}

std::optional<Value> default_value(const toml::table& row) {
  const toml::node* node = row.get("default");
  if (!node) return std::nullopt;
  if (const auto* b = node->as_boolean()) return b->get();
  if (const auto* i = node->as_integer()) return i->get();
  if (const auto* x = node->as_floating_point()) return x->get();
  return node->as_string()->get();
}

Schema Schema::read() {
  const toml::table table = toml::parse(kKeys);
  Schema s;
  s.models = texts(table.get("models"));
  s.file_keys = texts(table.get("file_keys"));
  for (const auto& [model, keys] : *table["model"].as_table()) s.model_keys[std::string(model.str())] = texts(&keys);
  for (const auto& [name, row] : *table["range"].as_table()) {
    s.ranges[std::string(name.str())] = range(*row.as_table());
  }
  for (const auto& [k, node] : *table["key"].as_table()) {
    const std::string name(k.str());
    const toml::table& row = *node.as_table();
    const std::string limits = row.contains("range") ? text(row, "range") : "finite";
    s.keys[name] = {name,
                    kind(text(row, "kind")),
                    text(row, "example"),
                    text(row, "doc"),
                    default_value(row),
                    s.ranges.at(limits),
                    name == "model" ? s.models : texts(row.get("choices"))};
  }
  return s;
}

/// A default as TOML spells it.
std::string toml_text(const Value& value) {
  if (const auto* b = std::get_if<bool>(&value)) return *b ? "true" : "false";
  if (const auto* i = std::get_if<int64_t>(&value)) return std::to_string(*i);
  if (const auto* x = std::get_if<double>(&value)) return show(*x);
  return "\"" + std::get<std::string>(value) + "\"";
}

}  // namespace

const Key& key_named(std::string_view name) { return Schema::get().keys.at(std::string(name)); }
const Range& range_named(std::string_view name) { return Schema::get().ranges.at(std::string(name)); }
const Texts& models() { return Schema::get().models; }
const Texts& model_keys(const std::string& model) { return Schema::get().model_keys.at(model); }
const Texts& file_keys() { return Schema::get().file_keys; }

std::string describe(const std::string& model) {
  std::string all = "[[job]]\nmodel = \"" + model + "\"";
  for (const std::string& name : model_keys(model)) {
    if (name == "model") continue;
    const Key& key = key_named(name);
    std::string line = name + " = " + key.example;
    if (line.size() < 44) line.resize(44, ' ');
    all += "\n" + line + "# " + key.doc;
    if (key.default_value) all += " (default: " + toml_text(*key.default_value) + ")";
  }
  return all;
}

}  // namespace lazulite::monte_carlo
