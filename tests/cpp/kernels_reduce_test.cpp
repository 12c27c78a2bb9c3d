// The stages of reductions: partials after many steps against the scalar definition, on every target.
#include "core/kernels/reference.h"
#include "tests/cpp/kernels_testing.h"

namespace lazulite {
namespace {

constexpr int64_t kStrips = 7;

/// One reduction stage over kStrips strips of values, driven as the dispatcher drives it: partial `lane` of a strip's
/// element is its number modulo `lanes`.
class Reduction {
 public:
  Reduction(const NamedTable& target, Op op, DType t, int lw, bool masked = false)
      : table_(target.table),
        op_(op),
        t_(t),
        lw_(lw),
        strip_(kStripBytes >> lw),
        step_(step_elements(table_, lw)),
        stage_((masked ? table_.masked_reduce : table_.reduce)[int(op)][int(t)][lw]) {}

  int64_t strip() const { return strip_; }

  /// `place(strip, element)` gives the operands' addresses for the step that begins with that element of the strip.
  template <class T, class Place>
  void run(const std::vector<T>& values, const Place& place) {
    ASSERT_NE(stage_, nullptr) << info(op_).name << " " << name(t_) << " " << lw_;
    alignas(64) std::byte scratch[512];
    // The stage must keep the accumulator: a store after it writes the values out again.
    Buffer out(values.size() * sizeof(T), 8);
    const Instruction chain[] = {{table_.load[log2_vectors(t_, lw_)], {1}},
                                 {stage_, {2, 3, 4}},
                                 {table_.store[log2_vectors(t_, lw_)], {5}},
                                 {table_.end, {}}};
    auto copy = std::make_unique<T[]>(values.size());
    std::copy(values.begin(), values.end(), copy.get());
    for (int64_t first = 0; first < int64_t(values.size()); first += step_) {
      std::array<void*, 3> operands = place(first / strip_, first % strip_);
      Slot slots[] = {scratch,
                      reinterpret_cast<Slot>(copy.get() + first),
                      static_cast<Slot>(operands[0]),
                      static_cast<Slot>(operands[1]),
                      static_cast<Slot>(operands[2]),
                      reinterpret_cast<Slot>(out.as<T>() + first)};
      table_.run(slots, chain);
    }
    for (size_t i = 0; i < values.size(); ++i) {
      const T kept = out.as<T>()[i], value = values[i];
      ASSERT_TRUE(same(kept, value)) << info(op_).name;
    }
  }

