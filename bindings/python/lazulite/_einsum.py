"""einsum: pairs of operands as matrix products where they have inner axes, as fused products and sums elsewhere."""

import math

import numpy as np

from lazulite import _core, _fallback, _shape
from lazulite._products import deliver

_ufuncs, _reductions = _core.ufuncs, _core.reductions


class _Unusual(Exception):
    """Not ours: an error that numpy words, or a form that only numpy has."""


def einsum(*operands, out=None, optimize=False, dtype=None, order="K", casting="safe"):
    """Sum of products by Einstein's convention, in all of numpy's forms.

    More than two operands are joined two at a time, those first whose product is smallest; any `optimize` that numpy
    takes is taken, and changes nothing. The product is in the promoted dtype of the operands. Of one operand without a
    sum the result is a view, as in numpy.
    """
    try:
        if dtype is not None or order != "K" or casting != "safe" or not _is_known(optimize):
            raise _Unusual
        result = _einsum(operands)
        if out is None:
            return result
        if getattr(out, "dtype", None) != result.dtype or out.shape != result.shape:
            raise _Unusual
    except _Unusual:
        keywords = {"optimize": optimize, "dtype": dtype, "order": order, "casting": casting}
        if out is not None:
            keywords["out"] = out
        reason = "an operand, a form or a keyword that lazulite has not"
        return _fallback.call_function(np.einsum, "einsum", operands, keywords, reason)
    return deliver(result, out, "einsum")


def _is_known(optimize):
    return optimize is None or isinstance(optimize, (bool, list, tuple)) or optimize in ("greedy", "optimal")


# --- Subscripts ------------------------------------------------------------------------------------------------------
#
# A subscript is a list of labels: letters as numbers in ASCII's order, numpy's order of implicit results; and negative
# numbers for the axes of an ellipsis, of which -1 is the last.


def _labels_of_letters(text):
    labels = []
    for part in text.replace(" ", "").replace("...", "."):
        if part == ".":
            labels.append(Ellipsis)
        elif part.isascii() and part.isalpha():
            labels.append(ord(part) - (65 if part < "a" else 71))
        else:
            raise _Unusual
    return labels


def _labels_of_sublist(sublist):
    if not isinstance(sublist, (list, tuple)):
        raise _Unusual
    for label in sublist:
        if label is not Ellipsis and not (isinstance(label, (int, np.integer)) and 0 <= label < 52):
            raise _Unusual
    return [label if label is Ellipsis else int(label) for label in sublist]


def _parse(operands):
    """The arrays, their subscripts and that of the result (None: implicit)."""
    if operands and isinstance(operands[0], str):
        inputs, arrow, result = operands[0].partition("->")
        arrays, subscripts = operands[1:], [_labels_of_letters(s) for s in inputs.split(",")]
        result = _labels_of_letters(result) if arrow else None
    else:
        pairs = len(operands) // 2
        arrays, subscripts = operands[: 2 * pairs : 2], [_labels_of_sublist(s) for s in operands[1 : 2 * pairs : 2]]
        result = _labels_of_sublist(operands[-1]) if len(operands) % 2 else None
    arrays = [_shape.operand(a) for a in arrays]
    if not arrays or len(arrays) != len(subscripts) or any(a is None for a in arrays):
        raise _Unusual
    return arrays, subscripts, result


def _with_ellipsis(labels, count):
    """`labels` with the labels of `count` axes in the place of the ellipsis."""
    if Ellipsis not in labels:
        return labels
    k = labels.index(Ellipsis)
    if Ellipsis in labels[k + 1 :]:
        raise _Unusual
    return [*labels[:k], *range(-count, 0), *labels[k + 1 :]]


def _einsum(operands):
    arrays, subscripts, result = _parse(operands)
    longest = 0
    for k, (a, labels) in enumerate(zip(arrays, subscripts, strict=True)):
        count = a.ndim - len(labels) + (Ellipsis in labels)
        if count < 0 or (count and Ellipsis not in labels):
            raise _Unusual
        subscripts[k] = _with_ellipsis(labels, count)
        longest = max(longest, count if Ellipsis in labels else 0)
    all_labels = [label for labels in subscripts for label in labels]
    if result is None:
        result = [*range(-longest, 0), *sorted(x for x in all_labels if x >= 0 and all_labels.count(x) == 1)]
    else:
        if longest and Ellipsis not in result:
            raise _Unusual
        result = _with_ellipsis(result, longest)
    if len(set(result)) != len(result) or not set(result) <= set(all_labels):
        raise _Unusual

    dtype = np.result_type(*(a.dtype for a in arrays))
    sizes = _sizes(arrays, subscripts)
    terms = [_term(_core.astype(a, dtype, False), labels, sizes) for a, labels in zip(arrays, subscripts, strict=True)]
    while len(terms) > 1:
        i, j = _next_pair(terms, result, sizes)
        (a, first), (b, second) = terms[i], terms[j]
        rest = [t for k, t in enumerate(terms) if k not in (i, j)]
        needed = set(result).union(*(labels for _, labels in rest))
        terms = [*rest, _join(a, first, b, second, needed, sizes)]
    array, labels = terms[0]
    array, labels = _summed(array, labels, set(result))
    array = _arranged(array, labels, result)
    return array if array.ndim else _core.as_scalar(array)


