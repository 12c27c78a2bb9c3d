// Running sums and the like of a line's elements: blocks of chains, for the engine and the header library.
//
// Floats are joined in chains of 256, which are then joined in order: the bits do not depend on threads, and the error
// grows more slowly than that of one chain. Eight chains side by side hide each other's latency.
#pragma once

#include <algorithm>
#include <cstdint>

namespace lazulite {

/// R: what joins two T (core/dispatch/joins.h).
template <class T, class R>
struct Running {
  static constexpr int64_t kChain = 256;  // elements joined one after the other
  static constexpr int64_t kChains = 8;   // chains of a block
  static constexpr int64_t kBlock = kChain * kChains;

  /// What n elements, at most a block, join to.
  static T total(const T* from, int64_t n) {
    T totals[kChains];
    run_chains(from, n, totals, [](int64_t, T) {});
    return before_chain(totals, (n + kChain - 1) / kChain);
  }
  /// Writes the running results of a block (in place, too) whose earlier elements join to `carry`; returns its total.
  static T write(const T* from, T* to, int64_t n, T carry) {
    T totals[kChains];
    run_chains(from, n, totals, [to](int64_t k, T v) { to[k] = v; });
    for (int64_t first = 0; first < n; first += kChain) {
      const T add = R::join(carry, before_chain(totals, first / kChain));
      for (int64_t k = first; k < std::min(n, first + kChain); ++k) to[k] = R::join(add, to[k]);
    }
    return before_chain(totals, (n + kChain - 1) / kChain);
  }

 private:
  /// The running results of every chain, one by one, and at its end its total.
  template <class Each>
  static void run_chains(const T* v, int64_t n, T* totals, Each&& each) {
    if (n == kBlock) {
      T t[kChains];
      for (int64_t c = 0; c < kChains; ++c) each(c * kChain, t[c] = v[c * kChain]);
      for (int64_t k = 1; k < kChain; ++k)
        for (int64_t c = 0; c < kChains; ++c) each(c * kChain + k, t[c] = R::join(t[c], v[c * kChain + k]));
      std::copy_n(t, kChains, totals);
      return;
    }
    for (int64_t first = 0; first < n; first += kChain) {
      T t = v[first];
      each(first, t);
      for (int64_t k = first + 1; k < std::min(n, first + kChain); ++k) each(k, t = R::join(t, v[k]));
      totals[first / kChain] = t;
    }
  }

  static T before_chain(const T* totals, int64_t chain) {
    T sum = R::identity();
    for (int64_t c = 0; c < chain; ++c) sum = R::join(sum, totals[c]);
    return sum;
  }
};

}  // namespace lazulite
