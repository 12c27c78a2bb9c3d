"""Computing, and saying how."""

from lazulite import _core, _fallback


def compute(*arrays):
    """Compute the arrays together, in as few passes as possible, and return them (one array: itself)."""
    _core.compute([a for a in arrays if isinstance(a, _core.Array)])
    return arrays[0] if len(arrays) == 1 else arrays


def explain(*arrays):
    """How the arrays would be computed: passes, ops, bytes read and written, temporaries avoided, what is not fused.

    The text ends with the NumPy functions that were called on computed values so far, by name and with the reason.
    """
    text = _core.explain(list(arrays))
    for (name, reason), count in sorted(_fallback.calls.items()):
        text += f"not fused: numpy {name} ({reason}), called {count} time{'s' if count > 1 else ''} so far\n"
    return text
