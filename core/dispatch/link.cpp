// Looking up the stages of a program.
#include "core/dispatch/link.h"

#include <stdexcept>
#include <string>

namespace lazulite {

namespace {

int log2_vectors(DType t, int width) { return 3 - width + log2_size(t); }

StageFn find(const StageTable& table, const Step& s, int width) {
  const size_t w = static_cast<size_t>(width), from = static_cast<size_t>(s.from), to = static_cast<size_t>(s.to);
  const size_t n = static_cast<size_t>(log2_vectors(s.from, width)), op = static_cast<size_t>(s.op);
  switch (s.action) {
    case Action::load:
      return table.load[n];
    case Action::store:
      return table.store[n];
    case Action::stream:
      return table.stream[n];
    case Action::splat:
      return table.splat[log2_size(s.from)][n];
    case Action::cast:
      return table.cast[from][to][w];
    case Action::reduce:
      return (s.masked ? table.masked_reduce : table.reduce)[op][from][w];
    case Action::op:
      return table.op[op][static_cast<size_t>(s.form)][from][w];
    case Action::pair:
    case Action::start:
    case Action::tree:
    case Action::horner: {
      const FusedStages& fused = table.fused[s.from == DType::float64][w];
      const size_t f = static_cast<size_t>(s.f), g = static_cast<size_t>(s.g);
      if (s.action == Action::horner) return fused.horner[f][g];
      if (s.action == Action::tree) return fused.tree[f][g][s.scalar[1]];
      return (s.action == Action::pair ? fused.pair : fused.start)[f][g][s.scalar[0]][s.scalar[1]];
    }
    case Action::end:
      return table.end;
  }
  return nullptr;
}

std::vector<Instruction> resolve(const std::vector<Step>& steps, const StageTable& table, int width) {
  std::vector<Instruction> code;
  code.reserve(steps.size());
  for (const Step& s : steps) {
    const StageFn f = find(table, s, width);
    if (!f)
      throw std::logic_error("lazulite: no stage for " + std::string(info(s.op).name) + " on " +
                             std::string(name(s.from)) + ", form " + std::to_string(static_cast<int>(s.form)) +
                             ", action " + std::to_string(static_cast<int>(s.action)) + ", width " +
                             std::to_string(width));
    code.push_back({f, {s.operand[0], s.operand[1], s.operand[2], 0}});
  }
  return code;
}

}  // namespace

void link(const Program& program, const StageTable& table) {
  if (program.code) return;
  auto code = std::make_shared<Code>();
  code->main = resolve(program.steps, table, program.width);
  std::vector<Step> tail;
  bool reduces = false;
  for (const Step& s : program.steps) {
    tail.push_back(s);
    if (s.action != Action::reduce) continue;
    reduces = true;
    tail.back().action = Action::store;
    if (!s.masked) continue;
    // The mask's values, too; then the accumulator gets its own back.
    Step move = s;
    move.from = DType::bool_;
    for (const auto& [action, slot] : {std::pair(Action::load, 1), std::pair(Action::store, 2)}) {
      move.action = action;
      move.operand[0] = s.operand[slot];
      tail.push_back(move);
    }
    move = s;
    move.action = Action::load;
    tail.push_back(move);
  }
  if (reduces) code->tail = resolve(tail, table, program.width);
  program.code = std::move(code);
}

}  // namespace lazulite
