// Saved expressions from C++: the public header, the fuzzer's corpus, and every cut and flipped byte of a file.
#include "core/dispatch/saved.h"

#include <gtest/gtest.h>
#include <lazulite/graph.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

#include "core/dispatch/engine.h"
#include "core/dispatch/operators.h"
#include "core/graph/serialise.h"
#include "tests/cpp/saved_testing.h"

namespace lazulite {
namespace {

/// A path that is gone with the test.
struct Path {
  std::string text = ::testing::TempDir() + "saved_test_" + std::to_string(::getpid()) + "_" +
                     ::testing::UnitTest::GetInstance()->current_test_info()->name();
  ~Path() { std::remove(text.c_str()); }
};

std::string bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

void put(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

std::vector<double> ramp(int64_t n) {
  std::vector<double> v;
  for (int64_t k = 0; k < n; ++k) v.push_back(0.25 + static_cast<double>(k) / 64);
  return v;
}

Array array_of(const std::vector<double>& v) {
  const auto n = static_cast<int64_t>(v.size());
  return make_copy(DType::float64, Dims{n}, v.data(), Dims{8});
}

/// {"y": exp(x) * w + 1, "sum": the sum of it}, x an input.
void write(const std::string& path, int64_t n, bool keep = false) {
  const Array x = array_of(ramp(n)), w = array_of({2.0});
  Engine::get().options.eager_below = 0;
  const Array y = exp(x) * w + 1.0;
  save(path, {{"y", y}, {"sum", sum(y)}}, {{"x", x}}, keep);
}

TEST(Saved, RunsOnNewInputs) {
  const Path path;
  write(path.text, 1000);
  auto f = load(path.text);
  ASSERT_EQ(f.inputs().size(), 1u);
  EXPECT_EQ(f.inputs()[0].name, "x");
  EXPECT_STREQ(graph::name(f.inputs()[0].type), "float64");
  EXPECT_EQ(f.inputs()[0].shape, (graph::shape{1000}));
  EXPECT_FALSE(f.inputs()[0].has_value);
  ASSERT_EQ(f.outputs().size(), 2u);
  EXPECT_EQ(f.outputs()[1].name, "sum");
  EXPECT_EQ(f.outputs()[1].shape, graph::shape());
  for (const int64_t n : {1000, 0, 1, 7, 100000}) {
    const std::vector<double> x = ramp(n);
    f.bind("x", x);
    const std::vector<graph::value> both = f.run();
    ASSERT_EQ(both[0].shape(), (graph::shape{n}));
    const Array expected = exp(array_of(x)) * array_of({2.0}) + 1.0;
    EXPECT_EQ(*both[1].data<double>(), item(sum(expected)).as<double>());
    const Memory m = expose(expected);
    EXPECT_EQ(std::memcmp(both[0].data<double>(), m.data, x.size() * 8), 0);
    EXPECT_EQ(f.run<double>("y"), std::vector<double>(both[0].data<double>(), both[0].data<double>() + n));
    std::vector<double> mine(x.size());
    f.run_to("y", mine.data(), mine.size());
    EXPECT_EQ(mine, f.run<double>("y"));
  }
}

TEST(Saved, IsSavedAgainWithItsInputs) {
  const Path path;
  write(path.text, 100);
  const std::string first = bytes_of(path.text);
  const std::vector<double> x = ramp(100);
  auto f = load(path.text);
  f.save(path.text);
  EXPECT_EQ(bytes_of(path.text), first);
  f.bind("x", x).save(path.text);
  EXPECT_EQ(load(path.text).run<double>("y"), f.run<double>("y"));
  EXPECT_TRUE(load(path.text).inputs()[0].has_value);
}

template <class E, class F>
std::string message(F&& f) {
  try {
    f();
  } catch (const E& e) {
    return e.what();
  }
  return "no exception";
}

TEST(Saved, SaysWhatIsWrong) {
  const Path path;
  EXPECT_THROW((void)load(path.text), std::system_error);
  put(path.text, "PK, surely");
  EXPECT_NE(message<std::invalid_argument>([&] { (void)load(path.text); }).find("is not a saved expression"),
            std::string::npos);
  write(path.text, 100);
  auto f = load(path.text);
  EXPECT_NE(message<std::invalid_argument>([&] { (void)f.run(); }).find("inputs are missing"), std::string::npos);
  const std::vector<float> narrow(100);
  EXPECT_NE(message<std::invalid_argument>([&] { f.bind("x", narrow); }).find("there are: x float64"),
            std::string::npos);
  const std::vector<double> x = ramp(100);
  EXPECT_THROW(f.bind("z", x), std::invalid_argument);
  EXPECT_THROW(f.bind("x", x.data(), {-1}), std::invalid_argument);
  f.bind("x", x);
  EXPECT_THROW((void)f.run<double>("z"), std::invalid_argument);
  EXPECT_THROW((void)f.run<float>("y"), std::invalid_argument);
  std::vector<double> few(99);
  EXPECT_THROW(f.run_to("y", few.data(), few.size()), std::invalid_argument);
  EXPECT_THROW(f.save(path.text + "/nowhere"), std::system_error);
}

TEST(Saved, EveryCutAndEveryFlippedByteIsNoticed) {
  const Path path;
  write(path.text, 20, true);
  const std::string whole = bytes_of(path.text);
  ASSERT_TRUE(read_and_plan(whole, false));
  for (size_t k = 0; k < whole.size(); ++k) {
    EXPECT_FALSE(read_and_plan(whole.substr(0, k), false)) << k;
    for (int bit = 0; bit < 8; ++bit) {
      std::string flipped = whole;
      flipped[k] = static_cast<char>(flipped[k] ^ (1 << bit));
      EXPECT_FALSE(read_and_plan(flipped, false)) << k;
    }
  }
}

/// Whether no value of the expression has more than some elements: others are accepted, and would take too long here.
bool is_small(const std::string& bytes) {
  const SavedExpression e = read_saved(bytes);
  std::vector<NodeRef> leaves;
  for (const SavedLeaf& leaf : e.leaves) leaves.push_back(shown(leaf.dtype, leaf.form.shape, leaf.form.order));
  for (const NodeRef& n : deserialise_all(e.nodes, leaves))
    if (n->size > 100'000) return false;
  return true;
}

/// Reads, plans and, where it is small, computes a file of these bytes, with a right checksum; whether it was computed.
bool runs(std::string bytes, const std::string& path) {
  if (!read_and_plan(bytes)) return false;
  repair(bytes);
  if (!is_small(bytes)) return false;
  put(path, bytes);
  auto f = load(path);
  const std::vector<double> zeros(200'000);  // of any type
  for (const graph::variable& v : f.inputs())
    if (!v.has_value) f.bind(v.name, v.type, zeros.data(), v.shape);
  (void)f.run();
  return true;
}

TEST(Saved, WhateverHasTheRightChecksumIsRefusedOrRuns) {
  const Path path;
  write(path.text, 5, true);
  const std::string whole = bytes_of(path.text);
  int ran = 0;
  for (size_t k = 0; k < whole.size(); ++k) {
    for (const int change : {1, 2, 4, 128, 255}) {
      std::string changed = whole;
      changed[k] = static_cast<char>(changed[k] ^ change);
      ran += runs(changed, path.text);
    }
  }
  EXPECT_GT(ran, 0);
}

// LAZULITE_CORPUS names another folder, such as the one that the fuzzer has just filled.
TEST(Saved, TheFuzzersCorpusIsRefusedOrRuns) {
  const Path path;
  const char* other = std::getenv("LAZULITE_CORPUS");
  int files = 0, ran = 0;
  for (const auto& entry : std::filesystem::directory_iterator(other ? other : LAZULITE_CORPUS)) {
    ++files;
    SCOPED_TRACE(entry.path());
    ran += runs(bytes_of(entry.path().string()), path.text);
  }
  EXPECT_GT(files, 20);
  EXPECT_GT(ran, other ? 0 : 20);
}

}  // namespace
}  // namespace lazulite
