// What an element of each op costs, estimated: the measure by which work is split.
#pragma once

#include "core/graph/ops.h"

namespace lazulite {

/// ns per element.
constexpr double cost_of(Op op) {
  switch (op) {  // measured for float64 with 512-bit vectors; only ratios matter
    case Op::exp:
    case Op::exp2:
    case Op::log:
      return 0.5;
    case Op::expm1:
    case Op::log2:
    case Op::log10:
    case Op::log1p:
    case Op::sin:
    case Op::cos:
    case Op::arcsin:
    case Op::arccos:
    case Op::arctan:
    case Op::sinh:
    case Op::cosh:
    case Op::tanh:
    case Op::erf:
      return 1.0;
    case Op::floor_divide:
    case Op::remainder:
    case Op::fmod:
      return 0.6;
    case Op::hypot:
      return 1.0;
    case Op::tan:
    case Op::arctan2:
    case Op::logit:
    case Op::expit:
    case Op::log_expit:
    case Op::exprel:
      return 1.5;
    case Op::erfc:
    case Op::erfcx:
    case Op::erfinv:
    case Op::erfcinv:
    case Op::ndtr:
    case Op::log_ndtr:
    case Op::ndtri:
    case Op::gammaln:
    case Op::gamma:
    case Op::rgamma:
    case Op::digamma:
    case Op::i0:
    case Op::i0e:
    case Op::i1:
    case Op::i1e:
      return 2.5;
    case Op::j0:
    case Op::j1:
    case Op::y0:
    case Op::y1:
      return 4.0;
    case Op::beta:
    case Op::betaln:
      return 10.0;
    case Op::gammainc:
    case Op::gammaincc:
    case Op::betainc:
      return 80.0;
    case Op::gammaincinv:
      return 300.0;
    case Op::betaincinv:
      return 600.0;
    case Op::power:
      return 2.0;
    case Op::random:
      return 0.8;
    case Op::sample_gamma:
    case Op::sample_log_gamma:
    case Op::sample_beta:
    case Op::sample_poisson:
    case Op::sample_binomial:
    case Op::sample_vonmises:
    case Op::sample_zipf:
    case Op::sample_hypergeometric:
      return 5.0;
    case Op::sample_uniform:
    case Op::sample_fork:
      return 0.5;
    case Op::divide:
    case Op::reciprocal:
    case Op::sqrt:
      return 0.25;
    case Op::gather:
      return 1.5;
    case Op::window:
    case Op::constant:
    case Op::leaf:
      return 0;
    default:
      return 0.03;
  }
}

}  // namespace lazulite
