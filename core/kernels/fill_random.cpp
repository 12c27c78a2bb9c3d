// One target's random draws. core/kernels/CMakeLists.txt compiles this file once per target, like the stage files.
#include "core/kernels/random-inl.h"
#include "core/kernels/register.h"

namespace lazulite {
namespace HWY_NAMESPACE {

namespace {

template <class Law32, class Law64>
void Register(StageTable& table, Law law) {
  RandomFill* row = table.fill[static_cast<int>(law)];
  row[0] = &Fill<Law32>;
  row[1] = &Fill<Law64>;
}

}  // namespace

/// Words are the same whatever dtype of 64 bits they are drawn as.
void register_random(StageTable& table) {
  table.fill[static_cast<int>(Law::word)][0] = table.fill[static_cast<int>(Law::word)][1] = &Fill<Word64>;
  Register<Random32, Random64>(table, Law::random);
  Register<Normal32, Normal64>(table, Law::standard_normal);
  Register<Exponential32, Exponential64>(table, Law::standard_exponential);
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite
