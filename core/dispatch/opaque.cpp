// Opaque ops at work: operands bound to memory, threads, interruption.
#include "core/dispatch/opaque.h"

#include <algorithm>
#include <cstring>

#include "core/dispatch/engine.h"
#include "core/dispatch/registry.h"
#include "core/graph/error.h"

namespace lazulite {

namespace {

constexpr double kTaskNs = 20e3;    // work worth handing to another thread
constexpr double kSerialNs = 30e3;  // loops below this run on the caller
constexpr double kLookNs = 100e3;   // between looks at the clock
constexpr double kEagerNs = 20;     // of work for each of Options::eager_below

[[noreturn]] void stop() { throw Error(ErrorKind::interrupted, "interrupted"); }

/// A stored value, or a constant, seen through a view.
Strided bind(const Node& n, const View& view) {
  std::byte* data = n.op == Op::constant ? const_cast<std::byte*>(n.value.bytes) : n.storage.load()->data;
  return {data + view.offset * item_size(n.dtype), n.dtype, view.shape, view.strides};
}

Strided bind_result(Storage& s, DType t, const Dims& shape, AxisOrder order) {
  return {s.data, t, shape, storage_strides(shape, order)};
}

}  // namespace

void OpaqueRun::look() const {
  if (watch && watch->stop()) stop();
}

void OpaqueRun::for_each(int64_t n, double ns, const std::function<void(int64_t)>& body) const {
  const auto per_look = static_cast<int64_t>(std::clamp(kLookNs / ns, 1.0, 1e6));
  auto part = [&](int64_t first, int64_t last) {
    for (int64_t next = first; next < last; next += per_look) {
      if (watch && watch->stop()) return;
      for (int64_t i = next; i < std::min(last, next + per_look); ++i) body(i);
    }
  };
  if (n == 1 || engine.threads() == 1 || ns * static_cast<double>(n) < kSerialNs)
    part(0, n);
  else
    engine.parallel_for(n, static_cast<int64_t>(std::max(1.0, kTaskNs / ns)), part);
  look();
}

NodeRef apply_opaque(const OpaqueParams& params, DType t, const Dims& shape, const NodeRef* inputs, int n, double ns,
                     AxisOrder order) {
  Engine& engine = Engine::get();
  bool now = ns < kEagerNs * static_cast<double>(engine.options.eager_below.load(std::memory_order_relaxed));
  for (int k = 0; k < n; ++k) now &= !inputs[k]->pending();
  if (!now) {
    NodeRef later = make_opaque(params, t, shape, inputs, n, order);
    flush_if_due(later);
    return later;
  }
  Ref<Storage> to = engine.allocate(shape.product() << log2_size(t));
  OpaqueRun run{engine, params, {}, bind_result(*to, t, shape, order)};
  for (int k = 0; k < n; ++k) run.in.push_back(bind(*inputs[k], View::whole(inputs[k]->shape, inputs[k]->order)));
  params.op->run(run);
  engine.counters.eager.fetch_add(1, std::memory_order_relaxed);
  return make_leaf(t, shape, order, std::move(to));
}

NodeRef contiguous(const NodeRef& n) {
  if (n->op != Op::window && n->order == 0) return n;
  NodeRef in = n;
  NodeRef copy = make_elementwise(Op::cast, n->dtype, n->shape, &in, 1);
  copy->order = 0;
  return copy;
}

std::vector<Ref<Storage>> run_opaque(Engine& engine, const Pass& pass, const PlannedNodes& nodes) {
  const Node& node = *nodes[pass.outputs[0].node];
  Watch watch(engine.interrupt_check());
  std::vector<Ref<Storage>> results{engine.allocate(node.bytes())};
  OpaqueRun run{engine, *node.opaque, {}, bind_result(*results[0], node.dtype, node.shape, node.order), &watch};
  for (size_t k = 0; k < pass.operands.size(); ++k)
    run.in.push_back(bind(*nodes[pass.operands[k].node], pass.views[k]));
  engine.blocking([&] { node.opaque->op->run(run); });
  if (watch.stopped()) stop();
  while (results.size() < pass.outputs.size()) {
    results.push_back(engine.allocate(node.bytes()));
    std::memcpy(results.back()->data, results[0]->data, static_cast<size_t>(node.bytes()));
  }
  engine.counters.passes.fetch_add(1, std::memory_order_relaxed);
  engine.counters.nodes.fetch_add(static_cast<int64_t>(pass.outputs.size()), std::memory_order_relaxed);
  return results;
}

}  // namespace lazulite
