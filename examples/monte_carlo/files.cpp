// Temporary files that are renamed.
#include "examples/monte_carlo/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "examples/monte_carlo/errors.h"

namespace lazulite::monte_carlo {

WholeFile::WholeFile(std::string file, std::string option) : file_(std::move(file)), option_(std::move(option)) {
  struct stat found;
  const bool exists = ::stat(file_.c_str(), &found) == 0;
  if (exists && !S_ISREG(found.st_mode)) {
    handle_ = ::open(file_.c_str(), O_WRONLY | O_CLOEXEC);
  } else {
    target_ = exists ? std::filesystem::canonical(file_).string() : file_;
    temporary_ = (std::filesystem::path(target_).parent_path() / ".lazulite-mc-XXXXXX").string();
    handle_ = ::mkstemp(temporary_.data());
  }
  if (handle_ < 0) fail();
}

WholeFile::~WholeFile() {
  if (handle_ < 0) return;
  ::close(handle_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void WholeFile::write(const void* data, size_t size) {
  const auto* bytes = static_cast<const char*>(data);
  for (size_t done = 0; done < size;) {
    const ssize_t n = ::write(handle_, bytes + done, size - done);
    if (n < 0 && errno != EINTR) fail();
    if (n > 0) done += static_cast<size_t>(n);
  }
}

void WholeFile::finish() {
  if (!temporary_.empty()) {
    const mode_t mask = ::umask(0);
    ::umask(mask);
    if (::fchmod(handle_, 0666 & ~mask) != 0 || std::rename(temporary_.c_str(), target_.c_str()) != 0) fail();
  }
  const int handle = handle_;
  handle_ = -1;
  if (::close(handle) != 0) fail();
}

void WholeFile::fail() const {
  const std::string problem = "cannot be written (" + std::string(std::strerror(errno)) + ")";
  throw InputError(file_ + ": " + problem + "; give " + option_ + " a file in a folder that you may write to");
}

static std::string gigabytes(double bytes) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f GB", bytes / 1e9);
  return text;
}

void check_room(const std::string& file, double size, const std::string& remedy) {
  const std::filesystem::path folder = std::filesystem::path(file).parent_path();
  std::error_code error;
  const auto space = std::filesystem::space(folder.empty() ? "." : folder, error);
  if (error || space.capacity == 0 || size <= static_cast<double>(space.available)) return;
  const std::string problem = "needs " + gigabytes(size) + ", and the disk has ";
  throw InputError(file + ": " + problem + gigabytes(static_cast<double>(space.available)) + " left; " + remedy);
}

}  // namespace lazulite::monte_carlo
