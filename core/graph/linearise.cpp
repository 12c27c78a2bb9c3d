// Planner: the values of a pass as straight-line code for the strip machine, fewest temporaries first.
//
// One value at a time is in the accumulator. A node's heavier input (Sethi and Ullman 1970) is evaluated first and
// waits in a temporary while the other goes through the accumulator; a value with several uses is stored once. Forms
// with operands in memory take inputs, scalars and temporaries without a load of their own.
#include "core/graph/plan_cache.h"
#include "core/graph/table.h"

namespace lazulite {

namespace {

struct State {
  uint32_t uses = 0;
  uint32_t slot = kNone;   // where the value lies in memory
  bool scalar = false;     // a scalar operand
  bool temporary = false;  // the slot is ours to free
  uint32_t need = 0;       // temporaries to evaluate it
  uint32_t twin = kNone;   // of sin x: cos x, and the other way round
};

struct Frame {
  uint32_t value;
};

class Lineariser {
 public:
  explicit Lineariser(const Pass& pass) : pass_(pass), state_(pass.values.size()) {
    program_.width = pass.width;
    program_.operand_slot.resize(pass.operands.size());
    uint32_t slot = 1;
    for (size_t k = 0; k < pass.operands.size(); ++k)
      if (pass.operands[k].reach != Reach::scalar) program_.operand_slot[k] = slot++;
    for (const Output& o : pass.outputs) {
      program_.output_slot.push_back(slot);
      slot += o.op == Op::leaf ? 1u : static_cast<uint32_t>(slots_of(o.op, o.mask != kNone));
      ++state_[o.value].uses;
      if (o.mask != kNone) ++state_[o.mask].uses;
    }
    program_.moving = slot;
    for (size_t k = 0; k < pass.operands.size(); ++k)
      if (pass.operands[k].reach == Reach::scalar) program_.operand_slot[k] = slot++;
    program_.first_temporary = slot;
    count();
  }

  Program run() {
    for (size_t k = 0; k < pass_.outputs.size(); ++k) {
      const Output& o = pass_.outputs[k];
      if (o.mask != kNone) {
        reduce_masked(o, program_.output_slot[k]);
        continue;
      }
      bring(o.value);
      const DType t = pass_.values[o.value].dtype;
      if (o.op == Op::leaf)
        emit({o.stream ? Action::stream : Action::store, o.op, Form::A, t, t, {program_.output_slot[k], 0, 0}});
      else if (pass_.mode == Mode::reduce_outer && !is_arg(o.op))
        reduce_lanes(o.op, t, program_.output_slot[k]);
      else
        emit({Action::reduce,
              o.op,
              Form::A,
              t,
              t,
              {program_.output_slot[k], program_.output_slot[k] + 1, program_.output_slot[k] + 2}});
      used(o.value);
    }
    emit({Action::end, Op::leaf, Form::A, DType::bool_, DType::bool_, {}});
    return std::move(program_);
  }

 private:
  static int arity(const Value& v) { return v.in[0] == kNone ? 0 : v.in[1] == kNone ? 1 : v.in[2] == kNone ? 2 : 3; }
  bool in_memory(uint32_t v) const { return state_[v].slot != kNone; }
  void emit(const Step& s) {
    std::vector<Step>& steps = program_.steps;
    if (!steps.empty() && fuse(steps.back(), s)) {
      if (steps.size() > 1 && fuse_horner(steps[steps.size() - 2], steps.back())) steps.pop_back();
      return;
    }
    steps.push_back(s);
  }

  /// A pair that is one step of Horner's rule: times memory, then a scalar.
  static bool is_horner(const Step& s) {
    return s.action == Action::pair && s.f == Arithmetic::multiply && s.g != Arithmetic::multiply && !s.scalar[0] &&
           s.scalar[1];
  }

  /// Joins such a step to one or more of them before it, if its scalar's slot is the next one.
  static bool fuse_horner(Step& first, const Step& second) {
    if (!is_horner(second) || first.operand[0] != second.operand[0] || first.from != second.from) return false;
    const bool starts = is_horner(first);
    if (!starts && first.action != Action::horner) return false;
    const uint32_t count = starts ? 1 : first.operand[2];
    if (second.operand[1] != first.operand[1] + count) return false;
    if (starts) {
      first.action = Action::horner;
      first.f = first.g;
      first.g = second.g;
    } else if (second.g != (count % 2 == 0 ? first.f : first.g)) {
      return false;
    }
    first.operand[2] = count + 1;
    return true;
  }

