// Sums from the first row to the last, and Eigen's Cholesky decomposition.
//
// Eigen's unblocked decomposition without SIMD adds products one after the other (up to 128 columns), as estimate.py
// does; its blocked one, which LLT takes from 32 columns on, does not. So it is called by its inner name.
#define EIGEN_DONT_VECTORIZE
#include "examples/monte_carlo/estimate.h"

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <cmath>

namespace lazulite::monte_carlo {

Vector returns(const Vector& prices, bool log) {
  Vector result;
  for (size_t i = 1; i < prices.size(); ++i) {
    const double ratio = prices[i] / prices[i - 1];
    result.push_back(log ? std::log(ratio) : ratio - 1.0);
  }
  return result;
}

double mean(const Vector& values) {
  double total = 0.0;
  for (const double value : values) total += value;
  return total / static_cast<double>(values.size());
}

double covariance(const Vector& a, const Vector& b) {
  const double mean_a = mean(a), mean_b = mean(b);
  double total = 0.0;
  for (size_t i = 0; i < a.size(); ++i) total += (a[i] - mean_a) * (b[i] - mean_b);
  return total / static_cast<double>(a.size() - 1);
}

static double of(const Matrix& m, Eigen::Index i, Eigen::Index j) {
  return m[static_cast<size_t>(i)][static_cast<size_t>(j)];
}

static Eigen::MatrixXd to_eigen(const Matrix& matrix) {
  const auto n = static_cast<Eigen::Index>(matrix.size());
  Eigen::MatrixXd result(n, n);
  for (Eigen::Index i = 0; i < n; ++i) {
    for (Eigen::Index j = 0; j < n; ++j) result(i, j) = of(matrix, i, j);
  }
  return result;
}

int cholesky(const Matrix& matrix, Matrix& factor) {
  const auto n = static_cast<Eigen::Index>(matrix.size());
  Eigen::MatrixXd l = to_eigen(matrix);
  const Eigen::Index stopped = Eigen::internal::llt_inplace<double, Eigen::Lower>::unblocked(l);
  factor.assign(matrix.size(), Vector(matrix.size(), 0.0));
  for (Eigen::Index i = 0; i < n; ++i) {
    // A column that follows from those before it leaves rounding errors, of either sign, rather than 0.
    if (i == stopped || !(l(i, i) * l(i, i) > 1e-12 * of(matrix, i, i))) return static_cast<int>(i);
    for (Eigen::Index j = 0; j <= i; ++j) factor[static_cast<size_t>(i)][static_cast<size_t>(j)] = l(i, j);
  }
  return -1;
}

Matrix correlation(const Matrix& returns) {
  const size_t n = returns.size();
  Vector deviation;
  for (const Vector& r : returns) deviation.push_back(std::sqrt(covariance(r, r)));
  Matrix matrix(n, Vector(n, 1.0));
  for (size_t i = 0; i < n; ++i) {
    for (size_t j = 0; j < i; ++j) {
      matrix[i][j] = matrix[j][i] = covariance(returns[i], returns[j]) / (deviation[i] * deviation[j]);
    }
  }
  return matrix;
}

double smallest_eigenvalue(const Matrix& matrix) {
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(to_eigen(matrix), Eigen::EigenvaluesOnly);
  const double value = solver.eigenvalues()(0);
  return std::fabs(value) > 1e-9 ? value : 0.0;
}

}  // namespace lazulite::monte_carlo
