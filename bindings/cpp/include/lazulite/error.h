// What the header library throws: a user's mistakes, in NumPy's words.
#pragma once

#include <stdexcept>
#include <string>

namespace lazulite {

/// Shapes that do not fit together.
class shape_error : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

/// An index or an axis that an array does not have.
class index_error : public std::out_of_range {
 public:
  using std::out_of_range::out_of_range;
};

/// A number that an array's dtype cannot hold.
class range_error : public std::overflow_error {
 public:
  using std::overflow_error::overflow_error;
};

}  // namespace lazulite
