// Running sums, products and extremes: an opaque op that walks lines, or rows where many lines lie side by side.
#include "core/dispatch/accumulate.h"

#include <algorithm>
#include <array>
#include <type_traits>
#include <vector>

#include "core/dispatch/engine.h"
#include "core/dispatch/joins.h"
#include "core/dispatch/opaque.h"
#include "core/dispatch/pack.h"
#include "core/dispatch/running.h"

namespace lazulite {

namespace {

constexpr int64_t kManyLanes = 8;  // from so many neighbouring lines on, rows are joined as vectors
constexpr int64_t kLanes = 512;    // of a row, in one task
constexpr double kNs = 0.8;        // of an element, about

/// Copies n elements, `step` apart, to contiguous ones of the result's dtype.
using Fetch = void (*)(const std::byte* from, int64_t step, int64_t n, std::byte* to);
template <class From, class To>
void fetch(const std::byte* from, int64_t step, int64_t n, std::byte* to) {
  const auto* source = reinterpret_cast<const From*>(from);
  auto* target = reinterpret_cast<To*>(to);
  for (int64_t k = 0; k < n; ++k) target[k] = static_cast<To>(source[k * step]);
}

/// Conversions whose C++ is NumPy's; the graph casts before others.
constexpr bool converts(DType from, DType to) { return from == to || !is_float(from) || is_float(to); }
Fetch fetch_of(DType from, DType to) {
  return visit(from, [&](auto source) {
    return visit(to, [](auto target) -> Fetch {
      using From = decltype(source);
      using To = decltype(target);
      if constexpr (converts(dtype_of<From>, dtype_of<To>)) return &fetch<From, To>;
      return nullptr;
    });
  });
}

/// The axes in the memory order of the result: lines along one, around and within others.
struct Lines {
  Dims extents, strides;  // of the operand
  int axis = 0;
  int64_t outer = 1, n = 1, inner = 1;

  Lines(const OpaqueRun& run) {
    const int ndim = run.out.shape.size();
    std::vector<int> order(static_cast<size_t>(ndim));
    for (int k = 0; k < ndim; ++k) order[static_cast<size_t>(k)] = k;
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return run.out.strides[a] > run.out.strides[b]; });
    extents = strides = Dims(ndim);
    for (int k = 0; k < ndim; ++k) {
      const int from = order[static_cast<size_t>(k)];
      extents[k] = run.out.shape[from];
      strides[k] = run.in[0].strides[from];
      if (from == run.params.numbers[0]) axis = k;
    }
    for (int k = 0; k < axis; ++k) outer *= extents[k];
    n = extents[axis];
    for (int k = axis + 1; k < ndim; ++k) inner *= extents[k];
  }

  /// Where the operand's element number `flat` of axes [from, to) lies.
  int64_t offset(int64_t flat, int from, int to) const {
    int64_t at = 0;
    for (int k = to - 1; k >= from; --k) {
      at += flat % extents[k] * strides[k];
      flat /= extents[k];
    }
    return at;
  }
};

template <class T, class R>
class Accumulation {
 public:
  explicit Accumulation(OpaqueRun& run)
      : run_(run),
        lines_(run),
        in_(run.in[0].data),
        item_(item_size(run.in[0].dtype)),
        out_(run.out.as<T>()),
        fetch_(fetch_of(run.in[0].dtype, run.out.dtype)) {}

  void run() {
    const int64_t lines = lines_.outer * lines_.inner, blocks = (lines_.n + kBlock - 1) / kBlock;
    if (lines == 0 || lines_.n == 0) return;
    if (lines_.inner >= kManyLanes) return rows();
    if (lines >= run_.engine.threads() || blocks < 2 * run_.engine.threads() || run_.engine.threads() == 1) {
      run_.for_each(lines, kNs * static_cast<double>(lines_.n), [&](int64_t line) { one_line(line, blocks); });
      return;
    }
    for (int64_t line = 0; line < lines; ++line) in_parallel(line, blocks);
  }

 private:
  static constexpr int64_t kBlock = Running<T, R>::kBlock;

  void one_line(int64_t line, int64_t blocks) {
    T carry = R::identity();
    for (int64_t b = 0; b < blocks; ++b) {
      if (b % 64 == 63 && run_.watch && run_.watch->stop()) return;  // for_each throws
      carry = R::join(carry, write(line, b, carry));
    }
  }

  /// The totals of all blocks, then what comes before each, then the blocks.
  void in_parallel(int64_t line, int64_t blocks) {
    std::vector<T> carry(static_cast<size_t>(blocks));
    const double ns = kNs * static_cast<double>(kBlock);
    run_.for_each(blocks, ns / 2, [&](int64_t b) { carry[static_cast<size_t>(b)] = total(line, b); });
    T sum = R::identity();
    for (T& c : carry) {
      const T total = c;
      c = sum;
      sum = R::join(sum, total);
    }
    run_.for_each(blocks, ns, [&](int64_t b) { write(line, b, carry[static_cast<size_t>(b)]); });
  }

  /// Block b of a line: its first element, and how many it has.
  struct Block {
    const T* from;
    T* out;
    int64_t n;
  };
  /// Its elements lie where they are, if they can be used there, else in `buffer`.
  Block block(int64_t line, int64_t b, std::array<T, kBlock>& buffer) {
    const int64_t o = line / lines_.inner, i = line % lines_.inner, first = b * kBlock,
                  n = std::min(kBlock, lines_.n - first), step = lines_.strides[lines_.axis];
    const int64_t offset =
        lines_.offset(o, 0, lines_.axis) + lines_.offset(i, lines_.axis + 1, lines_.extents.size()) + first * step;
    const std::byte* from = in_ + offset * item_;
    T* out = out_ + (o * lines_.n + first) * lines_.inner + i;
    if (step == 1 && run_.in[0].dtype == run_.out.dtype) return {reinterpret_cast<const T*>(from), out, n};
    fetch_(from, step, n, reinterpret_cast<std::byte*>(buffer.data()));
    return {buffer.data(), out, n};
  }

