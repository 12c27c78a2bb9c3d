// Reading and checking a prices file.
#include "examples/monte_carlo/prices.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <regex>

#include "examples/monte_carlo/errors.h"

namespace lazulite::monte_carlo {

constexpr size_t kFewest = 3;  // prices: two returns, the least that has a variance

/// The fields of a row. A field may stand in double quotes, and then hold commas and doubled quotes.
static std::vector<std::string> split_row(const std::string& line) {
  std::vector<std::string> fields;
  for (size_t i = 0;; ++i) {
    std::string field;
    i = std::min(line.find_first_not_of(" \t", i), line.size());
    if (i < line.size() && line[i] == '"') {
      for (++i; i < line.size(); ++i) {
        if (line[i] == '"' && (i + 1 == line.size() || line[++i] != '"')) break;
        field += line[i];
      }
      if (i < line.size() && line[i] == '"') ++i;
    }
    const size_t end = std::min(line.find(',', i), line.size());
    std::string rest = line.substr(i, end - i);
    rest.erase(rest.find_last_not_of(" \t") + 1);
    rest.erase(0, std::min(rest.find_first_not_of(" \t"), rest.size()));
    fields.push_back(field + rest);
    if (end == line.size()) return fields;
    i = end;
  }
}

Prices::Prices(const std::string& file) : file_(file) {
  std::string text = read_text(file, "its first line names the columns, every further line holds one price a column");
  if (text.rfind("\xef\xbb\xbf", 0) == 0) text.erase(0, 3);
  int number = 0;
  for (size_t start = 0; start <= text.size();) {
    const size_t end = std::min(text.find('\n', start), text.size());
    std::string line = text.substr(start, end - start);
    if (!line.empty() && line.back() == '\r') line.pop_back();
    ++number;
    if (line.find_first_not_of(" \t") != std::string::npos) rows_.push_back({number, split_row(line)});
    start = end + 1;
  }
  header_line_ = rows_.front().line;
  header_ = rows_.front().fields;
  rows_.erase(rows_.begin());
  for (auto name = header_.begin(); name != header_.end(); ++name) {
    if (std::find(header_.begin(), name, *name) != name) {
      throw at(file, header_line_, "two columns are called '" + *name + "'; rename one");
    }
  }
  for (const Row& row : rows_) {
    if (row.fields.size() == header_.size()) continue;
    const std::string problem = count(row.fields.size(), "field") + " where the header has ";
    throw at(file, row.line, problem + std::to_string(header_.size()) + "; give every row one field a column");
  }
  at_least(kFewest);
}

void Prices::at_least(size_t rows, const std::string& reason) const {
  if (rows_.size() >= rows) return;
  const int last = rows_.empty() ? header_line_ : rows_.back().line;
  const std::string problem = count(rows_.size(), "row") + " of prices" + reason;
  throw at(file_, last, problem + "; give at least " + std::to_string(rows));
}

std::vector<double> Prices::column(const std::string& name, const std::string& asked) const {
  const auto found = std::find(header_.begin(), header_.end(), name);
  if (found == header_.end()) {
    const std::string place = (asked.empty() ? "" : asked + ": ") + file_ + ":" + std::to_string(header_line_);
    const std::string problem = " has no column '" + name + "' (it has " + join(header_) + ")";
    throw InputError(place + problem + "; name one of these, or add the column");
  }
  const auto index = static_cast<size_t>(found - header_.begin());
  std::vector<double> prices;
  for (const Row& row : rows_) prices.push_back(price(row.line, name, row.fields[index]));
  return prices;
}

double Prices::price(int line, const std::string& name, const std::string& text) const {
  // Narrower than strtod: "1_000", "0x10" and "infinity" are typing errors here.
  static const std::regex number(R"([+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?)");
  std::string lower = text;
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  for (const char* absent : {"", "nan", "na", "n/a", "null"}) {
    if (lower == absent) {
      throw at(file_, line, name + " has no price ('" + text + "'); fill it in or remove the row");
    }
  }
  if (text.size() > 400 || !std::regex_match(text, number)) {
    throw at(file_, line, name + " is '" + text.substr(0, 400) + "', not a number; write a price such as 1628.75");
  }
  const double value = std::strtod(text.c_str(), nullptr);
  if (!(value > 0)) {
    throw at(file_, line, name + " is " + text + ", and a price is above 0; correct it or remove the row");
  }
  if (std::isinf(value)) {
    throw at(file_, line, name + " is " + text + ", too large for a number; correct it or remove the row");
  }
  return value;
}

}  // namespace lazulite::monte_carlo
