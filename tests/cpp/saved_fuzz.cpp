// libFuzzer's target: any bytes as a file of a saved expression, over inputs of the saved shapes and of others.
//
//   cmake --preset fuzz && cmake --build --preset fuzz
//   build/fuzz/tests/saved_fuzz -max_len=4096 NEW_CORPUS tests/cpp/corpus/saved
//   LAZULITE_CORPUS=NEW_CORPUS build/asan/tests/saved_test --gtest_filter='*Corpus*'
//
// Only the graph and the planner are in the program: no value is computed, and any size may be named. The last line
// computes what was found.
#include <cstdint>
#include <string>
#include <vector>

#include "tests/cpp/saved_testing.h"

extern "C" {

size_t LLVMFuzzerMutate(std::uint8_t* data, size_t size, size_t most);  // libFuzzer's own

int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t size) {
  lazulite::read_and_plan(std::string(reinterpret_cast<const char*>(data), size));
  return 0;
}

/// Every other mutation changes the nodes inside of a file that is otherwise sound: most others stop at its first
/// bytes.
size_t LLVMFuzzerCustomMutator(std::uint8_t* data, size_t size, size_t most, unsigned seed) {
  if (seed % 2 == 0) return LLVMFuzzerMutate(data, size, most);
  std::string file(reinterpret_cast<const char*>(data), size);
  lazulite::repair(file);
  try {
    lazulite::SavedExpression e = lazulite::read_saved(file);
    std::vector<std::uint8_t> nodes(e.nodes.begin(), e.nodes.end());
    const size_t length = nodes.size();
    nodes.resize(length + 64);
    nodes.resize(LLVMFuzzerMutate(nodes.data(), length, nodes.size()));
    e.nodes.assign(nodes.begin(), nodes.end());
    std::vector<const std::byte*> values;
    for (const lazulite::SavedLeaf& leaf : e.leaves)
      if (leaf.stored) values.push_back(reinterpret_cast<const std::byte*>(file.data()) + leaf.offset);
    const std::vector<lazulite::SavedLeaf> before = e.leaves;
    std::string changed = lazulite::write_saved(e, values);
    for (size_t k = 0, v = 0; k < before.size(); ++k) {
      if (!before[k].stored) continue;
      changed.resize(e.leaves[k].offset);
      changed.append(reinterpret_cast<const char*>(values[v++]), before[k].bytes());
    }
    if (changed.size() > most) return LLVMFuzzerMutate(data, size, most);
    std::memcpy(data, changed.data(), changed.size());
    return changed.size();
  } catch (const lazulite::Error&) {
    return LLVMFuzzerMutate(data, size, most);
  }
}
}
