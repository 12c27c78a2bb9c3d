"""Means, covariances and the Cholesky factor of returns, by one scalar path.

The C++ runner (examples/monte_carlo/estimate.cpp; its Cholesky factor is Eigen's) does the same operations in the same
order, so that both get the same bits, on every machine: sums run from the first row to the last.
"""

from __future__ import annotations

import math

import numpy as np


def returns(prices: list[float], kind: str) -> list[float]:
    """The log or the simple returns from one row to the next."""
    if kind == "log":
        return [math.log(after / before) for before, after in zip(prices, prices[1:], strict=False)]
    return [after / before - 1.0 for before, after in zip(prices, prices[1:], strict=False)]


def mean(values: list[float]) -> float:
    total = 0.0
    for value in values:
        total += value
    return total / len(values)


def covariance(a: list[float], b: list[float]) -> float:
    """The sample covariance; the divisor is n - 1."""
    mean_a, mean_b, total = mean(a), mean(b), 0.0
    for x, y in zip(a, b, strict=True):
        total += (x - mean_a) * (y - mean_b)
    return total / (len(a) - 1)


def cholesky(matrix: list[list[float]]) -> tuple[list[list[float]], int]:
    """The lower triangle L with L L' = matrix, and -1; or the first row that depends on those before it."""
    n = len(matrix)
    factor = [[0.0] * n for _ in range(n)]
    for k in range(n):
        total = 0.0
        for j in range(k):
            total += factor[k][j] * factor[k][j]
        pivot = matrix[k][k] - total
        # A column that follows from those before it leaves rounding errors, of either sign, rather than 0.
        if not pivot > 1e-12 * matrix[k][k]:
            return factor, k
        factor[k][k] = math.sqrt(pivot)
        for i in range(k + 1, n):
            total = 0.0
            for j in range(k):
                total += factor[i][j] * factor[k][j]
            factor[i][k] = (matrix[i][k] - total) / factor[k][k]
    return factor, -1


def correlation(returns: list[list[float]]) -> list[list[float]]:
    """The sample correlations; no series is constant."""
    n = len(returns)
    deviation = [math.sqrt(covariance(r, r)) for r in returns]
    matrix = [[1.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(i):
            matrix[i][j] = matrix[j][i] = covariance(returns[i], returns[j]) / (deviation[i] * deviation[j])
    return matrix


def smallest_eigenvalue(matrix: list[list[float]]) -> float:
    """Of a symmetric matrix, for messages; 0 where it is a rounding error."""
    value = float(np.linalg.eigvalsh(np.array(matrix))[0])
    return value if abs(value) > 1e-9 else 0.0
