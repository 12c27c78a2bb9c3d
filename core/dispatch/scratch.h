// Memory of one thread for the piece of work it is at.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>

namespace lazulite {

/// Keeps its size from piece to piece.
class Scratch {
 public:
  ~Scratch() { std::free(data_); }
  /// At least `bytes` bytes, on a cache line; what was in them is lost.
  std::byte* get(int64_t bytes) {
    if (bytes > size_) {
      std::free(data_);
      size_ = (bytes + 4095) / 4096 * 4096;
      data_ = static_cast<std::byte*>(std::aligned_alloc(64, static_cast<size_t>(size_)));
      if (!data_) {
        size_ = 0;
        throw std::bad_alloc();
      }
    }
    return data_;
  }

 private:
  std::byte* data_ = nullptr;
  int64_t size_ = 0;
};

}  // namespace lazulite
