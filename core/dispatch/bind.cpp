// Binding a pass to memory, and cutting it into tiles.
#include "core/dispatch/bind.h"

#include "core/dispatch/blocks.h"
#include "core/dispatch/engine.h"

namespace lazulite {

namespace {

constexpr int64_t kLineBytes = 64;                   // of a cache line
constexpr int64_t kTransposedSegment = 256;          // elements: their cache lines, one each, take half of L1
constexpr double kByteNs = 0.04;                     // per byte read or written
constexpr double kGatherNs = 1;                      // per gathered element: much of a cache line is not used
constexpr double kCacheBytes = 2 << 20;              // passes over more memory than this find little of it in L2
constexpr int64_t kPackBytes = 16384;                // packed operands of one batch: they share L1 with the temporaries
constexpr int64_t kMostPartials = int64_t{1} << 20;  // block results that a pass keeps until the end
constexpr int64_t kOuterLanes = 1024;                // columns of one tile of an outer reduction
constexpr int64_t kOuterLanesPacked = 256;           // where operands are strided: their cache lines stay in L1

int64_t round_up(int64_t n, int64_t to) { return (n + to - 1) / to * to; }

int64_t product(const Dims& d, int from, int to) {
  int64_t p = 1;
  for (int k = from; k < to; ++k) p *= d[k];
  return p;
}

/// Bytes that are read and written per element of the innermost work.
double element_bytes(const Pass& pass) {
  int64_t bytes = 0;
  for (const Operand& o : pass.operands)
    if (o.reach != Reach::scalar) bytes += item_size(o.dtype);
  for (const Output& o : pass.outputs)
    if (o.op == Op::leaf) bytes += item_size(o.dtype);
  return static_cast<double>(bytes);
}

/// ns per element of the innermost work, memory traffic included.
double element_cost(const Pass& pass) {
  double ns = pass.cost + 0.02;
  for (const Operand& o : pass.operands)
    if (o.reach != Reach::scalar)
      ns += kByteNs * static_cast<double>(item_size(o.dtype)) * (o.reach == Reach::packed ? 3 : 1) +
            (o.index != kNone && o.reach == Reach::packed ? kGatherNs : 0);
  for (const Output& o : pass.outputs) ns += kByteNs * static_cast<double>(item_size(o.dtype));
  return ns;
}

/// Does an access walk across cache lines in the vector loop, and along them in the loop around it? Then the next rows
/// find their lines in L1, if the segment is short enough.
bool walks_across(const Access& a, Reach reach, int64_t size, int outer_loops, int vector_loops) {
  if (reach != Reach::packed || vector_loops != 1 || outer_loops == 0) return false;
  return std::abs(a.strides[outer_loops] * size) >= kLineBytes &&
         std::abs(a.strides[outer_loops - 1] * size) < kLineBytes;
}

bool transposes(const Pass& pass, int outer_loops) {
  for (const Operand& o : pass.operands)
    if (!o.generated && walks_across(o.access, o.reach, item_size(o.dtype), outer_loops, pass.vector_loops))
      return true;
  for (const Output& o : pass.outputs)
    if (walks_across(o.access, o.reach, item_size(o.dtype), outer_loops, pass.vector_loops)) return true;
  return false;
}

Tiling make_tiling(const Pass& pass, Mode mode, int64_t strip, double cost) {
  Tiling t;
  t.outer_loops = pass.extents.size() - pass.vector_loops;
  t.kept_loops = t.outer_loops;
  if (mode != Mode::map) {
    t.kept_loops = 0;
    while (t.kept_loops < t.outer_loops && !((pass.reduced >> t.kept_loops) & 1)) ++t.kept_loops;
  }
  t.kept = product(pass.extents, 0, t.kept_loops);
  t.rows = product(pass.extents, t.kept_loops, t.outer_loops);
  t.length = pass.vector_length();
  switch (mode) {
    case Mode::map: {
      const auto elements = static_cast<int64_t>(kTaskNs / cost);
      t.segment = std::max(strip, round_up(std::min<int64_t>(elements, int64_t{1} << 16), strip));
      if (transposes(pass, t.outer_loops)) {
        t.segment = std::max(strip, kTransposedSegment);
        t.together = kLineBytes >> pass.width;
      }
      break;
    }
    case Mode::reduce_inner:
      t.segment = kBlock;
      t.merges_segments = true;
      break;
    case Mode::reduce_outer:
      t.segment = kOuterLanes;
      for (const Operand& o : pass.operands)
        if (o.reach == Reach::packed && !o.generated) t.segment = std::max(strip, kOuterLanesPacked);
      break;
    case Mode::opaque:
      break;
  }
  t.segment = std::min(t.segment, round_up(t.length, strip));
  t.segments = (t.length + t.segment - 1) / t.segment;
  if (mode == Mode::map) {  // segments of one length: threads finish together
    if (t.together == 1) t.segment = round_up((t.length + t.segments - 1) / t.segments, strip);
    return t;
  }
  const int64_t elements = mode == Mode::reduce_inner ? t.kept : t.kept * t.length;
  t.blocks = mode == Mode::reduce_inner ? t.rows * t.segments : (t.rows + kRowBlock - 1) / kRowBlock;
  const int64_t most = std::max<int64_t>(1, kMostPartials / elements);
  t.group = (t.blocks + most - 1) / most;
  t.groups = (t.blocks + t.group - 1) / t.group;
  return t;
}

/// The storage of an output of one of the passes `before`, or nullptr.
const Storage* written_before(NodeId node, const std::vector<BoundPass>& before,
                              const std::vector<Ref<Storage>>& results) {
  size_t k = 0;
  for (const BoundPass& b : before)
    for (const Output& o : b.pass.outputs) {
      if (o.node == node) return results[k].get();
      ++k;
    }
  return nullptr;
}

BoundOperand bind_operand(const Operand& o, const PlannedNodes& nodes, const std::vector<BoundPass>& before,
                          const std::vector<Ref<Storage>>& results) {
  const Node& node = *nodes[o.node];
  BoundOperand b;
  b.strides = o.access.strides.data();
  b.size = item_size(o.dtype);
  b.reach = o.reach;
  if (o.generated) {
    b.draw = node.random;
    b.first = o.access.offset;
    b.law_dtype = o.dtype == DType::float64;
  } else if (node.op == Op::constant) {
    b.data = node.value.bytes;
  } else if (const Storage* s = written_before(o.node, before, results)) {
    b.data = s->data + o.access.offset * b.size;  // behind a row's end, another thread may be writing
  } else {
    s = node.storage.load(std::memory_order_acquire);
    b.data = s->data + o.access.offset * b.size;
    b.padded = s->padded;
  }
  if (o.index != kNone) {
    const Storage* s = nodes[o.index]->storage.load(std::memory_order_acquire);
    b.index = reinterpret_cast<const int64_t*>(s->data) + o.index_access.offset;
    b.index_strides = o.index_access.strides.data();
  }
  return b;
}

/// Is all that the pass does to store one draw, contiguously?
bool stores_a_draw(const BoundPass& b) {
  if (b.mode != Mode::map || b.operands.size() != 1 || b.outputs.size() != 1 || !b.operands[0].draw) return false;
  const std::vector<Step>& steps = b.pass.program->steps;
  return steps.size() >= 2 && steps[0].action == Action::load && steps[1].action == Action::store &&
         (steps.size() == 2 || steps[2].action == Action::end) && b.outputs[0].reach == Reach::contiguous;
}

}  // namespace

BoundPass bind_pass(Engine& engine, const Pass& pass, const PlannedNodes& nodes, const std::vector<Root>& roots,
                    const std::vector<BoundPass>& before, std::vector<Ref<Storage>>& results) {
  BoundPass b{pass, engine.stages(), nullptr, pass.mode, pass.width, 0, {}, {}, {}, 0};
  b.strip = kStripBytes >> b.width;
  b.cost = element_cost(pass);
  if (!pass.empty) b.tiling = make_tiling(pass, pass.mode, b.strip, b.cost);
  const Tiling& t = b.tiling;

  b.outputs.reserve(pass.outputs.size());
  b.operands.reserve(pass.operands.size());
  for (const Output& o : pass.outputs) {
    const Node& node = *nodes[o.node];
    Ref<Storage> s = o.root != kNone ? roots[o.root].destination : engine.allocate(node.bytes());
    BoundOutput out;
    out.op = o.op;
    out.out_size = item_size(o.dtype);
    out.size = item_size(pass.values[o.value].dtype);
    out.data = s->data + o.access.offset * out.out_size;
    out.strides = o.access.strides.data();
    out.reach = o.reach;
    out.padded = o.root == kNone;
    if (pass.program) out.slot = pass.program->output_slot[b.outputs.size()];
    out.ddof = o.ddof;
    if (o.op != Op::leaf) {
      const DType loop = pass.values[o.value].dtype;
      out.masked = o.mask != kNone;
      out.fold = out.masked ? make_masked_fold(o.op, loop)
                            : make_fold(o.op, loop, b.width, pass.mode == Mode::reduce_outer ? t.segment : 0);
      if (t.groups > 1 && !pass.empty) out.partials.resize(static_cast<size_t>(node.size * t.groups));
    }
    b.outputs.push_back(std::move(out));
    results.push_back(std::move(s));
  }
  if (!pass.empty) {
    for (const Operand& o : pass.operands) {
      b.operands.push_back(bind_operand(o, nodes, before, results));
      b.operands.back().slot = pass.program->operand_slot[b.operands.size() - 1];
    }
    b.code = code_of(*pass.program);
    int64_t packed = 0;
    for (const BoundOperand& o : b.operands) packed += o.reach == Reach::packed ? o.size + (o.index ? 8 : 0) : 0;
    for (const BoundOutput& o : b.outputs) packed += o.op == Op::leaf && o.reach == Reach::packed ? o.size : 0;
    if (packed > 0) b.batch = std::max<int64_t>(1, std::min<int64_t>(8, kPackBytes / (packed * b.strip))) * b.strip;
    // A program of many stages takes long for one strip: it stops between strips.
    if (b.batch == 0 && pass.program->steps.size() > 4096) b.batch = b.strip;

    b.only_draws = stores_a_draw(b);
    if (packed == 0 && t.elements() * element_bytes(pass) > kCacheBytes)
      for (const BoundOperand& o : b.operands) b.ahead += o.reach != Reach::scalar;
  }
  return b;
}

}  // namespace lazulite
