// Every stage of every op row (all targets, dtypes, widths and forms) against the scalar reference column.
#include "core/kernels/reference_rows.h"
#include "tests/cpp/kernels_testing.h"

namespace lazulite {
namespace {

constexpr int64_t kElements = 4096;  // every pair of special values, and random bits

/// A row's scalar reference on one dtype: out[i] = ref(a[i * step_a], b[i * step_b]).
using ReferenceLoop = void (*)(const void* a, int step_a, const void* b, int step_b, void* out, int64_t n);

template <Op op, class T>
void reference_loop(const void* a, int step_a, const void* b, int step_b, void* out, int64_t n) {
  using Row = reference::RefOf<op>;
  using Result = std::conditional_t<Row::is_mask, bool, T>;
  const T* x = static_cast<const T*>(a);
  [[maybe_unused]] const T* y = static_cast<const T*>(b);
  for (int64_t i = 0; i < n; ++i) {
    if constexpr (Row::arity == 1)
      static_cast<Result*>(out)[i] = static_cast<Result>(Row::template apply<T>(x[i * step_a]));
    if constexpr (Row::arity == 2)
      static_cast<Result*>(out)[i] = static_cast<Result>(Row::template apply<T>(x[i * step_a], y[i * step_b]));
  }
}

template <Op op>
ReferenceLoop loop_on(DType t) {
  return visit(t, [](auto value) -> ReferenceLoop {
    using T = decltype(value);
    if constexpr (contains(reference::RefOf<op>::loops, dtype_of<T>)) {
      return &reference_loop<op, T>;
    } else {
      return nullptr;
    }
  });
}

/// nullptr for rows that are not one- or two-argument ops, and for dtypes without a loop.
ReferenceLoop reference_of(Op op, DType t) {
  switch (op) {
#define LZ_UNARY(id) \
  case Op::id:       \
    return loop_on<Op::id>(t);
#define LZ_TEST LZ_UNARY
#define LZ_BINARY LZ_UNARY
#define LZ_COMPARE LZ_UNARY
#include "core/ops/ids.def"
    default:
      return nullptr;
  }
}

std::vector<Form> forms_of(const OpInfo& row, DType t) {
  if (row.arity == 1) return {Form::A};
  std::vector<Form> forms = {Form::AM, Form::MA, Form::AS, Form::SA};
  const bool begins_chains =
      is_float(t) && (row.name == "add" || row.name == "subtract" || row.name == "multiply" || row.name == "divide");
  if (begins_chains) forms.insert(forms.end(), {Form::MM, Form::MS, Form::SM});
  return forms;
}

/// Elementary functions may differ from the C library's, which has errors of its own; tests/cpp/math_test.cpp is exact.
template <class T>
bool close(T x, T y, Op op, [[maybe_unused]] T argument, [[maybe_unused]] T second) {
  if (same(x, y)) return true;
  float ulp = info(op).ulp;
  if constexpr (std::is_floating_point_v<T>) {
    if (ulp < 1) return false;
    // The zeros of these, of gammaln and digamma below 0, are where terms cancel.
    const bool bessel = op == Op::j0 || op == Op::j1 || op == Op::y0 || op == Op::y1;
    const T least = bessel ? static_cast<T>(reference::BesselScale(static_cast<double>(argument)))
                           : T(op == Op::gammaln || op == Op::digamma ? 2
                               : op == Op::betaln                     ? 1
                                                                      : 0);
    if (op == Op::gammaincinv) ulp *= 1 + 1 / static_cast<float>(argument);
    if ((op == Op::beta || op == Op::betaln) && std::min(argument, second) < 0)
      ulp *= 1 + static_cast<float>(std::fabs(argument) + std::fabs(second));
    const T size = std::max(std::fabs(y), least);
    const T step =
        std::max(std::nextafter(size, std::numeric_limits<T>::infinity()) - size, std::numeric_limits<T>::denorm_min());
    return std::fabs(x - y) <= (T(ulp) + 1) * step;
  }
  return false;
}

class Check {
 public:
  Check(const NamedTable& target, Op op, DType t, int lw, Form form)
      : target_(target), op_(op), t_(t), lw_(lw), form_(form) {}

