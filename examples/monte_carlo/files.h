// Files that are whole or not there.
#pragma once

#include <cstdint>
#include <string>

namespace lazulite::monte_carlo {

/// A new file next to the target under a temporary name, which takes its name when it is complete: a reader never sees
/// half a file. What is no file (/dev/stdout, a pipe) is written as it is.
class WholeFile {
 public:
  /// `option` is what asked for it.
  WholeFile(std::string file, std::string option);
  ~WholeFile();
  WholeFile(const WholeFile&) = delete;
  WholeFile& operator=(const WholeFile&) = delete;

  void write(const void* data, size_t size);
  void write(const std::string& text) { write(text.data(), text.size()); }
  void finish();

 private:
  [[noreturn]] void fail() const;
  std::string file_, option_;
  std::string target_;     // where the name leads; a link stays one
  std::string temporary_;  // empty: the target is written as it is
  int handle_ = -1;
};

/// Throws where the disk has no room for so many bytes, before anything is written.
void check_room(const std::string& file, double size, const std::string& remedy);

}  // namespace lazulite::monte_carlo