  /// Joins an arithmetic step to the one before it, where one stage does both.
  static bool fuse(Step& last, const Step& s) {
    if (s.action != Action::op || last.action != Action::op || last.from != s.from || !is_float(s.from)) return false;
    if (s.form < Form::AM || s.form > Form::SA || last.form < Form::AM || last.form > Form::SM) return false;
    const bool start = last.form >= Form::MM;
    // The first operand of a start is in memory: a scalar comes second.
    const bool last_reversed = last.form == Form::MA || last.form == Form::SA || last.form == Form::SM;
    const Arithmetic f = arithmetic(last.op, last_reversed);
    const Arithmetic g = arithmetic(s.op, s.form == Form::MA || s.form == Form::SA);
    if (f == Arithmetic::none || g == Arithmetic::none) return false;
    Step fused{start ? Action::start : Action::pair, s.op, Form::A, s.from, s.to, {}};
    fused.f = f;
    fused.g = g;
    fused.scalar[0] = last.form == Form::AS || last.form == Form::SA || last.form == Form::MS || last.form == Form::SM;
    fused.scalar[1] = s.form == Form::AS || s.form == Form::SA;
    uint32_t k = 0;
    if (start) {
      fused.operand[k++] = last.operand[last.form == Form::SM ? 1 : 0];
      fused.operand[k++] = last.operand[last.form == Form::SM ? 0 : 1];
    } else {
      fused.operand[k++] = last.operand[0];
    }
    fused.operand[k] = s.operand[0];
    last = fused;
    return true;
  }

  /// Uses, Sethi-Ullman needs, and pairs of sin and cos.
  void count() {
    Table trigonometric;
    for (uint32_t k = 0; k < pass_.values.size(); ++k) {
      const Value& v = pass_.values[k];
      State& s = state_[k];
      if (v.op == Op::leaf) {
        s.slot = program_.operand_slot[v.in[0]];
        s.scalar = pass_.operands[v.in[0]].reach == Reach::scalar;
        continue;
      }
      if (v.op == Op::sin || v.op == Op::cos) {
        uint32_t& first = trigonometric.at({v.in[0], 0}, k);
        if (first != k) state_[s.twin = first].twin = k;
      }
      uint32_t low = 0, high = 0;
      int pending = 0;
      for (int j = 0; j < arity(v); ++j) {
        ++state_[v.in[j]].uses;
        if (in_memory(v.in[j])) continue;
        const uint32_t n = state_[v.in[j]].need;
        low = pending ? std::min(low, n) : n;
        high = std::max(high, n);
        ++pending;
      }
      s.need = pending < 2 ? high : std::max(high, low + 1);
    }
  }

  uint32_t take_temporary() {
    if (!free_.empty()) {
      const uint32_t s = free_.back();
      free_.pop_back();
      return s;
    }
    return program_.first_temporary + program_.temporaries++;
  }

  /// The accumulator's value goes to a temporary of its own.
  void keep(uint32_t v) {
    State& s = state_[v];
    if (s.slot != kNone) return;
    s.slot = take_temporary();
    s.temporary = true;
    const DType t = pass_.values[v].dtype;
    emit({Action::store, Op::leaf, Form::A, t, t, {s.slot, 0, 0}});
  }

  void used(uint32_t v) {
    State& s = state_[v];
    if (--s.uses == 0 && s.temporary) {
      free_.push_back(s.slot);
      s.slot = kNone;
      s.temporary = false;
    }
  }

  /// The accumulator takes a value that lies in memory.
  void load(uint32_t v) {
    if (accumulator_ == v) return;
    const DType t = pass_.values[v].dtype;
    emit({state_[v].scalar ? Action::splat : Action::load, Op::leaf, Form::A, t, t, {state_[v].slot, 0, 0}});
    accumulator_ = v;
  }

  /// Evaluates `root` into the accumulator. No recursion: a pass may be a chain of a million values.
  void bring(uint32_t root) {
    if (in_memory(root)) {
      load(root);
      return;
    }
    if (accumulator_ == root) return;
    stack_.assign(1, Frame{root});
    while (!stack_.empty()) {
      const uint32_t k = stack_.back().value;
      const int next = step(stack_.back());
      if (next >= 0) {
        stack_.push_back(Frame{pass_.values[k].in[next]});
        continue;
      }
      stack_.pop_back();
      accumulator_ = k;
      if (state_[k].uses > 1) keep(k);
    }
  }

  /// Can this input be computed inside a tree stage: one arithmetic op on two operands that lie in memory, needed here
  /// only, or so cheap (inputs of the pass) that doing it again beats storing it?
  bool inlines(const Value& parent, uint32_t input) const {
    const Value& v = pass_.values[input];
    if (!is_float(parent.loop) || v.loop != parent.loop || v.dtype != parent.loop) return false;
    if (arithmetic(parent.op, false) == Arithmetic::none || arithmetic(v.op, false) == Arithmetic::none) return false;
    const State &x = state_[v.in[0]], &y = state_[v.in[1]];
    if (!in_memory(v.in[0]) || !in_memory(v.in[1]) || (x.scalar && y.scalar)) return false;
    return state_[input].uses == 1 || !(x.temporary || y.temporary);
  }

