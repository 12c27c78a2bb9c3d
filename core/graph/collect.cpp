// Planner: the nodes below the roots, inputs first, and the structure of their graph.
#include <cstring>

#include "core/graph/plan.h"
#include "core/graph/table.h"

namespace lazulite {

namespace {

/// Numbers nodes and writes the structure down as it meets them.
class Collector {
 public:
  Collector(uint32_t epoch, std::vector<uint64_t>& structure) : epoch_(epoch), structure_(structure) {
    structure_.clear();
    stack_.reserve(32);
    nodes_.pending.reserve(32);
    nodes_.leaves.reserve(16);
  }

  void root(const Root& r) {
    enter(r.node.get());
    // `index` counts the inputs already followed until the node is done, then it is the node's number. An explicit
    // stack: graphs may be a million nodes deep.
    while (!stack_.empty()) {
      Node* n = stack_.back();
      if (n->index < n->n_inputs) {
        enter(n->input[n->index++]);
        continue;
      }
      stack_.pop_back();
      n->index = static_cast<uint32_t>(nodes_.pending.size());
      nodes_.pending.push_back(n);
      write(*n);
    }
  }

  PlannedNodes finish(const std::vector<Root>& roots) {
    for (const Root& r : roots) {
      structure_.push_back(r.node->index | (r.destination ? uint64_t{1} << 32 : 0));
      if (!r.destination) continue;
      structure_.push_back(static_cast<uint64_t>(r.view.offset));
      write(r.view.strides);
    }
    return std::move(nodes_);
  }

 private:
  void enter(Node* n) {
    if (n->epoch == epoch_) return;
    n->epoch = epoch_;
    if (n->pending()) {
      n->index = 0;
      stack_.push_back(n);
    } else {
      leaf(n);
    }
  }

  /// Equal constants are one leaf.
  void leaf(Node* n) {
    const auto number = static_cast<uint32_t>(nodes_.leaves.size());
    const bool constant = n->op == Op::constant;
    if (constant) {
      uint64_t bits;
      std::memcpy(&bits, n->value.bytes, sizeof bits);
      const uint32_t first = constants_.at({bits, static_cast<uint64_t>(n->dtype)}, number);
      n->index = kLeaf | first;
      if (first != number) return;
    }
    n->index = kLeaf | number;
    nodes_.leaves.push_back(n);
    structure_.push_back(uint64_t{1} << 63 | uint64_t{constant} << 62 | static_cast<uint64_t>(n->dtype) << 8 |
                         static_cast<uint64_t>(n->shape.size()));
    write_layout(*n);
  }

  void write(const Node& n) {
    structure_.push_back(static_cast<uint64_t>(n.op) | static_cast<uint64_t>(n.dtype) << 8 |
                         static_cast<uint64_t>(n.n_inputs) << 16 | uint64_t{n.evaluated} << 20 |
                         static_cast<uint64_t>(n.shape.size()) << 24 |
                         (n.n_inputs > 0 ? uint64_t{n.input[0]->index} << 32 : 0));
    if (n.n_inputs > 1)
      structure_.push_back(n.input[1]->index | (n.n_inputs > 2 ? uint64_t{n.input[2]->index} << 32 : 0));
    write_layout(n);
    if (n.op == Op::window) {
      structure_.push_back(static_cast<uint64_t>(n.window->offset));
      write(n.window->strides);
    } else if (n.op == Op::random) {
      structure_.push_back(static_cast<uint64_t>(n.random->law) | static_cast<uint64_t>(n.random->stream) << 8);
    } else if (n.op == Op::gather) {
      structure_.push_back(static_cast<uint64_t>(n.gather->offset));
      write(n.gather->strides);
      write(n.gather->index_strides);
    } else if (n.op == Op::opaque) {
      uint64_t real;
      std::memcpy(&real, &n.opaque->real, sizeof real);
      structure_.push_back(reinterpret_cast<uintptr_t>(n.opaque->op));
      structure_.push_back(real);
      structure_.push_back(static_cast<uint64_t>(n.opaque->numbers.size()) << 1 | (n.handles > 0));
      write(n.opaque->numbers);
    } else if (info(n.op).kind == OpKind::reduce) {
      uint64_t ddof;
      std::memcpy(&ddof, &n.reduce->ddof, sizeof ddof);
      structure_.push_back(n.reduce->axes);
      structure_.push_back(ddof);
    }
  }

  void write_layout(const Node& n) {
    write(n.shape);
    if (n.shape.size() > 1) structure_.push_back(n.order);
  }
  void write(const Dims& d) {
    for (int64_t v : d) structure_.push_back(static_cast<uint64_t>(v));
  }

  const uint32_t epoch_;
  std::vector<uint64_t>& structure_;
  PlannedNodes nodes_;
  std::vector<Node*> stack_;
  Table constants_;
};

}  // namespace

PlannedNodes collect(const std::vector<Root>& roots, uint32_t epoch, std::vector<uint64_t>& structure) {
  Collector c(epoch, structure);
  for (const Root& r : roots) c.root(r);
  return c.finish(roots);
}

}  // namespace lazulite
