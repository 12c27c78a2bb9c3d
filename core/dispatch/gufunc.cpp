// NumPy's shape rule for functions of vectors and matrices, with its wording.
#include "core/dispatch/gufunc.h"

#include <algorithm>
#include <string>
#include <vector>

namespace lazulite {

namespace {

struct CoreDimension {
  char letter;
  bool optional;
};
using Core = std::vector<CoreDimension>;

/// The operands' core dimensions; the last entry is the result's.
std::vector<Core> parse(const char* signature) {
  std::vector<Core> operands;
  for (const char* p = signature; *p; ++p) {
    if (*p == '(')
      operands.emplace_back();
    else if (*p == '?')
      operands.back().back().optional = true;
    else if (*p >= 'a' && *p <= 'z')
      operands.back().push_back({*p, false});
  }
  return operands;
}

[[noreturn]] void no_broadcast(std::initializer_list<const Array*> operands, const std::vector<int>& cores,
                               const Dims& result) {
  std::string text = "operands could not be broadcast together with remapped shapes [original->remapped]:";
  size_t k = 0;
  for (const Array* a : operands) {
    const int lead = a->ndim() - cores[k++];
    std::string loop;
    for (int j = 0; j < lead; ++j) loop += (j ? "," : "") + std::to_string(a->shape()[j]);
    for (int j = 0; lead > 0 && j < result.size(); ++j) loop += ",newaxis";
    text += " " + to_string(a->shape()) + "->(" + loop + (lead + result.size() == 1 ? ",)" : ")");
  }
  std::string shape = to_string(result);
  if (result.size() == 1) shape.erase(shape.size() - 2, 1);  // "(2)": NumPy writes this one without the comma
  throw Error(ErrorKind::value, text + "  and requested shape " + shape);
}

}  // namespace

Dims match_core(const char* name, const char* signature, std::initializer_list<const Array*> operands) {
  std::vector<Core> cores = parse(signature);
  const auto about = [&](size_t k) { return std::string(name) + ": Input operand " + std::to_string(k); };
  std::vector<int> used;
  int64_t size[26];
  std::fill_n(size, 26, -1);
  std::string missing;  // letters of the optional dimensions that some operand has not
  size_t k = 0;
  for (const Array* a : operands) {
    Core& core = cores[k];
    while (static_cast<int>(core.size()) > a->ndim()) {
      const auto drop = std::find_if(core.begin(), core.end(), [](CoreDimension d) { return d.optional; });
      if (drop == core.end()) {
        const auto least = std::count_if(cores[k].begin(), cores[k].end(), [](CoreDimension d) { return !d.optional; });
        throw Error(ErrorKind::value, about(k) + " does not have enough dimensions (has " + std::to_string(a->ndim()) +
                                          ", gufunc core with signature " + signature + " requires " +
                                          std::to_string(least) + ")");
      }
      missing += drop->letter;
      core.erase(drop);
    }
    const int first = a->ndim() - static_cast<int>(core.size());
    for (size_t j = 0; j < core.size(); ++j) {
      int64_t& known = size[core[j].letter - 'a'];
      const int64_t extent = a->shape()[first + static_cast<int>(j)];
      if (known >= 0 && known != extent)
        throw Error(ErrorKind::value, about(k) + " has a mismatch in its core dimension " + std::to_string(j) +
                                          ", with gufunc signature " + signature + " (size " + std::to_string(extent) +
                                          " is different from " + std::to_string(known) + ")");
      known = extent;
    }
    used.push_back(static_cast<int>(core.size()));
    ++k;
  }
  int rank = 0;
  k = 0;
  for (const Array* a : operands) rank = std::max(rank, a->ndim() - used[k++]);
  Dims loop(rank, 1);
  k = 0;
  for (const Array* a : operands) {
    const int lead = a->ndim() - used[k++];
    for (int j = 0; j < lead; ++j) {
      int64_t& d = loop[rank - lead + j];
      const int64_t extent = a->shape()[j];
      if (d != 1 && extent != 1 && d != extent) {
        std::vector<int64_t> result;
        for (CoreDimension c : cores.back())
          if (missing.find(c.letter) == std::string::npos) result.push_back(size[c.letter - 'a']);
        no_broadcast(operands, used, Dims(result.data(), static_cast<int>(result.size())));
      }
      if (extent != 1) d = extent;
    }
  }
  return loop;
}

void check_core_out(const char* name, const char* signature, const Dims& out, const Dims& result, int core) {
  if (out.size() < result.size())
    throw Error(
        ErrorKind::value,
        "output operand requires a reduction along dimension -1, but the reduction is not enabled. The dimension "
        "size of 1 does not match the expected output shape.");
  for (int k = 0; k < core; ++k) {
    const int64_t given = out[out.size() - core + k], due = result[result.size() - core + k];
    if (given != due)
      throw Error(ErrorKind::value, std::string(name) + ": Output operand 0 has a mismatch in its core dimension " +
                                        std::to_string(k) + ", with gufunc signature " + signature + " (size " +
                                        std::to_string(given) + " is different from " + std::to_string(due) + ")");
  }
}

Dims extended(const Dims& loop, std::initializer_list<int64_t> core) {
  Dims shape(loop.size() + static_cast<int>(core.size()));
  std::copy(loop.begin(), loop.end(), shape.data());
  std::copy(core.begin(), core.end(), shape.data() + loop.size());
  return shape;
}

NodeRef broadcast_loop(const Array& a, const Dims& loop, int core) {
  const int rank = loop.size() + core;
  Dims shape(rank);
  std::copy(loop.begin(), loop.end(), shape.data());
  for (int k = 0; k < core; ++k) shape[rank - core + k] = a.shape()[a.ndim() - core + k];
  if (shape == a.shape()) return a.read();
  View v = view_of(a);
  v.broadcast(shape);
  return make_view(a, std::move(v)).read();
}

}  // namespace lazulite