  template <class T, class R>
  void run(ReferenceLoop reference) {
    const StageTable& table = target_.table;
    const StageFn stage = table.op[int(op_)][int(form_)][int(t_)][lw_];
    ASSERT_NE(stage, nullptr) << describe();
    std::vector<T> a, b;
    fill_operands(a, b, kElements, uint64_t(op_) * 64 + uint64_t(t_));
    Buffer x(kElements * sizeof(T), sizeof(T)), y(kElements * sizeof(T), sizeof(T)), out(kElements * sizeof(R), 24);
    std::copy(a.begin(), a.end(), x.as<T>());
    std::copy(b.begin(), b.end(), y.as<T>());

    const bool scalar_a = form_ == Form::SA || form_ == Form::SM, scalar_b = form_ == Form::AS || form_ == Form::MS;
    const bool acc_is_b = form_ == Form::MA || form_ == Form::SA;
    const bool no_acc = form_ == Form::MM || form_ == Form::MS || form_ == Form::SM;
    // Slots: 1 = a, 2 = b, 3 = result. Operands other than the accumulator are named in the order of the arguments.
    Instruction op{stage, {0, 0, 0, 0}};
    if (no_acc) {
      op.operand[0] = 1;
      op.operand[1] = 2;
    } else {
      op.operand[0] = acc_is_b ? 1 : 2;
    }
    const int n_in = log2_vectors(t_, lw_), n_out = log2_vectors(dtype_of<R>, lw_);
    const std::vector<Instruction> chain = {
        {table.load[n_in], {acc_is_b || scalar_a ? 2u : 1u}}, op, {table.store[n_out], {3}}, {table.end, {}}};

    std::vector<T> scalars = {T(0)};
    if (scalar_a || scalar_b) {
      scalars = special_values<T>();
      if (scalars.size() > 6) scalars = {scalars[1], scalars[5], scalars[7], scalars.back(), a[kElements - 1], T(0)};
      if constexpr (std::is_floating_point_v<T>)
        scalars.insert(scalars.end(), {-T(0), std::numeric_limits<T>::quiet_NaN()});
    }
    const auto expected = std::make_unique<R[]>(size_t(kElements));
    for (T scalar : scalars) {
      void* pa = scalar_a ? static_cast<void*>(&scalar) : x.data();
      void* pb = scalar_b ? static_cast<void*>(&scalar) : y.data();
      run_chain(
          table, chain, lw_, kElements,
          {{pa, scalar_a ? 0 : int64_t(sizeof(T))}, {pb, scalar_b ? 0 : int64_t(sizeof(T))}, {out.data(), sizeof(R)}});
      reference(pa, scalar_a ? 0 : 1, pb, scalar_b ? 0 : 1, expected.get(), kElements);
      for (int64_t i = 0; i < kElements; ++i) {
        const R got = out.as<R>()[i], want = expected[size_t(i)];
        ASSERT_TRUE(close(got, want, op_, static_cast<R>(scalar_a ? scalar : a[size_t(i)]),
                          static_cast<R>(scalar_b ? scalar : b[size_t(i)])))
            << describe() << " element " << i << ": " << +got << " instead of " << +want << " for "
            << +(scalar_a ? scalar : a[size_t(i)]) << ", " << +(scalar_b ? scalar : b[size_t(i)]);
      }
      ASSERT_TRUE(out.intact()) << describe();
    }
  }

