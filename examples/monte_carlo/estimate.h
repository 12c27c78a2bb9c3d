// Means, covariances and the Cholesky factor of returns, with the same bits as the Python runner's estimate.py.
#pragma once

#include "examples/monte_carlo/schema.h"

namespace lazulite::monte_carlo {

/// The log or the simple returns from one row to the next.
Vector returns(const Vector& prices, bool log);
double mean(const Vector& values);
/// The sample covariance; the divisor is n - 1.
double covariance(const Vector& a, const Vector& b);
/// Makes the lower triangle L with L L' = matrix, and returns -1; or the first row that depends on those before it.
int cholesky(const Matrix& matrix, Matrix& factor);
/// The sample correlations; no series is constant.
Matrix correlation(const Matrix& returns);
/// Of a symmetric matrix, for messages; 0 where it is a rounding error.
double smallest_eigenvalue(const Matrix& matrix);

}  // namespace lazulite::monte_carlo