def _sizes(arrays, subscripts):
    """The size of every label; an axis of one fits any."""
    sizes = {}
    for a, labels in zip(arrays, subscripts, strict=True):
        for label, n in zip(labels, a.shape, strict=True):
            known = sizes.setdefault(label, n)
            if known == 1:
                sizes[label] = n
            elif n not in (1, known):
                raise _Unusual
    return sizes


# --- Terms: arrays with the labels of their axes ---------------------------------------------------------------------


def _term(a, labels, sizes):
    """`a` with every label once (repeated ones: a view of the diagonal), without the axes that are stretched."""
    labels = list(labels)
    for label in set(labels):
        while labels.count(label) > 1:
            i = labels.index(label)
            j = labels.index(label, i + 1)
            if a.shape[i] != a.shape[j]:
                raise _Unusual
            a = _core.diagonal(a, 0, i, j, writeable=True)
            del labels[j], labels[i]
            labels.append(label)
    stretched = [k for k, label in enumerate(labels) if a.shape[k] != sizes[label]]
    if stretched:
        a = a[tuple(0 if k in stretched else slice(None) for k in range(a.ndim))]
        labels = [label for k, label in enumerate(labels) if k not in stretched]
    return a, labels


def _summed(a, labels, needed):
    """`a` summed over the labels that are not needed, in its own dtype."""
    axes = tuple(k for k, label in enumerate(labels) if label not in needed)
    if not axes:
        return a, labels
    return _sum(a, axes), [label for label in labels if label in needed]


def _sum(a, axes):
    if a.dtype == bool:
        return _reductions["any"](a, axis=axes)
    return _reductions["sum"](a, axis=axes, dtype=a.dtype)


def _arranged(a, labels, order):
    """The axes in the order of these labels, which are all of a's."""
    axes = [labels.index(label) for label in order]
    return a if axes == list(range(len(axes))) else _core.transpose(a, axes)


def _extended(a, labels, order):
    """The axes in the order of these labels, with an axis of one where a has none."""
    a = _arranged(a, labels, [label for label in order if label in labels])
    return a[tuple(slice(None) if label in labels else None for label in order)] if len(order) > a.ndim else a


def _next_pair(terms, result, sizes):
    """The two whose product is smallest, less what they take up themselves."""
    if len(terms) == 2:
        return 0, 1
    best, pair = math.inf, (0, 1)
    for i, (_, first) in enumerate(terms):
        for j in range(i + 1, len(terms)):
            second = terms[j][1]
            others = (labels for k, (_, labels) in enumerate(terms) if k not in (i, j))
            needed = set(result).union(*others)
            both = set(first) | set(second)
            cost = _product(both & needed, sizes) - _product(first, sizes) - _product(second, sizes)
            if cost < best:
                best, pair = cost, (i, j)
    return pair


def _product(labels, sizes):
    return math.prod(sizes[label] for label in labels)


def _join(a, first, b, second, needed, sizes):
    """The sum of products of two terms over the labels that nobody needs any more."""
    a, first = _summed(a, first, needed | set(second))
    b, second = _summed(b, second, needed | set(first))
    inner = [x for x in first if x in second and x not in needed]
    batch = [x for x in first if x in second and x in needed]
    left = [x for x in first if x not in second]
    right = [x for x in second if x not in first]
    order = [*batch, *left, *right]
    if inner and (not batch or (left and right)):
        shape = [sizes[x] for x in batch]
        depth, rows, columns = (_product(labels, sizes) for labels in (inner, left, right))
        x = _core.reshape(_arranged(a, first, [*batch, *left, *inner]), (*shape, *([rows] if left else []), depth))
        y = _core.reshape(
            _arranged(b, second, [*batch, *inner, *right]), (*shape, depth, *([columns] if right else []))
        )
        return _core.reshape(_core.matmul(x, y), [sizes[x] for x in order]), order
    order = [*order, *inner]
    product = _ufuncs["multiply"](_extended(a, first, order), _extended(b, second, order))
    return _summed(product, order, needed)
