// Which of the translation unit's SIMD targets evaluations take: with LAZULITE_DISPATCH the best that the processor
// has.
#pragma once

#include "lazulite/target.h"

// LAZULITE_CHOOSE(name): of the things called so for every target, the one of the target in use.
#if LAZULITE_DISPATCHES

#include <atomic>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/kernels/processor.h"

namespace lazulite {

namespace detail {

/// SIMD targets, worst first, as core/kernels/processor.h counts them.
enum target : int { no_target, sse4, avx2, avx3 };
inline constexpr const char* target_names[] = {"none", "sse4", "avx2", "avx3"};

/// The best target that the processor has.
inline int best_target() {
  static const int best = processor::level() < avx3 ? processor::level() : static_cast<int>(avx3);
  return best;
}

/// The target in use in all translation units; of those that are compiled for better ones only, the least of theirs.
inline std::atomic<int> common_target{no_target};

inline namespace LAZULITE_ON_TARGET {

#if HWY_TARGETS & HWY_SSE4
inline constexpr int least_target = sse4;
#else
inline constexpr int least_target = avx2;
#endif

/// Chooses the first time, and where another translation unit's target is none of this one's.
inline __attribute__((noinline)) int choose_target() {
  if (best_target() < least_target)
    throw std::runtime_error(std::string("lazulite: this program needs a processor with ") +
                             (least_target == sse4 ? "SSE4.2, AES and CLMUL" : "AVX2"));
  int target = no_target;
  if (common_target.compare_exchange_strong(target, best_target(), std::memory_order_relaxed)) target = best_target();
  return target < least_target ? least_target : target;
}
LAZULITE_INLINE int target_in_use() {
  const int target = common_target.load(std::memory_order_relaxed);
  return __builtin_expect(target >= least_target, 1) ? target : choose_target();
}
template <class T>
LAZULITE_INLINE const T& chosen(const T& of_sse4, const T& of_avx2, const T& of_avx3) {
  const int target = target_in_use();
  return target >= avx3 ? of_avx3 : target == avx2 ? of_avx2 : of_sse4;
}

}  // namespace LAZULITE_ON_TARGET

}  // namespace detail

inline namespace LAZULITE_ON_TARGET {

/// The SIMD target that evaluations use: "sse4", "avx2" or "avx3" (AVX-512).
inline const char* simd_target() { return detail::target_names[detail::target_in_use()]; }

/// All that the processor has, best first.
inline std::vector<const char*> simd_targets() {
  std::vector<const char*> names;
  for (int t = detail::best_target(); t >= detail::least_target; --t) names.push_back(detail::target_names[t]);
  return names;
}

/// Makes all threads' evaluations use this target from now on.
inline void use_simd_target(const std::string& name) {
  for (int t = detail::best_target(); t >= detail::least_target; --t)
    if (name == detail::target_names[t]) return detail::common_target.store(t, std::memory_order_relaxed);
  throw std::invalid_argument("lazulite: this processor has no SIMD target '" + name + "'");
}

}  // namespace LAZULITE_ON_TARGET

}  // namespace lazulite

#if HWY_TARGETS & HWY_SSE4
#define LAZULITE_CHOOSE(...) lazulite::detail::chosen(N_SSE4::__VA_ARGS__, N_AVX2::__VA_ARGS__, N_AVX3::__VA_ARGS__)
#else
#define LAZULITE_CHOOSE(...) lazulite::detail::chosen(N_AVX2::__VA_ARGS__, N_AVX2::__VA_ARGS__, N_AVX3::__VA_ARGS__)
#endif

#else

#define LAZULITE_CHOOSE(...) HWY_NAMESPACE::__VA_ARGS__

#endif
