// Errors with a place, and the text of files.
#include "examples/monte_carlo/errors.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace lazulite::monte_carlo {

InputError at(const std::string& file, int line, const std::string& problem) {
  return InputError(line > 0 ? file + ":" + std::to_string(line) + ": " + problem : file + ": " + problem);
}

std::string read_text(const std::string& file, const std::string& remedy) {
  const std::unique_ptr<FILE, int (*)(FILE*)> handle(std::fopen(file.c_str(), "rb"),
                                                     [](FILE* f) { return f ? std::fclose(f) : 0; });
  std::string text;
  char buffer[1 << 16];
  size_t n = 0;
  if (handle) {
    while ((n = std::fread(buffer, 1, sizeof buffer, handle.get())) > 0) text.append(buffer, n);
  }
  if (!handle || std::ferror(handle.get())) {
    const std::string reason = std::strerror(errno);
    throw at(file, 0, "cannot be read (" + reason + "); check the path and its permissions");
  }
  if (text.find_first_not_of(" \t\r\n\f\v") == std::string::npos) throw at(file, 1, "the file is empty; " + remedy);
  return text;
}

static size_t edits(const std::string& a, const std::string& b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j < row.size(); ++j) row[j] = j;
  for (size_t i = 0; i < a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i + 1;
    for (size_t j = 0; j < b.size(); ++j) {
      const size_t replaced = diagonal + (a[i] != b[j]);
      diagonal = row[j + 1];
      row[j + 1] = std::min({row[j + 1] + 1, row[j] + 1, replaced});
    }
  }
  return row.back();
}

std::string closest(const std::string& word, const std::vector<std::string>& choices) {
  const auto best = std::min_element(choices.begin(), choices.end(),
                                     [&](const auto& a, const auto& b) { return edits(word, a) < edits(word, b); });
  return best != choices.end() && edits(word, *best) <= 2 ? *best : "";
}

std::string join(const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& word : words) all += (all.empty() ? "" : ", ") + word;
  return all;
}

std::string show(double value, int digits) {
  char text[32];
  std::snprintf(text, sizeof text, "%.*g", digits, value);
  return text;
}

std::string count(size_t n, const std::string& noun) { return std::to_string(n) + " " + noun + (n == 1 ? "" : "s"); }

}  // namespace lazulite::monte_carlo
