// What the header library asks of the compiler, and how it keeps floating-point arithmetic as it is written.
#pragma once

#if __cplusplus < 201703L
#error "lazulite needs C++17: compile with -std=c++17 or later"
#endif
#ifdef __FAST_MATH__
#error "lazulite: -ffast-math (-Ofast) lets the compiler change results; compile without it"
#endif

// Between these two, a * b + c rounds twice, whatever the user's flags: GCC's default contracts it, intrinsics
// included. Clang's default does not reach across intrinsics; its -ffp-contract=fast cannot be undone from here, only
// by the -ffp-contract=off that the CMake target and the pkg-config file carry.
#if defined(__clang__)
#define LAZULITE_BEGIN_ROUNDED _Pragma("float_control(push)") _Pragma("clang fp contract(off)")
#define LAZULITE_END_ROUNDED _Pragma("float_control(pop)")
#elif defined(__GNUC__)
// (GCC 12's own AVX-512 headers warn of their deliberately undefined vectors: GCC bug 105593.)
#define LAZULITE_BEGIN_ROUNDED                                                                            \
  _Pragma("GCC push_options") _Pragma("GCC optimize(\"fp-contract=off\")") _Pragma("GCC diagnostic push") \
      _Pragma("GCC diagnostic ignored \"-Wuninitialized\"")                                               \
          _Pragma("GCC diagnostic ignored \"-Wmaybe-uninitialized\"")
#define LAZULITE_END_ROUNDED _Pragma("GCC diagnostic pop") _Pragma("GCC pop_options")
#else
#error "lazulite needs g++ or clang++"
#endif

#define LAZULITE_INLINE inline __attribute__((always_inline))
#define LAZULITE_LAMBDA __attribute__((always_inline))
