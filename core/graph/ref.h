// Ref<T>: an intrusive, counted pointer. T has `std::atomic<uint32_t> refs` and a free function `destroy(T*)`.
#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

namespace lazulite {

/// Drops one reference; true if it was the last. Who holds the only one has nobody to race with: a plain load is then
/// enough, where an atomic change would take as long as ten other instructions. (The count of the dead is not defined.)
template <class T>
bool drop_reference(T* p) {
  return p->refs.load(std::memory_order_acquire) == 1 || p->refs.fetch_sub(1, std::memory_order_acq_rel) == 1;
}

template <class T>
class Ref {
 public:
  Ref() = default;
  Ref(std::nullptr_t) {}
  /// Shares an object that others own already.
  explicit Ref(T* p) : p_(p) {
    if (p_) p_->refs.fetch_add(1, std::memory_order_relaxed);
  }
  /// Takes over the one reference that a new object starts with.
  static Ref adopt(T* p) {
    Ref r;
    r.p_ = p;
    return r;
  }
  Ref(const Ref& o) : Ref(o.p_) {}
  Ref(Ref&& o) noexcept : p_(std::exchange(o.p_, nullptr)) {}
  Ref& operator=(Ref o) noexcept {
    std::swap(p_, o.p_);
    return *this;
  }
  ~Ref() {
    if (p_ && drop_reference(p_)) destroy(p_);
  }
  T* get() const { return p_; }
  T* operator->() const { return p_; }
  T& operator*() const { return *p_; }
  explicit operator bool() const { return p_ != nullptr; }
  /// Gives up ownership without dropping the reference.
  T* release() { return std::exchange(p_, nullptr); }
  bool sole() const { return p_ && p_->refs.load(std::memory_order_acquire) == 1; }

 private:
  T* p_ = nullptr;
};

}  // namespace lazulite
