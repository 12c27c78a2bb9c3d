// The one exception type of the core; bindings turn its kind into NumPy's exception classes.
#pragma once

#include <stdexcept>
#include <string>

namespace lazulite {

enum class ErrorKind : unsigned char { value, type, index, axis, overflow, memory, zero_division, linalg, interrupted };

/// A user's mistake, or a limit reached. The text names the op, the values and the way out.
class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& what) : std::runtime_error(what), kind_(kind) {}
  ErrorKind kind() const { return kind_; }

 private:
  ErrorKind kind_;
};

}  // namespace lazulite
