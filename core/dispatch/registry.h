// Registry: the live cells whose value is pending or borrowed, so that they can be computed when a budget is crossed.
#pragma once

#include <tbb/spin_mutex.h>

#include <atomic>
#include <utility>

#include "core/dispatch/array.h"

namespace lazulite {

class Registry {
 public:
  using Lock = tbb::spin_mutex;  // held for some instructions, twice for every op
  static Registry& get() {
    static auto* registry = new Registry;
    return *registry;
  }
  /// Swaps in the cell's next node, and lists the cell or not.
  void set(Cell* c, NodeRef& node, bool listed) {
    const Lock::scoped_lock guard(lock_);
    std::swap(c->node, node);
    if (listed != c->registered) listed ? link(c) : unlink(c);
  }
  void remove(Cell* c) {
    const Lock::scoped_lock guard(lock_);
    if (c->registered) unlink(c);
  }
  /// Removes the cells of which f is true.
  template <class F>
  void remove_if(F&& f) {
    const Lock::scoped_lock guard(lock_);
    for (Cell *c = first_, *next; c; c = next) {
      next = c->next;
      if (f(c)) unlink(c);
    }
  }
  int64_t count() const { return count_.load(std::memory_order_relaxed); }
  /// Calls f on every registered cell, whose nodes stay as they are meanwhile; f must not register or drop cells.
  template <class F>
  void each(F&& f) {
    const Lock::scoped_lock guard(lock_);
    for (Cell* c = first_; c; c = c->next) f(c);
  }
  Lock& lock() { return lock_; }

 private:
  void link(Cell* c) {
    c->registered.store(true, std::memory_order_relaxed);
    c->previous = nullptr;
    c->next = first_;
    if (first_) first_->previous = c;
    first_ = c;
    count_.store(count() + 1, std::memory_order_relaxed);
  }
  void unlink(Cell* c) {
    c->registered.store(false, std::memory_order_relaxed);
    (c->previous ? c->previous->next : first_) = c->next;
    if (c->next) c->next->previous = c->previous;
    count_.store(count() - 1, std::memory_order_relaxed);
  }

  Lock lock_;
  Cell* first_ = nullptr;
  std::atomic<int64_t> count_{0};  // changed under the lock
};

/// Points a cell at a node, keeping the registry and the counts of handles.
void point(Cell* c, NodeRef node);

/// Computes live pending arrays when a budget of nodes or bytes is crossed by `newest`.
void flush_if_due(const NodeRef& newest);

}  // namespace lazulite
