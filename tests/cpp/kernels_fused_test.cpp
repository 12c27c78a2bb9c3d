// The stages of two arithmetic ops (pair, start, tree) against two scalar ops, each rounded; and the choice of targets.
#include "tests/cpp/kernels_testing.h"

namespace lazulite {
namespace {

constexpr int64_t kElements = 4096;

template <class T>
T compute(Arithmetic f, T a, T b) {
  switch (f) {
    case Arithmetic::add:
      return a + b;
    case Arithmetic::subtract:
      return a - b;
    case Arithmetic::subtract_from:
      return b - a;
    case Arithmetic::multiply:
      return a * b;
    default:
      return T(0);
  }
}

enum class Shape { pair, start, tree };

template <class T>
void check_fused(const NamedTable& target, int lw) {
  const DType t = dtype_of<T>;
  std::vector<T> a, x, y, unused;
  fill_operands(a, x, kElements, 1);
  fill_operands(unused, y, kElements, 2);
  std::rotate(y.begin(), y.begin() + 77, y.end());
  Buffer out(kElements * sizeof(T), 24);
  const StageTable& table = target.table;
  const FusedStages& fused = table.fused[t == DType::float64][lw];
  const uint32_t n = static_cast<uint32_t>(log2_vectors(t, lw));
  for (int f = 0; f < kArithmetics; ++f) {
    for (int g = 0; g < kArithmetics; ++g) {
      for (Shape shape : {Shape::pair, Shape::start, Shape::tree}) {
        for (int scalars = 0; scalars < 4; ++scalars) {
          const bool scalar_x = (scalars & 1) != 0, scalar_y = (scalars & 2) != 0;
          if (shape == Shape::tree && scalar_x) continue;
          // Slots: 1 = a, 2 = x, 3 = y, 4 = result.
          Instruction op{shape == Shape::pair    ? fused.pair[f][g][scalar_x][scalar_y]
                         : shape == Shape::start ? fused.start[f][g][scalar_x][scalar_y]
                                                 : fused.tree[f][g][scalar_y],
                         {2, 3, 0, 0}};
          if (shape == Shape::start) op = {op.stage, {1, 2, 3, 0}};
          ASSERT_NE(op.stage, nullptr);
          run_chain(table, {{table.load[n], {1}}, op, {table.store[n], {4}}, {table.end, {}}}, lw, kElements,
                    {{a.data(), sizeof(T)},
                     {x.data(), scalar_x ? 0 : int64_t(sizeof(T))},
                     {y.data(), scalar_y ? 0 : int64_t(sizeof(T))},
                     {out.data(), sizeof(T)}});
          for (int64_t i = 0; i < kElements; ++i) {
            const size_t k = size_t(i);
            const T u = x[scalar_x ? 0 : k], v = y[scalar_y ? 0 : k];
            const T want = shape == Shape::tree ? compute(Arithmetic(g), a[k], compute(Arithmetic(f), u, v))
                                                : compute(Arithmetic(g), compute(Arithmetic(f), a[k], u), v);
            ASSERT_TRUE(same(out.as<T>()[i], want))
                << target.name << " " << name(t) << " " << lw << " f " << f << " g " << g << " shape " << int(shape)
                << " scalars " << scalars << " element " << i;
          }
          ASSERT_TRUE(out.intact());
        }
      }
    }
  }
}

template <class T>
void check_horner(const NamedTable& target, int lw) {
  const DType t = dtype_of<T>;
  std::vector<T> a, m;
  fill_operands(a, m, kElements, 4);
  Buffer out(kElements * sizeof(T), 24);
  T scalars[] = {T(-0.3), T(1.7), T(0.11), T(2.9), T(-5.3)};
  const uint32_t n = static_cast<uint32_t>(log2_vectors(t, lw));
  for (int f = 0; f < kArithmetics; ++f) {
    for (int g = 0; g < kArithmetics; ++g) {
      const StageFn stage = target.table.fused[t == DType::float64][lw].horner[f][g];
      const bool defined = Arithmetic(f) != Arithmetic::multiply && Arithmetic(g) != Arithmetic::multiply;
      ASSERT_EQ(stage != nullptr, defined);
      if (!defined) continue;
      for (uint32_t steps = 1; steps <= std::size(scalars); ++steps) {
        std::vector<Operand> operands{{a.data(), sizeof(T)}, {m.data(), sizeof(T)}, {out.data(), sizeof(T)}};
        for (T& s : scalars) operands.push_back({&s, 0});
        run_chain(
            target.table,
            {{target.table.load[n], {1}}, {stage, {2, 4, steps}}, {target.table.store[n], {3}}, {target.table.end, {}}},
            lw, kElements, operands);
        for (int64_t i = 0; i < kElements; ++i) {
          const size_t k = size_t(i);
          T want = a[k];
          for (uint32_t j = 0; j < steps; ++j) want = compute(Arithmetic(j % 2 ? g : f), want * m[k], scalars[j]);
          ASSERT_TRUE(same(out.as<T>()[i], want)) << target.name << " " << name(t) << " " << lw << " f " << f << " g "
                                                  << g << " steps " << steps << " element " << i;
        }
        ASSERT_TRUE(out.intact());
      }
    }
  }
}

TEST(Stages, HornerStepsRoundEveryOp) {
  for (const auto& target : tables()) {
    for (int lw = 2; lw < 4; ++lw) check_horner<float>(*target, lw);
    check_horner<double>(*target, 3);
  }
}

TEST(Stages, FusedPairsRoundTwice) {
  for (const auto& target : tables()) {
    for (int lw = 2; lw < 4; ++lw) check_fused<float>(*target, lw);
    check_fused<double>(*target, 3);
  }
}

template <class T>
void check_sin_and_cos(const NamedTable& target, int lw) {
  const DType t = dtype_of<T>;
  std::vector<T> x, unused;
  fill_operands(x, unused, kElements, 5);
  const uint32_t n = static_cast<uint32_t>(log2_vectors(t, lw));
  const StageTable& table = target.table;
  for (const Op op : {Op::sin, Op::cos}) {
    const Op other = op == Op::sin ? Op::cos : Op::sin;
    Buffer both[2] = {Buffer(kElements * sizeof(T), 24), Buffer(kElements * sizeof(T), 8)};
    Buffer one[2] = {Buffer(kElements * sizeof(T), 24), Buffer(kElements * sizeof(T), 8)};
    const auto run = [&](StageFn stage, Buffer(&y)[2], int out) {
      run_chain(table, {{table.load[n], {1}}, {stage, {3}}, {table.store[n], {out == 0 ? 2u : 3u}}, {table.end, {}}},
                lw, kElements, {{x.data(), sizeof(T)}, {y[0].data(), sizeof(T)}, {y[1].data(), sizeof(T)}});
    };
    run(table.op[int(op)][int(Form::AB)][int(t)][lw], both, 0);
    run(table.op[int(op)][int(Form::A)][int(t)][lw], one, 0);
    run(table.op[int(other)][int(Form::A)][int(t)][lw], one, 1);
    for (int k = 0; k < 2; ++k) {
      ASSERT_TRUE(both[k].intact());
      for (int64_t i = 0; i < kElements; ++i)
        ASSERT_TRUE(same(both[k].as<T>()[i], one[k].as<T>()[i]))
            << target.name << " " << name(t) << " " << lw << " element " << i << ": " << x[size_t(i)];
    }
  }
}

TEST(Stages, SinAndCosTogetherHaveTheBitsOfEach) {
  for (const auto& target : tables()) {
    for (int lw = 2; lw < 4; ++lw) check_sin_and_cos<float>(*target, lw);
    check_sin_and_cos<double>(*target, 3);
  }
}

TEST(Targets, AreFoundByNameBestFirst) {
  const auto& supported = supported_targets();
  ASSERT_LE(supported.size(), compiled_targets().size());
  EXPECT_EQ(find_target("no such target"), nullptr);
  if (supported.empty()) {
    EXPECT_EQ(find_target(), nullptr);
    return;
  }
  EXPECT_EQ(find_target(), supported.front());
  for (size_t i = 0; i < supported.size(); ++i) {
    EXPECT_EQ(find_target(supported[i]->name), supported[i]);
    if (i == 0) continue;
    EXPECT_GE(tables()[i - 1]->table.vector_bytes, tables()[i]->table.vector_bytes);
  }
}

}  // namespace
}  // namespace lazulite
