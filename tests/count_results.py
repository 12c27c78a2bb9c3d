#!/usr/bin/env python3
"""Sum JUnit reports into one line of counts, the last line of ./dev test: `N passed, N failed, N skipped`.

    tests/count_results.py [--also-failed N] [--empty-ok] [--left-out TEXT] REPORT.xml...

A report that is missing or cannot be read counts as one failure: its run died before it could write it, and so does
a report of no tests at all. The exit status is 1 if anything failed.
"""

from __future__ import annotations

import argparse
import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path


def outcome(case: ElementTree.Element) -> str:
    if case.find("failure") is not None or case.find("error") is not None or case.get("status") == "fail":
        return "failed"
    if case.find("skipped") is not None or case.get("status") in ("notrun", "disabled"):
        return "skipped"
    return "passed"


def count(path: Path, empty_ok: bool) -> tuple[Counter[str], str]:
    """The outcomes in one report, and a remark if the report itself is the failure."""
    try:
        cases = list(ElementTree.parse(path).getroot().iter("testcase"))
    except FileNotFoundError:
        return Counter(failed=1), f"{path}: not written; that run died (counted as one failure)"
    except ElementTree.ParseError as error:
        return Counter(failed=1), f"{path}: {error} (counted as one failure)"
    if not cases and not empty_ok:
        return Counter(failed=1), f"{path}: no tests ran (counted as one failure)"
    return Counter(outcome(case) for case in cases), ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--also-failed", type=int, default=0, metavar="N", help="failures from elsewhere to add")
    parser.add_argument("--empty-ok", action="store_true", help="a report without tests is none: tests were selected")
    parser.add_argument("--left-out", action="append", default=[], metavar="TEXT", help="what did not run, and why")
    parser.add_argument("reports", nargs="+", type=Path)
    arguments = parser.parse_args()
    total: Counter[str] = Counter(failed=arguments.also_failed)
    for path in arguments.reports:
        counts, remark = count(path, arguments.empty_ok)
        total += counts
        if remark:
            print(remark)
        else:
            print(f"{path.stem}: {counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped")
    for text in arguments.left_out:
        print(f"not run: {text}")
    print(f"{total['passed']} passed, {total['failed']} failed, {total['skipped']} skipped")
    return 1 if total["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
