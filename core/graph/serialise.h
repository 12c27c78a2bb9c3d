// Pending graphs as bytes, for pickles: a portable list of nodes, and the computed values that they read.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/graph/node.h"

namespace lazulite {

struct SerialisedGraph {
  std::string nodes;            // inputs first; ops, laws and dtypes by name, so that other versions can read it
  std::vector<NodeRef> leaves;  // computed nodes, and windows of computed nodes that are to be stored as their values
};

/// The graph of a pending node, or nothing where it has a node without a portable form, or where it takes no fewer
/// bytes than the value. Under the engine lock.
std::optional<SerialisedGraph> serialise(const NodeRef& root);

/// The graph again, over the leaves' values. Throws Error (value) where the bytes are not a graph: whatever they are,
/// what comes back obeys every rule that the planner relies on.
NodeRef deserialise(std::string_view nodes, const std::vector<NodeRef>& leaves);

}  // namespace lazulite
