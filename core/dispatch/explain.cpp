// explain: the plan of an expression as text, made but not run.
#include <cstdio>

#include "core/dispatch/array.h"
#include "core/dispatch/engine.h"

namespace lazulite {

namespace {

std::string human(double bytes) {
  static constexpr const char* kUnits[] = {"B", "kB", "MB", "GB", "TB"};
  int u = 0;
  for (; bytes >= 1000 && u < 4; ++u) bytes /= 1000;
  char text[32];
  std::snprintf(text, sizeof text, u == 0 || bytes >= 100 ? "%.0f %s" : "%.1f %s", bytes, kUnits[u]);
  return text;
}

/// Elements that an operand reads: distinct ones, where its access is affine.
double touched(const Pass& pass, const Operand& o, bool index) {
  double n = 1;
  for (int k = 0; k < pass.extents.size(); ++k)
    if ((!index && o.access.strides[k] != 0) || (o.index != kNone && o.index_access.strides[k] != 0))
      n *= static_cast<double>(pass.extents[k]);
  return n;
}

std::string describe_opaque(const Pass& pass, const PlannedNodes& nodes, size_t number) {
  double read = 0, written = 0;
  std::string shapes, targets;
  for (size_t k = 0; k < pass.views.size(); ++k) {
    shapes += (k ? "x" : "") + to_string(pass.views[k].shape);
    read += static_cast<double>(pass.views[k].shape.product() * item_size(pass.operands[k].dtype));
  }
  for (const Output& o : pass.outputs) {
    written += static_cast<double>(nodes[o.node]->bytes());
    targets += (targets.empty() ? "" : ", ") + std::string(name(o.dtype)) + to_string(nodes[o.node]->shape);
  }
  const OpaqueOp& op = *nodes[pass.outputs[0].node]->opaque->op;
  return "pass " + std::to_string(number) + ": opaque: " + op.name + " " + shapes + "\n  not fused: " + op.why +
         "\n  result:  " + targets + "\n  memory:  reads " + human(read) + ", writes " + human(written) + "\n";
}

std::string describe(const Pass& pass, const PlannedNodes& nodes, size_t number) {
  if (pass.mode == Mode::opaque) return describe_opaque(pass, nodes, number);
  double read = 0, written = 0;
  std::string sources, targets, ops;
  int packed = 0, gathered = 0, draws = 0;
  for (const Operand& o : pass.operands) {
    if (nodes[o.node]->op == Op::constant) continue;
    if (o.generated) {
      ++draws;
      continue;
    }
    read += touched(pass, o, false) * static_cast<double>(item_size(o.dtype));
    if (o.index != kNone) read += touched(pass, o, true) * 8;
    gathered += o.index != kNone && o.reach == Reach::packed;
    packed += o.index == kNone && o.reach == Reach::packed;
  }
  for (const Output& o : pass.outputs) {
    const Node& node = *nodes[o.node];
    written += static_cast<double>(node.bytes());
    targets += (targets.empty() ? "" : ", ") + std::string(o.op == Op::leaf ? "" : info(o.op).name) +
               (o.op == Op::leaf ? "" : " -> ") + std::string(name(o.dtype)) + to_string(node.shape);
  }
  int count = 0;
  constexpr int kShown = 24;
  for (const Value& v : pass.values) {
    if (v.op == Op::leaf) continue;
    if (count++ < kShown) ops += (ops.empty() ? "" : " ") + std::string(info(v.op).name);
  }
  if (count > kShown) ops += " ... (" + std::to_string(count) + " ops)";
  static constexpr const char* kModes[] = {"elementwise", "reduction along the vector loop",
                                           "reduction across vector loops"};
  std::string text = "pass " + std::to_string(number) + ": " + kModes[static_cast<int>(pass.mode)] + " over " +
                     to_string(pass.extents) + "\n";
  text += "  ops:     " + (ops.empty() ? "copy" : ops) + "\n";
  text += "  result:  " + targets + "\n";
  text += "  memory:  reads " + human(read) + ", writes " + human(written);
  if (draws)
    text += ", " + std::to_string(draws) + (draws == 1 ? " random draw" : " random draws") + " made in the pass";
  if (packed) text += ", " + std::to_string(packed) + (packed == 1 ? " operand" : " operands") + " packed (strided)";
  if (gathered) text += ", " + std::to_string(gathered) + (gathered == 1 ? " operand" : " operands") + " gathered";
  text += "\n";
  if (pass.program)
    text += "  machine: " + std::to_string(pass.program->steps.size()) + " stages, " +
            std::to_string(pass.program->temporaries) + " strips of 512 bytes kept in L1\n";
  return text;
}

}  // namespace

std::string explain(const std::vector<Array>& arrays) {
  std::vector<Root> roots;
  for (const Array& a : arrays) {
    const NodeRef& n = a.is_view() ? a.cell()->base->node : a.cell()->node;
    if (n->pending()) roots.push_back(Root{n, nullptr, {}});
  }
  if (roots.empty()) return "nothing to do: the values are computed\n";
  Engine& engine = Engine::get();
  const std::lock_guard<std::mutex> guard(engine.lock());
  const Planned planned = make_plan(roots, engine.plans());
  const Plan& plan = *planned.plan;
  std::string text;
  double avoided = 0;
  size_t nodes = 0;
  for (size_t k = 0; k < plan.passes.size(); ++k) {
    const size_t linked = plan.passes[k].linked;
    if (linked > 1)
      text += "passes " + std::to_string(k + 1) + " to " + std::to_string(k + linked) +
              " run together, some rows after the other: one trip over memory\n";
    text += describe(plan.passes[k], planned.nodes, k + 1);
    for (NodeId n : plan.passes[k].evaluated) avoided += static_cast<double>(planned.nodes[n]->bytes());
    nodes += plan.passes[k].evaluated.size();
  }
  text += std::to_string(plan.passes.size()) + (plan.passes.size() == 1 ? " pass; " : " passes; ") +
          std::to_string(nodes) + " temporaries avoided (" + human(avoided) + ")\n";
  for (const std::string& note : plan.notes) text += "not fused: " + note + "\n";
  return text;
}

}  // namespace lazulite
