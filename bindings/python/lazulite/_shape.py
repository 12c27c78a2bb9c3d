"""Shapes: views where numpy gives views."""

import operator

from lazulite import _core
from lazulite._creation import asarray


def reshape(a, /, shape, *, copy=None):
    """The elements in C order in another shape; one extent may be -1."""
    a = asarray(a)
    return _core.reshape(_core.copy(a, True) if copy else a, shape)


def ravel(a):
    """The elements in C order along one axis; a view where that needs no copy."""
    return _core.reshape(asarray(a), (-1,))


def transpose(a, axes=None):
    """A view with the axes reversed, or in the order given."""
    a = asarray(a)
    return a.T if axes is None else _core.transpose(a, axes)


def broadcast_to(array, shape):
    """A read-only view of `array` repeated to `shape`."""
    return _core.broadcast_to(asarray(array), shape)


def expand_dims(a, axis):
    """A view with new axes of extent 1 at the positions `axis` of the result."""
    return _core.expand_dims(asarray(a), axis)


def squeeze(a, axis=None):
    """A view without axes of extent 1 (all of them, or those given)."""
    return _core.squeeze(asarray(a), axis)


def copy(a):
    """A new array with the values of `a` as they are now."""
    return _core.copy(asarray(a), False)


def shape_from_arguments(shape):
    """The shape meant by `a.reshape(2, 3)` or `a.reshape((2, 3))`."""
    if len(shape) == 1:
        try:
            return (operator.index(shape[0]),)
        except TypeError:
            return shape[0]
    return shape
