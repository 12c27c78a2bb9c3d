// Opaque ops between fused passes: operands as they lie, neighbours fused up to them, equal ones computed once, errors
// and interruption at compute.
#include "core/dispatch/opaque.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>

#include "core/dispatch/engine.h"
#include "core/dispatch/operators.h"
#include "core/graph/error.h"

namespace lazulite {
namespace {

std::atomic<int> runs{0};
Dims seen_strides;

/// Running sums along the last axis, each plus `real`.
void run_sums(OpaqueRun& run) {
  ++runs;
  const Strided& in = run.in[0];
  seen_strides = in.strides;
  const int last = in.shape.size() - 1;
  const int64_t n = in.shape[last], rows = in.shape.product() / std::max<int64_t>(n, 1);
  run.for_each(rows, 1.0 * static_cast<double>(n), [&](int64_t row) {
    double sum = run.params.real;
    for (int64_t k = 0; k < n; ++k)
      run.out.as<double>()[row * n + k] = sum +=
          in.as<double>()[(last ? row * in.strides[0] : 0) + k * in.strides[last]];
  });
}
constexpr OpaqueOp kSums = {"sums", "every element needs those before it", run_sums};

/// Dot product of two vectors.
void run_dot(OpaqueRun& run) {
  ++runs;
  double sum = 0;
  for (int64_t k = 0; k < run.in[0].shape[0]; ++k)
    sum += run.in[0].as<double>()[k * run.in[0].strides[0]] * run.in[1].as<double>()[k * run.in[1].strides[0]];
  *run.out.as<double>() = sum;
}
constexpr OpaqueOp kDot = {"dot", "it is a test", run_dot};

void run_failure(OpaqueRun& run) {
  if (run.in[0].as<double>()[0] == 0) throw Error(ErrorKind::linalg, "Singular matrix");
  run.out.as<double>()[0] = 1 / run.in[0].as<double>()[0];
}
constexpr OpaqueOp kInverse = {"inverse", "it is a test", run_failure};

/// Go on until they are stopped, while `endless`.
std::atomic<bool> endless{false};
void run_looks(OpaqueRun& run) {
  while (endless) run.look();
  *run.out.as<double>() = 3;
}
constexpr OpaqueOp kLooks = {"looks", "it is a test", run_looks};
void run_loops(OpaqueRun& run) {
  run.for_each(endless ? int64_t{1} << 50 : 2, 1000, [](int64_t) {});
  *run.out.as<double>() = 3;
}
constexpr OpaqueOp kLoops = {"loops", "it is a test", run_loops};

Array sums(const Array& a, double start = 0) {
  const NodeRef in = a.read();
  return Array(
      apply_opaque({&kSums, {}, start}, DType::float64, in->shape, &in, 1, 20.0 * static_cast<double>(in->size)));
}
Array dot(const Array& a, const Array& b) {
  const NodeRef in[] = {a.read(), b.read()};
  return Array(apply_opaque({&kDot, {}}, DType::float64, Dims(), in, 2, 1e9));
}

Array ramp(int64_t n) {
  std::byte* data;
  Array a = make_empty(DType::float64, Dims{n}, &data);
  for (int64_t k = 0; k < n; ++k) reinterpret_cast<double*>(data)[k] = static_cast<double>(k);
  return a;
}

double at(const Array& a, int64_t k) {
  View v = view_of(a);
  v.take(0, k);
  return item(take_scalar(a, v)).as<double>();
}

class Opaque : public testing::TestWithParam<int64_t> {
 protected:
  void SetUp() override {
    Engine::get().options.eager_below = GetParam();
    runs = 0;
  }
  void TearDown() override {
    Engine::get().options.eager_below = 256;
    Engine::get().set_interrupt_check(nullptr);
  }
};
INSTANTIATE_TEST_SUITE_P(Eager, Opaque, testing::Values(0, 256));

TEST_P(Opaque, StandsBetweenFusedPasses) {
  for (int64_t n : {1, 10, 255, 256, 257, 1000, 100000}) {
    const Array a = ramp(n);
    const Array y = sqrt(sums(a * 2.0 + 1.0)) - a;  // the sums of 1, 3, 5, ... are the squares
    EXPECT_EQ(at(y, n - 1), 1) << n;
    EXPECT_EQ(item(sum(y)).as<double>(), static_cast<double>(n)) << n;
  }
}

TEST_P(Opaque, TakesPassesForWhatItReadsAndWhatReadsIt) {
  const Array a = ramp(5000);
  const Array y = exp(sums(exp(a * -1.0)) * -1.0) + 1.0;
  const std::string text = explain({y});
  EXPECT_NE(text.find("pass 2: opaque: sums (5000,)"), std::string::npos) << text;
  EXPECT_NE(text.find("not fused: every element needs those before it"), std::string::npos) << text;
  EXPECT_NE(text.find("3 passes"), std::string::npos) << text;
  const int64_t before = Engine::get().counters.passes;
  compute({y});
  EXPECT_EQ(Engine::get().counters.passes - before, 3);
}

TEST_P(Opaque, SeesTheStridesOfAView) {
  const Array a = ramp(3000);
  View v = view_of(a);
  v.slice(0, 2999, -3, 1000);
  const Array y = sums(make_view(a, v));
  EXPECT_EQ(at(y, 1), 2999 + 2996);
  EXPECT_EQ(seen_strides, Dims{-3});
  // Also where the base is not computed yet.
  const Array b = a + 1.0;
  const Array z = sums(make_view(b, v));
  EXPECT_EQ(at(z, 1), 3000 + 2997);
  EXPECT_EQ(seen_strides, Dims{-3});
}

TEST_P(Opaque, ReadsAComputedWindowWhoseBaseIsGone) {
  const auto part = [] {
    const Array a = sums(ramp(1000));
    View v = view_of(a);
    v.slice(0, 1, 1, 999);
    return make_view(a, v);
  };
  const Array y = part();
  compute(y);
  EXPECT_EQ(at(sums(y), 1), 1 + 3);
}

TEST_P(Opaque, FeedsAnother) {
  const Array a = ramp(1000);
  EXPECT_EQ(at(sums(sums(sums(a))), 2), 1 + (1 + 3));
  EXPECT_EQ(item(dot(sums(a), a)).as<double>(), item(sum(sums(a) * a)).as<double>());
}

TEST_P(Opaque, EqualOnesAreComputedOnce) {
  const Array a = ramp(1000), b = ramp(999) + 1.0;
  View tail = view_of(a);
  tail.slice(0, 1, 1, 999);
  const auto view = [&] { return make_view(a, tail) * 2.0; };
  const Array y = sums(view()) + sums(view()) * 2.0 + sums(view(), 1);  // two kinds of sums
  EXPECT_EQ(at(y, 0), 2 + 4 + 3);
  EXPECT_EQ(runs, 2);
  runs = 0;
  const Array first = sums(view()), second = sums(view());  // both wanted by name
  compute({first, second});
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(at(second, 1), 6);
  apply_in_place(Op::add, first, Array(make_constant(DType::float64, Scalar::of(1.0)), true));
  compute({first});
  EXPECT_EQ(at(second, 1), 6);  // its elements are its own
  EXPECT_EQ(at(first, 1), 7);
  runs = 0;
  EXPECT_EQ(item(dot(sums(view()), sums(sums(view()))) - dot(sums(view()), sums(sums(view())))).as<double>(), 0);
  EXPECT_EQ(runs, 3);
}

TEST_P(Opaque, AnErrorLeavesTheRestUsable) {
  const Array zero = make_full(DType::float64, Dims{1000}, Scalar::of(0.0));
  const NodeRef in = zero.read();
  const Array y(apply_opaque({&kInverse, {}}, DType::float64, Dims{1}, &in, 1, 1e9));
  for (int k = 0; k < 2; ++k) {
    try {
      compute({y + 1.0});
      ADD_FAILURE() << "no error";
    } catch (const Error& e) {
      EXPECT_EQ(e.kind(), ErrorKind::linalg);
      EXPECT_STREQ(e.what(), "Singular matrix");
    }
  }
  EXPECT_EQ(item(sum(zero + 1.0)).as<double>(), 1000);
}

TEST_P(Opaque, StopsWhenAskedAndGoesOnLater) {
  const Array a = ramp(1000);
  for (const OpaqueOp* op : {&kLooks, &kLoops}) {
    const NodeRef in = a.read();
    const Array y(apply_opaque({op, {}}, DType::float64, Dims{1}, &in, 1, 1e9));
    endless = true;
    Engine::get().set_interrupt_check([] { return true; });
    try {
      compute({y + 1.0});
      ADD_FAILURE() << "no error";
    } catch (const Error& e) {
      EXPECT_EQ(e.kind(), ErrorKind::interrupted);
    }
    EXPECT_FALSE(y.is_computed());
    endless = false;
    Engine::get().set_interrupt_check(nullptr);
    EXPECT_EQ(at(y + 1.0, 0), 4);
  }
}

TEST_P(Opaque, LongChainsAreWalkedWithoutRecursion) {
  Array a = ramp(1);
  Engine::get().options.eager_below = 0;
  Engine::get().options.flush_nodes = 0;
  for (int k = 0; k < 100'000; ++k) a = sums(a * 1.0, 1);
  EXPECT_EQ(at(a, 0), 100'000);
  for (int k = 0; k < 100'000; ++k) a = sums(a, 1);
  a = Array();
  Engine::get().options.flush_nodes = 100'000;
}

}  // namespace
}  // namespace lazulite
