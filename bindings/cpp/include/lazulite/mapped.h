// map's node: a user's function of operands.
#pragma once

#include <memory>

#include "lazulite/expression.h"
#include "lazulite/target.h"

namespace lazulite::detail {

// A user's function is compiled once for every target: the member that is called as the target's namespace is.
#if !LAZULITE_DISPATCHES
#define LAZULITE_FUNCTION_OF_TARGET(f) (f)
template <class F>
inline constexpr bool is_vector_function = true;
template <class F>
using one_of_functions = const F&;
#else
#define LAZULITE_FUNCTION_OF_TARGET(f) (f).HWY_NAMESPACE
template <class Sse4, class Avx2, class Avx3>
struct vector_function {
  Sse4 N_SSE4;
  Avx2 N_AVX2;
  Avx3 N_AVX3;
};
template <class F>
inline constexpr bool is_vector_function = false;
template <class... F>
inline constexpr bool is_vector_function<vector_function<F...>> = true;
template <class F>
using one_of_functions = const decltype(F::N_AVX3)&;
#endif

/// A user's function of operands. Copies of the expression share it.
template <class F, class T, class... A>
struct mapped : operation<Op::add, T, T, A...> {
  using base = operation<Op::add, T, T, A...>;
  static constexpr int numbers = base::numbers + 1;
  std::shared_ptr<const F> f;

  mapped(F&& function, A&&... a) : base(std::move(a)...), f(std::make_shared<const F>(std::move(function))) {}
  static constexpr double cost() { return base::cost() + 1; }  // a guess: nothing is known of it
  template <class G>
  void each_number(G&& g) const {
    base::each_number(g);
    g(slot_of(f.get()));
  }
};

}  // namespace lazulite::detail
