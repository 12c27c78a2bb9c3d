// Stages of the scalar rows: the accumulator goes to memory, through the row's loop, and back.
#include <utility>

#include "core/kernels/binary-inl.h"
#include "core/kernels/register.h"
#include "core/kernels/scalar.h"

namespace lazulite {
namespace HWY_NAMESPACE {
namespace {

template <Op op, class T, int N, bool is_scalar, bool reversed>
struct ScalarBody {
  static HWY_INLINE void apply(Slot* slots, const Instruction* ip, Reg (&v)[8]) {
    std::byte* scratch = slots[0];
    LZ_EACH(N, StoreVector(FromReg<uint8_t>(v[i]), scratch, i));
    scalar_loop<op, T>(reinterpret_cast<T*>(scratch), Operand(slots, ip, 0), is_scalar ? 0 : 1, N * kLanes<T>,
                       reversed);
    scratch = slots[0];
    LZ_EACH(8, v[i] = LoadVector<uint8_t>(scratch, i < N ? i : 0).raw);
  }
};

template <Op op, DType t, int lw = log2_size(t)>
void AddScalar(StageTable& table) {
  using T = Lane<t>;
  constexpr int N = (8 << log2_size(t)) >> lw;
  const auto set = [&](Form form, StageFn stage) { table.op[int(op)][int(form)][int(t)][lw] = stage; };
  set(Form::AM, StagePointer<ScalarBody<op, T, N, false, false>>());
  set(Form::MA, StagePointer<ScalarBody<op, T, N, false, true>>());
  set(Form::AS, StagePointer<ScalarBody<op, T, N, true, false>>());
  set(Form::SA, StagePointer<ScalarBody<op, T, N, true, true>>());
  if constexpr (lw < 3) AddScalar<op, t, lw + 1>(table);
}

template <Op op, DTypeSet loops, size_t... t>
void AddLoops(StageTable& table, std::index_sequence<t...>) {
  (
      [&table] {
        if constexpr (contains(loops, static_cast<DType>(t))) AddScalar<op, static_cast<DType>(t)>(table);
      }(),
      ...);
}

}  // namespace

void register_scalar(StageTable& table) {
#define LZ_SCALAR(id, loops) AddLoops<Op::id, loops>(table, std::make_index_sequence<kDTypes>());
#include "core/ops/scalar.def"
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite
