// Stages of the laws with parameters.
//
// A law is long, and most of its time goes into loops that end when all lanes have a result: the stage stores its
// operands and calls one function for them all. That keeps the stages of all forms small.
#include "core/kernels/hypergeometric-inl.h"
#include "core/kernels/register.h"
#include "core/kernels/samples_counts-inl.h"
#include "core/kernels/samples_gamma-inl.h"
#include "core/kernels/where-inl.h"

namespace lazulite {
namespace HWY_NAMESPACE {
namespace {

// A law by its row. A law that draws vector by vector has `Make(a, b)`, which prepares the parameters, once if they are
// numbers, and `Draw(law, words)`; one that draws a batch, `Draw(operands, draws)`.

template <class Law, class = void>
inline constexpr bool kDrawsBatches = false;
template <class Law>
inline constexpr bool
    kDrawsBatches<Law, std::void_t<decltype(Law::Draw(std::declval<Operands<true, true>>(), std::declval<Draws&>()))>> =
        true;

template <class L, class T_ = double>
struct OfOneParameter {
  using T = T_;
  static HWY_INLINE L Make(Vector<T> a, Vector<T>) { return L(a); }
  static HWY_INLINE Vector<T> Draw(const L& law, U64 w) { return law.Draw(w); }
};
using VonMises = OfOneParameter<VonMisesLaw>;
using Zipf = OfOneParameter<ZipfLaw>;
using Integer = OfOneParameter<IntegerLaw, uint64_t>;
struct Hypergeometric {
  using T = uint64_t;
  static HWY_INLINE HypergeometricLaw Make(U64 colors, U64 sample) { return HypergeometricLaw(colors, sample); }
  static HWY_INLINE U64 Draw(const HypergeometricLaw& law, U64 w) { return law.Draw(w); }
};
struct Fork {
  using T = double;
  static HWY_INLINE F64 Make(F64 number, F64) { return number; }
  static HWY_INLINE F64 Draw(F64 number, U64 w) {
    return hn::BitCast(Tag<double>(), ForkedWord(w, number, Purpose::fork));
  }
};
struct ForkWord {
  using T = uint64_t;
  static HWY_INLINE U64 Make(U64 number, U64) { return number; }
  static HWY_INLINE U64 Draw(U64 number, U64 w) { return ForkedWord(w, number, Purpose::fork); }
};
struct Uniform : Fork {
  static HWY_INLINE F64 Draw(F64 number, U64 w) { return UniformOf(ForkedWord(w, number, Purpose::uniform)); }
};

/// `out`: eight vectors of draws from the words `w` and the parameters a and b: eight vectors, or one value.
template <class Law, bool a_is_scalar, bool b_is_scalar>
HWY_NOINLINE void DrawVectors(const std::byte* w, const std::byte* a, const std::byte* b, std::byte* out) {
  using T = typename Law::T;
  if constexpr (kDrawsBatches<Law>) {
    Draws draws;
    Law::Draw(Operands<a_is_scalar, b_is_scalar>{w, a, b}, draws);
    for (int i = 0; i < 8; ++i) StoreVector(draws[i], out, i);
  } else if constexpr (a_is_scalar && b_is_scalar) {
    const auto law = Law::Make(Broadcast<T>(a), Broadcast<T>(b));
    for (int i = 0; i < 8; ++i) StoreVector(Law::Draw(law, LoadVector<uint64_t>(w, i)), out, i);
  } else {
    for (int i = 0; i < 8; ++i) {
      const auto law = Law::Make(a_is_scalar ? Broadcast<T>(a) : LoadVector<T>(a, i),
                                 b_is_scalar ? Broadcast<T>(b) : LoadVector<T>(b, i));
      StoreVector(Law::Draw(law, LoadVector<uint64_t>(w, i)), out, i);
    }
  }
}

/// A law of one parameter; one of its operands is the accumulator.
template <class Law, From from_w, From from_a>
struct SampleBody {
  static HWY_INLINE void apply(Slot* slots, const Instruction* ip, Reg (&v)[8]) {
    std::byte* const acc = slots[0];
    LZ_EACH(8, StoreVector(FromReg<uint8_t>(v[i]), acc, i));
    const std::byte* const w = from_w == From::acc ? acc : Operand(slots, ip, 0);
    const std::byte* const a = from_a == From::acc ? acc : Operand(slots, ip, 0);
    if constexpr (from_w == From::scalar) {
      // One word alone: all lanes draw the same.
      HWY_ALIGN std::byte words[8 * kVectorBytes];
      LZ_EACH(8, StoreVector(Broadcast<uint64_t>(w), words, i));
      DrawVectors<Law, false, true>(words, a, a, acc);
    } else {
      DrawVectors<Law, from_a == From::scalar, true>(w, a, a, acc);
    }
    LZ_EACH(8, v[i] = LoadVector<uint8_t>(acc, i).raw);
  }
};

/// A law of two parameters.
template <class Law, From from_w, From from_a, From from_b>
struct SampleBody2 {
  static HWY_INLINE void apply(Slot* slots, const Instruction* ip, Reg (&v)[8]) {
    std::byte* const acc = slots[0];
    LZ_EACH(8, StoreVector(FromReg<uint8_t>(v[i]), acc, i));
    const std::byte* const w = from_w == From::acc ? acc : Operand(slots, ip, 0);
    const std::byte* const a = from_a == From::acc ? acc : Operand(slots, ip, from_w == From::acc ? 0 : 1);
    const std::byte* const b = from_b == From::acc ? acc : Operand(slots, ip, 1);
    DrawVectors<Law, from_a == From::scalar, from_b == From::scalar>(w, a, b, acc);
    LZ_EACH(8, v[i] = LoadVector<uint8_t>(acc, i).raw);
  }
};

template <class Law>
void Add(StageTable& table, Op op, DType t) {
  constexpr From A = From::acc, M = From::memory, S = From::scalar;
  const auto set = [&](Form form, StageFn stage) { table.op[int(op)][int(form)][int(t)][3] = stage; };
  set(Form::AM, StagePointer<SampleBody<Law, A, M>>());
  set(Form::AS, StagePointer<SampleBody<Law, A, S>>());
  set(Form::MA, StagePointer<SampleBody<Law, M, A>>());
  set(Form::SA, StagePointer<SampleBody<Law, S, A>>());
}

template <class Law>
void Add2(StageTable& table, Op op, DType t) {
  constexpr From A = From::acc, M = From::memory, S = From::scalar;
  const auto set = [&](Form form, StageFn stage) { table.op[int(op)][int(form)][int(t)][3] = stage; };
  set(Form::AMM, StagePointer<SampleBody2<Law, A, M, M>>());
  set(Form::AMS, StagePointer<SampleBody2<Law, A, M, S>>());
  set(Form::ASM, StagePointer<SampleBody2<Law, A, S, M>>());
  set(Form::ASS, StagePointer<SampleBody2<Law, A, S, S>>());
  set(Form::MAM, StagePointer<SampleBody2<Law, M, A, M>>());
  set(Form::MAS, StagePointer<SampleBody2<Law, M, A, S>>());
  set(Form::MMA, StagePointer<SampleBody2<Law, M, M, A>>());
  set(Form::MSA, StagePointer<SampleBody2<Law, M, S, A>>());
}

}  // namespace

void register_samples(StageTable& table) {
  Add<GammaDraw>(table, Op::sample_gamma, DType::float64);
  Add<LogGammaDraw>(table, Op::sample_log_gamma, DType::float64);
  Add2<BetaDraw>(table, Op::sample_beta, DType::float64);
  Add<PoissonDraw>(table, Op::sample_poisson, DType::float64);
  Add2<BinomialDraw>(table, Op::sample_binomial, DType::float64);
  Add2<Hypergeometric>(table, Op::sample_hypergeometric, DType::uint64);
  Add<VonMises>(table, Op::sample_vonmises, DType::float64);
  Add<Zipf>(table, Op::sample_zipf, DType::float64);
  Add<Uniform>(table, Op::sample_uniform, DType::float64);
  Add<Fork>(table, Op::sample_fork, DType::float64);
  Add<ForkWord>(table, Op::sample_fork, DType::uint64);
  Add<Integer>(table, Op::sample_integer, DType::uint64);
}

}  // namespace HWY_NAMESPACE
}  // namespace lazulite
