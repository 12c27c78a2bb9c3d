// The SIMD target of this translation unit: the one that its compiler flags give.
#pragma once

#define LAZULITE_HEADER_LIBRARY
// One target, and no dispatch of Highway's own.
#if !defined(HWY_COMPILE_ONLY_STATIC) && !defined(HWY_COMPILE_ALL_ATTAINABLE) && !defined(HWY_TARGET)
#define HWY_COMPILE_ONLY_STATIC
#endif
#include <hwy/highway.h>

#include <cstdarg>
#include <cstdio>
#include <cstdlib>

// Better targets have smaller numbers in Highway.
#if HWY_ARCH_X86 && HWY_STATIC_TARGET > HWY_SSE4
#error \
    "lazulite: these compiler flags select no SIMD target that lazulite has. Use -march=native, or -march=haswell -maes -mpclmul (AVX2), or -march=skylake-avx512; -march=x86-64-v3 alone lacks -maes -mpclmul."
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
#define LAZULITE_ON_TARGET LAZULITE_CONCAT(on_, HWY_NAMESPACE)
