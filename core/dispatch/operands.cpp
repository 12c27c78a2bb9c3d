// Promotion of arrays and Python numbers (NEP 50).
#include "core/dispatch/operands.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/graph/promotion.h"

namespace lazulite {

namespace {

Scalar weak_value(const Weak& w, DType t) {
  if (w.kind == Weak::Kind::floating) return convert(Scalar::of<double>(w.real), DType::float64, t);
  if (is_float(t)) return convert(Scalar::of<double>(w.real), DType::float64, t);
  return convert(Scalar::of<int64_t>(w.integer), w.big ? DType::uint64 : DType::int64, t);
}

}  // namespace

DType default_dtype(Weak::Kind k) {
  return k == Weak::Kind::boolean ? DType::bool_ : k == Weak::Kind::integer ? DType::int64 : DType::float64;
}

std::string digits(const Weak& w) {
  if (w.text) return *w.text;
  return w.big ? std::to_string(static_cast<uint64_t>(w.integer)) : std::to_string(w.integer);
}

bool in_range(const Weak& w, DType t) {
  if (!w.fits && !w.big) return false;
  return visit(t, [&](auto zero) {
    using T = decltype(zero);
    if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
      if (w.big) return std::is_same_v<T, uint64_t>;
      if constexpr (std::is_unsigned_v<T>)
        return w.integer >= 0 && static_cast<uint64_t>(w.integer) <= std::numeric_limits<T>::max();
      else
        return w.integer >= std::numeric_limits<T>::min() && w.integer <= std::numeric_limits<T>::max();
    }
    return true;
  });
}

[[noreturn]] void out_of_bounds(const Weak& w, DType t) {
  throw Error(ErrorKind::overflow, "Python integer " + digits(w) + " out of bounds for " + std::string(name(t)));
}

Operands::Operands(const Argument* args, int n) : count(n) {
  for (int k = 0; k < n; ++k) {
    if (const Array* a = std::get_if<Array>(&args[k]))
      node[k] = a->read();
    else
      weak[k] = std::get_if<Weak>(&args[k]);
  }
}

DType Operands::promoted(int first) const {
  bool any = false;
  DType t = DType::bool_;
  for (int k = first; k < count; ++k)
    if (node[k]) {
      t = any ? promote(t, node[k]->dtype) : node[k]->dtype;
      any = true;
    }
  for (int k = first; k < count; ++k) {
    if (!weak[k]) continue;
    const DType w = default_dtype(weak[k]->kind);
    if (!any)
      t = promote(t, w);
    else if (weak[k]->kind == Weak::Kind::floating ? !is_float(t)
                                                   : weak[k]->kind == Weak::Kind::integer && t == DType::bool_)
      t = w;
  }
  return t;
}

void Operands::settle(DType t, int first, bool wrap) {
  for (int k = first; k < count; ++k) {
    if (!weak[k]) continue;
    if (weak[k]->kind == Weak::Kind::integer && is_integer(t) && !in_range(*weak[k], t) &&
        !(wrap && (weak[k]->fits || weak[k]->big)))
      out_of_bounds(*weak[k], t);
    if (weak[k]->kind == Weak::Kind::integer && is_float(t) && std::isinf(weak[k]->real))
      throw Error(ErrorKind::overflow, "int too large to convert to float");
    node[k] = make_constant(t, weak_value(*weak[k], t));
  }
}

DType Operands::floating(Op op) const {
  int level = 0;  // 0: float16, 1: float32, 2: float64
  bool any_float = false, weak_float = false;
  for (int k = 0; k < count; ++k) {
    if (weak[k]) {
      weak_float |= weak[k]->kind == Weak::Kind::floating;
      continue;
    }
    const DType t = node[k]->dtype;
    any_float |= is_float(t);
    level = std::max(level, t == DType::float32 ? 1 : std::min(log2_size(t), 2));
  }
  if (weak_float && !any_float) level = 2;
  if (level == 0)
    throw Error(ErrorKind::type, std::string(info(op).name) + ": NumPy gives float16 for " + types() +
                                     ", which this version does not have; convert first, e.g. with "
                                     "astype('float32')");
  return level == 1 ? DType::float32 : DType::float64;
}

std::string Operands::types() const {
  std::string s;
  for (int k = 0; k < count; ++k)
    s += (k ? ", " : "") + std::string(name(node[k] ? node[k]->dtype : default_dtype(weak[k]->kind)));
  return s;
}

}  // namespace lazulite
