"""The Monte-Carlo runners, end to end: closed forms, the same bits from C++ and Python, memory, help."""

import json
import subprocess
import sys
import tomllib

import pytest

import lazulite as lz
from lazulite.monte_carlo import cli, schema
from monte_carlo_jobs import BASKET, CSV, HELD, JOBS, OPTION, job_text, run_cpp, run_json
from oracle import SANITIZED

PUT = OPTION + '\noption = "put"'
CLOSED = {
    "pi": job_text("pi", "paths = 1_000_000"),
    "antithetic pi": job_text("pi", "paths = 1_000_000", "antithetic = true"),
    "call": job_text("european", OPTION),
    "call without control": job_text("european", OPTION, "control = false"),
    "put with greeks": job_text("european", PUT, "greeks = true"),
    "antithetic call with greeks": job_text("european", OPTION, "greeks = true", "antithetic = true"),
    "barrier call": job_text("barrier", OPTION.replace("= 4", "= 252"), "barrier = 140.0", "paths = 200_000"),
    "barrier put": job_text("barrier", PUT.replace("= 4", "= 252"), "barrier = 115.0", "paths = 200_000"),
    "normal risk": job_text("portfolio", HELD, 'returns = "simple"', "horizon = 10"),
    "GARCH risk": job_text("filtered", HELD),
    "EWMA risk": job_text("filtered", HELD, 'filter = "ewma"', "level = 0.95"),
}


@pytest.mark.parametrize("seed", ["1", "2"])
@pytest.mark.parametrize("name", CLOSED)
def test_within_four_standard_errors_of_the_closed_form(capsys, tmp_path, name, seed):
    (job,) = run_json(capsys, tmp_path, CLOSED[name], "--seed", seed)
    for result in job["results"]:
        # The losses of one filtered day are few and far between: their quantile can be certain.
        assert result["standard_error"] > 0 or job["model"] == "filtered"
        tolerance = 4 * result["standard_error"] + 1e-12 * abs(result["value"])
        assert abs(result["value"] - result["closed_form"]) < tolerance, result


@pytest.mark.parametrize("model", ["pi", "european", "asian", "barrier", "basket"])
def test_variance_reduction_agrees_and_is_sharper(capsys, tmp_path, model):
    inputs = {"pi": "", "basket": BASKET, "barrier": OPTION + "\nbarrier = 140.0"}.get(model, OPTION)
    switches = [{}, {"antithetic": True}] if model == "pi" else [{"control": False}, {"control": True}]
    if model not in ("pi", "barrier"):  # mirrored paths say little about a barrier
        switches += [{"control": False, "antithetic": True}, {"control": True, "antithetic": True}]
    text = "paths = 200_000\n"
    for lines in switches:
        text += job_text(model, inputs, *(f"{name} = {str(on).lower()}" for name, on in lines.items()))
    plain, *others = (job["results"][0] for job in run_json(capsys, tmp_path, text))
    for other in others:
        assert other["standard_error"] < plain["standard_error"]
        assert abs(other["value"] - plain["value"]) < 4 * plain["standard_error"]
    if model in ("asian", "basket"):
        assert others[0]["standard_error"] < plain["standard_error"] / 10


# Every model, with every switch somewhere; two chunks and a bit, where chunks are large.
ALL = "paths = 600_002\nseed = 12\nperiods_per_year = 260\n" + "".join(
    [
        CLOSED["antithetic pi"],
        CLOSED["antithetic call with greeks"],
        job_text("asian", f'prices = "{CSV}"', 'asset = "SMI"', "strike = 7000.0", "steps = 20", "greeks = true"),
        job_text("barrier", OPTION, "barrier = 140.0", "greeks = true", "antithetic = true", "control = false"),
        job_text("basket", BASKET, "greeks = true"),
        job_text("basket", f'prices = "{CSV}"', 'assets = ["FTSE", "DAX"]', "weights = [1, 2]", "strike = 2e4"),
        job_text("portfolio", HELD, "horizon = 2.5"),
        job_text("filtered", HELD, "horizon = 3"),
        job_text("filtered", HELD, 'filter = "ewma"', "level = 0.999"),
        job_text("backtest", HELD, "window = 300", "refit = 800"),
        job_text("backtest", HELD, 'method = "ewma"', "level = 0.95"),
        job_text("backtest", HELD, 'method = "normal"'),
    ]
)


def test_cpp_runner_gives_the_same_bits(capsys, tmp_path):
    """Everything but the times: results, and what was estimated from the prices."""
    ours = run_json(capsys, tmp_path, ALL)
    done = run_cpp("run", tmp_path / "job.toml", "--json")
    assert done.stderr == ""
    theirs = json.loads(done.stdout)["jobs"]
    for job in ours + theirs:
        del job["seconds"], job["paths_per_second"]
    assert ours == theirs
    assert {job["model"] for job in ours} == set(schema.MODELS)


