"""The checks of the repository itself: that the include-direction check and the counting of results can fail."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import lazulite

TESTS = Path(__file__).resolve().parent.parent
CHECK = TESTS / "check_includes.py"
COUNT = TESTS / "count_results.py"


def run(*command):
    return subprocess.run([sys.executable, *map(str, command)], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("file", "include", "complaint"),
    [
        ("core/graph/a.h", '"core/kernels/stage.h"', "core/graph may not include core/kernels/stage.h"),
        ("core/graph/a.h", '"core/dispatch/engine.h"', "core/graph may not include"),
        ("core/kernels/a.h", '"core/dispatch/engine.h"', "core/kernels may not include"),
        ("core/dispatch/a.cpp", '"bindings/python/module.h"', "core/dispatch may not include"),
        ("bindings/python/a.cpp", '"core/kernels/stage.h"', "bindings may not include"),
        ("core/dispatch/a.cpp", "<hwy/highway.h>", "hwy/highway.h belongs to core/kernels"),
        ("core/graph/a.cpp", "<tbb/parallel_for.h>", "belongs to core/dispatch"),
        ("core/dispatch/a.cpp", "<Python.h>", "belongs to bindings/python"),
        ("core/graph/a.cpp", '"a.h"', "write our own includes from the repository root"),
        ("core/graph/a.cpp", "<core/graph/a.h>", 'write our own includes in ""'),
        ("core/graph/a.cpp", '"core/graph/missing.h"', "does not exist"),
        ("core/odd/a.cpp", "<vector>", "no rule for this folder"),
    ],
)
def test_an_include_that_goes_the_wrong_way_is_reported(tmp_path, file, include, complaint):
    for name in ("core/kernels/stage.h", "core/dispatch/engine.h", "bindings/python/module.h", "core/graph/a.h", file):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("// A file.\n")
    assert run(CHECK, tmp_path).returncode == 0 or "no rule" in complaint
    (tmp_path / file).write_text(f"// A file.\n#include {include}\n")
    result = run(CHECK, tmp_path)
    assert result.returncode == 1
    assert complaint in result.stdout


def test_an_empty_tree_is_not_a_clean_one(tmp_path):
    assert run(CHECK, tmp_path).returncode == 1


def report(path, *cases):
    body = "".join(f"<testcase>{case}</testcase>" for case in cases)
    path.write_text(f"<testsuite>{body}</testsuite>")
    return path


def test_counts_are_summed_over_reports(tmp_path):
    one = report(tmp_path / "one.xml", "", "", "<skipped/>")
    two = report(tmp_path / "two.xml", "")
    result = run(COUNT, one, two)
    assert result.returncode == 0
    assert result.stdout.splitlines()[-1] == "3 passed, 0 failed, 1 skipped"


@pytest.mark.parametrize("text", ["<failure/>", "<error/>"])
def test_a_failure_is_counted_and_fails(tmp_path, text):
    result = run(COUNT, report(tmp_path / "one.xml", "", text))
    assert result.returncode == 1
    assert result.stdout.splitlines()[-1] == "1 passed, 1 failed, 0 skipped"


def test_a_report_that_is_missing_broken_or_empty_is_a_failure(tmp_path):
    (tmp_path / "broken.xml").write_text("<testsuite><testcase>")
    report(tmp_path / "empty.xml")
    result = run(COUNT, tmp_path / "missing.xml", tmp_path / "broken.xml", tmp_path / "empty.xml")
    assert result.returncode == 1
    assert result.stdout.splitlines()[-1] == "0 passed, 3 failed, 0 skipped"


def test_cmake_and_the_package_name_the_same_version():
    text = (TESTS.parent / "CMakeLists.txt").read_text()
    assert re.search(r"project\(lazulite VERSION ([0-9.]+)", text)[1] == lazulite.__version__
