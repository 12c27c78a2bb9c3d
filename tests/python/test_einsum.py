"""einsum against NumPy: forms x dtypes x layouts, random subscripts, views, errors."""

import string
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracle import DTYPES, lz

SIZES = dict(zip(string.ascii_letters, [3, 4, 5, 2, 3, 1] * 9, strict=False))

FORMS = """
i,i  i,i->  i,j  i,j->ji  i->  i->i  ii  ii->i  iij->ji  iii->i  iji  ij->  ij->j  ij->ji  ji  ...  ...->...
ij,jk  ij,jk->ki  ij,kj->ik  ji,jk->ik  ij,j  ij,j->j  ij,ij  ij,ij->i  ij,ij->ij  ij,ji  ijk,jl->ilk  ijk,jil->kl
bij,bjk->bik  bij,bjk->ik  bij,bkj->bik  bij,bj->bi  bi,bi->b  bi,bj->bij  abi,abij->abj  i,->i  ,  ,->  ,ij
i...->...  ...ij,...jk  ...ij,...jk->...ik  i...,i...  ...i,...i->...  k...,jk  ki,...k->i...  ...,...
ij,jk,kl->il  ij,jk,kl,lm->mi  i,j,k->kji  ij,ij,ij->  ijk,ilm,njm,nlk,abc->  a,ab,abc->c  ij,jk,ki  ii,i,ij->j  i,i,i
f,fi->i  fi,ij
""".split()
FORMS.append("ij, jk -> ik")


def operands(form, dtype, seed=0):
    """Arrays of small whole numbers for a form; ellipses stand for one or two axes."""
    rng = np.random.default_rng(seed)
    arrays = []
    for k, labels in enumerate(form.replace(" ", "").partition("->")[0].split(",")):
        shape = [SIZES[x] for x in labels if x != "."]
        if "..." in labels:
            at = labels.index(".")
            shape[at:at] = [(2, 3), (3,), (1, 3)][k % 3]
        arrays.append(rng.integers(0 if dtype.kind in "bu" else -3, 4, shape).astype(dtype))
    return arrays


def close(got, want, message):
    assert isinstance(got, lz.Array), message
    assert got.dtype == want.dtype, message
    assert got.shape == np.shape(want), message
    if got.dtype.kind == "f":
        np.testing.assert_allclose(np.asarray(got), want, rtol=1e-5 if got.dtype == "f" else 1e-12, err_msg=message)
    else:
        np.testing.assert_array_equal(np.asarray(got), want, err_msg=message)


@pytest.mark.parametrize("form", FORMS)
def test_forms(form):
    for dtype in DTYPES:
        arrays = operands(form, dtype)
        want = np.einsum(form, *arrays)
        for optimize in (False, True):
            got = np.einsum(form, *map(lz.asarray, arrays), optimize=optimize)
            close(got, want, f"{form} {dtype}")
        assert got.is_scalar == isinstance(want, np.generic)
        reverse = [lz.asarray(a.T.copy()).T for a in arrays]
        close(lz.einsum(form, *reverse), want, f"{form} {dtype} transposed")


def test_mixed_dtypes():
    for s in DTYPES:
        for t in DTYPES:
            a, b = operands("ij,jk", s)[0], operands("ij,jk", t)[1]
            close(np.einsum("ij,jk", lz.asarray(a), lz.asarray(b)), np.einsum("ij,jk", a, b), f"{s} {t}")
            close(np.einsum("ij,jk->k", lz.asarray(a), b), np.einsum("ij,jk->k", a, b), f"{s} {t}")


def test_sublists():
    a, b = operands("ij,jk", np.dtype("d"))
    x, y = lz.asarray(a), lz.asarray(b)
    close(np.einsum(x, [0, 1], y, [1, 2]), np.einsum(a, [0, 1], b, [1, 2]), "implicit")
    close(np.einsum(x, [0, 1], y, [1, 2], [2, 0]), np.einsum(a, [0, 1], b, [1, 2], [2, 0]), "explicit")
    close(np.einsum(x, [..., 30]), a, "ellipsis")
    close(np.einsum(x, [30, 2]), np.einsum(a, [30, 2]), "order of implicit results")


