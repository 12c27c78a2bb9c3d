"""Continuous laws of `lazulite.random`, as fused expressions of few draws: see core/kernels/random.h."""

import warnings

import numpy as np

from lazulite import _core
from lazulite import _random_checks as check
from lazulite._creation import asarray
from lazulite._random_checks import one, parameters

_f = _core.ufuncs


class ContinuousLaws:
    """The part of Generator with the continuous laws. (Generator has `_draws` and `_words`.)"""

    def _exponential(self, shape):
        return self._draws(shape, "standard_exponential")[0]

    # --- From uniform and exponential draws ---

    def uniform(self, low=0.0, high=1.0, size=None):
        """Uniform in [low, high)."""
        low, high, shape = parameters(size, low, high)
        width = high - low
        known = check.values(width)
        if not np.all(np.isfinite(known)):
            raise OverflowError("high - low range exceeds valid bounds")
        if np.any(np.signbit(known)):
            raise ValueError("high - low < 0")
        return one(low + width * self._draws(shape, "random")[0], shape)

    def exponential(self, scale=1.0, size=None):
        """Exponential with mean `scale`."""
        check.non_negative("scale", scale)
        scale, shape = parameters(size, scale)
        return one(scale * self._exponential(shape), shape)

    def laplace(self, loc=0.0, scale=1.0, size=None):
        """Double exponential around `loc`."""
        check.non_negative("scale", scale)
        loc, scale, shape = parameters(size, loc, scale)
        e, sign = self._signed_exponential(shape)
        return one(loc + scale * _f["copysign"](e, sign), shape)

    def logistic(self, loc=0.0, scale=1.0, size=None):
        """Logistic around `loc`."""
        check.non_negative("scale", scale)
        loc, scale, shape = parameters(size, loc, scale)
        # With u = exp(-e) / 2, the smaller of the two probabilities: log((1 - u) / u) = e + log(2 - exp(-e)).
        e, sign = self._signed_exponential(shape)
        return one(loc + scale * _f["copysign"](e + _f["log1p"](-_f["expm1"](-e)), sign), shape)

    def gumbel(self, loc=0.0, scale=1.0, size=None):
        """Gumbel, the law of the largest of many."""
        check.non_negative("scale", scale)
        loc, scale, shape = parameters(size, loc, scale)
        # The right tail needs exponentials that are fine near 0: -log(1 - u) of the small u = exp(-e).
        e = _f["maximum"](self._exponential(shape), 2.0**-54)
        return one(loc - scale * _f["log"](-_f["log1p"](-_f["exp"](-e))), shape)

    def rayleigh(self, scale=1.0, size=None):
        """The length of a normal vector in the plane."""
        check.non_negative("scale", scale)
        scale, shape = parameters(size, scale)
        return one(scale * _f["sqrt"](2 * self._exponential(shape)), shape)

    def weibull(self, a, size=None):
        """Weibull of shape `a` and scale 1."""
        check.non_negative("a", a)
        a, shape = parameters(size, a)
        e = self._exponential(shape)
        if check.is_number(a):
            return one(_f["power"](e, 1 / a) if a else 0 * e, shape)
        return one(_f["where"](a == 0, 0.0, _f["power"](e, 1 / a)), shape)

    def pareto(self, a, size=None):
        """Pareto II (Lomax) of shape `a` and scale 1."""
        check.positive("a", a)
        a, shape = parameters(size, a)
        return one(_f["expm1"](self._exponential(shape) / a), shape)

    def power(self, a, size=None):
        """x**(a - 1) on [0, 1]."""
        check.positive("a", a)
        a, shape = parameters(size, a)
        return one(_f["power"](-_f["expm1"](-self._exponential(shape)), 1 / a), shape)

    def triangular(self, left, mode, right, size=None):
        """Triangular on [left, right] with its peak at `mode`."""
        low, top, high = check.values(left), check.values(mode), check.values(right)
        if np.any(low > top):
            raise ValueError("left > mode")
        if np.any(top > high):
            raise ValueError("mode > right")
        if np.any(low == high):
            raise ValueError("left == right")
        left, mode, right, shape = parameters(size, left, mode, right)
        u = self._draws(shape, "random")[0]
        base, rise, fall = right - left, mode - left, right - mode
        rising = left + _f["sqrt"](u * (base * rise))
        return one(_f["where"](u <= rise / base, rising, right - _f["sqrt"]((1 - u) * (base * fall))), shape)

    def standard_cauchy(self, size=None):
        """The ratio of two standard normals."""
        shape = None if size is None else check.shape_of(size)
        # The cotangent of an angle that is fine near 0: the tails reach 2**64.
        e, sign = self._signed_exponential(shape)
        return one(_f["copysign"](1 / _f["tan"](np.pi / 2 * _f["exp"](-e)), sign), shape)

    def _signed_exponential(self, shape):
        """Exponential draws, and independent ones with a fair sign."""
        e, words = self._draws(shape, "standard_exponential", "word")
        return e, _core.sample("uniform", words, 0.0) - 0.5

    # --- From normal draws ---

    def normal(self, loc=0.0, scale=1.0, size=None):
        """Normal with mean `loc` and standard deviation `scale`."""
        check.non_negative("scale", scale)
        loc, scale, shape = parameters(size, loc, scale)
        return one(loc + scale * self._draws(shape, "standard_normal")[0], shape)

    def lognormal(self, mean=0.0, sigma=1.0, size=None):
        """The exponential of a normal of `mean` and `sigma`."""
        check.non_negative("sigma", sigma)
        mean, sigma, shape = parameters(size, mean, sigma)
        return one(_f["exp"](mean + sigma * self._draws(shape, "standard_normal")[0]), shape)

    def wald(self, mean, scale, size=None):
        """Inverse Gaussian (Michael, Schucany and Haas 1976), in a form without cancellation."""
        check.positive("mean", mean)
        check.positive("scale", scale)
        mean, scale, shape = parameters(size, mean, scale)
        z, words = self._draws(shape, "standard_normal", "word")
        r = mean * (z * z) / (2 * scale)
        d = 1 + r + _f["sqrt"](r * (2 + r))
        return one(mean * _f["where"](_core.sample("uniform", words, 0.0) * (1 + d) <= d, 1 / d, d), shape)

    # --- Gamma and what is made of it ---

    def standard_gamma(self, shape, size=None, dtype=np.float64, out=None):
        """Gamma of shape `shape` and scale 1."""
        check.non_negative("shape", shape)

        def make(size, dtype):
            a, extents = parameters(size, shape)
            return one(_core.sample("gamma", self._words(extents), a).astype(dtype), extents)

        return self._typed("standard_gamma", size, dtype, out, make)

    def gamma(self, shape, scale=1.0, size=None):
        """Gamma of shape `shape` and scale `scale`."""
        check.non_negative("shape", shape)
        check.non_negative("scale", scale)
        a, scale, extents = parameters(size, shape, scale)
        return one(scale * _core.sample("gamma", self._words(extents), a), extents)

    def beta(self, a, b, size=None):
        """Beta of `a` and `b`."""
        check.positive("a", a)
        check.positive("b", b)
        a, b, shape = parameters(size, a, b)
        return one(_core.sample("beta", self._words(shape), a, b), shape)

    def chisquare(self, df, size=None):
        """Chi-square with `df` degrees of freedom."""
        check.positive("df", df)
        df, shape = parameters(size, df)
        return one(2 * _core.sample("gamma", self._words(shape), df / 2), shape)

    def noncentral_chisquare(self, df, nonc, size=None):
        """Noncentral chi-square: chi-square with a Poisson number of further pairs of degrees of freedom."""
        check.positive("df", df)
        check.non_negative("nonc", nonc)
        df, nonc, shape = parameters(size, df, nonc)
        return one(self._noncentral(self._words(shape), df, nonc), shape)

    @staticmethod
    def _noncentral(words, df, nonc):
        pairs = _core.sample("poisson", words, nonc / 2)
        return 2 * _core.sample("gamma", _core.sample("fork", words, 0.0), df / 2 + pairs)

    def f(self, dfnum, dfden, size=None):
        """Fisher's F: the ratio of two mean squares."""
        check.positive("dfnum", dfnum)
        check.positive("dfden", dfden)
        m, n, shape = parameters(size, dfnum, dfden)
        words = self._words(shape)
        x, y = _core.sample("gamma", words, m / 2), _core.sample("gamma", _core.sample("fork", words, 0.0), n / 2)
        return one((x * n) / (y * m), shape)

    def noncentral_f(self, dfnum, dfden, nonc, size=None):
        """Noncentral F: its numerator is noncentral chi-square."""
        check.positive("dfnum", dfnum)
        check.positive("dfden", dfden)
        check.non_negative("nonc", nonc)
        m, n, nonc, shape = parameters(size, dfnum, dfden, nonc)
        words = self._words(shape)
        y = 2 * _core.sample("gamma", _core.sample("fork", words, 1.0), n / 2)
        return one(self._noncentral(words, m, nonc) * n / (y * m), shape)

    def standard_t(self, df, size=None):
        """Student's t with `df` degrees of freedom."""
        check.positive("df", df)
        df, shape = parameters(size, df)
        z, words = self._draws(shape, "standard_normal", "word")
        words = _core.sample("fork", words, 0.0)  # z is made of the words themselves
        return one(z * _f["sqrt"](df / 2 / _core.sample("gamma", words, df / 2)), shape)

    def vonmises(self, mu, kappa, size=None):
        """Von Mises around `mu`: angles in [-pi, pi]."""
        check.non_negative("kappa", kappa)
        mu, kappa, shape = parameters(size, mu, kappa)
        angle = mu + _core.sample("vonmises", self._words(shape), kappa)
        wrapped = _f["fmod"](_f["absolute"](angle) + np.pi, 2 * np.pi) - np.pi
        return one(_f["where"](angle < 0, -wrapped, wrapped), shape)

    def dirichlet(self, alpha, size=None):
        """Shares of gamma draws of the shapes `alpha`; the last axis sums to 1."""
        alpha = np.asarray(alpha, dtype=np.float64)
        if alpha.ndim != 1:
            raise ValueError("alpha must be a one-dimensional sequence of numbers")
        check.non_negative("alpha", alpha)
        shape = (() if size is None else check.shape_of(size)) + alpha.shape
        if alpha.size == 0:
            return self._words(shape)
        x = _core.sample("log_gamma", self._words(shape), asarray(alpha))
        e = _f["exp"](x - x.max(axis=-1, keepdims=True))
        return e / e.sum(axis=-1, keepdims=True)

    def multivariate_normal(self, mean, cov, size=None, check_valid="warn", tol=1e-8, *, method="svd"):
        """Normal vectors of the mean `mean` and the covariance `cov`."""
        if method not in ("eigh", "svd", "cholesky"):
            raise ValueError("method must be one of {'eigh', 'svd', 'cholesky'}")
        mean, cov = np.asarray(mean), np.asarray(cov)
        if mean.ndim != 1:
            raise ValueError("mean must be 1 dimensional")
        if cov.ndim != 2 or cov.shape[0] != cov.shape[1]:
            raise ValueError("cov must be 2 dimensional and square")
        if mean.shape[0] != cov.shape[0]:
            raise ValueError("mean and cov must have same length")
        factor = _covariance_factor(cov.astype(np.float64), check_valid, tol, method)
        shape = (() if size is None else check.shape_of(size)) + mean.shape
        z = self._draws(shape, "standard_normal")[0]
        return asarray(mean.astype(np.float64)) + z @ asarray(factor)


def _covariance_factor(cov, check_valid, tol, method):
    """A matrix F with F.T @ F = cov."""
    if check_valid not in ("warn", "raise", "ignore"):
        raise ValueError("check_valid must equal 'warn', 'raise', or 'ignore'")
    if method == "cholesky":
        return np.linalg.cholesky(cov).T
    if method == "svd":
        _, s, v = np.linalg.svd(cov)
        factor, again = np.sqrt(s)[:, None] * v, (v.T * s) @ v
    else:
        s, v = np.linalg.eigh(cov)
        factor, again = np.sqrt(np.abs(s))[:, None] * v.T, (v * s) @ v.T
    valid = np.allclose(again, cov, rtol=tol, atol=tol) and (method == "svd" or not np.any(s < -tol))
    if not valid and check_valid != "ignore":
        if check_valid == "raise":
            raise ValueError("covariance is not symmetric positive-semidefinite.")
        warnings.warn("covariance is not symmetric positive-semidefinite.", RuntimeWarning, stacklevel=3)
    return factor
