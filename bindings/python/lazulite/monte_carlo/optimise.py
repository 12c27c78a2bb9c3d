"""The least value of a function of a few variables, without derivatives.

The simplex method of Nelder and Mead (1965), as Lagarias, Reeds, Wright and Wright (1998) state it. Our own, so that
the C++ runner (examples/monte_carlo/optimise.cpp) takes the same steps and finds the same bits.
"""

from __future__ import annotations

from collections.abc import Callable

STEP = 0.5  # from the start, along each axis
TOLERANCE = 1e-10  # between the values at the corners
MOST_STEPS = 1000


def minimise(f: Callable[[list[float]], float], start: list[float]) -> tuple[float, list[float]]:
    """The least value of f that is found, and where. An infinite value keeps the search out of a region."""
    n = len(start)
    points = [list(start) for _ in range(n + 1)]
    for i in range(n):
        points[i + 1][i] += STEP
    simplex = [(f(x), x) for x in points]
    for _ in range(MOST_STEPS):
        simplex.sort(key=lambda corner: corner[0])  # stable
        best, second_worst, (worst, worst_at) = simplex[0][0], simplex[n - 1][0], simplex[n]
        if worst - best <= TOLERANCE:
            break
        centre = []
        for i in range(n):
            total = 0.0
            for _, x in simplex[:n]:
                total += x[i]
            centre.append(total / n)

        def along(t: float, centre=centre, worst_at=worst_at) -> tuple[float, list[float]]:
            x = [c + t * (c - w) for c, w in zip(centre, worst_at, strict=True)]
            return f(x), x

        reflected = along(1.0)
        if reflected[0] < best:
            expanded = along(2.0)
            simplex[n] = expanded if expanded[0] < reflected[0] else reflected
        elif reflected[0] < second_worst:
            simplex[n] = reflected
        else:
            outside = reflected[0] < worst
            contracted = along(0.5 if outside else -0.5)
            if contracted[0] <= reflected[0] if outside else contracted[0] < worst:
                simplex[n] = contracted
                continue
            at = simplex[0][1]
            for k in range(1, n + 1):
                x = [a + 0.5 * (b - a) for a, b in zip(at, simplex[k][1], strict=True)]
                simplex[k] = (f(x), x)
    return min(simplex, key=lambda corner: corner[0])
