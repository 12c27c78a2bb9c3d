"""--sobol: prices from Sobol's points, their standard errors, the bridge, and what it is not for."""

import math
import os

import numpy as np
import pytest
from scipy.special import ndtri

import lazulite as lz
from lazulite.monte_carlo import cli, sobol
from monte_carlo_jobs import BASKET, HELD, JOBS, OPTION, job_text, run_cpp, run_json

YEAR = OPTION.replace("= 4", "= 252")
PRICES = {
    "pi": job_text("pi"),
    "antithetic pi": job_text("pi", "antithetic = true"),
    "call": job_text("european", OPTION),
    "call without control": job_text("european", OPTION, "control = false"),
    "call over a year": job_text("european", YEAR),
    "antithetic call with greeks": job_text("european", OPTION, "greeks = true", "antithetic = true"),
}


@pytest.mark.parametrize("name", PRICES)
def test_within_five_standard_errors_of_the_closed_form_and_sharper(capsys, tmp_path, name):
    text = "paths = 65_536\n" + PRICES[name]
    (quasi,), (random,) = run_json(capsys, tmp_path, text, "--sobol"), run_json(capsys, tmp_path, text)
    assert quasi["sobol"] == {"scramblings": 32} and "sobol" not in random
    for a, b in zip(quasi["results"], random["results"], strict=True):
        assert a["quantity"] == b["quantity"] and 0 < a["standard_error"] < b["standard_error"]
        tolerance = 5 * a["standard_error"] + 1e-12 * abs(a["value"])
        assert abs(a["value"] - a["closed_form"]) < tolerance, a
    assert quasi["results"][0]["standard_error"] < random["results"][0]["standard_error"] / 3


@pytest.mark.parametrize("model", ["asian", "barrier", "basket"])
def test_agrees_with_random_numbers(capsys, tmp_path, model):
    inputs = {"basket": BASKET, "barrier": YEAR + "\nbarrier = 140.0"}.get(model, YEAR)
    text = "paths = 65_536\n" + job_text(model, inputs, "control = false")
    (quasi,), (random,) = run_json(capsys, tmp_path, text, "--sobol"), run_json(capsys, tmp_path, text)
    a, b = quasi["results"][0], random["results"][0]
    assert a["standard_error"] < b["standard_error"] / 2
    assert abs(a["value"] - b["value"]) < 5 * b["standard_error"]


def test_reproducible(capsys, tmp_path):
    text = "paths = 20_002\n" + PRICES["call over a year"] + PRICES["antithetic pi"]
    runs = [run_json(capsys, tmp_path, text, "--sobol", *more) for more in ([], ["--threads", "1"], ["--seed", "2"])]
    first, single, other = [[job["results"] for job in jobs] for jobs in runs]
    assert first == single and first != other


def test_standard_errors_are_those_of_other_seeds(capsys, tmp_path):
    text = "paths = 4096\n" + job_text("european", OPTION, "control = false")
    results = [run_json(capsys, tmp_path, text, "--sobol", "--seed", str(s))[0]["results"][0] for s in range(40)]
    spread = np.std([r["value"] for r in results], ddof=1)
    assert spread == pytest.approx(np.sqrt(np.mean([r["standard_error"] ** 2 for r in results])), rel=0.35)


def test_normal_of_an_end_is_finite():
    assert float(sobol.normal(lz.asarray(0.0))) == pytest.approx(ndtri(2.0**-54))


@pytest.mark.parametrize("steps", [1, 2, 3, 4, 7, 252])
def test_a_bridge_makes_independent_steps(steps):
    # The steps are linear in z: the matrix is orthogonal.
    columns = [sobol.bridge(list(row)) for row in np.eye(steps)]
    matrix = np.array(columns)
    np.testing.assert_allclose(matrix @ matrix.T, np.eye(steps), atol=1e-12)
    assert matrix[0].sum() == pytest.approx(math.sqrt(steps))  # the first alone says where the walk ends
    np.testing.assert_allclose(matrix[1:].sum(axis=1), 0, atol=1e-12)