  /// What the elements of a block join to.
  T total(int64_t line, int64_t b) {
    std::array<T, kBlock> buffer;
    const Block of = block(line, b, buffer);
    return Running<T, R>::total(of.from, of.n);
  }

  /// Writes a block whose earlier elements join to `carry`; returns its total.
  T write(int64_t line, int64_t b, T carry) {
    std::array<T, kBlock> buffer;
    const Block of = block(line, b, buffer);
    T* to = lines_.inner == 1 ? of.out : buffer.data();
    const T total = Running<T, R>::write(of.from, to, of.n, carry);
    if (to != of.out) scatter_as(of.out, to, lines_.inner, of.n);
    return total;
  }

  /// Every row is joined with the one before.
  void rows() {
    const int64_t pieces = (lines_.inner + kLanes - 1) / kLanes;
    const double ns = kNs * static_cast<double>(lines_.n * std::min(kLanes, lines_.inner));
    run_.for_each(lines_.outer * pieces, ns, [&](int64_t task) {
      const int64_t o = task / pieces, first = task % pieces * kLanes, n = std::min(kLanes, lines_.inner - first);
      const std::byte* in = in_ + lines_.offset(o, 0, lines_.axis) * item_;
      for (int64_t row = 0; row < lines_.n; ++row) {
        if (row % 4096 == 4095 && run_.watch && run_.watch->stop()) return;
        T* out = out_ + (o * lines_.n + row) * lines_.inner + first;
        const int inner_axes = lines_.extents.size() - lines_.axis - 1;
        each_run(lines_.extents.data() + lines_.axis + 1, lines_.strides.data() + lines_.axis + 1, inner_axes, first, n,
                 [&](int64_t offset, int64_t step, int64_t at, int64_t count) {
                   fetch_(in + (offset + row * lines_.strides[lines_.axis]) * item_, step, count,
                          reinterpret_cast<std::byte*>(out + at));
                 });
        if (row == 0) continue;
        const T* before = out - lines_.inner;
        for (int64_t k = 0; k < n; ++k) out[k] = R::join(before[k], out[k]);
      }
    });
  }

  OpaqueRun& run_;
  Lines lines_;
  const std::byte* in_;
  int64_t item_;
  T* out_;
  Fetch fetch_;
};

template <template <class> class R>
void run_accumulation(OpaqueRun& run) {
  visit(run.out.dtype, [&](auto zero) {
    using T = std::conditional_t<std::is_same_v<decltype(zero), bool>, uint8_t, decltype(zero)>;
    Accumulation<T, R<T>>(run).run();
  });
}

constexpr const char* kWhy = "every element needs those before it";
constexpr OpaqueOp kSum = {"cumsum", kWhy, run_accumulation<Sum>};
constexpr OpaqueOp kProduct = {"cumprod", kWhy, run_accumulation<Product>};
constexpr OpaqueOp kMin = {"minimum.accumulate", kWhy, run_accumulation<Min>};
constexpr OpaqueOp kMax = {"maximum.accumulate", kWhy, run_accumulation<Max>};
constexpr OpaqueOp kFMin = {"fmin.accumulate", kWhy, run_accumulation<FMin>};
constexpr OpaqueOp kFMax = {"fmax.accumulate", kWhy, run_accumulation<FMax>};
constexpr OpaqueOp kAll = {"logical_and.accumulate", kWhy, run_accumulation<All>};
constexpr OpaqueOp kAny = {"logical_or.accumulate", kWhy, run_accumulation<Any>};

const OpaqueOp* op_of(Op op, DType t) {
  switch (op) {
    case Op::add:
      return t == DType::bool_ ? &kAny : &kSum;
    case Op::multiply:
      return t == DType::bool_ ? &kAll : &kProduct;
    case Op::minimum:
      return &kMin;
    case Op::maximum:
      return &kMax;
    case Op::fmin:
      return is_float(t) ? &kFMin : &kMin;
    case Op::fmax:
      return is_float(t) ? &kFMax : &kMax;
    case Op::logical_and:
      return &kAll;
    case Op::logical_or:
      return &kAny;
    default:
      throw Error(ErrorKind::type, std::string(info(op).name) + ".accumulate: no loop");
  }
}

DType result_dtype(Op op, DType t) {
  if (op == Op::logical_and || op == Op::logical_or) return DType::bool_;
  if ((op != Op::add && op != Op::multiply) || is_float(t)) return t;
  return kind(t) == DKind::unsigned_ ? DType::uint64 : DType::int64;
}

}  // namespace

Array accumulate(Op op, const Array& a, int axis, std::optional<DType> dtype) {
  NodeRef in = a.read();
  const DType t = op == Op::logical_and || op == Op::logical_or ? DType::bool_
                  : dtype                                       ? *dtype
                                                                : result_dtype(op, in->dtype);
  if (!converts(in->dtype, t)) in = make_elementwise(Op::cast, t, in->shape, &in, 1);
  const Dims strides = in->op == Op::window ? in->window->strides : in->strides();
  const AxisOrder order = keep_order(in->shape.size(), &strides, 1);
  const double ns = kNs * static_cast<double>(in->size);
  return Array(apply_opaque({op_of(op, t), Dims{axis}}, t, in->shape, &in, 1, ns, order));
}

}  // namespace lazulite
