// Recycled<T>: operator new and delete that keep a thread's freed blocks for its next objects of the type.
#pragma once

#include <cstddef>
#include <new>

namespace lazulite {

/// Base of the small objects that every op of an expression makes and frees: general allocators keep a few blocks of a
/// size at hand, an expression frees dozens at once. Blocks may be freed by another thread than made them.
template <class T>
class Recycled {
 public:
#ifndef LAZULITE_ASAN  // which is to see every use of a freed object
  static void* operator new(size_t size) {
    Blocks& b = blocks();
    if (!b.first) return ::operator new(size);
    Block* p = b.first;
    b.first = p->next;
    --b.count;
    return p;
  }
  static void operator delete(void* p) {
    Blocks& b = blocks();
    if (b.count >= kMost) {
      ::operator delete(p);
      return;
    }
    b.first = new (p) Block{b.first};
    ++b.count;
  }

 private:
  static constexpr int kMost = 256;
  struct Block {
    Block* next;
  };
  struct Blocks {
    Block* first = nullptr;
    int count = 0;
    ~Blocks() {
      while (Block* p = first) {
        first = p->next;
        ::operator delete(p);
      }
      count = kMost;  // what the thread frees from here on goes back at once
    }
  };
  static Blocks& blocks() {
    static thread_local Blocks b;
    return b;
  }
#endif
};

}  // namespace lazulite