@given(st.data())
def test_random_subscripts(data):
    letters = "abcd"
    count = data.draw(st.integers(1, 4))
    inputs = [data.draw(st.text(letters, max_size=3)) for _ in range(count)]
    form = ",".join(inputs)
    if data.draw(st.booleans()):
        used = sorted(set("".join(inputs)))
        form += "->" + "".join(data.draw(st.permutations(used))[: data.draw(st.integers(0, len(used)))])
    sizes = {x: data.draw(st.sampled_from([0, 1, 2, 3, 5])) for x in letters}
    rng = np.random.default_rng(data.draw(st.integers(0, 9)))
    dtype = data.draw(st.sampled_from(["d", "f", "i", "?"]))
    stretched = data.draw(st.sampled_from([0, 0, 0.3]))
    shapes = [[1 if len(set(t)) == len(t) and rng.random() < stretched else sizes[x] for x in t] for t in inputs]
    arrays = [rng.integers(-3, 4, shape).astype(dtype) for shape in shapes]
    want = np.einsum(form, *arrays)
    close(np.einsum(form, *map(lz.asarray, arrays)), want, f"{form} {shapes}")


def test_products_of_matrices_go_through_matmul():
    a, b = lz.ones((300, 400)), lz.ones((400, 500))
    assert "matmul" in lz.explain(np.einsum("ij,jk", a, b) + 1)
    assert "matmul" in lz.explain(np.einsum("bij,bjk->bik", lz.ones((50, 30, 40)), lz.ones((50, 40, 50))))
    text = lz.explain(np.einsum("ij,ij->i", lz.ones((300, 40)), lz.ones((300, 40))))
    assert "opaque" not in text
    assert "multiply" in text


def test_results_of_one_operand_are_views():
    for form in ("ii->i", "ij->ji", "iij->ji"):
        a = np.zeros((3, 3, 3)[: len(form.split("->")[0])])
        x = lz.asarray(a.copy())
        np.einsum(form, x)[:] = 1
        np.einsum(form, a)[:] = 1
        np.testing.assert_array_equal(np.asarray(x), a, err_msg=form)


def test_out_and_keywords():
    a, b = operands("ij,jk", np.dtype("f"))
    x, y = lz.asarray(a), lz.asarray(b)
    want = np.einsum("ij,jk", a, b)
    out, lazy = np.empty_like(want), lz.zeros(want.shape, "f")
    assert np.einsum("ij,jk", x, y, out=out) is out
    assert lz.einsum("ij,jk", x, y, out=lazy) is lazy
    close(lazy, out, "out")
    close(np.einsum("ij,jk", x, y, dtype="d"), np.einsum("ij,jk", a, b, dtype="d"), "dtype")
    path = np.einsum_path("ij,jk", a, b)[0]
    close(np.einsum("ij,jk", x, y, optimize=path), want, "path")


@pytest.mark.parametrize(
    ("form", "shapes"),
    [
        ("ij,jk", [(2, 3), (4, 5)]),
        ("ij", [(2, 3, 4)]),
        ("ijk", [(2, 3)]),
        ("ij->k", [(2, 3)]),
        ("ij->ii", [(2, 3)]),
        ("ii", [(2, 3)]),
        ("i,j", [(2,)]),
        ("i", [(2,), (2,)]),
        ("i$", [(2, 3)]),
        ("i..", [(2, 3)]),
        ("...i...", [(2, 3)]),
        ("...i->i", [(2, 3)]),
        ("i->j->k", [(2,)]),
        ("i-j", [(2,)]),
        ("i", []),
    ],
)
def test_errors_are_numpys(form, shapes):
    arrays = [np.ones(s) for s in shapes]
    with pytest.raises((ValueError, TypeError)) as theirs:
        np.einsum(form, *arrays)
    with pytest.raises(type(theirs.value)) as mine:
        lz.einsum(form, *map(lz.asarray, arrays))
    assert str(mine.value) == str(theirs.value)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if form != "...i->i":  # which numpy's optimiser sums over
            with pytest.raises((ValueError, TypeError)):
                lz.einsum(form, *map(lz.asarray, arrays), optimize=True)
