// The SIMD targets of this translation unit: the one that its compiler flags give, or, where LAZULITE_DISPATCH is
// defined before the first include, every target from there up, of which evaluations take the best that the processor
// has.
#pragma once

#define LAZULITE_HEADER_LIBRARY
#ifdef LAZULITE_DISPATCH
// SSSE3 is no target of ours; without it, flags that give no better one give Highway's scalar fallback, which is not
// compiled either.
#ifndef HWY_DISABLED_TARGETS
#define HWY_DISABLED_TARGETS HWY_SSSE3
#endif
#elif !defined(HWY_COMPILE_ONLY_STATIC) && !defined(HWY_COMPILE_ALL_ATTAINABLE) && !defined(HWY_TARGET)
// One target, and no dispatch of Highway's own.
#define HWY_COMPILE_ONLY_STATIC
#endif
#include <hwy/base.h>
//
#include <hwy/detect_targets.h>

// (Where the flags give the best target already, and on ARM, there is nothing to choose.)
#if defined(LAZULITE_DISPATCH) && HWY_ARCH_X86 && HWY_TARGETS != HWY_STATIC_TARGET
#define LAZULITE_DISPATCHES 1
#else
#define LAZULITE_DISPATCHES 0
#include <hwy/highway.h>
#endif

#include <cstdarg>
#include <cstdio>
#include <cstdlib>

// Better targets have smaller numbers in Highway.
#if LAZULITE_DISPATCHES
#elif HWY_ARCH_X86 && HWY_STATIC_TARGET > HWY_SSE4
#error \
    "lazulite: these compiler flags select no SIMD target that lazulite has. Use -march=native, or -march=haswell -maes -mpclmul (AVX2), or -march=skylake-avx512; -march=x86-64-v3 alone lacks -maes -mpclmul. Or define LAZULITE_DISPATCH before the include: the target is then chosen when the program runs."
#elif HWY_ARCH_X86 && defined(__AVX2__) && HWY_STATIC_TARGET > HWY_AVX2
#pragma message( \
    "lazulite: these compiler flags have AVX2, but select SSE4: Highway's AVX2 needs -maes -mpclmul -mfma -mbmi -mbmi2 -mf16c, too. Add them, or define LAZULITE_DISPATCH before the include.")
#elif HWY_ARCH_X86 && defined(__AVX512F__) && HWY_STATIC_TARGET > HWY_AVX3
#pragma message( \
    "lazulite: these compiler flags have AVX-512, but select AVX2: Highway's AVX-512 needs -mavx512vl -mavx512dq -mavx512bw, too. Add them, or define LAZULITE_DISPATCH before the include.")
#elif HWY_ARCH_ARM && HWY_STATIC_TARGET != HWY_NEON
#error "lazulite: on ARM, compile with -march=armv8-a+crypto (SVE's vectors have no fixed size)"
#elif !HWY_ARCH_X86 && !HWY_ARCH_ARM
#error "lazulite runs on x86-64 and aarch64"
#endif

namespace hwy {
// Highway's headers call it where their debug checks fail; weak, so that its library's own may serve as well.
HWY_DLLEXPORT HWY_NORETURN void HWY_FORMAT(3, 4) Abort(const char* file, int line, const char* format, ...);
__attribute__((weak)) void Abort(const char* file, int line, const char* format, ...) {
  std::va_list arguments;
  va_start(arguments, format);
  std::fprintf(stderr, "Abort at %s:%d: ", file, line);
  std::vfprintf(stderr, format, arguments);
  va_end(arguments);
  std::abort();
}
}  // namespace hwy

// What an evaluation compiles to differs from target to target, and so does its name: translation units of different
// flags may be linked together.
#define LAZULITE_CONCAT_(a, b) a##b
#define LAZULITE_CONCAT(a, b) LAZULITE_CONCAT_(a, b)
#if !LAZULITE_DISPATCHES
#define LAZULITE_ON_TARGET LAZULITE_CONCAT(on_, HWY_NAMESPACE)
#elif HWY_TARGETS & HWY_SSE4
#define LAZULITE_ON_TARGET from_N_SSE4
#else
#define LAZULITE_ON_TARGET from_N_AVX2
#endif

// Between these two: code for the target that is being compiled, in the arithmetic that is written.
#if LAZULITE_DISPATCHES
#define LAZULITE_BEGIN_TARGET LAZULITE_BEGIN_ROUNDED HWY_BEFORE_NAMESPACE();
#define LAZULITE_END_TARGET \
  HWY_AFTER_NAMESPACE();    \
  LAZULITE_END_ROUNDED
#else
#define LAZULITE_BEGIN_TARGET LAZULITE_BEGIN_ROUNDED
#define LAZULITE_END_TARGET LAZULITE_END_ROUNDED
#endif