 private:
  const StageTable& table_;
  Op op_;
  DType t_;
  int lw_;
  int64_t strip_, step_;
  StageFn stage_;
};

template <class T>
std::vector<T> random_values(size_t n, bool with_nan) {
  std::vector<T> a, b;
  fill_operands(a, b, n + 4096, 5);
  a.erase(a.begin(), a.begin() + 4096);
  if constexpr (std::is_floating_point_v<T>) {
    std::mt19937 random(9);
    for (T& x : a) {
      if (!std::isfinite(x) || std::fabs(x) > T(1e18)) x = static_cast<T>(random() % 1000) / 8 - 50;
      if (with_nan && random() % 400 == 0) x = std::numeric_limits<T>::quiet_NaN();
    }
  }
  return a;
}

template <class Body>
void for_all(const Body& body) {
  for (const auto& target : tables()) {
    for (int k = 0; k < kDTypes; ++k) {
      for (int lw = log2_size(DType(k)); lw < 4; ++lw) {
        visit(DType(k), [&](auto value) { body(*target, DType(k), lw, value); });
        if (testing::Test::HasFatalFailure()) return;
      }
    }
  }
}

/// One merged value for each of the strip's elements.
template <class T, class F>
void check_natural(const NamedTable& target, Op op, DType t, int lw, F merge) {
  Reduction reduction(target, op, t, lw);
  const int64_t lanes = reduction.strip();
  const std::vector<T> values = random_values<T>(size_t(lanes * kStrips), true);
  Buffer region(size_t(lanes) * sizeof(T), 8);
  auto want = std::make_unique<T[]>(size_t(lanes));
  for (int64_t i = 0; i < lanes; ++i) region.as<T>()[i] = want[size_t(i)] = values[size_t(i)];
  reduction.run(values, [&](int64_t, int64_t element) {
    return std::array<void*, 3>{region.as<T>() + element, nullptr, nullptr};
  });
  for (size_t i = 0; i < values.size(); ++i) {
    T& w = want[i % size_t(lanes)];
    w = static_cast<T>(merge(w, values[i]));
  }
  for (int64_t i = 0; i < lanes; ++i)
    ASSERT_TRUE(same(region.as<T>()[i], want[size_t(i)]))
        << target.name << " " << info(op).name << " " << name(t) << " " << lw;
  ASSERT_TRUE(region.intact());
}

TEST(Reductions, ExtremesAndIntegerSumsMergeLaneByLane) {
  for_all([](const NamedTable& target, DType t, int lw, auto value) {
    using T = decltype(value);
    check_natural<T>(target, Op::reduce_min, t, lw, [](T a, T b) { return reference::Minimum(a, b); });
    check_natural<T>(target, Op::reduce_max, t, lw, [](T a, T b) { return reference::Maximum(a, b); });
    if constexpr (std::is_same_v<T, bool>) {
      check_natural<T>(target, Op::reduce_any, t, lw, [](T a, T b) { return a || b; });
      check_natural<T>(target, Op::reduce_all, t, lw, [](T a, T b) { return a && b; });
    } else if constexpr (std::is_integral_v<T>) {
      check_natural<T>(target, Op::reduce_sum, t, lw, [](T a, T b) { return reference::Add(a, b); });
      check_natural<T>(target, Op::reduce_prod, t, lw, [](T a, T b) { return reference::Multiply(a, b); });
    } else {
      check_natural<T>(target, Op::reduce_nanmin, t, lw, [](T a, T b) { return reference::FMin(a, b); });
      check_natural<T>(target, Op::reduce_nanmax, t, lw, [](T a, T b) { return reference::FMax(a, b); });
    }
  });
}

TEST(Reductions, FloatSumsAndProductsKeep64Partials) {
  for_all([](const NamedTable& target, DType t, int lw, auto value) {
    using T = decltype(value);
    if constexpr (std::is_floating_point_v<T>) {
      for (Op op : {Op::reduce_sum, Op::reduce_mean, Op::reduce_prod}) {
        Reduction reduction(target, op, t, lw);
        const std::vector<T> values = random_values<T>(size_t(reduction.strip() * kStrips), true);
        Buffer region(kPartials * sizeof(T), 8);
        T want[kPartials];
        for (int i = 0; i < kPartials; ++i) region.as<T>()[i] = want[i] = T(op == Op::reduce_prod);
        reduction.run(values, [&](int64_t, int64_t element) {
          return std::array<void*, 3>{region.as<T>() + element % kPartials, nullptr, nullptr};
        });
        for (size_t i = 0; i < values.size(); ++i) {
          T& w = want[i % kPartials];
          w = op == Op::reduce_prod ? w * values[i] : w + values[i];
        }
        for (int i = 0; i < kPartials; ++i) ASSERT_TRUE(same(region.as<T>()[i], want[i])) << target.name << " " << lw;
        ASSERT_TRUE(region.intact());
      }
    }
  });
}

TEST(Reductions, MomentsFollowWelford) {
  for_all([](const NamedTable& target, DType t, int lw, auto value) {
    using T = decltype(value);
    if constexpr (std::is_floating_point_v<T>) {
      for (Op op : {Op::reduce_var, Op::reduce_std}) {
        Reduction reduction(target, op, t, lw);
        const std::vector<T> values = random_values<T>(size_t(reduction.strip() * kStrips), false);
        Buffer region(2 * kPartials * sizeof(T), 8);
        std::vector<T> reciprocals;
        for (size_t k = 1; k <= values.size() / kPartials + 1; ++k) reciprocals.push_back(T(1) / T(k));
        reduction.run(values, [&](int64_t strip, int64_t element) {
          const int64_t group = (strip * reduction.strip() + element) / kPartials;
          return std::array<void*, 3>{region.as<T>() + element % kPartials, reciprocals.data() + group, nullptr};
        });
        T mean[kPartials] = {}, m2[kPartials] = {};
        for (size_t i = 0; i < values.size(); ++i) {
          const size_t k = i % kPartials;
          const T delta = values[i] - mean[k];
          mean[k] += delta * reciprocals[i / kPartials];
          m2[k] += delta * (values[i] - mean[k]);
        }
        for (int i = 0; i < kPartials; ++i) {
          ASSERT_TRUE(same(region.as<T>()[i], mean[i])) << target.name << " mean " << lw;
          ASSERT_TRUE(same(region.as<T>()[kPartials + i], m2[i])) << target.name << " M2 " << lw;
        }
        ASSERT_TRUE(region.intact());
      }
    }
  });
}

/// Every third element or so.
std::unique_ptr<bool[]> random_mask(size_t n) {
  auto mask = std::make_unique<bool[]>(n);
  std::mt19937 random(3);
  for (size_t i = 0; i < n; ++i) mask[i] = random() % 3 == 0;
  return mask;
}

TEST(Reductions, MaskedSumsCountWhatTheySee) {
  for_all([](const NamedTable& target, DType t, int lw, auto value) {
    using T = decltype(value);
    if constexpr (std::is_floating_point_v<T>) {
      for (Op op : {Op::reduce_sum, Op::reduce_mean}) {
        Reduction reduction(target, op, t, lw, true);
        const std::vector<T> values = random_values<T>(size_t(reduction.strip() * kStrips), true);
        const auto mask = random_mask(values.size());
        Buffer region(2 * kPartials * sizeof(T), 8);
        reduction.run(values, [&](int64_t strip, int64_t element) {
          bool* selected = mask.get() + strip * reduction.strip() + element;
          return std::array<void*, 3>{region.as<T>() + element % kPartials, selected, nullptr};
        });
        T sum[kPartials] = {}, count[kPartials] = {};
        for (size_t i = 0; i < values.size(); ++i) {
          if (!mask[i]) continue;
          sum[i % kPartials] += values[i];
          count[i % kPartials] += 1;
        }
        for (int i = 0; i < kPartials; ++i) {
          ASSERT_TRUE(same(region.as<T>()[i], sum[i])) << target.name << " sum " << lw;
          ASSERT_EQ(region.as<T>()[kPartials + i], count[i]) << target.name << " count " << lw;
        }
        ASSERT_TRUE(region.intact());
      }
    }
  });
}

TEST(Reductions, MaskedMomentsFollowWelford) {
  for_all([](const NamedTable& target, DType t, int lw, auto value) {
    using T = decltype(value);
    if constexpr (std::is_floating_point_v<T>) {
      for (Op op : {Op::reduce_var, Op::reduce_std}) {
        Reduction reduction(target, op, t, lw, true);
        const std::vector<T> values = random_values<T>(size_t(reduction.strip() * kStrips), false);
        const auto mask = random_mask(values.size());
        Buffer region(3 * kPartials * sizeof(T), 8);
        reduction.run(values, [&](int64_t strip, int64_t element) {
          bool* selected = mask.get() + strip * reduction.strip() + element;
          return std::array<void*, 3>{region.as<T>() + element % kPartials, selected, nullptr};
        });
        T mean[kPartials] = {}, m2[kPartials] = {}, count[kPartials] = {};
        for (size_t i = 0; i < values.size(); ++i) {
          const size_t k = i % kPartials;
          if (!mask[i]) continue;
          count[k] += 1;
          const T delta = values[i] - mean[k];
          mean[k] += delta / count[k];
          m2[k] += delta * (values[i] - mean[k]);
        }
        for (int i = 0; i < kPartials; ++i) {
          ASSERT_TRUE(same(region.as<T>()[i], mean[i])) << target.name << " mean " << lw;
          ASSERT_TRUE(same(region.as<T>()[kPartials + i], m2[i])) << target.name << " M2 " << lw;
          ASSERT_EQ(region.as<T>()[2 * kPartials + i], count[i]) << target.name << " count " << lw;
        }
        ASSERT_TRUE(region.intact());
      }
    }
  });
}

TEST(Reductions, ArgExtremesKeepTheFirst) {
  for_all([](const NamedTable& target, DType t, int lw, auto value) {
    using T = decltype(value);
    using Count = std::conditional_t<
        sizeof(T) == 1, uint8_t,
        std::conditional_t<sizeof(T) == 2, uint16_t, std::conditional_t<sizeof(T) == 4, uint32_t, uint64_t>>>;
    for (Op op : {Op::reduce_argmin, Op::reduce_argmax}) {
      Reduction reduction(target, op, t, lw);
      const int64_t lanes = reduction.strip();
      std::vector<T> values = random_values<T>(size_t(lanes * kStrips), true);
      for (size_t i = size_t(lanes); i < values.size(); i += 3) values[i] = values[i - size_t(lanes)];  // ties
      Buffer best(size_t(lanes) * sizeof(T), 8), index(size_t(lanes) * sizeof(T), 16);
      std::copy(values.begin(), values.begin() + lanes, best.as<T>());
      uint64_t number = 0;
      reduction.run(values, [&](int64_t strip, int64_t element) {
        number = uint64_t(strip);
        return std::array<void*, 3>{best.as<T>() + element, index.as<Count>() + element, &number};
      });
      for (int64_t i = 0; i < lanes; ++i) {
        T w = values[size_t(i)];
        int64_t at = 0;
        for (int64_t strip = 1; strip < kStrips; ++strip) {
          const T x = values[size_t(strip * lanes + i)];
          const bool strict = op == Op::reduce_argmin ? x < w : x > w;
          if (strict || (x != x && w == w)) {
            w = x;
            at = strip;
          }
        }
        ASSERT_TRUE(same(best.as<T>()[i], w)) << target.name << " " << info(op).name << " " << name(t) << " " << lw;
        ASSERT_EQ(int64_t(index.as<Count>()[i]), at)
            << target.name << " " << info(op).name << " " << name(t) << " " << lw;
      }
      ASSERT_TRUE(best.intact() && index.intact());
    }
  });
}

}  // namespace
}  // namespace lazulite
