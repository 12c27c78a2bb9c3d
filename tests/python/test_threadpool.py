"""threadpoolctl sees and limits the engine's threads, whichever package is imported first."""

import sys

import pytest

from test_engine import child

LIMITS = """
lz.set_num_threads(3)
ours = [i for i in threadpoolctl.threadpool_info() if i["user_api"] == "lazulite"]
assert [(i["num_threads"], i["version"]) for i in ours] == [(3, lz.__version__)], ours
x = lz.arange(1e6)
with threadpoolctl.threadpool_limits(1):
    assert lz.get_num_threads() == 1
    float((x * 2).sum())
assert lz.get_num_threads() == 3
with threadpoolctl.threadpool_limits(2, user_api="lazulite"), threadpoolctl.threadpool_limits(1, user_api="blas"):
    assert lz.get_num_threads() == 2
with threadpoolctl.threadpool_limits({"lazulite": 2}):
    assert lz.get_num_threads() == 2
assert lz.get_num_threads() == 3
print("limited")
"""


@pytest.mark.parametrize(
    "imports", ["import lazulite as lz, threadpoolctl", "import threadpoolctl, lazulite as lz", "import numpy, sys"]
)
def test_limits(imports):
    if "lazulite" not in imports:  # neither has been imported, but threadpoolctl has been looked for in vain
        imports = "import sys; path, sys.path = sys.path, []\ntry: import threadpoolctl\nexcept ImportError: pass\n"
        imports += "sys.path = path\nimport lazulite as lz, threadpoolctl"
    assert child(imports + LIMITS).strip() == "limited"


def test_it_is_not_imported_unasked():
    assert child("import sys, lazulite; print('threadpoolctl' in sys.modules)") == "False"
    assert all("lazulite" not in str(f) for f in sys.meta_path) or "threadpoolctl" not in sys.modules
