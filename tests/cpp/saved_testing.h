// What the fuzzer and the test of its corpus do with the bytes of a file: read, bind, plan.
#pragma once

#include <cstring>
#include <string>
#include <vector>

#include "core/graph/error.h"
#include "core/graph/plan.h"
#include "core/graph/plan_cache.h"
#include "core/graph/saved.h"

namespace lazulite {

/// CRC-32, a bit at a time.
inline uint32_t plain_crc(const std::string& bytes, size_t from) {
  uint32_t c = ~0u;
  for (size_t k = from; k < bytes.size(); ++k) {
    c ^= static_cast<unsigned char>(bytes[k]);
    for (int bit = 0; bit < 8; ++bit) c = (c & 1) ? 0xEDB88320u ^ (c >> 1) : c >> 1;
  }
  return ~c;
}

/// Sets the length and the checksum, which no mutation would hit.
inline void repair(std::string& bytes) {
  if (bytes.size() < kSavedHead) return;
  const auto put = [&](size_t at, uint64_t v, size_t n) {
    for (size_t k = 0; k < n; ++k) bytes[at + k] = static_cast<char>(v >> (8 * k));
  };
  put(16, bytes.size(), 8);
  put(12, plain_crc(bytes, 16), 4);
}

/// A computed node that has no elements to read.
inline NodeRef shown(DType t, const Dims& shape, AxisOrder order) {
  auto* s = new Storage;
  s->release = [](Storage* p) { delete p; };
  return make_leaf(t, shape, order, Ref<Storage>::adopt(s));
}

/// False where the bytes are refused. Whatever is accepted can be bound to inputs of other shapes, or is refused then,
/// and planned.
inline bool read_and_plan(std::string bytes, bool repaired = true) {
  if (repaired) repair(bytes);
  SavedExpression e;
  try {
    e = read_saved(bytes);
  } catch (const Error&) {
    return false;
  }
  bool accepted = false;
  for (const int64_t longer : {0, 1, 7}) {
    std::vector<NodeRef> leaves;
    for (const SavedLeaf& leaf : e.leaves) {
      ArrayForm form = leaf.form;
      if (!leaf.name.empty())
        for (int k = 0; k < form.shape.size(); ++k)
          if (form.shape[k] < (int64_t{1} << 20)) form.shape[k] += longer;
      try {
        int64_t elements = 8;
        for (const int64_t n : form.shape)
          if (n > 0 && __builtin_mul_overflow(elements, n, &elements)) throw Error(ErrorKind::value, "too big");
        leaves.push_back(shown(leaf.dtype, form.shape, form.order));
      } catch (const Error&) {
        return accepted;
      }
    }
    try {
      const std::vector<NodeRef> outputs = outputs_of(e, leaves);
      accepted |= longer == 0;
      std::vector<Root> roots;
      for (const NodeRef& n : outputs)
        if (n->pending()) roots.push_back(Root{n, nullptr, {}});
      PlanCache plans;
      if (!roots.empty()) (void)make_plan(roots, plans);
    } catch (const Error&) {
      if (longer == 0) return false;
    }
  }
  return accepted;
}

}  // namespace lazulite
