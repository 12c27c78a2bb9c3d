// What every file that uses Eigen starts from: one target's Eigen, in a namespace of its own, that can be stopped.
//
// CMake renames Eigen's namespace for each target (-DEigen=Eigen_avx2), so that the linker never takes the code of one
// target for another's. Eigen calls eigen_assert before every step of its work, and lets the user say what that does
// (its own tests throw from it): here it asks, now and then, whether to stop.
#pragma once

#include "core/kernels/decompositions.h"

#ifndef LAZULITE_EIGEN
#error "LAZULITE_EIGEN is not set: files that use Eigen are built by core/kernels/CMakeLists.txt"
#endif

#ifdef EIGEN_CORE_H
#error "Eigen's headers come through this file only: it says what eigen_assert is"
#endif

namespace lazulite {
namespace LAZULITE_EIGEN {

struct Stopped {};

/// The look of the decomposition that runs on this thread.
struct Ticks {
  Look look;
  int left;
  void tick() {
    if (--left < 0) ask();
  }
  void ask() {
    left = kBetween;
    if (look.stop && look.stop(look.context)) throw Stopped();
  }
  static constexpr int kBetween = 1000;
};
extern thread_local Ticks ticks;

}  // namespace LAZULITE_EIGEN
}  // namespace lazulite

#define EIGEN_DONT_PARALLELIZE
#define EIGEN_MPL2_ONLY
#define eigen_assert(condition) ::lazulite::LAZULITE_EIGEN::ticks.tick()

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <Eigen/LU>
#include <Eigen/QR>
#include <Eigen/SVD>

namespace lazulite {
namespace LAZULITE_EIGEN {

using Columns = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic>;
using Vector = Eigen::Matrix<double, Eigen::Dynamic, 1>;
template <class M>
using Memory = Eigen::Map<M, Eigen::Aligned64>;

/// Runs f, which says whether it succeeded.
template <class F>
Outcome looking(Look look, F&& f) {
  ticks = {look, Ticks::kBetween};
  try {
    return f() ? Outcome::done : Outcome::failed;
  } catch (const Stopped&) {
    return Outcome::stopped;
  }
}

// Each in a file of its own, by compile time.
void add_solvers(Decompositions& table);  // decompositions_solve.cpp
void add_svd(Decompositions& table);      // decompositions_svd.cpp
void add_eigh(Decompositions& table);     // decompositions_eigh.cpp

}  // namespace LAZULITE_EIGEN
}  // namespace lazulite
