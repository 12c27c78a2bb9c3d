// LAZULITE_DISPATCH: every evaluation of a translation unit in the flags of any processor, on every target that the
// machine has.
#define LAZULITE_DISPATCH
#include <set>

#include "tests/cpp/header/testing.h"

namespace lazulite {
namespace {

#if LAZULITE_DISPATCHES

/// Leaves the best target in use behind.
class HeaderDispatch : public testing::Test {
 protected:
  void TearDown() override { use_simd_target(simd_targets().front()); }
};

template <class E>
std::string bytes_of(const E& e) {
  const auto a = eval(e);
  return std::string(reinterpret_cast<const char*>(a.data()), static_cast<size_t>(a.size()) * sizeof(*a.data()));
}
template <class T>
std::string bytes_of_value(T value) {
  return std::string(reinterpret_cast<const char*>(&value), sizeof value);
}

array<double, 2> numbers_by(int64_t factor, int64_t modulus) {
  array<double, 2> a({61, 997});
  for (int64_t k = 0; k < a.size(); ++k)
    a.data()[k] = static_cast<double>(k * factor % modulus) * 8 / static_cast<double>(modulus) - 4;
  return a;
}
const array<double, 2> kA = numbers_by(7919, 10'007), kB = numbers_by(104'729, 20'011);

/// Exact ops, the same on every target.
std::vector<std::string> arithmetic() {
  const array<double, 2>&a = kA, &b = kB;
  const array<float, 2> f = astype<float>(a);
  const array<int32_t, 2> i = astype<int32_t>(a * 1000), j = astype<int32_t>(b * 10);
  const array<uint8_t, 2> u = astype<uint8_t>(absolute(b * 20));
  array<double, 2> first(a.shape()), second(a.shape());
  tie(first, second) = pack(a * b - 1, sqrt(absolute(a)) / (absolute(b) + 1));
  return {bytes_of((0.25 * a - 1.5) * b + 0.75),
          bytes_of(first),
          bytes_of(second),
          bytes_of(f * i + a - u),
          bytes_of((i % j + floor_divide(i, j)) * 3 - (i & 12) + (u << 2)),
          bytes_of(((a < b) & (i != j)) | (f >= 1)),
          bytes_of(where(a < b && f > 0, a * 2, f)),
          bytes_of(0.25 * (a(range(1, -1), range(0, -2)) + a(range(2, unbounded), range(1, -1)))),
          bytes_of(a - mean(a, 0) * b(all, range(0, 1))),
          bytes_of_value(sum(a * b)),
          bytes_of_value(mean(f)),
          bytes_of(max(a * b, 1)),
          bytes_of(sum(i, 0)),
          bytes_of(map(LAZULITE_VECTORS((auto x, auto y), { return where(x < y, x * y, 2.0) - y; }), a, b)),
          bytes_of(random::philox(7).random<double>(1001))};
}
/// What is made with fused multiply-adds.
std::vector<std::string> fused() {
  const array<double, 2>&a = kA, &b = kB;
  const double shift = 0.25;
  return {bytes_of(contract(a * b + 1.0)),
          bytes_of(sin(a * b) + exp(a) * ndtr(b) - log1p(absolute(a))),
          bytes_of(power(absolute(a), b)),
          bytes_of(exp(astype<float>(a)) * 3.5f),
          bytes_of_value(sum(exp(a))),
          bytes_of(map(LAZULITE_VECTORS((auto x, auto y), { return exp(-x * x) + maximum(y, shift); }), a, b)),
          bytes_of(random::default_rng(5).standard_normal<double>(1001)),
          bytes_of(random::default_rng(6).standard_exponential<float>({7, 99}))};
}

TEST_F(HeaderDispatch, TheBestTargetIsTaken) {
  EXPECT_STREQ(simd_target(), simd_targets().front());
  const bool has_avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                          __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
  const bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  EXPECT_STREQ(simd_target(), has_avx512 ? "avx3" : has_avx2 ? "avx2" : "sse4");
  EXPECT_THROW(use_simd_target("avx9"), std::invalid_argument);
}

TEST_F(HeaderDispatch, EveryTargetGivesTheSameBits) {
  std::set<std::vector<std::string>> results, fused_results;
  for (const std::string target : simd_targets()) {
    use_simd_target(target);
    EXPECT_EQ(simd_target(), target);
    results.insert(arithmetic());
    if (target != "sse4") fused_results.insert(fused());
  }
  EXPECT_EQ(results.size(), 1u);
  EXPECT_LE(fused_results.size(), 1u);
}

TEST_F(HeaderDispatch, TheTargetDecidesTheSteps) {  // so that the test above compares what it says
  std::set<int> steps;
  for (const std::string target : simd_targets()) {
    use_simd_target(target);
    steps.insert(LAZULITE_CHOOSE(kMapKernel<detail::borrowed<double, 1>>).step);
  }
  EXPECT_EQ(steps.size(), simd_targets().size());
}

TEST_F(HeaderDispatch, TheEnginesBits) {
  const array<double, 2>&a = kA, &b = kB;
  EXPECT_TRUE(equals(eval(a * b), engine::apply(Op::multiply, {operand(a), operand(b)})));
  EXPECT_TRUE(equals(sum(a * b, 1), engine::reduce_of(Op::reduce_sum, Op::multiply, operand(a), operand(b), 2)));
  if (std::string(simd_target()) == "sse4") return;
  EXPECT_TRUE(equals(eval(exp(a)), engine::apply(Op::exp, {operand(a)})));
}

#else

TEST(HeaderDispatch, NothingToChoose) {
  const array<double, 1> a({9}, 2.0);
  EXPECT_EQ(sum(a * a), 36);
}

#endif

}  // namespace
}  // namespace lazulite
