"""`lz.save` and `lz.load`: expressions in files, to be run elsewhere on new inputs."""

import os
import re

import numpy as np

from lazulite import _core
from lazulite._config import options
from lazulite._creation import asarray


def save(expression, path, inputs=None, *, keep_inputs=False):
    """Save an expression to a file, from which Python (`lz.load`) and C++ (`lazulite::load`) run it on new inputs.

    `expression` is an array, a dict of arrays by name (several outputs), or a function that makes either from the
    arrays of `inputs`, which it is called with by name. `inputs` names the arrays that are to be given anew when the
    expression is run; they are the very arrays that it was written with. Every other array that it reads is saved with
    its values. Values of inputs are saved only with `keep_inputs`: then they are what runs where no new ones are given.

    A function is the safer form: nothing is computed while it runs. In an expression that has been written already,
    what was computed on its line (ops on at most 256 elements, `x[0]`) is a value, whatever it was computed from.

    The file is data, never code. An existing file of that name is replaced at once, or stays as it is.

    `save(file, array)`, in this order, is NumPy's: it writes the values to a `.npy` file.
    """
    if isinstance(expression, str | os.PathLike) or hasattr(expression, "write"):
        return np.save(expression, path)
    inputs = {_name(name, "an input"): asarray(a) for name, a in (inputs or {}).items()}
    if callable(expression) and not isinstance(expression, _core.Array):
        # Nothing is to be computed yet, however small.
        with options(eager_below=0, flush_nodes=None, flush_bytes=None):
            _save(expression(**inputs), path, inputs, keep_inputs)
    else:
        _save(expression, path, inputs, keep_inputs)


def _save(expression, path, inputs, keep_inputs):
    if isinstance(expression, dict):
        if not expression:
            raise ValueError("save: there is no expression to save")
        outputs = [(_name(name, "an output"), asarray(a)) for name, a in expression.items()]
    else:
        outputs = [("", asarray(expression))]
    _core.save(_path(path), outputs, list(inputs.items()), bool(keep_inputs))


def _path(path):
    encoded = os.fsencode(path)
    if b"\0" in encoded:
        raise ValueError("embedded null byte")
    return encoded


def _name(name, what):
    if not isinstance(name, str):
        raise TypeError(f"save: {what}'s name is a string, not {type(name).__name__}")
    if not name or not re.fullmatch(r"[^\x00-\x1f\x7f]{1,200}", name):
        raise ValueError(f"save: {what}'s name has 1 to 200 printable characters, not {name!r}")
    return name


class Saved:
    """An expression that `lz.load` read. Call it with its inputs by name for new lazy results.

    Inputs that are left out have their saved values. They may be of other shapes than those saved, as far as the
    expression's ops allow: the results' shapes follow. Their dtypes are those saved.
    """

    def __init__(self, path):
        self._path = os.fspath(path)
        self._core = _core.Saved(_path(path))

    @property
    def inputs(self):
        """dtype and shape of each input as it was saved, by name."""
        return {name: (dtype, shape) for name, dtype, shape, _ in self._core.inputs()}

    @property
    def outputs(self):
        """dtype and shape of each output for inputs as they were saved, by name; the name of a single one is ''."""
        return {name: (dtype, shape) for name, dtype, shape in self._core.outputs()}

    def __call__(self, /, **inputs):
        dtypes = {name: dtype for name, (dtype, _) in self.inputs.items()}
        given = [(name, _array(value, dtypes.get(name))) for name, value in inputs.items()]
        results = self._core(given)
        names = list(self.outputs)
        return results[0] if names == [""] else dict(zip(names, results, strict=True))

    def save(self, path, /, **inputs):
        """Save it again; inputs that are given, or have saved values, with those."""
        dtypes = {name: dtype for name, (dtype, _) in self.inputs.items()}
        self._core.save(_path(path), [(name, _array(a, dtypes.get(name))) for name, a in inputs.items()])

    def __repr__(self):
        def listed(forms):
            return ", ".join(f"{name or 'result'} {dtype}{list(shape)}" for name, (dtype, shape) in forms.items())

        return f"<lazulite.Saved {self._path}: ({listed(self.inputs)}) -> {listed(self.outputs)}>"


def _array(value, dtype):
    """Arrays as they are; Python's numbers, which have no dtype of their own, in the input's."""
    return asarray(value, dtype) if isinstance(value, bool | int | float) else asarray(value)


def load(path, *args, **kwargs):
    """Read an expression that `lz.save`, or C++, has written; or what NumPy has saved, with `numpy.load`'s arguments.

    ValueError for any other file.
    """
    if args or kwargs or _is_numpys(path):
        return np.load(path, *args, **kwargs)
    return Saved(path)


def _is_numpys(path):
    """A file object, or a file that begins as .npy and .npz files do."""
    if hasattr(path, "read"):
        return True
    if not os.path.isfile(path):  # a pipe would wait for its writer
        return False
    with open(path, "rb") as file:
        return file.read(6).startswith((b"\x93NUMPY", b"PK\x03\x04", b"PK\x05\x06"))
