// The expressions of tests/python/test_cpp_header.py in C++: writes each one's elements to DIRECTORY/name.bin.
//
//   header_bits DIRECTORY
#include <lazulite/lazulite.h>

#include <cstdio>
#include <string>

namespace lz = lazulite;

namespace {

std::string directory;

template <class E>
void write(const char* name, const E& e) {
  const auto a = lz::eval(e);
  std::FILE* f = std::fopen((directory + "/" + name + ".bin").c_str(), "wb");
  if (!f) throw std::runtime_error("cannot write to " + directory);
  std::fwrite(a.data(), sizeof(*a.data()), static_cast<size_t>(a.size()), f);
  std::fclose(f);
}
template <class T>
void write_value(const char* name, T value) {
  write(name, lz::array<T, 1>({1}, value) + T(0));
}

/// Numbers in [-4, 4), by a multiplicative hash of their place: exact in float64.
lz::array<double, 2> numbers(int64_t seed) {
  lz::array<double, 2> a({37, 541});
  for (int64_t k = 0; k < a.size(); ++k)
    a.data()[k] = static_cast<double>(((k + seed) * 2654435761) % 4294967296) / 4294967296.0 * 8 - 4;
  return a;
}

void all() {
  const auto a = numbers(1), b = numbers(1000), c = numbers(77'777);
  const lz::array<float, 2> f = lz::astype<float>(a), g = lz::astype<float>(b);
  const lz::array<int32_t, 2> i = lz::astype<int32_t>(a * 1000), j = lz::astype<int32_t>(b * 10);
  const lz::array<uint8_t, 2> u = lz::astype<uint8_t>(absolute(c * 20));

  write("horner", ((((0.25 * a - 1.5) * a + 0.75) * a - 2) * a + 3.25) * a - 0.125);
  write("hypotenuse", sqrt(a * a + b * b) / (absolute(c) + 1));
  const auto s = exp(a), k = exp(b);
  const auto d1 = (log(s / k) + 0.045) / 0.3;
  const auto d2 = d1 - 0.3;
  write("black_scholes", s * ndtr(d1) - k * 0.98 * ndtr(d2));
  write("elementary", sin(a * b) * cos(c) + tanh(a) - arctan2(b, c) * log1p(absolute(a)) + cbrt(b));
  write("power", power(absolute(a), b) + power(c, 2) - power(absolute(a), 0.5) * power(c, 3));
  write("float32", exp(f) * g - sqrt(absolute(f)) / 3.5);
  write("mixed", f * i + a - u);
  write("integers", (i % j + floor_divide(i, j)) * 3 - (i & 12) + (u << 2));
  write("comparisons", ((a < b) & (i != j)) | (f >= 1));
  write("where", where(a < b && f > 0, a * 2, f));
  write("where_of_float32", where(a < b, f, 7));
  write("casts", lz::astype<int16_t>(a * 100) + lz::astype<int16_t>(u));
  write("extremes", clip(a, -1, 2.5) + minimum(b, c) * maximum(a, 0));
  write("row", a - mean(a, 0) * c(lz::all, lz::range(0, 1)));
  write("stencil", 0.25 * (a(lz::range(1, -1), lz::range(0, -2)) + a(lz::range(1, -1), lz::range(2, lz::unbounded)) +
                           a(lz::range(0, -2), lz::range(1, -1)) + a(lz::range(2, lz::unbounded), lz::range(1, -1))));
  const auto e = lz::eval(exp(f - max(f, 1, lz::keepdims)));
  write("softmax", e / sum(e, 1, lz::keepdims));
  write_value("sum", sum(a * b));
  write_value("sum_float32", sum(f * g));
  write_value("mean", mean(exp(a)));
  write_value("mean_of_integers", mean(i));
  write_value("sum_of_integers", sum(u));
  write_value("max", max(a * b - c));
  write("sum_rows", sum(a * b, 1));
  write("sum_columns", sum(a * b, 0));
  write("mean_columns_float32", mean(f, 0));
  write("min_rows", min(i, 1));
  write_value("var", var(a * b));
  write_value("std_float32", lz::std(f, lz::ddof(1)));
  write_value("std_of_integers", lz::std(u));
  write("var_rows", var(a * b, 1));
  write("var_columns_float32", var(f, 0, lz::ddof(1)));
  write_value("argmin", argmin(a * b));
  write("argmax_rows", argmax(f, 1));
  write("argmin_columns", argmin(u, 0));
  write("cumsum", cumsum(a * b));
  write("cumsum_columns_float32", cumsum(f, 0));
  write("cumsum_rows_of_integers", cumsum(u, 1));
  write("cumprod_rows", cumprod(1 + a * 1e-3, 1));
  write("normal", lz::random::default_rng(2024).normal<double>({37, 541}, 0.5, 2));
  write("philox", lz::random::philox(7).standard_normal<double>(1001));
  write("random_float32", lz::random::default_rng(11).random<float>(1001));
  lz::random::generator rng = lz::random::default_rng(5);
  const auto first = rng.standard_exponential<double>(100);
  write("second_draw", first + rng.uniform<double>(100, -1, 3));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: header_bits DIRECTORY\n");
    return 2;
  }
  directory = argv[1];
  all();
  return 0;
}
