// Registry: the live cells whose value is pending or borrowed, so that they can be computed when a budget is crossed.
#pragma once

#include <tbb/spin_mutex.h>

#include "core/dispatch/array.h"

namespace lazulite {

class Registry {
 public:
  using Lock = tbb::spin_mutex;  // held for some instructions, twice for every op
  static Registry& get() {
    static auto* registry = new Registry;
    return *registry;
  }
  void add(Cell* c) {
    const Lock::scoped_lock guard(lock_);
    if (c->registered) return;
    c->registered = true;
    c->previous = nullptr;
    c->next = first_;
    if (first_) first_->previous = c;
    first_ = c;
    ++count_;
  }
  void remove(Cell* c) {
    const Lock::scoped_lock guard(lock_);
    if (!c->registered) return;
    c->registered = false;
    (c->previous ? c->previous->next : first_) = c->next;
    if (c->next) c->next->previous = c->previous;
    --count_;
  }
  int64_t count() const { return count_; }
  /// Calls f on every registered cell; f must not register or drop cells.
  template <class F>
  void each(F&& f) {
    const Lock::scoped_lock guard(lock_);
    for (Cell* c = first_; c; c = c->next) f(c);
  }
  Lock& lock() { return lock_; }

 private:
  Lock lock_;
  Cell* first_ = nullptr;
  int64_t count_ = 0;
};

/// Points a cell at a node, keeping the registry and the counts of handles.
void point(Cell* c, NodeRef node);

/// Computes live pending arrays when a budget of nodes or bytes is crossed by `newest`.
void flush_if_due(const NodeRef& newest);

}  // namespace lazulite
