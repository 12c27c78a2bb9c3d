// Saved expressions: the bytes of a file that holds a graph, its inputs and its values (docs/saved_expressions.md).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/graph/follow.h"

namespace lazulite {

/// Where the values of a file begin, each: so they can be computed with where they lie.
inline constexpr uint64_t kSavedAlignment = 64;
/// The part of a file that says how long it is.
inline constexpr uint64_t kSavedHead = 32;

struct SavedLeaf {
  std::string name;  // of an input; empty for a value of the expression's own
  DType dtype;
  ArrayForm form;
  bool stored;
  uint64_t offset = 0;  // of its elements in the file, in memory order

  uint64_t bytes() const { return static_cast<uint64_t>(form.shape.product()) << log2_size(dtype); }
};

struct SavedOutput {
  std::string name;  // empty: the only one
  uint64_t node;
  bool scalar;
};

/// What a file says but for the values.
struct SavedExpression {
  std::vector<SavedLeaf> leaves;
  std::vector<SavedOutput> outputs;
  std::string nodes;
};

/// The length of the file that begins with these kSavedHead bytes or fewer. Throws Error (value) where it is none of
/// ours.
uint64_t saved_length(std::string_view head);

/// Reads a whole file. Throws Error (value) for whatever does not follow the format; the message does not say which
/// file it was. What is read can be given to `deserialise_all`, which checks the nodes.
SavedExpression read_saved(std::string_view file);

/// Everything before the values, checksum and padding included. Sets the leaves' offsets. `data`: the elements of the
/// stored leaves.
std::string write_saved(SavedExpression& e, const std::vector<const std::byte*>& data);

/// The outputs' nodes over other leaves (the numbers are checked). Throws Error (value).
std::vector<NodeRef> outputs_of(const SavedExpression& e, const std::vector<NodeRef>& leaves);

}  // namespace lazulite