def test_a_pass_makes_points_and_paths():
    from lazulite.monte_carlo.models import Option, european

    option = Option(True, 100.0, 105.0, 0.03, 0.01, 0.25, 1.0, 8)
    points = sobol.Points(lz.random.sobol(8, 4096, seed=1), True)
    pay, control = european(lz, points, 4096, option)
    assert "1 pass; " in lz.explain((pay * control).sum())


def test_the_plot_has_both_convergences(capsys, tmp_path):
    pytest.importorskip("matplotlib", reason="matplotlib is not installed")
    text, file = "paths = 16_384\n" + PRICES["call"] + PRICES["pi"], tmp_path / "picture.svg"
    with_plot = run_json(capsys, tmp_path, text, "--sobol", "--plot", str(file))
    picture = file.read_text()
    for words in ("random numbers, 95 % interval", "Sobol's points: ", "standard error, price", "95 % interval"):
        assert words in picture or words.replace("'", "&#39;") in picture or words.replace("'", "&apos;") in picture
    assert [j["results"] for j in with_plot] == [j["results"] for j in run_json(capsys, tmp_path, text, "--sobol")]


def test_convergence_is_that_of_smaller_runs(capsys, tmp_path):
    from lazulite.monte_carlo.build import model_inputs
    from lazulite.monte_carlo.job import JobFile
    from lazulite.monte_carlo.outcome import Backend
    from lazulite.monte_carlo.runner import run
    from lazulite.monte_carlo.trace import Trace

    (tmp_path / "job.toml").write_text(job_text("european", OPTION, "paths = 65_536"))
    (job,) = JobFile(str(tmp_path / "job.toml")).jobs
    inputs, trace = model_inputs(job), Trace()
    whole = run(job, inputs, Backend.lazulite(), trace=trace, quasi=True).results[0]
    assert [n for n, _, _ in trace.points] == [32 << k for k in range(2, 12)]
    assert trace.points[-1][1:] == pytest.approx((whole.value, whole.error), rel=1e-9)
    n, value, error = trace.points[4]
    job.values["paths"] = n
    part = run(job, inputs, Backend.lazulite(), quasi=True).results[0]
    assert (part.value, part.error) == pytest.approx((value, error), rel=1e-9)


def test_the_table_says_so(capsys):
    arguments = ["run", str(JOBS / "pi.toml"), "--paths", "4096"]
    assert cli.main([*arguments, "--sobol"]) == 0
    assert "From Sobol's points, 32 scramblings" in capsys.readouterr().out
    assert cli.main(arguments) == 0
    assert "Sobol" not in capsys.readouterr().out


WRONG = {
    "risk": (job_text("portfolio", HELD), [], "--sobol is for prices (pi, european"),
    "backtest": (job_text("backtest", HELD), [], "not for backtest"),
    "steps": (job_text("european", OPTION.replace("= 4", "= 1112")), [], "--sobol has 1111 dimensions"),
    "few": (job_text("pi", "paths = 127"), [], "--sobol takes 128 to 137438953472 paths"),
    "many": (job_text("pi"), ["--paths", "1e12"], "--sobol takes"),
    "compare": (job_text("pi"), ["--compare", "numpy"], "--compare has random numbers"),
    "saved": (job_text("pi"), ["--save-paths", "{dir}/x.npy"], "--save-paths has random numbers"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_it_is_not_for_is_one_line_with_a_remedy(capsys, tmp_path, case):
    text, options, message = WRONG[case]
    (tmp_path / "job.toml").write_text(text)
    options = [option.format(dir=tmp_path) for option in options]
    assert cli.main(["run", str(tmp_path / "job.toml"), "--sobol", *options]) == 2
    said = capsys.readouterr().err
    assert message in said and said.count("\n") == 1 and ("leave" in said or "give --paths" in said)
    assert os.listdir(tmp_path) == ["job.toml"]


def test_the_cpp_runner_names_the_one_that_has_it():
    done = run_cpp("run", JOBS / "pi.toml", "--sobol")
    assert done.returncode == 2
    assert "--sobol is the Python runner's: python -m lazulite.monte_carlo run JOB --sobol\n" in done.stderr