def table_without_times(text):
    """The cells of a table, less the last two columns."""
    return [line[: text.splitlines()[0].index("time") - 4].split() for line in text.splitlines() if "---" not in line]


def test_both_runners_print_the_same_table(capsys, tmp_path):
    arguments = ["run", str(tmp_path / "job.toml"), "--paths", "20_000"]
    (tmp_path / "job.toml").write_text(ALL)
    assert cli.main(arguments) == 0
    assert table_without_times(capsys.readouterr().out) == table_without_times(run_cpp(*arguments).stdout)


def test_threads_change_nothing(capsys, tmp_path):
    before = lz.get_num_threads()
    try:
        options = ("--paths", "60_000", "--threads")
        runs = [[j["results"] for j in run_json(capsys, tmp_path, ALL, *options, n)] for n in ("1", "2", "7")]
    finally:
        lz.set_num_threads(before)
    assert runs[0] == runs[1] == runs[2]


def test_a_job_can_be_chosen_by_name(capsys):
    for name in ("pi", "DAX call"):
        arguments = ["run", str(JOBS / "demo.toml"), "--job", name, "--paths", "1e4", "--json"]
        assert cli.main(arguments) == 0
        (ours,) = json.loads(capsys.readouterr().out)["jobs"]
        (theirs,) = json.loads(run_cpp(*arguments).stdout)["jobs"]
        assert ours["name"] == name
        assert ours["results"] == theirs["results"]


def test_compare_numpy_prints_both_and_the_ratio(capsys, tmp_path):
    text = "paths = 20_000\n" + "".join(CLOSED[name] for name in ("antithetic call with greeks", "GARCH risk"))
    text += job_text("basket", BASKET) + job_text("backtest", HELD, 'method = "ewma"')
    jobs = run_json(capsys, tmp_path, text, "--compare", "numpy", "--paths", "20_000")
    for job in jobs:
        assert job["numpy"]["ratio"] > 0
        for a, b in zip(job["results"], job["numpy"]["results"], strict=True):
            error = ((a["standard_error"] or 0) ** 2 + (b["standard_error"] or 0) ** 2) ** 0.5
            assert abs(a["value"] - b["value"]) <= 4 * error, a
    assert cli.main(["run", str(tmp_path / "job.toml"), "--compare", "numpy"]) == 0
    assert "ratio" in capsys.readouterr().out


@pytest.mark.parametrize("model", schema.MODELS)
def test_keys_print_a_job_that_names_every_key(capsys, model):
    assert cli.main(["keys", model]) == 0
    text = capsys.readouterr().out
    assert set(tomllib.loads(text)["job"][0]) == set(schema.MODEL_KEYS[model])
    assert run_cpp("keys", model).stdout == text


def test_help_is_the_same_and_names_every_option_and_model():
    done = subprocess.run(
        [sys.executable, "-m", "lazulite.monte_carlo", "--help"], capture_output=True, text=True, check=True
    )
    assert run_cpp("--help").stdout == done.stdout
    assert run_cpp("--version").stdout == f"lazulite-mc {lz.__version__}\n"
    for word in (
        "--paths",
        "--seed",
        "--threads",
        "--job",
        "--json",
        "--output",
        "--save-paths",
        "--plot",
        "--compare",
        "--sobol",
    ):
        assert f"\n  {word}" in done.stdout
    assert all(model in done.stdout for model in schema.MODELS)


@pytest.mark.parametrize("job", sorted(JOBS.glob("*.toml")), ids=lambda job: job.stem)
def test_the_example_jobs_run(capsys, job):
    assert cli.main(["run", str(job), "--paths", "20_000"]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.skipif(SANITIZED, reason="sanitizers keep freed memory and shadows of all memory")
@pytest.mark.parametrize(
    ("file", "job", "paths"),
    [
        ("pi", "pi", "1e8"),
        ("barrier", "up-and-out call", "150_000"),
        ("portfolio", "ten days, linear", "3e6"),
        ("basket", "index basket call", "1e6"),
        ("risk", "ten days, GARCH", "1e6"),
    ],
)
def test_memory_stays_under_200_megabytes(tmp_path, file, job, paths):
    """A hundred million paths of pi, as an array, would take 800 MB a draw."""
    arguments = ["run", str(JOBS / f"{file}.toml"), "--job", job, "--paths", paths]
    if file == "barrier":
        arguments += ["--save-paths", str(tmp_path / "x.npy")]  # 300 MB
    # Not ru_maxrss, which starts at the size of the process that forked.
    program = (
        f"import sys; from lazulite.monte_carlo.cli import main; status = main({arguments!r}); "
        "print(*(s.split()[1] for s in open('/proc/self/status') if s.startswith('VmHWM')), file=sys.stderr); "
        "sys.exit(status)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert int(done.stderr.split()[-1]) < 200_000  # kB
