// Promise 4 as fixed numbers: hashes of elementary functions, reductions and draws that every SIMD target with FMA, on
// x86-64 and on ARM, gives for any number of threads. CMake runs this program once for each target.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/dispatch/engine.h"
#include "core/dispatch/indexing.h"
#include "core/dispatch/linalg.h"
#include "core/dispatch/operators.h"
#include "core/kernels/targets.h"

namespace lazulite {
namespace {

// A new row of the op table, or a change of bits that is meant, gets its line from the message of the failing test:
// add it once the targets at hand agree.
const std::map<std::string, uint64_t> kHashes = {
    {"Horner's rule float32", 0x526d699bdce65561},
    {"Horner's rule float64", 0x786a1469bd9b243f},
    {"arccos float32", 0x6402b717f6eccabc},
    {"arccos float64", 0x8759e599c6750c44},
    {"arccosh float32", 0xc9b8639e9640bd84},
    {"arccosh float64", 0xb1c9948516569c54},
    {"arcsin float32", 0xbf31d08dcb934e6b},
    {"arcsin float64", 0xaccdd0ff8ecc4539},
    {"arcsinh float32", 0xe42752343604d69c},
    {"arcsinh float64", 0x70301f05a09811e0},
    {"arctan float32", 0x2dfa1f3064dfa2c6},
    {"arctan float64", 0x43b4d59e69fc6036},
    {"arctan2 float32", 0xcb96222fc47f1bb3},
    {"arctan2 float64", 0x100e406b09552ca7},
    {"arctanh float32", 0x2703316d0e3d2934},
    {"arctanh float64", 0x14bc82ad8ca3fdfc},
    {"argmax float32", 0x689ed1f5c50d8d5b},
    {"argmax float64", 0x689ed1f5c50d8d5b},
    {"argmin float32", 0xfd32f10d62c26019},
    {"argmin float64", 0xfd32f10d62c26019},
    {"beta float32", 0x7e1fdee5d040cfbd},
    {"beta float64", 0x75baf3a902d494fe},
    {"betainc float32", 0x491b492064814b9e},
    {"betainc float64", 0x3bee8750ac13cc44},
    {"betaincinv float32", 0x2c6969f1615d13f1},
    {"betaincinv float64", 0x61767c5beb95bcc8},
    {"betaln float32", 0x63c7b42b4d644439},
    {"betaln float64", 0x0743496e6954d3f6},
    {"cbrt float32", 0x51e9d928b0eb70a2},
    {"cbrt float64", 0x29379e3477168977},
    {"cos float32", 0x48141a562e1a7e33},
    {"cos float64", 0x0311451c7c4174c4},
    {"cosh float32", 0x3a8b2d7b4d8d56ae},
    {"cosh float64", 0xd391aebd9717fcf4},
    {"cospi float32", 0x815f53f60cd0e039},
    {"cospi float64", 0x2a7981c0d83b1af4},
    {"degrees float32", 0xf17651c8ddd3bfdc},
    {"degrees float64", 0x1b5d9d03d7cd4ea5},
    {"digamma float32", 0x02451cf87eddbb50},
    {"digamma float64", 0x03cc6b1de65cf04e},
    {"erf float32", 0x515aed31b5f8e7f5},
    {"erf float64", 0x689d208e84e30439},
    {"erfc float32", 0x40d46175e7b0927f},
    {"erfc float64", 0x44d9b07c34e62980},
    {"erfcinv float32", 0xeba38209e83fbf69},
    {"erfcinv float64", 0xe91b338773884840},
    {"erfcx float32", 0xbff5768d80e17c10},
    {"erfcx float64", 0x11286fbb4334c31b},
    {"erfinv float32", 0x5d2a06a847475a18},
    {"erfinv float64", 0xbde56a4332403bd1},
    {"exp float32", 0xa6ef311899af69e8},
    {"exp float64", 0x68b368f5b3bebaf3},
    {"exp2 float32", 0xb92cc3ace67d6640},
    {"exp2 float64", 0x2cc73404911bf547},
    {"expit float32", 0xcb84f9ccb751d934},
    {"expit float64", 0xbded7d5cb0b0a776},
    {"expm1 float32", 0x437a4fc7cbdf1838},
    {"expm1 float64", 0xfa075da2ceae1a9b},
    {"exprel float32", 0x1a9f7c63f8154cac},
    {"exprel float64", 0x129991405ae4645f},
    {"floor_divide float32", 0xd2695ac63c2732c8},
    {"floor_divide float64", 0xc6a1d26437596fbe},
    {"gamma float32", 0xdb74736484648138},
    {"gamma float64", 0x1377696cc16f5c80},
    {"gammainc float32", 0xc4e0b3abc5ad7f14},
    {"gammainc float64", 0xcee43b9c4bdbbf50},
    {"gammaincc float32", 0xcc7c9aaf7faff20c},
    {"gammaincc float64", 0x6a5de707ec89224c},
    {"gammaincinv float32", 0x44950f636a627684},
    {"gammaincinv float64", 0x27e37a93b264ee9b},
    {"gammaln float32", 0xa546029c7b8272af},
    {"gammaln float64", 0xef481aa156e0b584},
    {"hypot float32", 0x47eb6ad888299b0e},
    {"hypot float64", 0x64545f4c1e6c3cbf},
    {"i0 float32", 0xe8314b0dd4124fbe},
    {"i0 float64", 0xe713194e477078c1},
    {"i0e float32", 0x1b9378c88b0f9d1c},
    {"i0e float64", 0xb90233c2c59ed38c},
    {"i1 float32", 0x1d3d69b8c5c34e22},
    {"i1 float64", 0x342af0d8a24be2b3},
    {"i1e float32", 0x1f7adabed95d3653},
    {"i1e float64", 0x675293823ad42d28},
    {"j0 float32", 0x4c2b02a0dece5116},
    {"j0 float64", 0x7f503e24cae16a39},
    {"j1 float32", 0x848e0d557e4045df},
    {"j1 float64", 0x4955505ca89cd183},
    {"log float32", 0xf55a9eee6fbe2aea},
    {"log float64", 0xdd40bef8b8899857},
    {"log10 float32", 0xdc409152fae157d5},
    {"log10 float64", 0x9d6fdf3bdb42864b},
    {"log1p float32", 0x60f51140a8f0ada6},
    {"log1p float64", 0x94add174b3d3627c},
    {"log2 float32", 0x653c06754c06c650},
    {"log2 float64", 0xff5de9e8d3b2b941},
    {"log_expit float32", 0x9b513c939ee930dd},
    {"log_expit float64", 0x69ffe54028ebac24},
    {"log_ndtr float32", 0xd0d9b74b8aa55179},
    {"log_ndtr float64", 0x2d46c820ea90a827},
    {"logaddexp float32", 0xa33216b2e5808685},
    {"logaddexp float64", 0xf70088879f0d0cb0},
    {"logaddexp2 float32", 0x3956f7bdb48e785d},
    {"logaddexp2 float64", 0x42344f3092151bc3},
    {"logit float32", 0xc2a32d5bacae7ca5},
    {"logit float64", 0xaf4a504ecfc1eb4d},
    {"matmul float32", 0xa9930a41d19061a4},
    {"matmul float64", 0x3b11f5e366cf7868},
    {"max float32", 0xfca81f207b19589a},
    {"max float64", 0x1eec337830fa984f},
    {"mean float32", 0x1d0ecd940af73d52},
    {"mean float64", 0x1718b4dc7e252cea},
    {"min float32", 0xbed603c4201bef48},
    {"min float64", 0xebdd2fb64e5b78d7},
    {"nanmax float32", 0xfca81f207b19589a},
    {"nanmax float64", 0x1eec337830fa984f},
    {"nanmin float32", 0xbed603c4201bef48},
    {"nanmin float64", 0xebdd2fb64e5b78d7},
    {"ndtr float32", 0x2914b9a9c80a9592},
    {"ndtr float64", 0x7e677deb392b8b7b},
    {"ndtri float32", 0xb27d1fef8fefe23f},
    {"ndtri float64", 0x9b4d775ee63b9b10},
    {"numpy_philox", 0x35b874f47343a204},
    {"of what a mask selects float32", 0x207db3af0b0390c4},
    {"of what a mask selects float64", 0x8ce9f0a386d40e9b},
    {"philox", 0x777e0ffb6d0f3ec6},
    {"power float32", 0x8b9a178002a90a9b},
    {"power float64", 0x5240a1f15e16cf1f},
    {"prod float32", 0x2ba5bf03b5171f24},
    {"prod float64", 0xff3b97fad79c5f49},
    {"radians float32", 0x89a71252a2f46527},
    {"radians float64", 0x7270aede5c840418},
    {"random float32", 0x80ba15d53ace5b21},
    {"random float64", 0x0feb7541f7798ccd},
    {"rgamma float32", 0x914dcfb519c2577f},
    {"rgamma float64", 0x78b91df085a42a36},
    {"sample_beta", 0x2be31019f0377cfd},
    {"sample_binomial", 0x35759d0c06fc3ec9},
    {"sample_fork", 0x7894afd99b85c109},
    {"sample_gamma", 0x9e4cb933f1a38101},
    {"sample_hypergeometric", 0x3ccdb6c97eb00e98},
    {"sample_integer", 0x253596268180caa1},
    {"sample_log_gamma", 0xd8e76648a5f33685},
    {"sample_poisson", 0x72516daa44d630fd},
    {"sample_uniform", 0x4d41b8d5ca64a549},
    {"sample_vonmises", 0xc46c01b930d58185},
    {"sample_zipf", 0x85329185c0762ad9},
    {"sin float32", 0xf55e841bbb25b673},
    {"sin float64", 0x34ca7d345bcccf6d},
    {"sinh float32", 0xb5dfb088f64a0ef5},
    {"sinh float64", 0x0f3087ecb82f4f04},
    {"sinpi float32", 0xf08f6979e0570146},
    {"sinpi float64", 0x62ff637f8ab7b8aa},
    {"sobol", 0xd771083cd310d9fd},
    {"sobol scrambled", 0x1737b0070107097a},
    {"standard_exponential float32", 0xf40f81e7b017f6ad},
    {"standard_exponential float64", 0xc292d74054c0acbc},
    {"standard_normal float32", 0xf558b53301ef6565},
    {"standard_normal float64", 0xf3176963b5aa010f},
    {"std float32", 0xba0cafbe9de5b14a},
    {"std float64", 0xc6bf180bb7054128},
    {"sum float32", 0xff04652773c03e9d},
    {"sum float64", 0xd009b5ba8cb303b1},
    {"tan float32", 0xdfe106cb275e933e},
    {"tan float64", 0x44e8ccb4f33bdf02},
    {"tanh float32", 0x9c02939c49ef5fed},
    {"tanh float64", 0xfca3d078074c4964},
    {"twelve steps of a Monte-Carlo simulation", 0xd97b72d37bf29f94},
    {"var float32", 0x6efc8fae0eb13fc1},
    {"var float64", 0xd6a39353fca169fc},
    {"word float64", 0x0052fd01d95af36d},
    {"y0 float32", 0x261637728dedb289},
    {"y0 float64", 0xe15a0eb08814761d},
    {"y1 float32", 0x9bf28e5887bdb31f},
    {"y1 float64", 0xd9bb052b0005c206},
};

/// FNV-1a over the bits of all elements, every NaN as one.
class Hash {
 public:
  template <class T>
  void add(const T* p, int64_t n) {
    for (int64_t i = 0; i < n; ++i) {
      uint64_t bits = 0;
      std::memcpy(&bits, p + i, sizeof(T));
      if (p[i] != p[i]) bits = ~uint64_t{0};
      for (size_t byte = 0; byte < 8; ++byte) value_ = (value_ ^ ((bits >> (8 * byte)) & 0xFF)) * 0x100000001B3;
    }
  }
  void add(const Array& a) {
    const Array c = copy(a, true);
    const Memory m = expose(c);
    switch (c.dtype()) {
      case DType::float32:
        return add(reinterpret_cast<const float*>(m.data), c.size());
      case DType::float64:
        return add(reinterpret_cast<const double*>(m.data), c.size());
      default:
        return add(reinterpret_cast<const uint8_t*>(m.data), c.size() * item_size(c.dtype()));
    }
  }
  uint64_t value() const { return value_; }

