// One target's random draws from every stream. core/kernels/CMakeLists.txt compiles this file once per target, like the
// stage files.
#include "core/kernels/buffered-inl.h"
#include "core/kernels/philox-inl.h"
#include "core/kernels/random-inl.h"
#include "core/kernels/register.h"
#include "core/kernels/sobol-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {

namespace {

template <class Words, class Law32, class Law64>
void Register(StageTable& table, Stream stream, Law law) {
  RandomFill* row = table.fill[static_cast<int>(stream)][static_cast<int>(law)];
  row[0] = &Fill<Words, Law32>;
  row[1] = &Fill<Words, Law64>;
}

/// Words are the same whatever dtype of 64 bits they are drawn as.
template <class Words>
void RegisterAll(StageTable& table, Stream stream) {
  Register<Words, Word64, Word64>(table, stream, Law::word);
  Register<Words, Random32, Random64>(table, stream, Law::random);
  Register<Words, Normal32, Normal64>(table, stream, Law::standard_normal);
  Register<Words, Exponential32, Exponential64>(table, stream, Law::standard_exponential);
}

}  // namespace

void register_random(StageTable& table) {
  RegisterAll<Enciphered<Ars7>>(table, Stream::ars);
  RegisterAll<Enciphered<Philox4x32>>(table, Stream::philox);
  RegisterAll<Batched<NumPyPhilox>>(table, Stream::numpy_philox);
  table.fill[static_cast<int>(Stream::numpy_philox)][static_cast<int>(Law::random)][0] = &FillNumPyRandom32;
  Register<Batched<SobolPoints>, Word64, Word64>(table, Stream::sobol, Law::word);
  Register<Batched<SobolPoints>, Random32, Random64>(table, Stream::sobol, Law::random);
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite
