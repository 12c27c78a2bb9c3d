"""Bad input to the Monte-Carlo runners: one line that names file, line and remedy, exit status 2, no traceback.

Every case is given to the Python and to the C++ runner, which must say the same.
"""

import os
import re

import pytest

from lazulite.monte_carlo.cli import main
from monte_carlo_jobs import run_cpp

CSV = """A,B,C
100,50,7
101,51,7
99,53,7
102,52,7
"""

EUROPEAN = """[[job]]
model = "european"
spot = 100.0
strike = 105.0
volatility = 0.2
"""

ASSET = """prices = "prices.csv"
[[job]]
model = "european"
asset = "A"
strike = 105.0
"""

PORTFOLIO = """prices = "prices.csv"
[[job]]
model = "portfolio"
paths = 10_000
holdings = { A = 1000, B = -500 }
"""

BARRIER = EUROPEAN.replace("european", "barrier")

BASKET = """[[job]]
model = "basket"
assets = ["X", "Y", "Z"]
weights = [1, 1, 1]
spots = [100, 100, 100]
volatilities = [0.2, 0.3, 0.4]
correlation = [
  [1.0, 0.9, 0.2],
  [0.9, 1.0, 0.9],
  [0.2, 0.9, 1.0],
]
strike = 300
"""

HELD = """prices = "prices.csv"
[[job]]
model = "{}"
holdings = {{ A = 1000, B = -500 }}
"""
FILTERED, BACKTEST = HELD.format("filtered"), HELD.format("backtest")
MANY = "A,B\n" + "".join(f"{100 + (k * k) % 7},{50 + (3 * k) % 5}\n" for k in range(300))
STILL = "A,B\n" + "".join(f"100,{50 + k % 5}\n" for k in range(300))


def swap(text, old, new):
    assert old in text
    return text.replace(old, new)


# name: (job file, prices file, where, words of the message)
CASES = {
    # The prices
    "missing column": (
        swap(ASSET, '"A"', '"Z"'),
        CSV,
        "job.toml:4",
        "asset is 'Z': {dir}/prices.csv:1 has no column 'Z' (it has A, B, C); name one of these, or add the column",
    ),
    "missing column of a portfolio": (
        swap(PORTFOLIO, "B =", "Z ="),
        CSV,
        "job.toml:5",
        "has no column 'Z' (it has A, B, C)",
    ),
    "negative price": (
        ASSET,
        swap(CSV, "101", "-101"),
        "prices.csv:3",
        "A is -101, and a price is above 0; correct it or remove the row",
    ),
    "zero price": (ASSET, swap(CSV, "101", "0.0"), "prices.csv:3", "A is 0.0, and a price is above 0"),
    "nan": (
        ASSET,
        swap(CSV, "99", "NaN"),
        "prices.csv:4",
        "A has no price ('NaN'); fill it in or remove the row",
    ),
    "nothing": (ASSET, swap(CSV, "99", ""), "prices.csv:4", "A has no price ('')"),
    "infinite price": (ASSET, swap(CSV, "99", "inf"), "prices.csv:4", "A is 'inf', not a number"),
    "too large": (ASSET, swap(CSV, "99", "1e999"), "prices.csv:4", "A is 1e999, too large for a number"),
    "text": (
        ASSET,
        swap(CSV, "102", "high"),
        "prices.csv:5",
        "A is 'high', not a number; write a price such as 1628.75",
    ),
    "underscore": (ASSET, swap(CSV, "102", "1_02"), "prices.csv:5", "A is '1_02', not a number"),
    "ragged": (
        ASSET,
        swap(CSV, "102,52,7", "102,52"),
        "prices.csv:5",
        "2 fields where the header has 3; give every row one field a column",
    ),
    "long row": (ASSET, swap(CSV, "102,52,7", "102,52,7,"), "prices.csv:5", "4 fields where the header has 3"),
    "empty prices": (ASSET, "", "prices.csv:1", "the file is empty; its first line names the columns"),
    "blank prices": (ASSET, "\n \n", "prices.csv:1", "the file is empty"),
    "only a header": (ASSET, "A,B\n", "prices.csv:1", "0 rows of prices; give at least 3"),
    "one row": (ASSET, "A,B\n1,2\n", "prices.csv:2", "1 row of prices; give at least 3"),
    "same name twice": (ASSET, "A,A\n1,2\n1,2\n1,2\n", "prices.csv:1", "two columns are called 'A'; rename one"),
    "no prices file": (
        ASSET,
        None,
        "prices.csv",
        "cannot be read (No such file or directory); check the path and its permissions",
    ),
    "price never moves": (
        swap(PORTFOLIO, "B =", "C ="),
        CSV,
        "job.toml:5",
        "the prices of C never move, or follow from those of the columns before it; leave it out of holdings",
    ),
    "dependent columns": (
        swap(PORTFOLIO, "B =", "D ="),
        "A,D\n100,200\n101,202\n99,198\n102,204\n",
        "job.toml:5",
        "the prices of D never move, or follow",
    ),
    "too few rows": (PORTFOLIO, "A,B\n1,2\n2,2\n1,3\n", "job.toml:5", "2 returns cannot tell 2 assets apart"),
    "wild prices": (ASSET, "A\n1\n9e9\n1\n", "job.toml:4", "the volatility of A is"),
    # The job
    "negative volatility": (
        swap(EUROPEAN, "0.2", "-0.2"),
        CSV,
        "job.toml:5",
        "volatility is -0.2; it is a fraction a year between 0 and 10 (0.2 is 20 %)",
    ),
    "zero paths": (
        EUROPEAN + "paths = 0\n",
        CSV,
        "job.toml:6",
        "paths is 0; give a whole number from 2 to 10^15",
    ),
    "zero paths above": ("paths = 0\n" + EUROPEAN, CSV, "job.toml:1", "paths is 0; give a whole number"),
    "half a path": (EUROPEAN + "paths = 2.5\n", CSV, "job.toml:6", "paths is 2.5; give a whole number"),
    "negative seed": (EUROPEAN + "seed = -1\n", CSV, "job.toml:6", "seed is -1; give a whole number from 0"),
    "no steps": (EUROPEAN + "steps = 0\n", CSV, "job.toml:6", "steps is 0; give a whole number from 1"),
    "unknown key": (
        swap(EUROPEAN, "volatility", "volatilty"),
        CSV,
        "job.toml:5",
        "unknown key 'volatilty' in a european job; did you mean 'volatility'?",
    ),
    "key of another model": (
        EUROPEAN + "barrier = 120\n",
        CSV,
        "job.toml:6",
        "unknown key 'barrier' in a european job; european has name, model, paths, seed, option,",
    ),
    "unknown key above": ("path = 3\n" + EUROPEAN, CSV, "job.toml:1", "unknown key 'path' above the first [[job]]"),
    "text for a number": (
        swap(EUROPEAN, "100.0", '"100"'),
        CSV,
        "job.toml:3",
        "spot is the text '100' where a number belongs; write for example spot = 100.0",
    ),
    "text for a whole number": (EUROPEAN + 'paths = "many"\n', CSV, "job.toml:6", "paths is the text 'many' where"),
    "truth for a number": (swap(EUROPEAN, "100.0", "true"), CSV, "job.toml:3", "spot is true where a number belongs"),
    "number for a text": (
        EUROPEAN + "option = 1\n",
        CSV,
        "job.toml:6",
        'option is the number 1; write option = "call"',
    ),
    "not a number": (swap(EUROPEAN, "100.0", "nan"), CSV, "job.toml:3", "spot is not a number (nan); it must be above"),
    "infinite": (swap(EUROPEAN, "100.0", "inf"), CSV, "job.toml:3", "spot is inf; it must be above 0, and finite"),
    "zero spot": (swap(EUROPEAN, "100.0", "0"), CSV, "job.toml:3", "spot is 0; it must be above 0, and finite"),
    "unknown model": (
        swap(EUROPEAN, "european", "europen"),
        CSV,
        "job.toml:2",
        "model is 'europen'; use one of pi, european, asian, barrier, basket, portfolio, filtered, backtest",
    ),
    "no model": (
        "[[job]]\nspot = 1.0\n",
        CSV,
        "job.toml:1",
        'the job has no model; add for example model = "european"',
    ),
    "unknown option": (EUROPEAN + 'option = "cal"\n', CSV, "job.toml:6", "option is 'cal'; use one of call, put"),
    "no strike": (
        swap(EUROPEAN, "strike = 105.0\n", ""),
        CSV,
        "job.toml:1",
        "the european job has no strike; add for example strike = 105.0",
    ),
    "no spot": (
        swap(EUROPEAN, "spot = 100.0\n", ""),
        CSV,
        "job.toml:1",
        "the european job has no spot; add for example spot = 100.0, or name an asset of a prices file",
    ),
    "no prices": (
        swap(ASSET, 'prices = "prices.csv"\n', ""),
        CSV,
        "job.toml:1",
        "the european job has no prices; add for example prices =",
    ),
    "no barrier": (BARRIER, CSV, "job.toml:1", "the barrier job has no barrier; add for example barrier = 130.0"),
    "barrier already reached": (
        BARRIER + "barrier = 90\n",
        CSV,
        "job.toml:6",
        "barrier is 90, and the spot 100 has reached it already; give a barrier above the spot",
    ),
    "level of one": (PORTFOLIO + "level = 1.0\n", CSV, "job.toml:6", "level is 1; it must lie between 0.5 and 1"),
    "too few paths for the level": (
        PORTFOLIO + "level = 0.9999\n",
        CSV,
        "job.toml:4",
        "10000 paths leave fewer than 10 beyond the level 0.9999; give at least 95001 paths",
    ),
    "holdings not a table": (
        swap(PORTFOLIO, "{ A = 1000, B = -500 }", "1000"),
        CSV,
        "job.toml:5",
        "holdings is the number 1000, not a table; write holdings =",
    ),
    "text in holdings": (
        swap(PORTFOLIO, "-500", '"short"'),
        CSV,
        "job.toml:5",
        "B is the text 'short' where a number belongs",
    ),
    "holdings in a table of their own": (
        '[[job]]\nmodel = "portfolio"\nprices = "prices.csv"\n[job.holdings]\nA = 1\nZ = 2\n',
        CSV,
        "job.toml:6",
        "holdings names 'Z'",
    ),
    "second job": (EUROPEAN + EUROPEAN.replace("105.0", "-1"), CSV, "job.toml:9", "strike is -1; it must be above 0"),
    "overflow": (
        swap(EUROPEAN, "0.2", "0.2\nrate = -10\nmaturity = 999\npaths = 100"),
        CSV,
        "job.toml:2",
        "the result is not a finite number; give less extreme rates, volatility or maturity",
    ),
    # Baskets
    "correlation that is not positive definite": (
        BASKET,
        CSV,
        "job.toml:7",
        "correlation is not positive definite: its smallest eigenvalue is -0.1767, and must be above 0; "
        "multiply the numbers off its diagonal by 0.849 or less, or leave it out and give prices",
    ),
    "singular correlation": (
        BASKET.replace("0.9", "1.0").replace("0.2,", "1.0,").replace("[0.2", "[1.0").replace("0.2]", "1.0]"),
        CSV,
        "job.toml:7",
        "its smallest eigenvalue is 0, and must be above 0; multiply the numbers off its diagonal by 0.999 or less",
    ),
    "correlation that is not symmetric": (
        swap(BASKET, "[0.2, 0.9, 1.0]", "[0.2, 0.8, 1.0]"),
        CSV,
        "job.toml:7",
        "correlation of Z and Y is 0.8 in one place and 0.9 in the other; make them equal",
    ),
    "correlation above one": (
        swap(BASKET, "[1.0, 0.9, 0.2]", "[1.0, 1.1, 0.2]"),
        CSV,
        "job.toml:7",
        "number 2 of row 1 of correlation is 1.1; a correlation lies between -1 and 1",
    ),
    "diagonal": (
        swap(BASKET, "[0.9, 1.0, 0.9]", "[0.9, 0.5, 0.9]"),
        CSV,
        "job.toml:7",
        "correlation of Y with itself is 0.5; write 1 on the diagonal",
    ),
    "too few rows of correlation": (
        swap(BASKET, "  [0.2, 0.9, 1.0],\n", ""),
        CSV,
        "job.toml:7",
        "correlation has 2 rows, and assets 3 names; give one row an asset",
    ),
    "short row of correlation": (
        swap(BASKET, "[0.9, 1.0, 0.9]", "[0.9, 1.0]"),
        CSV,
        "job.toml:7",
        "row 2 of correlation has 2 numbers, and assets 3 names; give one number an asset",
    ),
    "a row of correlation that is a number": (
        swap(BASKET, "[0.9, 1.0, 0.9]", "0.5"),
        CSV,
        "job.toml:7",
        "row 2 of correlation is the number 0.5, not a list of numbers; write correlation = [[1.0, 0.6], [0.6, 1.0]]",
    ),
    "a key after lists": (BASKET + "rate = 11\n", CSV, "job.toml:13", "rate is 11; it is a rate a year"),
    "too few weights": (
        swap(BASKET, "weights = [1, 1, 1]", "weights = [1, 1]"),
        CSV,
        "job.toml:4",
        "weights has 2 numbers, and assets 3 names; give one number an asset",
    ),
    "weight of zero": (
        swap(BASKET, "weights = [1, 1, 1]", "weights = [1, 0, 1]"),
        CSV,
        "job.toml:4",
        "number 2 of weights is 0; it must be above 0, and finite",
    ),
    "no weights at all": (
        swap(BASKET, "weights = [1, 1, 1]", "weights = []"),
        CSV,
        "job.toml:4",
        "weights is an empty list, not a list of numbers; write weights = [0.5, 1.5]",
    ),
    "text among weights": (
        swap(BASKET, "weights = [1, 1, 1]", 'weights = [1, "1", 1]'),
        CSV,
        "job.toml:4",
        "number 2 of weights is the text '1' where a number belongs; write for example weights = [0.5, 1.5]",
    ),
    "number among assets": (
        swap(BASKET, '"Y"', "2"),
        CSV,
        "job.toml:3",
        'name 2 of assets is the number 2; write assets = ["DAX", "CAC"]',
    ),
    "asset twice": (swap(BASKET, '"Z"', '"X"'), CSV, "job.toml:3", "assets names 'X' twice; add up its weights"),
    "no spots": (
        swap(BASKET, "spots = [100, 100, 100]\n", ""),
        CSV,
        "job.toml:1",
        "the basket job has no spots; add for example spots = [100.0, 80.0], or prices with a column for each asset",
    ),
    "asset without a column": (
        swap('prices = "prices.csv"\n' + BASKET, "spots = [100, 100, 100]\n", ""),
        CSV,
        "job.toml:4",
        "assets names 'X': {dir}/prices.csv:1 has no column 'X' (it has A, B, C); name one of these",
    ),
    "asset that never moves": (
        'prices = "prices.csv"\n[[job]]\nmodel = "basket"\nassets = ["A", "C"]\nweights = [1, 1]\nstrike = 1\n',
        CSV,
        "job.toml:4",
        "the prices of C do not move in 4 rows; leave it out of assets",
    ),
    "asset that follows from another": (
        'prices = "prices.csv"\n[[job]]\nmodel = "basket"\nassets = ["A", "D"]\nweights = [1, 1]\nstrike = 1\n',
        "A,D\n100,200\n101,202\n99,198\n102,204\n",
        "job.toml:4",
        "correlation is not positive definite: its smallest eigenvalue is 0, and must be above 0; leave D",
    ),
    "greeks without volatility": (
        swap(EUROPEAN, "0.2", "0.0\ngreeks = true"),
        CSV,
        "job.toml:6",
        "greeks of a volatility of 0 are no differences; give a volatility above 0",
    ),
    "greeks of many steps": (
        EUROPEAN + "greeks = true\nantithetic = true\nsteps = 10_000\n",
        CSV,
        "job.toml:8",
        "every path is evaluated 18 times, too often for 10000 steps; give at most 1388 steps",
    ),
    "odd antithetic paths": (
        EUROPEAN + "antithetic = true\npaths = 101\n",
        CSV,
        "job.toml:7",
        "paths is 101, and antithetic paths come in pairs; give an even number of paths",
    ),
    "one antithetic pair": (
        EUROPEAN + "antithetic = true\npaths = 2\n",
        CSV,
        "job.toml:7",
        "paths is 2, and antithetic paths come in pairs; give an even number of paths, at least 4",
    ),
    "antithetic quantile": (
        PORTFOLIO + "antithetic = true\n",
        CSV,
        "job.toml:6",
        "unknown key 'antithetic' in a portfolio job; portfolio has name, model,",
    ),
    "text for a truth": (EUROPEAN + 'greeks = "yes"\n', CSV, "job.toml:6", "greeks is the text 'yes'; write true or"),
    # Filters and backtests
    "half a day ahead": (
        FILTERED + "horizon = 1.5\n",
        MANY,
        "job.toml:5",
        "horizon is 1.5, and a filter goes on row by row; give a whole number from 1 to 1000",
    ),
    "too few rows for a filter": (
        FILTERED,
        CSV,
        "prices.csv:5",
        "4 rows of prices, too few to see how volatility moves; give at least 100",
    ),
    "a price to filter that never moves": (
        FILTERED,
        STILL,
        "job.toml:4",
        "the prices of A do not move in 300 rows; leave it out of holdings",
    ),
    "unknown filter": (FILTERED + 'filter = "arch"\n', MANY, "job.toml:5", "filter is 'arch'; use one of garch, ewma"),
    "window as long as the prices": (
        BACKTEST + "window = 300\n",
        MANY,
        "job.toml:5",
        "a window of 300 rows leaves none of 299 returns to test; give a smaller window, or more rows of prices",
    ),
    "window too short for the level": (
        BACKTEST + "window = 100\nlevel = 0.999\n",
        MANY,
        "job.toml:5",
        "100 rows leave fewer than 1 beyond the level 0.999; give at least 500 rows, or a lower level",
    ),
    "a window without a move": (
        BACKTEST + "window = 150\n",
        STILL,
        "job.toml:4",
        "the prices of A do not move in 151 rows; leave it out of holdings",
    ),
    "paths of a backtest": (
        BACKTEST + "paths = 100\n",
        MANY,
        "job.toml:5",
        "unknown key 'paths' in a backtest job; backtest has name, model, prices,",
    ),
    "greeks of prices too small for them": (
        swap(EUROPEAN, "100.0", "1e-300") + "greeks = true\npaths = 100\n",
        CSV,
        "job.toml:2",
        "the result is not a finite number; give less extreme rates, volatility or maturity",
    ),
    "infinite losses less infinite gains": (
        PORTFOLIO.replace("1000", "1e300").replace("-500", "-1e300") + "horizon = 1e9\n",
        CSV,
        "job.toml:3",
        "the result is not a finite number",
    ),
    "barrier far from the strike": (
        swap(BARRIER, "105.0", "1e300") + "barrier = 1e308\nmaturity = 999\nrate = 10\npaths = 100\n",
        CSV,
        "job.toml:2",
        "the result is not a finite number",
    ),
    "empty job": ("", CSV, "job.toml:1", "the file is empty; `lazulite-mc keys european` prints one to start from"),
    "no job": ("paths = 10\n", CSV, "job.toml:1", "the file has no [[job]]"),
    "job as one table": ('[job]\nmodel = "pi"\n', CSV, "job.toml:1", "the file has no [[job]]"),
    "no job file": (None, CSV, "job.toml", "cannot be read (No such file or directory)"),
    "broken TOML": (swap(EUROPEAN, "105.0", ""), CSV, "job.toml:4", "not valid TOML: "),
    "key twice": (EUROPEAN + "spot = 1.0\n", CSV, "job.toml:6", "not valid TOML: "),
}


def both(capsys, *arguments):
    """The one line that each runner prints, after a look at status and output."""
    lines = []
    assert main(list(arguments)) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    lines.append(captured.err)
    done = run_cpp(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    lines.append(done.stderr)
    for line in lines:
        assert line.startswith("lazulite-mc: ")
        assert line.endswith("\n")
        assert line.count("\n") == 1
        assert "Traceback" not in line
    return [line[len("lazulite-mc: ") : -1] for line in lines]


@pytest.mark.parametrize("case", CASES)
def test_bad_input_is_one_line_that_names_file_line_and_remedy(tmp_path, capsys, case):
    job, prices, where, words = CASES[case]
    for name, text in (("job.toml", job), ("prices.csv", prices)):
        if text is not None:
            (tmp_path / name).write_text(text)
    messages = both(capsys, "run", str(tmp_path / "job.toml"))
    for message in messages:
        assert message.startswith(f"{tmp_path}/{where}: ")
        assert words.format(dir=tmp_path) in message
        assert ";" in message  # what follows it is the remedy
    if "TOML" not in words:  # the two TOML readers have words of their own
        assert len(set(messages)) == 1


def test_what_is_no_mistake_is_not_reported(tmp_path, capsys):
    text = '\ufeff"A" , B,\tC\r\n' + CSV.partition("\n")[2].replace("\n", "\r\n") + "\r\n\r\n"
    (tmp_path / "prices.csv").write_bytes(text.encode())
    (tmp_path / "job.toml").write_text(ASSET)
    assert main(["run", str(tmp_path / "job.toml"), "--paths", "100"]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("kind", ["folder", "unreadable", "binary"])
def test_a_file_that_cannot_be_read_is_reported(tmp_path, capsys, kind):
    path = tmp_path / "job.toml"
    if kind == "folder":
        path.mkdir()
        expected = "cannot be read (Is a directory)"
    elif kind == "binary":
        path.write_bytes(b'name = "\xff\xfe"\n')
        expected = "not valid TOML: "
    else:
        path.write_text(EUROPEAN)
        path.chmod(0)
        if os.access(path, os.R_OK):
            pytest.skip("root reads everything")
        expected = "cannot be read (Permission denied)"
    for message in both(capsys, "run", str(path)):
        assert expected in message
        assert str(path) in message


@pytest.mark.parametrize(
    "arguments",
    [
        ["run"],
        ["run", "a.toml", "b.toml"],
        ["price", "a.toml"],
        ["keys", "lookback"],
        ["run", "a.toml", "--paths", "0"],
        ["run", "a.toml", "--paths", "-5"],
        ["run", "a.toml", "--paths", "many"],
        ["run", "a.toml", "--paths"],
        ["run", "a.toml", "--paths", "1e16"],
        ["run", "a.toml", "--paths", "99999999999999999999999"],
        ["run", "a.toml", "--seed", "1.5"],
        ["run", "a.toml", "--threads", "0"],
        ["run", "a.toml", "--frobnicate"],
        ["run", "a.toml", "--compare", "pandas"],
        ["run", "{jobs}", "--job", "no such job"],
        ["run", "{jobs}", "--job", ""],
        ["run", "{jobs}", "--output", ""],
        ["run", "{jobs}", "--save-paths", ""],
        ["run", "{jobs}", "-v"],
        ["run", "{jobs}", "--save-paths", "x.npy"],
        ["run", "{jobs}", "--save-paths", "{dir}/none/x.npy", "--job", "pi"],
        ["run", "{jobs}", "--save-paths", "{dir}", "--job", "pi"],
        ["run", "{jobs}", "--save-paths", "{dir}/x.npy", "--job", "pi", "--paths", "1e15"],
        ["run", "{jobs}", "--save-paths", "{dir}/x.npy", "--job", "backtest"],
        ["run", "{jobs}", "--save-paths"],
        ["run", "{jobs}", "--output", "{dir}/none/r.json"],
        ["run", "{jobs}", "--plot", "{dir}/x.jpgg"],
        ["run", "{jobs}", "--plot", "x"],
        ["run", "{jobs}", "--plot"],
    ],
)
def test_a_bad_command_line_is_one_line_with_a_remedy(tmp_path, capsys, arguments):
    (tmp_path / "prices.csv").write_text(MANY)
    (tmp_path / "jobs.toml").write_text(BACKTEST + 'window = 150\n[[job]]\nmodel = "pi"\n')
    before = sorted(tmp_path.iterdir())
    arguments = [a.format(jobs=tmp_path / "jobs.toml", dir=tmp_path) for a in arguments]
    for message in both(capsys, *arguments):
        remedies = "--help|use one of|--compare|--plot|give --|give fewer|choose one|leave it out"
        assert re.search(remedies, message), message
    assert sorted(tmp_path.iterdir()) == before  # nothing is left behind
