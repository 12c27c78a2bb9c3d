"""The code of the documentation runs, and prints what stands there."""

import collections
import doctest
import pathlib
import re

import pytest

from lazulite import _fallback

ROOT = pathlib.Path(__file__).parents[2]
PAGES = sorted(p for p in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")] if ">>> " in p.read_text())


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_examples_print_what_stands_there(page, monkeypatch):
    monkeypatch.setattr(_fallback, "calls", collections.Counter())  # explain also tells of the tests before
    blocks = re.findall(r"^```python\n(>>> .*?)^```", page.read_text(), re.DOTALL | re.MULTILINE)
    test = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, page.name, str(page), 0)
    report = []
    result = doctest.DocTestRunner(verbose=False).run(test, out=report.append)
    assert result.attempted > 0
    assert result.failed == 0, "".join(report)


def test_links_lead_somewhere():
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "examples").glob("*/*.md")]:
        for target in re.findall(r"\]\((?!http)([^)#]+)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name}: no {target}"


def test_the_readmes_example_prints_its_result(capsys):
    readme = (ROOT / "README.md").read_text()
    code, printed = re.search(r"```python\n(.*?)```\n\n```\n(.*?)```", readme, re.DOTALL).groups()
    exec(code, {})
    assert capsys.readouterr().out == printed
