// Pending graphs as bytes, for pickles and saved expressions: a portable list of nodes, and the computed values that
// they read.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/graph/follow.h"
#include "core/graph/node.h"

namespace lazulite {

struct SerialisedGraph {
  std::string nodes;            // inputs first; ops, laws and dtypes by name, so that other versions can read it
  std::vector<NodeRef> leaves;  // computed nodes, and windows of computed nodes that are to be stored as their values
  std::vector<uint64_t> roots;  // the roots' numbers among the nodes
  std::vector<bool> is_read;    // of the inputs, which are the first leaves
};

/// Whether the format has a place for the node.
bool is_portable(const Node& n);

/// The graph of a pending node, or nothing where it has a node without a portable form, or where it takes no fewer
/// bytes than the value. Under the engine lock.
std::optional<SerialisedGraph> serialise(const NodeRef& root);

/// The graph of several roots down to computed nodes and `inputs`, which may be pending, whatever room it takes. Every
/// node between is portable. Under the engine lock.
SerialisedGraph serialise(const std::vector<NodeRef>& roots, const std::vector<NodeRef>& inputs);

/// The graph again, over the leaves' values. Throws Error (value) where the bytes are not a graph: whatever they are,
/// what comes back obeys every rule that the planner relies on.
NodeRef deserialise(std::string_view nodes, const std::vector<NodeRef>& leaves);

/// All of its nodes in their order. `written`: the forms of the leaves when the graph was written, where those now may
/// have others; then shapes follow from the leaves' (core/graph/follow.h). The messages do not say what the bytes are.
std::vector<NodeRef> deserialise_all(std::string_view nodes, const std::vector<NodeRef>& leaves,
                                     const std::vector<ArrayForm>& written = {});

}  // namespace lazulite
