// Plan: how a set of pending nodes becomes a few fused passes over memory.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
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

/// Something a pass reads: stored values, a constant, or a random stream.
struct Operand {
  NodeRef node;
  DType dtype;
  Access access;  // of a random draw: stream element relative to its first
  Reach reach = Reach::contiguous;
  bool generated = false;  // a random draw that this pass makes
};

inline constexpr uint32_t kNone = 0xffffffff;

/// One operation of a pass, or one operand (op == leaf, in[0] = operand number).
struct Value {
  Op op;
  DType dtype;  // of the result
  DType loop;   // of the inputs
  uint32_t in[3] = {kNone, kNone, kNone};
};

/// What becomes of a value: it is stored, or reduced.
struct Output {
  Node* node = nullptr;  // kept alive by Plan::nodes
  uint32_t value = kNone;
  Op op = Op::leaf;  // leaf: stored as it is; else a reduction
  DType dtype = DType::float64;
  double ddof = 0;
  Access access;  // into the output's storage, over the pass's loops (0 for reduced ones)
  Reach reach = Reach::contiguous;
  bool stream = false;       // written past the caches
  Ref<Storage> destination;  // null: a new storage
};

enum class Mode : uint8_t {
  map,           // no reduction
  reduce_inner,  // the vector loop runs over reduced axes
  reduce_outer,  // the vector loop runs over kept axes, the reduced ones around it
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
  std::vector<Output> outputs;
  std::vector<Node*> evaluated;  // nodes computed here and not stored
  bool empty = false;            // no elements: nothing runs
  double cost = 0;               // estimated ns per element on one core
  int width = 0;                 // log2 of the widest dtype's size
  std::shared_ptr<const Program> program;

  int64_t vector_length() const {
    int64_t n = 1;
    for (int k = extents.size() - vector_loops; k < extents.size(); ++k) n *= extents[k];
    return n;
  }
};

/// Passes in the order in which they run.
struct Plan {
  std::vector<Pass> passes;
  std::vector<NodeRef> nodes;      // everything the passes point at
  std::vector<std::string> notes;  // what was stored or kept apart, and why
};

/// Programs by the structure of their pass: scalars, shapes and pointers are not part of it.
class ProgramCache {
 public:
  /// The program of this structure, made by `make` if it is new.
  template <class F>
  std::shared_ptr<const Program> get(std::vector<uint32_t> key, F&& make) {
    uint64_t h = 1469598103934665603u;
    for (uint32_t w : key) h = (h ^ w) * 1099511628211u;
    auto [first, last] = programs_.equal_range(h);
    for (; first != last; ++first)
      if (first->second.first == key) return first->second.second;
    auto program = std::make_shared<const Program>(make());
    if (key.size() > kLongest) return program;
    if (programs_.size() >= kMost) programs_.clear();
    programs_.emplace(h, std::pair(std::move(key), program));
    return program;
  }
  size_t size() const { return programs_.size(); }

 private:
  static constexpr size_t kLongest = 1 << 16;  // words: structures of this size are not worth their memory
  static constexpr size_t kMost = 4096;
  std::unordered_multimap<uint64_t, std::pair<std::vector<uint32_t>, std::shared_ptr<const Program>>> programs_;
};

/// Plans the computation of `roots`. Under the engine lock.
Plan make_plan(const std::vector<Root>& roots, ProgramCache& cache);

/// Writing a value and reading it back costs about this many ns per element once it leaves the caches.
inline constexpr double kStoreCost = 1.6;

/// Estimated ns per element of one op on one core.
double op_cost(Op op);

// The planner's passes, each in a file of its own, in the order of kPlanner in plan.cpp.
struct Planner;
void collect(Planner&);    // the pending nodes below the roots, inputs first
void choose(Planner&);     // which of them are stored
void partition(Planner&);  // stored nodes into passes, by level and iteration space
bool trace(Planner&);      // every pass as values over operands: windows pushed down, common subexpressions shared
void layout(Planner&);     // loops collapsed and ordered, vector loop chosen
void linearise(Planner&);  // programs, from the cache where the structure is known
void verify(const Planner&, const char* after);  // invariants; throws std::logic_error

/// What the planner knows of a collected node.
struct NodeInfo {
  Node* node = nullptr;
  uint32_t uses = 0;
  bool root = false;
  bool stored = false;
  bool forced = false;  // stored because an access could not be pushed through it
  uint32_t level = 0;   // of its pass, if stored; else the least level that can evaluate it
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
  ProgramCache& cache;
  Plan plan;
  uint32_t epoch = 0;
  std::vector<NodeInfo> nodes;  // inputs before their users

  NodeInfo& of(const Node* n) { return nodes[n->index]; }
  bool has(const Node* n) const { return n->epoch == epoch; }
};

}  // namespace lazulite
