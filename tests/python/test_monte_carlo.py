"""The Monte-Carlo runner: against closed forms, against the C++ runner; memory, output, help."""

import json
import os
import pathlib
import subprocess
import sys

import pytest

from lazulite.monte_carlo import cli

ROOT = pathlib.Path(__file__).resolve().parents[2]
CSV = ROOT / "examples" / "monte_carlo" / "data" / "eustockmarkets.csv"
JOBS = ROOT / "examples" / "monte_carlo" / "jobs"

OPTION = "spot = 100.0\nstrike = 100.0\nrate = 0.03\nvolatility = 0.2\n"


def run_json(capsys, tmp_path, text, *options):
    job = tmp_path / "job.toml"
    job.write_text(text)
    assert cli.main(["run", str(job), "--json", *options]) == 0, capsys.readouterr().err
    return json.loads(capsys.readouterr().out)["jobs"]


def job_text(model, *lines):
    return "\n".join(["[[job]]", f'model = "{model}"', *lines]) + "\n"


PORTFOLIO = (
    f'prices = "{CSV}"',
    "holdings = { DAX = 600_000, SMI = 250_000, CAC = 150_000, FTSE = -300_000 }",
    'returns = "simple"',
    "horizon = 10",
)
CLOSED = {
    "pi": job_text("pi", "paths = 1_000_000"),
    "call": job_text("european", OPTION, "steps = 4", "dividend = 0.01"),
    "put": job_text("european", OPTION, 'option = "put"', "steps = 4"),
    "barrier call": job_text("barrier", OPTION, "barrier = 130.0", "paths = 200_000"),
    "barrier put": job_text("barrier", OPTION, "barrier = 110.0", 'option = "put"', "paths = 200_000"),
    "risk": job_text("portfolio", *PORTFOLIO),
}


@pytest.mark.parametrize("seed", ["1", "2"])
@pytest.mark.parametrize("name", CLOSED)
def test_within_four_standard_errors_of_the_closed_form(capsys, tmp_path, name, seed):
    (job,) = run_json(capsys, tmp_path, CLOSED[name], "--seed", seed)
    for result in job["results"]:
        assert result["standard_error"] > 0
        assert abs(result["value"] - result["closed_form"]) < 4 * result["standard_error"], result


def test_black_scholes_is_the_textbook_value(capsys, tmp_path):
    """Hull, Options, Futures, and Other Derivatives: S = 42, K = 40, r = 0.1, sigma = 0.2, T = 0.5: 4.76 and 0.81."""
    lines = ("spot = 42.0", "strike = 40.0", "rate = 0.1", "volatility = 0.2", "maturity = 0.5", "steps = 1")
    for option, price in (("call", 4.76), ("put", 0.81)):
        (job,) = run_json(capsys, tmp_path, job_text("european", *lines, f'option = "{option}"', "paths = 1000"))
        assert job["results"][0]["closed_form"] == pytest.approx(price, abs=0.005)


def test_threads_change_nothing(capsys, tmp_path):
    import lazulite as lz

    before = lz.get_num_threads()
    try:
        text = CLOSED["call"] + CLOSED["risk"]
        runs = [[j["results"] for j in run_json(capsys, tmp_path, text, "--threads", n)] for n in ("1", "2", "7")]
    finally:
        lz.set_num_threads(before)
    assert runs[0] == runs[1] == runs[2]


def cpp_runner():
    import lazulite

    build = pathlib.Path(os.path.abspath(lazulite.__file__)).parents[2]
    found = [build / "examples" / "monte_carlo" / "lazulite-mc", build / "bin" / "lazulite-mc"]
    return next((path for path in found if path.is_file()), None)


def test_cpp_runner_gives_the_same_bits(capsys, tmp_path):
    """Everything but the times: results, and what was estimated from the prices."""
    runner = cpp_runner()
    if runner is None:
        pytest.skip("the C++ runner is not in this build")
    asian = job_text("asian", f'prices = "{CSV}"', 'asset = "SMI"', "strike = 7000.0", "steps = 20")
    log_portfolio = job_text("portfolio", *PORTFOLIO).replace('"simple"', '"log"')
    text = "paths = 600_001\nseed = 12\n" + asian + CLOSED["call"] + log_portfolio + CLOSED["risk"] + CLOSED["pi"]
    text += CLOSED["barrier put"].replace("paths = 200_000", "steps = 7")
    ours = run_json(capsys, tmp_path, text)
    done = subprocess.run([runner, "run", tmp_path / "job.toml", "--json"], capture_output=True, text=True, check=True)
    theirs = json.loads(done.stdout)["jobs"]
    for job in ours + theirs:
        del job["seconds"], job["paths_per_second"]
    assert ours == theirs


def test_output_is_written_whole_and_a_table_by_default(capsys, tmp_path):
    out = tmp_path / "r.txt"
    assert cli.main(["run", str(JOBS / "pi.toml"), "--paths", "1e5", "--output", str(out)]) == 0
    assert "95 % interval" in out.read_text() and "100,000" in out.read_text()
    assert os.listdir(tmp_path) == ["r.txt"]
    assert cli.main(["run", str(JOBS / "pi.toml"), "--paths", "10", "--output", str(tmp_path / "no" / "r")]) == 2
    assert "in a folder that you may write to" in capsys.readouterr().err


def test_compare_numpy_prints_both_and_the_ratio(capsys, tmp_path):
    text = "paths = 20_000\n" + CLOSED["call"] + CLOSED["risk"]
    (call, risk) = run_json(capsys, tmp_path, text, "--compare", "numpy")
    for job in (call, risk):
        assert job["numpy"]["ratio"] > 0
        for a, b in zip(job["results"], job["numpy"]["results"], strict=True):
            assert abs(a["value"] - b["value"]) < 4 * (a["standard_error"] ** 2 + b["standard_error"] ** 2) ** 0.5
    assert cli.main(["run", str(tmp_path / "job.toml"), "--compare", "numpy"]) == 0
    assert "ratio" in capsys.readouterr().out


@pytest.mark.parametrize("model", ["pi", "european", "asian", "barrier", "portfolio"])
def test_keys_print_a_job_that_names_every_key(capsys, model):
    import tomllib

    from lazulite.monte_carlo import schema

    assert cli.main(["keys", model]) == 0
    text = capsys.readouterr().out
    assert set(tomllib.loads(text)["job"][0]) == set(schema.MODEL_KEYS[model])


def test_help_and_module_entry():
    done = subprocess.run(
        [sys.executable, "-m", "lazulite.monte_carlo", "--help"], capture_output=True, text=True, check=True
    )
    assert "lazulite-mc run job.toml --compare numpy" in done.stdout


@pytest.mark.skipif("libasan" in os.environ.get("LD_PRELOAD", ""), reason="AddressSanitizer keeps freed memory")
@pytest.mark.parametrize(("job", "paths"), [("pi.toml", "1e8"), ("barrier.toml", "300_000"), ("portfolio.toml", "3e6")])
def test_memory_stays_under_200_megabytes(job, paths):
    """A hundred million paths of pi, as an array, would take 800 MB a draw."""
    # Not ru_maxrss, which starts at the size of the process that forked.
    program = (
        "import sys; from lazulite.monte_carlo.cli import main; "
        f"status = main(['run', {str(JOBS / job)!r}, '--paths', '{paths}']); "
        "print(*(s.split()[1] for s in open('/proc/self/status') if s.startswith('VmHWM')), file=sys.stderr); "
        "sys.exit(status)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert int(done.stderr.split()[-1]) < 200_000  # kB
