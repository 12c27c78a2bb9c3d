// The eager path: a chain of two or three stages, built on the spot.
#include "core/dispatch/eager.h"

#include "core/dispatch/engine.h"
#include "core/kernels/stage.h"

namespace lazulite {

namespace {

struct Source {
  const std::byte* data;
  bool scalar;
};

/// A computed operand that a strip can read: contiguous in the result's order and padded, or one element.
bool readable(const NodeRef& in, const Dims& shape, Source& s) {
  if (in->op == Op::constant) {
    s = {in->value.bytes, true};
    return true;
  }
  const Storage* m = in->storage.load(std::memory_order_acquire);
  if (!m) return false;
  s = {m->data, in->size == 1};
  return s.scalar || (m->padded && in->order == 0 && in->shape == shape);
}

constexpr Form kBinary[2][2] = {{Form::AM, Form::AS}, {Form::MA, Form::SA}};  // [held operand][other is a scalar]

}  // namespace

NodeRef run_eagerly(Op op, DType result, DType loop, const Dims& shape, const NodeRef* in, int n) {
  Engine& engine = Engine::get();
  const int64_t size = shape.product();
  if (size > engine.options.eager_below.load(std::memory_order_relaxed) || size == 0) return nullptr;
  Source source[3];
  bool constants = true;
  for (int k = 0; k < n; ++k) {
    if (!readable(in[k], shape, source[k])) return nullptr;
    constants &= in[k]->op == Op::constant;
  }
  if (constants) return nullptr;

  const StageTable& t = engine.stages();
  const int width = std::max({log2_size(result), log2_size(loop)});
  const size_t w = static_cast<size_t>(width), lanes = static_cast<size_t>(3 - width + log2_size(loop));
  const size_t type = static_cast<size_t>(loop), row = static_cast<size_t>(op);
  // Slots: 0 the machine's, 1 to 3 the operands, 4 the result.
  Instruction code[4];
  int length = 0;
  auto put = [&](StageFn f, uint32_t a = 0, uint32_t b = 0) { code[length++] = {f, {a, b, 0, 0}}; };
  auto bring = [&](int k, DType dtype, size_t vectors) {
    put(source[k].scalar ? t.splat[log2_size(dtype)][vectors] : t.load[vectors], static_cast<uint32_t>(k) + 1);
  };
  StageFn f = nullptr;
  if (n == 3) {
    static constexpr Form kThree[2][2] = {{Form::AMM, Form::AMS}, {Form::ASM, Form::ASS}};
    if (op == Op::where) {
      bring(0, DType::bool_, static_cast<size_t>(3 - width));
    } else {
      bring(0, loop, lanes);
    }
    put(f = t.op[row][static_cast<size_t>(kThree[source[1].scalar][source[2].scalar])][type][w], 2, 3);
  } else if (n == 2) {
    const int held = source[0].scalar && !source[1].scalar ? 1 : 0, other = 1 - held;
    bring(held, loop, lanes);
    put(f = t.op[row][static_cast<size_t>(kBinary[held][source[other].scalar])][type][w],
        static_cast<uint32_t>(other) + 1);
  } else {
    bring(0, loop, lanes);
    put(f = op == Op::cast ? t.cast[type][static_cast<size_t>(result)][w]
                           : t.op[row][static_cast<size_t>(Form::A)][type][w]);
  }
  if (!f) return nullptr;
  put(t.store[3 - width + log2_size(result)], 4);
  put(t.end);

  Ref<Storage> out = engine.allocate(size << log2_size(result));
  alignas(64) static thread_local std::byte machine[kStripBytes];
  Slot slot[5] = {machine};
  int64_t stride[5] = {};
  const int64_t step = 8 * t.vector_bytes >> width;
  for (int k = 0; k < n; ++k) {
    slot[k + 1] = const_cast<std::byte*>(source[k].data);
    stride[k + 1] = source[k].scalar ? 0 : step << log2_size(k == 0 && n == 3 ? DType::bool_ : loop);
  }
  slot[4] = out->data;
  stride[4] = step << log2_size(result);
  t.run_steps(slot, code, (size + step - 1) / step, stride, 5, 0);
  engine.counters.eager.fetch_add(1, std::memory_order_relaxed);
  return make_leaf(result, shape, 0, std::move(out));
}

}  // namespace lazulite