  /// Emits g(acc, f(x, y)): input `held` of v is in the accumulator, the other one is computed on the way.
  void apply_tree(const Value& v, int held) {
    const uint32_t input = v.in[1 - held];
    const Value& inner = pass_.values[input];
    const bool swap = state_[inner.in[0]].scalar;
    Step s{Action::tree, v.op, Form::A, v.loop, v.dtype, {}};
    s.f = arithmetic(inner.op, swap);
    s.g = arithmetic(v.op, held == 1);
    s.operand[0] = state_[inner.in[swap ? 1 : 0]].slot;
    s.operand[1] = state_[inner.in[swap ? 0 : 1]].slot;
    s.scalar[1] = state_[inner.in[swap ? 0 : 1]].scalar;
    emit(s);
    if (state_[input].uses > 1) {  // not its last use: its inputs are needed again
      --state_[input].uses;
    } else {
      state_[input].uses = 0;
      used(inner.in[0]);
      used(inner.in[1]);
    }
  }

  /// One step of evaluating a frame's value: the number of the input to evaluate next, or -1 once the op is emitted.
  int step(Frame& f) {
    const Value& v = pass_.values[f.value];
    const int n = arity(v);
    // Inputs that are not in memory, heaviest first; the accumulator may hold one of them.
    int heaviest = -1, pending = 0, held = -1;
    for (int j = 0; j < n; ++j) {
      if (in_memory(v.in[j])) continue;
      if (accumulator_ == v.in[j]) {
        held = j;
        continue;
      }
      ++pending;
      if (heaviest < 0 || state_[v.in[j]].need > state_[v.in[heaviest]].need) heaviest = j;
    }
    // A first of three operands (a condition, words) that is one value has no form of its own: it goes through the
    // accumulator, the others wait.
    const bool wants_condition = n == 3 && in_memory(v.in[0]) && state_[v.in[0]].scalar;
    if (n == 2 && v.in[0] != v.in[1] && held >= 0 && pending == 1 && inlines(v, v.in[heaviest])) {
      apply_tree(v, held);
      used(v.in[held]);
      return -1;
    }
    if (n == 2 && v.in[0] != v.in[1] && pending == 2) {
      // The other one first, if this one can wait for its tree.
      const int other = 1 - heaviest;
      if (inlines(v, v.in[heaviest]) && !inlines(v, v.in[other])) return other;
    }
    if (pending > 0) {
      if (held >= 0) keep(v.in[held]);
      return heaviest;
    }
    if (held >= 0 && wants_condition) {
      keep(v.in[held]);
      held = -1;
    }
    apply(v, held);
    for (int j = 0; j < n; ++j) used(v.in[j]);
    return -1;
  }

  void memory_op(Op op, Form form, DType t, uint32_t slot) { emit({Action::op, op, form, t, t, {slot, 0, 0}}); }
  void store(DType t, uint32_t slot) { emit({Action::store, Op::leaf, Form::A, t, t, {slot, 0, 0}}); }

  /// An outer-axis reduction: the accumulator is merged into one partial for each lane, with ordinary ops.
  void reduce_lanes(Op op, DType t, uint32_t slot) {
    if (is_moments(op)) {  // Welford (1962): slots are the means, the reciprocal of the count, the squared distances
      const uint32_t x = take_temporary(), delta = take_temporary();
      store(t, x);
      memory_op(Op::subtract, Form::AM, t, slot);
      store(t, delta);
      memory_op(Op::multiply, Form::AS, t, slot + 1);
      memory_op(Op::add, Form::AM, t, slot);
      store(t, slot);
      memory_op(Op::subtract, Form::MA, t, x);
      memory_op(Op::multiply, Form::AM, t, delta);
      memory_op(Op::add, Form::AM, t, slot + 2);
      store(t, slot + 2);
      free_.push_back(x);
      free_.push_back(delta);
      accumulator_ = kNone;
      return;
    }
    memory_op(join_of(op, t), Form::MA, t, slot);
    store(t, slot);
    accumulator_ = kNone;
  }

  /// A reduction over selected elements: the mask lies in memory, the values go through the accumulator.
  void reduce_masked(const Output& o, uint32_t slot) {
    uint32_t mask = state_[o.mask].slot;
    const bool scalar = in_memory(o.mask) && state_[o.mask].scalar;
    if (!in_memory(o.mask) || scalar) {
      bring(o.mask);
      if (scalar)
        store(DType::bool_, mask = take_temporary());
      else
        keep(o.mask);
    }
    if (!scalar) mask = state_[o.mask].slot;
    bring(o.value);
    const DType t = pass_.values[o.value].dtype;
    Step s{Action::reduce, o.op, Form::A, t, t, {slot, mask, slot + 1}};
    s.masked = true;
    emit(s);
    used(o.mask);
    used(o.value);
    if (scalar) free_.push_back(mask);
  }

