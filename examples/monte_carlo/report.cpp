// Tables and JSON.
#include "examples/monte_carlo/report.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>

namespace lazulite::monte_carlo {

static std::string fixed(double value, int decimals) {
  char text[400];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

static std::string grouped(std::string digits) {
  if (digits.find('e') != std::string::npos) return digits;
  const size_t first = digits[0] == '-' ? 1 : 0;
  const size_t point = std::min(digits.find('.'), digits.size());
  for (size_t i = point; i > first + 3; i -= 3) digits.insert(i - 3, ",");
  return digits;
}

/// As many decimals as the standard error gives meaning to: two of its digits.
static std::string number(std::optional<double> value, std::optional<double> error) {
  if (!value) return "";
  if (!error || !(*error > 0.0)) return grouped(show(*value));
  return grouped(fixed(*value, std::max(0, 1 - static_cast<int>(std::floor(std::log10(*error))))));
}

static std::string time_text(double s) { return s < 1.0 ? fixed(s * 1e3, 1) + " ms" : fixed(s, 2) + " s"; }

static std::string rate_text(double r) {
  if (r >= 1e9) return fixed(r / 1e9, 2) + " G/s";
  if (r >= 1e6) return fixed(r / 1e6, 2) + " M/s";
  if (r >= 1e3) return fixed(r / 1e3, 2) + " k/s";
  return fixed(r, 0) + " /s";
}

/// Characters, not bytes, of UTF-8.
static size_t width(const std::string& s) {
  return static_cast<size_t>(std::count_if(s.begin(), s.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string to_table(const std::vector<Outcome>& outcomes) {
  std::vector<std::vector<std::string>> rows = {
      {"job", "quantity", "value", "std error", "95 % interval", "closed form", "paths", "time", "paths/s"}, {}};
  for (const Outcome& o : outcomes) {
    for (size_t i = 0; i < o.results.size(); ++i) {
      const Result& r = o.results[i];
      const std::string interval = r.error ? number(r.low(), r.error) + " .. " + number(r.high(), r.error) : "";
      const std::string exact = number(r.closed_form, r.error);
      rows.push_back({"", r.quantity, number(r.value, r.error), number(r.error, r.error), interval, exact, "", "", ""});
      if (i > 0) continue;
      rows.back()[0] = o.job.name();
      rows.back()[7] = time_text(o.seconds);
      if (!o.job.has("paths")) continue;
      rows.back()[6] = grouped(std::to_string(o.job.paths()));
      rows.back()[8] = rate_text(static_cast<double>(o.job.paths()) / o.seconds);
    }
  }
  const size_t columns = rows[0].size();
  std::vector<size_t> widths(columns, 0);
  for (const auto& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i]));
  }
  for (const size_t w : widths) rows[1].push_back(std::string(w, '-'));
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (size_t i = 0; i < columns; ++i) {
      const std::string space(widths[i] - width(row[i]), ' ');
      line += (i ? "  " : "") + (i < 2 ? row[i] + space : space + row[i]);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += (text.empty() ? "" : "\n") + line;
  }
  return text;
}

static std::string quoted(const std::string& s) {
  std::string out = "\"";
  for (const char c : s) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;  // names hold no control characters: the job file's reader has seen to it
  }
  return out + "\"";
}

/// The shortest digits that read back as the same bits.
static std::string json(double value) {
  char text[32];
  return std::string(text, std::to_chars(text, text + sizeof text, value).ptr);
}

template <class T, class F>
static std::string list(const std::vector<T>& items, F each) {
  std::string out;
  for (const T& item : items) out += (out.empty() ? "" : ", ") + each(item);
  return "[" + out + "]";
}

static std::string json(std::optional<double> value) { return value ? json(*value) : "null"; }

static std::string inputs_json(const Inputs& inputs) {
  const auto row = [](const Vector& r) { return list(r, [](double x) { return json(x); }); };
  if (const auto* o = std::get_if<Option>(&inputs)) {
    return "\"inputs\": {\"spot\": " + json(o->spot) + ", \"volatility\": " + json(o->volatility) +
           ", \"steps\": " + std::to_string(o->steps) + "},\n      ";
  }
  if (const auto* p = std::get_if<Portfolio>(&inputs)) {
    return "\"inputs\": {\"assets\": " + list(p->assets, quoted) + ", \"mean\": " + row(p->mean) +
           ", \"factor\": " + list(p->factor, row) + "},\n      ";
  }
  if (const auto* b = std::get_if<Basket>(&inputs)) {
    return "\"inputs\": {\"assets\": " + list(b->assets, quoted) + ", \"spots\": " + row(b->spots) +
           ", \"volatilities\": " + row(b->volatilities) + ", \"factor\": " + list(b->factor, row) + "},\n      ";
  }
  if (const auto* p = std::get_if<Filtered>(&inputs)) {
    const auto each = [&](double Filter::*field) {
      return list(p->filters, [&](const Filter& f) { return json(f.*field); });
    };
    return "\"inputs\": {\"assets\": " + list(p->assets, quoted) + ", \"mean\": " + each(&Filter::mean) +
           ", \"omega\": " + each(&Filter::omega) + ", \"alpha\": " + each(&Filter::alpha) +
           ", \"beta\": " + each(&Filter::beta) + ", \"variance\": " + each(&Filter::variance) + "},\n      ";
  }
  return "";
}

static std::string result_json(const Result& r) {
  return "\n        {\"quantity\": " + quoted(r.quantity) + ", \"value\": " + json(r.value) +
         ", \"standard_error\": " + json(r.error) +
         ", \"interval_95\": " + (r.error ? "[" + json(r.low()) + ", " + json(r.high()) + "]" : "null") +
         ", \"closed_form\": " + json(r.closed_form) + "}";
}

std::string to_json(const std::vector<Outcome>& outcomes) {
  const auto each = [](const Outcome& o) {
    const auto whole = [&](const char* key) {
      return o.job.has(key) ? std::to_string(o.job.get<int64_t>(key)) : "null";
    };
    const std::string rate = o.job.has("paths") ? json(static_cast<double>(o.job.paths()) / o.seconds) : "null";
    return "\n    {\"name\": " + quoted(o.job.name()) + ", \"model\": " + quoted(o.job.model()) +
           ", \"paths\": " + whole("paths") + ", \"seed\": " + whole("seed") + ",\n      " + inputs_json(o.inputs) +
           "\"results\": " + list(o.results, result_json) + ",\n      \"seconds\": " + json(o.seconds) +
           ", \"paths_per_second\": " + rate + "}";
  };
  return "{\"jobs\": " + list(outcomes, each) + "}";
}

}  // namespace lazulite::monte_carlo
