"""The checks of the repository itself: that the include-direction check and the counting of results can fail."""

import os
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


# --- The op table's fragments (cmake/op_table.cmake) ---------------------------------------------------------------


def split_table(folder, text):
    """Runs the split on a table; the texts of the fragments that this run wrote, by name, and cmake's complaints."""
    (folder / "core").mkdir(exist_ok=True)
    (folder / "core/ops.def").write_text(text)
    for old in folder.glob("generated/core/ops/*"):
        os.utime(old, (1, 1))
    script = TESTS.parent / "cmake/op_table.cmake"
    places = [f"-DPROJECT_SOURCE_DIR={folder}", f"-DPROJECT_BINARY_DIR={folder}"]
    result = subprocess.run(["cmake", *places, "-P", script], capture_output=True, text=True, check=False)
    written = {p.stem: p.read_text() for p in folder.glob("generated/core/ops/*") if p.stat().st_mtime > 1}
    return written, result.stderr


@pytest.mark.parametrize(
    ("pattern", "edited", "fragments"),
    [
        (r"(LZ_UNARY \(sqrt,.*)hn::Sqrt\(a\)", r"\1a", {"simple"}),
        (r"(LZ_ELEMENTARY\(exp2,.*)1\.0", r"\1 2.0", {"elementary"}),
        (r"(LZ_LARGE\(hypot,.*)1\.0", r"\1 2.0", {"large"}),
        (r"(LZ_LARGE\(hypot,) *kFloats", r"\1 kNumbers", {"large"}),
        (r"(LZ_BINARY\(add,.*)Sum of", r"\1 Total, [a; b), of", set()),
        (r"(LZ_REDUCE\(sum,) *kInts", r"\1 kBools", set()),
        (r"LZ_COMPARE\(equal,", "LZ_COMPARE(same,", {"ids", "simple"}),
    ],
)
def test_the_edit_of_a_row_rewrites_only_what_shows_the_change(tmp_path, pattern, edited, fragments):
    table = (TESTS.parent / "core/ops.def").read_text()
    all_rows, complaint = split_table(tmp_path, table)
    assert not complaint
    ids = re.findall(r"^LZ_[A-Z]+ *\((\w+)", table, re.M)
    assert re.findall(r"^LZ_[A-Z]+\((\w+)\)$", all_rows["ids"], re.M) == ids
    assert split_table(tmp_path, table) == ({}, "")
    assert split_table(tmp_path, "// A comment.\n" + table) == ({}, "")
    changed, count = re.subn(pattern, edited, table)
    assert count == 1
    written, complaint = split_table(tmp_path, changed)
    assert set(written) == fragments
    assert not complaint


def test_a_row_of_two_lines_is_refused(tmp_path):
    table = (TESTS.parent / "core/ops.def").read_text()
    _, complaint = split_table(tmp_path, re.sub(r"(LZ_BINARY\(add,) *", r"\1\n  ", table))
    assert "a row is one line, and this is none: LZ_BINARY(add," in " ".join(complaint.split())