 private:
  uint64_t value_ = 0xCBF29CE484222325;
};

/// Steele, Lea and Flood's SplitMix64: element k of a stream of bits.
uint64_t bits_at(uint64_t seed, int64_t k) {
  uint64_t z = (seed << 40) + static_cast<uint64_t>(k + 1) * 0x9E3779B97F4A7C15;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return z ^ (z >> 31);
}

/// Numbers in [-2^scale, 2^scale); where `wild`, every other one has any bits whatever.
template <class T>
Array numbers(int64_t n, uint64_t seed, int scale, bool wild) {
  std::byte* data;
  const Array a = make_empty(sizeof(T) == 8 ? DType::float64 : DType::float32, Dims{n}, &data);
  for (int64_t k = 0; k < n; ++k) {
    const uint64_t bits = bits_at(seed, k);
    T x = static_cast<T>(std::ldexp(static_cast<double>(static_cast<int64_t>(bits) >> 11), scale - 52));
    if (wild && k % 2 == 1) std::memcpy(&x, &bits, sizeof(T));
    std::memcpy(data + k * static_cast<int64_t>(sizeof(T)), &x, sizeof(T));
  }
  return a;
}

/// On one thread, on two and on seven, lazily and at once, `make` must give the hash that is known by `name`.
template <class Make>
void check(const std::string& name, Make make) {
  uint64_t first = 0;
  for (const int threads : {1, 2, 7}) {
    for (const int64_t eager_below : {0, 256}) {
      Engine::get().set_threads(threads);
      Engine::get().options.eager_below = eager_below;
      Hash hash;
      make(hash);
      if (first == 0) first = hash.value();
      EXPECT_EQ(hash.value(), first) << name << ": other bits with " << threads << " threads, eager_below "
                                     << eager_below;
    }
  }
  const auto known = kHashes.find(name);
  char line[100];
  std::snprintf(line, sizeof line, "    {\"%s\", 0x%016llx},", name.c_str(), static_cast<unsigned long long>(first));
  if (known == kHashes.end()) {
    ADD_FAILURE() << "no hash of this name is known; of this target it is\n" << line;
  } else {
    EXPECT_EQ(first, known->second) << Engine::get().target() << " gives\n" << line;
  }
}

class Reproducible : public testing::Test {
 protected:
  void SetUp() override {
    const char* wanted = std::getenv("LAZULITE_SIMD");
    if (find_target(wanted ? wanted : "") == nullptr) GTEST_SKIP() << "this CPU has no " << wanted;
  }
};

template <class T>
void check_elementwise(const std::string& dtype) {
  for (int k = 0; k < kOps; ++k) {
    const auto op = static_cast<Op>(k);
    const OpInfo& row = info(op);
    // Rows with smaller bounds are held to the scalar reference, bit for bit, by the tests of the kernels.
    if (row.ulp <= 0.5f || !contains(row.loops, sizeof(T) == 8 ? DType::float64 : DType::float32)) continue;
    check(std::string(row.name) + " " + dtype, [&](Hash& hash) {
      for (const int64_t n : {1, 63, 65, 256, 1000, 20'001}) {
        const Argument args[] = {numbers<T>(n, 1, 4, true), numbers<T>(n, 2, 4, true), numbers<T>(n, 3, 0, false)};
        hash.add(apply(op, args, row.arity));
      }
    });
  }
}
TEST_F(Reproducible, ElementaryFunctionsOfFloat64) { check_elementwise<double>("float64"); }
TEST_F(Reproducible, ElementaryFunctionsOfFloat32) { check_elementwise<float>("float32"); }

template <class T>
void check_reductions(const std::string& dtype) {
  const struct {
    Dims shape;
    uint64_t axes;
  } cases[] = {{{1}, 1},         {{63}, 1},        {{65}, 1},        {{1000}, 1},      {{16'385}, 1},
               {{100'003}, 1},   {{37, 211}, 1},   {{37, 211}, 2},   {{1000, 3}, 1},   {{1000, 3}, 2},
               {{3, 40'000}, 2}, {{40'000, 3}, 1}, {{5, 7, 300}, 5}, {{5, 300, 7}, 2}, {{300, 5, 70}, 3}};
  for (int k = 0; k < kOps; ++k) {
    const auto op = static_cast<Op>(k);
    const OpInfo& row = info(op);
    if (row.kind != OpKind::reduce || !contains(row.loops, sizeof(T) == 8 ? DType::float64 : DType::float32)) continue;
    check(std::string(row.name) + " " + dtype, [&](Hash& hash) {
      for (const auto& c : cases) {
        const Array a = reshape(numbers<T>(c.shape.product(), 3, 1, false), c.shape);
        View transposed = view_of(a);
        std::reverse(transposed.shape.data(), transposed.shape.data() + transposed.shape.size());
        std::reverse(transposed.strides.data(), transposed.strides.data() + transposed.strides.size());
        hash.add(reduce(op, a, c.axes));
        hash.add(reduce(op, make_view(a, transposed), c.axes));
      }
    });
  }
}
TEST_F(Reproducible, ReductionsOfFloat64) { check_reductions<double>("float64"); }
TEST_F(Reproducible, ReductionsOfFloat32) { check_reductions<float>("float32"); }

TEST_F(Reproducible, Draws) {
  const uint64_t key[2] = {0x0123456789ABCDEF, 0xFEDCBA9876543210};
  for (int k = 0; k < kLaws; ++k) {
    for (const DType t : {DType::float32, DType::float64}) {
      const auto law = static_cast<Law>(k);
      if (!can_draw(Stream::ars, law, t)) continue;
      check(std::string(name(law)) + (t == DType::float64 ? " float64" : " float32"), [&](Hash& hash) {
        for (const int64_t n : {1, 65, 1000, 20'001})
          for (const uint64_t first : {uint64_t{0}, uint64_t{7}, uint64_t{1} << 63})
            hash.add(make_random(law, t, Dims{n}, key, first));
      });
    }
  }
}

TEST_F(Reproducible, DrawsOfOtherStreams) {
  const RandomParams streams[] = {
      {Law::word, Stream::philox, {0x0123456789ABCDEF, 0xFEDCBA9876543210}, 0},
      {Law::word, Stream::numpy_philox, {0x0123456789ABCDEF, 3, ~uint64_t{0} - 5, ~uint64_t{0}, 7}, 0},
      {Law::word, Stream::sobol, {1, 2, 301, 1'000'003, 0}, 0},
      {Law::word, Stream::sobol, {1, 2, 301, 1'000'003, 1}, 0},
  };
  for (const RandomParams& stream : streams) {
    const std::string scrambled = stream.stream == Stream::sobol && stream.key[4] != 0 ? " scrambled" : "";
    check(std::string(name(stream.stream)) + scrambled, [&](Hash& hash) {
      for (int k = 0; k < kLaws; ++k) {
        for (const DType t : {DType::float32, DType::float64}) {
          RandomParams p = stream;
          p.law = static_cast<Law>(k);
          if (!can_draw(p.stream, p.law, t)) continue;
          for (const int64_t n : {1, 65, 1000, 20'001})
            for (p.first = 0; p.first < 20; p.first += 7) hash.add(make_draw(t, Dims{n}, p));
        }
      }
    });
  }
}

TEST_F(Reproducible, LawsWithParameters) {
  const uint64_t key[2] = {3, 4};
  const std::map<Op, std::vector<std::vector<double>>> parameters = {
      {Op::sample_gamma, {{0.3}, {1}, {40}}},
      {Op::sample_log_gamma, {{0.01}, {7}}},
      {Op::sample_beta, {{0.2, 0.3}, {0.5, 4}, {2, 3}}},
      {Op::sample_poisson, {{0.5}, {9}, {31}, {33}, {1e5}}},
      {Op::sample_binomial, {{5, 0.5}, {100, 0.7}, {100, 0.6}, {1e6, 0.3}}},
      {Op::sample_vonmises, {{1e-9}, {0.7}, {30}, {1e7}}},
      {Op::sample_zipf, {{1.1}, {3}}},
      {Op::sample_uniform, {{0}, {5}}},
      {Op::sample_fork, {{0}, {5}}},
  };
  for (int k = 0; k < kOps; ++k) {
    const auto op = static_cast<Op>(k);
    if (info(op).kind != OpKind::sample || op == Op::sample_integer || op == Op::sample_hypergeometric) continue;
    check(std::string(info(op).name), [&](Hash& hash) {
      for (const std::vector<double>& p : parameters.at(op))
        for (const int64_t n : {1, 65, 5'001}) {
          Argument args[3] = {make_random(Law::word, DType::float64, Dims{n}, key, 5)};
          for (size_t j = 0; j < p.size(); ++j) args[j + 1] = make_full(DType::float64, Dims{n}, Scalar::of(p[j]));
          hash.add(apply(op, args, info(op).arity));  // parameters as arrays
          for (size_t j = 0; j < p.size(); ++j) args[j + 1] = make_full(DType::float64, Dims(), Scalar::of(p[j]));
          hash.add(apply(op, args, info(op).arity));  // and as numbers
        }
    });
  }
  check("sample_integer", [&](Hash& hash) {
    for (const uint64_t last : {uint64_t{0}, uint64_t{9}, (uint64_t{1} << 63) + 12345, ~uint64_t{0}}) {
      const Argument args[] = {make_random(Law::word, DType::uint64, Dims{5'001}, key, 5),
                               make_full(DType::uint64, Dims(), Scalar::of(last))};
      hash.add(apply(Op::sample_integer, args, 2));
    }
  });
  check("sample_hypergeometric", [&](Hash& hash) {
    const uint64_t numbers_of[][3] = {{5, 3, 4}, {900, 1, 600}, {140, 170, 150}, {100'000, 2'000'000, 2'099'000}};
    for (const auto& [good, bad, sample] : numbers_of) {
      const Argument args[] = {make_random(Law::word, DType::uint64, Dims{5'001}, key, 5),
                               make_full(DType::uint64, Dims(), Scalar::of(good << 32 | bad)),
                               make_full(DType::uint64, Dims(), Scalar::of(sample))};
      hash.add(apply(Op::sample_hypergeometric, args, 3));
    }
  });
}

TEST_F(Reproducible, WholePasses) {
  const uint64_t key[2] = {1, 2};
  check("twelve steps of a Monte-Carlo simulation", [&](Hash& hash) {
    const int64_t n = 50'001;
    Array s = make_full(DType::float64, Dims{n}, Scalar::of(100.0));
    for (uint64_t month = 0; month < 12; ++month) {
      const Array z = make_random(Law::standard_normal, DType::float64, Dims{n}, key, month * uint64_t(n));
      s = s * exp(z * 0.06 + 0.001);
    }
    const Array payoff = maximum(s - 105.0, 0.0);
    const Array value = mean(payoff), deviation = std(payoff);
    compute({value, deviation});
    hash.add(value);
    hash.add(deviation);
    hash.add(payoff);
  });
}

template <class T>
void check_stages_of_several_ops(const std::string& dtype) {
  const Array x = numbers<T>(20'003, 4, 0, false), y = numbers<T>(20'003, 5, 0, false);
  check("Horner's rule " + dtype, [&](Hash& hash) {
    Array p = x * 0.3 + 0.7;
    for (int k = 1; k < 10; ++k) p = k % 2 == 0 ? p * x + 0.1 * k : 0.1 * k - p * x;
    hash.add(p);
    hash.add(mean((x * 1.3 + y) * y - (x - 0.3) * (y + 0.1)));  // pairs and trees
  });
  check("of what a mask selects " + dtype, [&](Hash& hash) {
    for (const Op op : {Op::reduce_sum, Op::reduce_mean, Op::reduce_var, Op::reduce_max})
      hash.add(reduce(op, Masked{x * y, x > y}, false, std::nullopt, 0).value());
  });
  check("matmul " + dtype, [&](Hash& hash) {
    for (const int64_t n : {1, 7, 33, 130})
      hash.add(matmul(reshape(numbers<T>(n * 77, 6, 0, false), Dims{n, 77}),
                      reshape(numbers<T>(77 * 101, 7, 0, false), Dims{77, 101})));
  });
}
TEST_F(Reproducible, StagesOfSeveralOpsAndProducts) {
  check_stages_of_several_ops<double>("float64");
  check_stages_of_several_ops<float>("float32");
}

}  // namespace
}  // namespace lazulite
