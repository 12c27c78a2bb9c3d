// Casts between all dtypes, at every width and on every target, against the scalar reference.
#include "core/kernels/reference.h"
#include "tests/cpp/kernels_testing.h"

namespace lazulite {
namespace {

constexpr int64_t kElements = 8192;

template <class From, class To>
void check_cast(const NamedTable& target) {
  const DType from = dtype_of<From>, to = dtype_of<To>;
  std::vector<From> a, unused;
  fill_operands(a, unused, kElements, 3);
  // The second operand runs through all special values next to each other.
  for (size_t i = 0; i < a.size() / 2; ++i) a[i] = unused[i];
  Buffer x(kElements * sizeof(From), sizeof(From)), out(kElements * sizeof(To), 24);
  std::copy(a.begin(), a.end(), x.as<From>());
  for (int lw = std::max(log2_size(from), log2_size(to)); lw < 4; ++lw) {
    const StageTable& table = target.table;
    const StageFn stage = table.cast[int(from)][int(to)][lw];
    ASSERT_NE(stage, nullptr);
    run_chain(table,
              {{table.load[log2_vectors(from, lw)], {1}},
               {stage, {}},
               {table.store[log2_vectors(to, lw)], {2}},
               {table.end, {}}},
              lw, kElements, {{x.data(), sizeof(From)}, {out.data(), sizeof(To)}});
    for (int64_t i = 0; i < kElements; ++i) {
      const From value = a[size_t(i)];
      const To got = out.as<To>()[i], want = reference::Cast<To>(value);
      ASSERT_TRUE(same(got, want)) << target.name << " " << name(from) << " to " << name(to) << " width " << (1 << lw)
                                   << " element " << i << ": " << +got << " instead of " << +want << " for " << +value;
    }
    ASSERT_TRUE(out.intact());
  }
}

TEST(Stages, CastsMatchTheScalarReference) {
  for (const auto& target : tables()) {
    for (int k = 0; k < kDTypes; ++k) {
      for (int l = 0; l < kDTypes; ++l) {
        if (k == l) continue;
        visit(DType(k),
              [&](auto from) { visit(DType(l), [&](auto to) { check_cast<decltype(from), decltype(to)>(*target); }); });
        if (testing::Test::HasFatalFailure()) return;
      }
    }
  }
}

/// What NumPy 2.4 prints on x86-64 for arrays of 64 (python: np.full(64, x, dtype).astype(to)[0]); ties the reference
/// itself down.
TEST(Stages, CastsOutOfRangeAreNumPys) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(reference::Cast<int8_t>(300.0), 44);
  EXPECT_EQ(reference::Cast<int8_t>(3e9), 0);
  EXPECT_EQ(reference::Cast<uint8_t>(-1.5), 255);
  EXPECT_EQ(reference::Cast<int16_t>(2147483647.0), -1);
  EXPECT_EQ(reference::Cast<int16_t>(2147483648.0f), 0);
  EXPECT_EQ(reference::Cast<int32_t>(2147483648.0), INT32_MIN);
  EXPECT_EQ(reference::Cast<int32_t>(nan), INT32_MIN);
  EXPECT_EQ(reference::Cast<uint32_t>(3e9), 3000000000u);
  EXPECT_EQ(reference::Cast<uint32_t>(-1.5), 0xFFFFFFFFu);
  EXPECT_EQ(reference::Cast<uint32_t>(5e9), 0u);
  EXPECT_EQ(reference::Cast<uint32_t>(-3e9), 0x80000000u);
  EXPECT_EQ(reference::Cast<int64_t>(1e19), INT64_MIN);
  EXPECT_EQ(reference::Cast<int64_t>(nan), INT64_MIN);
  EXPECT_EQ(reference::Cast<uint64_t>(1e19), 10000000000000000000u);
  EXPECT_EQ(reference::Cast<uint64_t>(-1.5), ~uint64_t{0});
  EXPECT_EQ(reference::Cast<uint64_t>(1e30), 0u);
  EXPECT_EQ(reference::Cast<uint64_t>(nan), uint64_t{1} << 63);
  EXPECT_TRUE(reference::Cast<bool>(nan));
}

}  // namespace
}  // namespace lazulite
