// Random draws as an operand: elements of a stream.
#pragma once

#include "lazulite/expression.h"

namespace lazulite::detail {

/// Writes elements first, ..., first + count - 1 of the key's stream.
using draw_function = void (*)(const uint64_t* key, uint64_t first, int64_t count, void* out);
/// The laws that have no parameters.
enum class law { random, standard_normal, standard_exponential };

/// Elements of a stream: an operand that is made where it is read.
template <class T, int R>
struct draw : leaf_base<T, R> {
  static constexpr bool always_c_order = false, is_drawn = true;
  draw_function fill;
  uint64_t key[2];
  uint64_t first;
  extents<R> shape_;

  draw(draw_function f, const uint64_t* k, uint64_t at, const extents<R>& shape)
      : fill(f), key{k[0], k[1]}, first(at), shape_(shape) {}
  const extents<R>& shape() const { return shape_; }
  const T* data() const { return nullptr; }
  static constexpr double cost() { return cost_of(Op::random); }
  template <class F>
  void each_leaf(F&& f) const {
    f(*this);
  }
};

}  // namespace lazulite::detail