  /// Step s computes v, a sin or a cos; if the other of the two is wanted and still to be computed, so does it.
  void share(Step& s, const Value& v) {
    const uint32_t other = state_[&v - pass_.values.data()].twin;
    if (other == kNone || in_memory(other) || state_[other].uses == 0) return;
    state_[other].slot = take_temporary();
    state_[other].temporary = true;
    s.form = Form::AB;
    s.operand[0] = state_[other].slot;
    used(v.in[0]);
  }

  static bool has_load_op(const Value& v) {
    return is_float(v.loop) && (v.op == Op::add || v.op == Op::subtract || v.op == Op::multiply || v.op == Op::divide);
  }

  /// Emits the op; `held` is the input in the accumulator, or -1 if all are in memory.
  void apply(const Value& v, int held) {
    const int n = arity(v);
    if (held < 0)
      for (int j = 0; j < n; ++j)
        if (accumulator_ == v.in[j] && !(n == 3 && j > 0 && state_[v.in[0]].scalar)) held = j;
    Step s{v.op == Op::cast ? Action::cast : Action::op, v.op, Form::A, v.loop, v.dtype, {}};
    if (n == 1) {
      if (held < 0) load(v.in[0]);
      share(s, v);
      emit(s);
      return;
    }
    auto scalar = [&](int j) { return state_[v.in[j]].scalar; };
    auto slot = [&](int j) { return state_[v.in[j]].slot; };
    if (n == 2) {
      if (held < 0 && has_load_op(v) && !(scalar(0) && scalar(1))) {
        s.form = scalar(0) ? Form::SM : scalar(1) ? Form::MS : Form::MM;
        s.operand[0] = slot(0);
        s.operand[1] = slot(1);
        emit(s);
        return;
      }
      if (held < 0) {
        held = scalar(0) && !scalar(1) ? 1 : 0;
        load(v.in[held]);
      }
      const int other = 1 - held;
      s.form = held == 0 ? (scalar(1) ? Form::AS : Form::AM) : (scalar(0) ? Form::SA : Form::MA);
      s.operand[0] = slot(other);
      emit(s);
      return;
    }
    if (held < 0) {
      held = 0;
      load(v.in[0]);
    }
    if (held == 0) {
      static constexpr Form kForm[2][2] = {{Form::AMM, Form::AMS}, {Form::ASM, Form::ASS}};
      s.form = kForm[scalar(1)][scalar(2)];
      s.operand[0] = slot(1);
      s.operand[1] = slot(2);
    } else {
      const int other = 3 - held;
      s.form = held == 1 ? (scalar(other) ? Form::MAS : Form::MAM) : (scalar(other) ? Form::MSA : Form::MMA);
      s.operand[0] = slot(0);
      s.operand[1] = slot(other);
    }
    emit(s);
  }

  const Pass& pass_;
  Program program_;
  std::vector<State> state_;
  std::vector<uint32_t> free_;
  std::vector<Frame> stack_;
  uint32_t accumulator_ = kNone;
};

/// Everything of a pass that its program depends on.
std::vector<uint32_t> structure(const Pass& pass) {
  std::vector<uint32_t> key;
  key.reserve(pass.values.size() * 4 + pass.operands.size() + pass.outputs.size() * 2 + 2);
  key.push_back(static_cast<uint32_t>(pass.operands.size()));
  key.push_back(static_cast<uint32_t>(pass.outputs.size()) << 8 | static_cast<uint32_t>(pass.mode));
  for (const Operand& o : pass.operands) key.push_back(o.reach == Reach::scalar);
  for (const Value& v : pass.values) {
    key.push_back(static_cast<uint32_t>(v.op) | static_cast<uint32_t>(v.dtype) << 8 |
                  static_cast<uint32_t>(v.loop) << 16);
    key.insert(key.end(), v.in, v.in + 3);
  }
  for (const Output& o : pass.outputs) {
    key.push_back(o.value);
    key.push_back(o.mask);
    key.push_back(static_cast<uint32_t>(o.op) | static_cast<uint32_t>(o.stream) << 8);
  }
  return key;
}

}  // namespace

void linearise(Planner& p) {
  for (Pass& pass : p.plan.passes)
    if (!pass.empty && pass.mode != Mode::opaque)
      pass.program = p.cache.get(structure(pass), [&] { return Lineariser(pass).run(); });
}

}  // namespace lazulite
