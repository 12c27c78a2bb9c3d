// Plan: how a set of pending nodes becomes a few fused passes over memory.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/graph/node.h"
#include "core/graph/program.h"

namespace lazulite {

/// A value to compute. Without a destination the result goes to a new storage, in the node's axis order.
struct Root {
  NodeRef node;
  Ref<Storage> destination;  // where to write instead (the dtype is the node's)
  View view;                 // of the destination; its shape is the node's
};

/// An affine map from a pass's loops to an element of one node's storage.
struct Access {
  int64_t offset = 0;
  Dims strides;  // one per loop, in elements
  bool operator==(const Access& o) const { return offset == o.offset && strides == o.strides; }
};

/// How the vector loop of a pass reads an operand or writes an output.
enum class Reach : uint8_t { contiguous, scalar, packed };

/// A node's number in a plan: pending nodes count from 0, inputs first; `kLeaf` marks computed nodes and constants, in
/// the order in which the graph first names them.
using NodeId = uint32_t;
inline constexpr NodeId kLeaf = 0x80000000;
inline constexpr uint32_t kNone = 0xffffffff;

/// Something a pass reads: stored values, a constant, or a random stream.
struct Operand {
  NodeId node = kNone;
  DType dtype;
  Access access;  // of a random draw: stream element relative to its first
  Reach reach = Reach::contiguous;
  bool generated = false;  // a random draw that this pass makes
  NodeId index = kNone;    // of a gather: values added to the access, themselves at `index_access`
  Access index_access = {};
};

/// One operation of a pass, or one operand (op == leaf, in[0] = operand number).
struct Value {
  Op op;
  DType dtype;  // of the result
  DType loop;   // of the inputs
  uint32_t in[3] = {kNone, kNone, kNone};
};

/// What becomes of a value: it is stored, or reduced.
struct Output {
  NodeId node = kNone;
  uint32_t value = kNone;
  uint32_t mask = kNone;  // of a reduction: a bool value, which elements count
  Op op = Op::leaf;       // leaf: stored as it is; else a reduction
  DType dtype = DType::float64;
  double ddof = 0;
  Access access;  // into the output's storage, over the pass's loops (0 for reduced ones)
  Reach reach = Reach::contiguous;
  bool stream = false;    // written past the caches
  uint32_t root = kNone;  // whose destination it goes to; kNone: a new storage
};

enum class Mode : uint8_t {
  map,           // no reduction
  reduce_inner,  // the vector loop runs over reduced axes
  reduce_outer,  // the vector loop runs over kept axes, the reduced ones around it
  opaque,        // no loops: one opaque op
};

/// One trip over memory. Loops are ordered [outer kept..., (reduce_outer: reduced...), vector loops...]; the last
/// `vector_loops` are flattened into the strips' loop.
struct Pass {
  Mode mode = Mode::map;
  Dims extents;
  uint64_t reduced = 0;  // bit k: loop k is reduced
  int vector_loops = 1;
  std::vector<Operand> operands;
  std::vector<Value> values;
  std::vector<Output> outputs;    // of an opaque op: equal nodes
  std::vector<View> views;        // opaque: the operands as the op sees them, over their storages
  std::vector<NodeId> evaluated;  // nodes computed here and not stored
  bool empty = false;             // no elements: nothing runs
  double cost = 0;                // estimated ns per element on one core
  int width = 0;                  // log2 of the widest dtype's size
  size_t linked = 1;              // passes from this one on that run together, rows by rows (link_rows)
  std::shared_ptr<const Program> program;

  int64_t vector_length() const {
    int64_t n = 1;
    for (int k = extents.size() - vector_loops; k < extents.size(); ++k) n *= extents[k];
    return n;
  }
};

/// Passes in the order in which they run. They name nodes by number: a plan serves every graph of its structure.
struct Plan {
  std::vector<Pass> passes;
  std::vector<std::string> notes;  // what was stored or kept apart, and why
};

/// The nodes that a plan's numbers stand for in one graph. While it runs, another thread may publish a root, and drop
/// what that was computed from: those that the passes read or write are `kept`, the others are there under the lock
/// under which the plan was made.
struct PlannedNodes {
  std::vector<Node*> pending, leaves;
  std::vector<NodeRef> kept;
  Node* operator[](NodeId id) const { return id & kLeaf ? leaves[id & ~kLeaf] : pending[id]; }
};

/// A graph's plan.
struct Planned {
  std::shared_ptr<const Plan> plan;
  PlannedNodes nodes;
};

class ProgramCache;
class PlanCache;  // core/graph/plan_cache.h

/// Plans the computation of `roots`. Under the engine lock.
Planned make_plan(const std::vector<Root>& roots, PlanCache& cache);

inline bool is_reduce(const Node* n) { return info(n->op).kind == OpKind::reduce; }

/// Writing a value and reading it back costs about this many ns per element once it leaves the caches.
inline constexpr double kStoreCost = 1.6;

/// Elements of a block of an inner reduction: what gives one partial result.
inline constexpr int64_t kBlock = 16384;

// The planner's passes, each in a file of its own, in the order of kPlanner in plan.cpp.
struct Planner;
void share(Planner&);      // equal opaque nodes, to be computed once
void choose(Planner&);     // which nodes are stored
void partition(Planner&);  // stored nodes into passes, by level and iteration space
bool trace(Planner&);      // every pass as values over operands: windows pushed down, common subexpressions shared
void layout(Planner&);     // loops collapsed and ordered, vector loop chosen
void link_rows(Planner&);  // which passes run together, a block of rows after the other
void linearise(Planner&);  // programs, from the cache where the structure is known
void verify(const Planner&, const char* after);  // invariants; throws std::logic_error

/// The nodes below the roots, and the graph's structure in words: all that a plan depends on. Nodes get their numbers,
/// as `Node::index`, in this `epoch`.
PlannedNodes collect(const std::vector<Root>& roots, uint32_t epoch, std::vector<uint64_t>& structure);

/// What the planner knows of a pending node.
struct NodeInfo {
  Node* node = nullptr;
  uint32_t uses = 0;
  bool root = false;
  bool stored = false;
  bool forced = false;    // stored because an access could not be pushed through it
  uint32_t same = kNone;  // an equal opaque node, earlier in the order: its value is this one's, too
  uint32_t level = 0;     // of its pass, if stored; else the least level that can evaluate it
  uint32_t min_level = 0;
  uint32_t pass = kNone;
  uint32_t traced = kNone;  // the last pass that evaluated it without storing it
  uint32_t known_pass = kNone, known_access = 0, known_value = kNone;  // its value in the pass being traced
  double work = 0;   // ns per element to evaluate it from stored values
  double reads = 0;  // elements read through windows and broadcasts
};

/// The state of one planning run.
struct Planner {
  const std::vector<Root>& roots;
  const PlannedNodes& collected;
  ProgramCache& cache;
  Plan plan;
  std::vector<NodeInfo> nodes;  // the pending ones, inputs before their users

  Planner(const std::vector<Root>& r, const PlannedNodes& n, ProgramCache& c);
  NodeInfo& of(const Node* n) { return nodes[n->index]; }
  /// Is it one of the pending nodes, rather than a leaf? (All nodes that the planner meets are numbered.)
  bool has(const Node* n) const { return !(n->index & kLeaf); }
  Node* node(NodeId id) const { return collected[id]; }
  /// The node that is computed in place of `n`.
  Node* first(Node* n) const { return has(n) && nodes[n->index].same != kNone ? nodes[nodes[n->index].same].node : n; }
};

}  // namespace lazulite
