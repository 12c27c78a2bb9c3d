// Prices from a CSV file: a header that names the columns, then one row a period, oldest first.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace lazulite::monte_carlo {

/// The columns that were asked for, checked: every price is a finite number above 0.
class Prices {
 public:
  explicit Prices(const std::string& file);
  const std::vector<std::string>& header() const { return header_; }
  /// Throws where there are fewer rows; `reason` goes on after "2 rows of prices".
  void at_least(size_t rows, const std::string& reason = "") const;
  /// The prices in a column. `asked` starts the message where there is no such column.
  std::vector<double> column(const std::string& name, const std::string& asked = "") const;

 private:
  struct Row {
    int line;
    std::vector<std::string> fields;
  };
  double price(int line, const std::string& name, const std::string& text) const;

  std::string file_;
  int header_line_;
  std::vector<std::string> header_;
  std::vector<Row> rows_;
};

}  // namespace lazulite::monte_carlo
