#!/usr/bin/env python3
"""Check that includes point the way docs/architecture.md says: graph <- kernels <- dispatch <- bindings.

    tests/check_includes.py [ROOT]

Prints one line per include that goes the wrong way, as `file:line: reason`; the exit status is then 1.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

# What the files of a folder may include of ours. The longest matching folder decides. Every folder with C++ in it
# must be listed, so that a new one has to say where it stands.
ALLOWED = {
    "core/graph": ("core/graph/", "core/ops.def", "core/ops/"),
    "core/kernels": ("core/graph/", "core/kernels/", "core/ops.def", "core/ops/"),
    "core/dispatch": ("core/",),
    "bindings": ("core/dispatch/", "core/graph/", "bindings/"),
    # The header library compiles the kernels; of the dispatcher it takes what joins partial results and packs operands.
    "bindings/cpp/include": (
        "core/graph/",
        "core/kernels/",
        "core/ops.def",
        "core/ops/",
        "core/dispatch/arg_extreme.h",
        "core/dispatch/joins.h",
        "core/dispatch/moments.h",
        "core/dispatch/pack.h",
        "core/dispatch/running.h",
        "core/dispatch/scratch.h",
        "lazulite/",
    ),
    "examples": ("core/dispatch/", "core/graph/", "bindings/cpp/", "examples/"),
    "benchmarks": ("core/", "bindings/cpp/", "benchmarks/", "tests/cpp/math_"),  # speed and ulp of the same loops
    "tests": ("core/", "bindings/cpp/", "tests/", "examples/"),
}

# Third-party headers that have one home: SIMD types stay in the kernels, threads in dispatch, Python in its bindings.
HOMES = {
    "hwy/highway.h": ("core/kernels", "bindings/cpp", "tests", "benchmarks"),
    "hwy/contrib": ("core/kernels",),
    "immintrin.h": ("core/kernels",),
    "arm_neon.h": ("core/kernels",),
    "tbb/": ("core/dispatch", "bindings/cpp", "tests", "benchmarks"),
    "oneapi/tbb": ("core/dispatch", "bindings/cpp", "tests", "benchmarks"),
    "Eigen/": ("core/kernels", "bindings/cpp", "examples", "tests", "benchmarks"),
    "pybind11/": ("bindings/python",),
    "Python.h": ("bindings/python",),
    "numpy/": ("bindings/python",),
}

GENERATED = "core/ops/"  # in the build tree, by cmake/op_table.cmake
PUBLIC = "bindings/cpp/include/"  # its headers name each other as users do: lazulite/...
SUFFIXES = {".h", ".hpp", ".cpp", ".cc", ".def", ".inc"}
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^">]+)[">]')


def within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def sources(root: Path) -> list[Path]:
    tops = sorted({folder.split("/")[0] for folder in ALLOWED})
    return sorted(p for top in tops for p in (root / top).rglob("*") if p.suffix in SUFFIXES and p.is_file())


def check_file(root: Path, path: Path) -> list[str]:
    """The complaints about one file."""
    name = path.relative_to(root).as_posix()
    folders = [folder for folder in ALLOWED if within(name, folder)]
    rule = max(folders, key=len) if folders else None
    complaints = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        quote, target = match.groups()
        where = f"{name}:{number}: "
        for prefix, homes in HOMES.items():
            if target.startswith(prefix) and not any(within(name, home) for home in homes):
                complaints.append(f"{where}{target} belongs to {', '.join(homes)} only")
        public = target.startswith("lazulite/") and name.startswith(PUBLIC)
        ours = public or target.startswith(("core/", "bindings/", "tests/", "examples/", "benchmarks/"))
        if ours and rule and not target.startswith(ALLOWED[rule]):
            complaints.append(f"{where}{rule} may not include {target} (allowed: {', '.join(ALLOWED[rule])})")
        file = root / (PUBLIC + target if public else target)
        if ours and not target.startswith(GENERATED) and not file.is_file():
            complaints.append(f"{where}{target} does not exist")
        if quote == '"' and not ours:
            complaints.append(f"{where}{target}: write our own includes from the repository root, others in <>")
        if quote == "<" and ours:
            complaints.append(f'{where}{target}: write our own includes in ""')
    if rule is None and name != "core/ops.def":
        complaints.append(f"{name}: no rule for this folder in tests/check_includes.py")
    return complaints


def check(root: Path) -> list[str]:
    """The complaints about a whole tree; a tree without sources is one too, since then nothing was checked."""
    files = sources(root)
    if not files:
        return [f"{root}: no sources found"]
    return [complaint for path in files for complaint in check_file(root, path)]


def main(arguments: list[str]) -> int:
    root = Path(arguments[0]).resolve() if arguments else Path(__file__).resolve().parent.parent
    complaints = check(root)
    print("\n".join(complaints) if complaints else f"{len(sources(root))} files: all includes point the right way")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
