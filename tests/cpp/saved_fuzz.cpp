// libFuzzer's target: any bytes as a file of a saved expression, over inputs of the saved shapes and of others.
//
//   cmake --preset fuzz && cmake --build --preset fuzz
//   build/fuzz/tests/saved_fuzz -max_len=4096 NEW_CORPUS tests/cpp/corpus/saved
//
// Only the graph and the planner are in the program: no value is computed, and any size may be named.
#include <cstdint>

#include "tests/cpp/saved_testing.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  lazulite::read_and_plan(std::string(reinterpret_cast<const char*>(data), size));
  return 0;
}
