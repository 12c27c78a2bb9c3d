// Fork and join, told to ThreadSanitizer: the distribution's oneTBB is not built with it, so the order that TBB gives
// to the work of its threads is invisible. In other builds these functions do nothing.
#pragma once

#ifdef LAZULITE_TSAN
#include <sanitizer/tsan_interface.h>
#endif

namespace lazulite {

/// What this thread has done comes before whatever follows `ordered_after(at)`, in any thread.
inline void ordered_before([[maybe_unused]] void* at) {
#ifdef LAZULITE_TSAN
  __tsan_release(at);
#endif
}
inline void ordered_after([[maybe_unused]] void* at) {
#ifdef LAZULITE_TSAN
  __tsan_acquire(at);
#endif
}

}  // namespace lazulite
