"""NumPy's ufuncs of two results, in terms of the op table's rows."""

import numpy as np

from lazulite import _core, _fallback
from lazulite._reductions import deliver


def divmod(x1, x2, /, *positional_out, out=(None, None), **kwargs):  # noqa: A001  (NumPy's name)
    """Quotients rounded down and what remains (`floor_divide` and `remainder`): a pair of lazy arrays."""
    if positional_out or kwargs.keys() - {"dtype"} or type(out) is not tuple or len(out) != 2:
        if type(out) is not tuple or any(o is not None for o in out):
            kwargs["out"] = out
        reason = "a keyword that lazulite has not"
        return _fallback.call_function(np.divmod, "divmod", (x1, x2, *positional_out), kwargs, reason)
    results = [_core.ufuncs[name](x1, x2, **kwargs) for name in ("floor_divide", "remainder")]
    return tuple(deliver(r, o, "divmod") for r, o in zip(results, out, strict=True))
