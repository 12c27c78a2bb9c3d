// The one exception for bad input: a line that names the file, the line and the remedy.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace lazulite::monte_carlo {

/// What the user can mend: what() is the whole message, on one line.
class InputError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// An InputError about a place in a file; line 0: the file as a whole.
InputError at(const std::string& file, int line, const std::string& problem);

/// The contents of a file that must exist, be readable and say something; `remedy` is for an empty one.
std::string read_text(const std::string& file, const std::string& remedy);

/// The choice that is at most two edits away, for 'did you mean'; or nothing.
std::string closest(const std::string& word, const std::vector<std::string>& choices);

std::string join(const std::vector<std::string>& words);

/// printf's %g: a number as the messages show it.
std::string show(double value, int digits = 6);

/// "1 row", "2 rows".
std::string count(size_t n, const std::string& noun);

}  // namespace lazulite::monte_carlo
