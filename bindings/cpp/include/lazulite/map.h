// map(function, a, b, ...): a user's function on vectors, fused like any op.
//
// The function is called with vectors of each operand's elements (`simd<T>`), as a generic lambda or template is, and
// gives one: map([](auto x, auto y) { return x * exp(y) + 1.0; }, a, b). It must not look at a lane's position.
//
// Where several SIMD targets are compiled (LAZULITE_DISPATCH), it needs a copy for each, which the macro makes:
// map(LAZULITE_VECTORS((auto x, auto y), { return x * exp(y) + 1.0; }), a, b). Captures are copies.
#pragma once

#include "lazulite/kernels.h"
#include "lazulite/mapped.h"

namespace lazulite {

#if !LAZULITE_DISPATCHES
using HWY_NAMESPACE::simd;
#define LAZULITE_VECTORS(parameters, ...) ([=] parameters __VA_ARGS__)
#else
using N_AVX3::simd;  // for the result's type, which is the same for all targets
#if HWY_TARGETS & HWY_SSE4
#define LAZULITE_VECTORS_OF_SSE4(parameters, ...) \
  ([=] parameters __attribute__((target(HWY_TARGET_STR_SSE4))) __VA_ARGS__)
#else
#define LAZULITE_VECTORS_OF_SSE4(parameters, ...) 0
#endif
#define LAZULITE_VECTORS(parameters, ...)                                                                        \
  (lazulite::detail::vector_function_of(LAZULITE_VECTORS_OF_SSE4(parameters, __VA_ARGS__),                       \
                                        [=] parameters __attribute__((target(HWY_TARGET_STR_AVX2))) __VA_ARGS__, \
                                        [=] parameters __attribute__((target(HWY_TARGET_STR_AVX3))) __VA_ARGS__))
namespace detail {
template <class Sse4, class Avx2, class Avx3>
vector_function<Sse4, Avx2, Avx3> vector_function_of(Sse4 a, Avx2 b, Avx3 c) {
  return {a, b, c};
}
}  // namespace detail
#endif

/// f(a, b, ...) vector by vector. All have elements of one size: use astype where they do not.
template <class F, class... A, class = std::enable_if_t<(is_expression<A> && ...)>>
auto map(F f, A&&... a) {
  static_assert(detail::is_vector_function<F>,
                "lazulite: with LAZULITE_DISPATCH, map's function is written as LAZULITE_VECTORS((auto x), { ... })");
  if constexpr (detail::is_vector_function<F>) {
    using Result = decltype(std::declval<detail::one_of_functions<F>>()(
        std::declval<simd<typename std::decay_t<A>::value_type>>()...));
    using T = typename Result::value_type;
    static_assert(((sizeof(typename std::decay_t<A>::value_type) == sizeof(T)) && ...),
                  "lazulite: map's operands must have elements of one size; use astype");
    return detail::mapped<F, T, detail::node<A>...>(std::move(f), detail::node_of(std::forward<A>(a))...);
  }
}

}  // namespace lazulite