 private:
  std::string describe() const {
    return target_.name + " " + std::string(info(op_).name) + " " + std::string(lazulite::name(t_)) + " width " +
           std::to_string(1 << lw_) + " form " + std::to_string(int(form_));
  }
  const NamedTable& target_;
  Op op_;
  DType t_;
  int lw_;
  Form form_;
};

void check_rows(const std::vector<OpKind>& kinds) {
  int checked = 0;
  for (const auto& target : tables()) {
    for (int o = 0; o < kOps; ++o) {
      const OpInfo& row = info(Op(o));
      if (std::find(kinds.begin(), kinds.end(), row.kind) == kinds.end()) continue;
      for (int k = 0; k < kDTypes; ++k) {
        const DType t = DType(k);
        const ReferenceLoop reference = reference_of(Op(o), t);
        ASSERT_EQ(reference != nullptr, contains(row.loops, t)) << row.name;
        if (!reference) continue;
        for (int lw = log2_size(t); lw < 4; ++lw) {
          for (Form form : forms_of(row, t)) {
            Check check(*target, Op(o), t, lw, form);
            visit(t, [&](auto value) {
              using T = decltype(value);
              if (row.kind == OpKind::compare || row.kind == OpKind::test) {
                check.run<T, bool>(reference);
              } else {
                check.run<T, T>(reference);
              }
            });
            if (testing::Test::HasFatalFailure()) return;
            ++checked;
          }
        }
      }
    }
  }
  EXPECT_TRUE(checked > 100 || tables().empty());
}

TEST(Stages, UnaryOpsMatchTheScalarReference) { check_rows({OpKind::unary}); }
TEST(Stages, BinaryOpsMatchTheScalarReference) { check_rows({OpKind::binary}); }
TEST(Stages, ComparisonsAndTestsMatchTheScalarReference) { check_rows({OpKind::compare, OpKind::test}); }

/// Parameters and arguments of which a good part lies in the domain.
template <class T>
std::vector<T> moderate(int64_t n, uint64_t seed, double top) {
  std::vector<T> x, y;
  fill_operands(x, y, n, seed);
  for (size_t k = 0; k < x.size(); ++k)
    if (k % 8 != 0) x[k] = static_cast<T>(top * static_cast<double>((k * 2654435761 + seed * 40503) % 65536) / 65535);
  return x;
}

/// Rows of three arguments: all forms give the same bits, near those of the scalar reference.
template <class T>
void check_ternary(const NamedTable& target, Op op, int lw) {
  constexpr Form forms[] = {Form::AMM, Form::AMS, Form::ASM, Form::ASS, Form::MAM, Form::MAS, Form::MMA, Form::MSA};
  constexpr int held[] = {0, 0, 0, 0, 1, 1, 2, 2};
  constexpr bool scalar[][3] = {{false, false, false}, {false, false, true},  {false, true, false},
                                {false, true, true},   {false, false, false}, {false, false, true},
                                {false, false, false}, {false, true, false}};
  const StageTable& table = target.table;
  const DType t = dtype_of<T>;
  const int64_t n = op == Op::betainc ? 1024 : 256;  // (the other reference is slow)
  const std::vector<T> in[] = {moderate<T>(n, 1, 30), moderate<T>(n, 2, 30), moderate<T>(n, 3, 1)};
  for (size_t f = 0; f < std::size(forms); ++f) {
    const StageFn stage = table.op[int(op)][int(forms[f])][int(t)][lw];
    ASSERT_NE(stage, nullptr) << target.name << " " << info(op).name << " form " << f;
    std::vector<T> args[3] = {in[0], in[1], in[2]};
    for (size_t k = 0; k < 3; ++k)
      if (scalar[f][k]) args[k].assign(static_cast<size_t>(n), in[k][5]);
    Buffer out(n * int64_t(sizeof(T)), 24);
    Instruction code{stage, {0, 0, 0, 0}};
    uint32_t next = 0;
    for (uint32_t k = 0; k < 3; ++k)
      if (int(k) != held[f]) code.operand[next++] = k + 1;
    const int vectors = log2_vectors(t, lw);
    run_chain(table,
              {{table.load[vectors], {uint32_t(held[f]) + 1}}, code, {table.store[vectors], {4}}, {table.end, {}}}, lw,
              n,
              {{args[0].data(), int64_t(sizeof(T))},
               {args[1].data(), scalar[f][1] ? 0 : int64_t(sizeof(T))},
               {args[2].data(), scalar[f][2] ? 0 : int64_t(sizeof(T))},
               {out.data(), int64_t(sizeof(T))}});
    for (size_t i = 0; i < static_cast<size_t>(n); ++i) {
      const T got = out.template as<T>()[i], want = op == Op::betainc
                                                        ? reference::Betainc(args[0][i], args[1][i], args[2][i])
                                                        : reference::Betaincinv(args[0][i], args[1][i], args[2][i]);
      const T limit = op == Op::betainc ? T(16) * std::numeric_limits<T>::epsilon() * want + T(1e-17) : T(1e-6);
      // (The reference cancels where the result is small.)
      ASSERT_TRUE(same(got, want) || std::fabs(got - want) <= limit)
          << target.name << " form " << f << " width " << lw << ": " << got << " instead of " << want << " for "
          << args[0][i] << ", " << args[1][i] << ", " << args[2][i];
    }
    ASSERT_TRUE(out.intact());
  }
}
TEST(Stages, TernaryOpsMatchTheScalarReference) {
  for (const auto& target : tables()) {
    for (int lw = 2; lw < 4; ++lw) check_ternary<float>(*target, Op::betainc, lw);
    check_ternary<double>(*target, Op::betainc, 3);
    for (int lw = 2; lw < 4; ++lw) check_ternary<float>(*target, Op::betaincinv, lw);
    check_ternary<double>(*target, Op::betaincinv, 3);
    if (HasFatalFailure()) return;
  }
}

TEST(Stages, EveryFormOfWhereSelects) {
  for (const auto& target : tables()) {
    const StageTable& table = target->table;
    for (int k = 0; k < kDTypes; ++k) {
      const DType t = DType(k);
      visit(t, [&](auto value) {
        using T = decltype(value);
        std::vector<T> a, b;
        fill_operands(a, b, kElements, 7);
        std::mt19937 random(11);
        auto cond = std::make_unique<bool[]>(size_t(kElements));
        for (int64_t i = 0; i < kElements; ++i) cond[size_t(i)] = random() % 3 == 0;
        Buffer x(kElements * sizeof(T), sizeof(T)), y(kElements * sizeof(T), sizeof(T)), out(kElements * sizeof(T), 24);
        std::copy(a.begin(), a.end(), x.as<T>());
        std::copy(b.begin(), b.end(), y.as<T>());
        for (int lw = log2_size(t); lw < 4; ++lw) {
          for (int f = int(Form::AMM); f <= int(Form::MSA); ++f) {
            const Form form = Form(f);
            const auto is = [&](std::initializer_list<Form> forms) {
              return std::find(forms.begin(), forms.end(), form) != forms.end();
            };
            const bool acc_cond = is({Form::AMM, Form::AMS, Form::ASM, Form::ASS});
            const bool acc_x = is({Form::MAM, Form::MAS}), acc_y = is({Form::MMA, Form::MSA});
            const bool scalar_x = is({Form::ASM, Form::ASS, Form::MSA}),
                       scalar_y = is({Form::AMS, Form::ASS, Form::MAS});
            // Slots: 1 = condition, 2 = x, 3 = y, 4 = result.
            Instruction op{table.op[int(Op::where)][f][k][lw], {0, 0, 0, 0}};
            ASSERT_NE(op.stage, nullptr);
            int used = 0;
            if (!acc_cond) op.operand[used++] = 1;
            if (!acc_x) op.operand[used++] = 2;
            if (!acc_y) op.operand[used++] = 3;
            const int n = log2_vectors(t, lw);
            const Instruction load = acc_cond ? Instruction{table.load[log2_vectors(DType::bool_, lw)], {1}}
                                              : Instruction{table.load[n], {acc_x ? 2u : 3u}};
            T sx = a[5], sy = b[9];
            run_chain(table, {load, op, {table.store[n], {4}}, {table.end, {}}}, lw, kElements,
                      {{cond.get(), 1},
                       {scalar_x ? static_cast<void*>(&sx) : x.data(), scalar_x ? 0 : int64_t(sizeof(T))},
                       {scalar_y ? static_cast<void*>(&sy) : y.data(), scalar_y ? 0 : int64_t(sizeof(T))},
                       {out.data(), sizeof(T)}});
            for (int64_t i = 0; i < kElements; ++i) {
              const size_t j = size_t(i);
              const T want = cond[j] ? (scalar_x ? sx : a[j]) : (scalar_y ? sy : b[j]);
              ASSERT_TRUE(same(out.as<T>()[i], want)) << target->name << " where " << name(t) << " width " << (1 << lw)
                                                      << " form " << f << " element " << i;
            }
            ASSERT_TRUE(out.intact());
          }
        }
      });
      if (testing::Test::HasFatalFailure()) return;
    }
  }
}

}  // namespace
}  // namespace lazulite
