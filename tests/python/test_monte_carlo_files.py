"""Files that the Monte-Carlo runners write: results, saved paths, pictures. They are whole or not there."""

import json
import os
import signal
import stat
import subprocess
import sys
import time

import numpy as np
import pytest

from lazulite.monte_carlo import cli, files, paths
from monte_carlo_jobs import BASKET, HELD, JOBS, OPTION, cpp_runner, job_text, run_cpp, run_json


def test_output_is_written_whole_and_a_table_by_default(capsys, tmp_path):
    out = tmp_path / "r.txt"
    assert cli.main(["run", str(JOBS / "pi.toml"), "--paths", "1e5", "--output", str(out)]) == 0
    assert "95 % interval" in out.read_text() and "100,000" in out.read_text()
    assert run_cpp("run", JOBS / "pi.toml", "--paths", "1e5", "--output", tmp_path / "c.txt").stdout == ""
    assert "100,000" in (tmp_path / "c.txt").read_text()
    assert sorted(os.listdir(tmp_path)) == ["c.txt", "r.txt"]
    assert out.stat().st_mode & 0o777 == (tmp_path / "c.txt").stat().st_mode & 0o777 == 0o666 & ~umask()


def umask():
    value = os.umask(0)
    os.umask(value)
    return value


def both_ways(*arguments):
    """The command of each runner."""
    yield [cpp_runner(), *map(str, arguments)]
    yield [sys.executable, "-m", "lazulite.monte_carlo", *map(str, arguments)]


def test_what_is_no_file_is_written_as_it_is(tmp_path):
    """A pipe stays a pipe (and /dev/null the device), a link a link."""
    (tmp_path / "target").write_text("old")
    (tmp_path / "link").symlink_to("target")
    os.mkfifo(tmp_path / "pipe")
    for command in both_ways("run", JOBS / "pi.toml", "--paths", "1000", "--output", tmp_path / "pipe"):
        with subprocess.Popen(command) as process:
            assert "95 % interval" in (tmp_path / "pipe").read_text()
        assert process.returncode == 0
        assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)
    for command in both_ways("keys", "pi", "--output", tmp_path / "link"):
        (tmp_path / "target").write_text("old")
        subprocess.run(command, check=True)
        assert (tmp_path / "link").is_symlink()
        assert (tmp_path / "target").read_text().startswith("[[job]]")


HOLDINGS = np.array([600_000.0, 250_000.0, 150_000.0, -300_000.0])
DISCOUNT = np.exp(-0.03)


def call(s, strike=105.0):
    return (DISCOUNT * np.maximum(s - strike, 0.0)).mean()


# name: job, columns, the value that the saved paths give
SAVED = {
    "pi": (job_text("pi"), 2, lambda x: 4.0 * (x[:, 0] ** 2 + x[:, 1] ** 2 < 1.0).mean()),
    "european": (job_text("european", OPTION, "control = false"), 5, lambda x: call(x[:, -1])),
    "antithetic": (
        job_text("asian", OPTION, "control = false", "antithetic = true"),
        5,
        lambda x: call(x[:, 1:].mean(axis=1)),
    ),
    "greeks": (
        job_text("barrier", OPTION, "barrier = 140.0", "control = false", "greeks = true"),
        5,
        lambda x: (DISCOUNT * np.where(x.max(axis=1) < 140.0, np.maximum(x[:, -1] - 105.0, 0.0), 0.0)).mean(),
    ),
    "basket": (
        job_text("basket", BASKET, "control = false"),
        3,
        lambda x: call(x @ [0.5, 0.3, 0.2], 80.0),
    ),
    "portfolio": (job_text("portfolio", HELD), 4, lambda x: np.sort(-np.expm1(x) @ HOLDINGS)[296_999]),
    "filtered": (job_text("filtered", HELD, "horizon = 2"), 4, lambda x: np.sort(-np.expm1(x) @ HOLDINGS)[296_999]),
}


@pytest.mark.parametrize("name", SAVED)
def test_saved_paths_are_those_of_the_result(capsys, tmp_path, monkeypatch, name):
    text, columns, value = SAVED[name]
    monkeypatch.setattr(paths, "BLOCK", 1 << 17)  # several blocks in a chunk, and two chunks
    file = tmp_path / "paths.npy"
    (job,) = run_json(capsys, tmp_path, text, "--paths", "300_000", "--save-paths", str(file))
    saved = np.load(file, mmap_mode="r")
    assert (saved.shape, saved.dtype) == ((300_000, columns), np.float64)
    assert value(saved) == pytest.approx(job["results"][0]["value"], rel=1e-11)
    if name == "antithetic":
        mirrored = np.log(saved[::2, 1:] / 100.0) + np.log(saved[1::2, 1:] / 100.0)
        np.testing.assert_allclose(mirrored, np.broadcast_to(mirrored[0], mirrored.shape), rtol=1e-9, atol=1e-12)
    other = tmp_path / "cpp.npy"
    done = run_cpp("run", tmp_path / "job.toml", "--paths", "300_000", "--save-paths", other)
    assert done.returncode == 0, done.stderr
    assert other.read_bytes() == file.read_bytes()
    assert sorted(os.listdir(tmp_path)) == ["cpp.npy", "job.toml", "paths.npy"]


def test_saving_changes_no_result(capsys, tmp_path):
    text = job_text("asian", OPTION, "antithetic = true", "greeks = true", "paths = 10_000")
    (with_file,) = run_json(capsys, tmp_path, text, "--save-paths", str(tmp_path / "x.npy"))
    (without,) = run_json(capsys, tmp_path, text)
    assert with_file["results"] == without["results"]


def test_a_full_disk_leaves_nothing_behind(tmp_path):
    def write():
        with files.whole_file(str(tmp_path / "x.npy"), "--save-paths") as out:
            out.write(b"half")
            raise OSError(28, "No space left on device")

    with pytest.raises(files.InputError, match=r"cannot be written \(No space left on device\); give --save-paths"):
        write()
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("runner", ["python", "cpp"])
def test_an_interrupted_run_leaves_nothing_behind(tmp_path, runner):
    command = [cpp_runner()] if runner == "cpp" else [sys.executable, "-m", "lazulite.monte_carlo"]
    command += ["run", JOBS / "pi.toml", "--paths", "1e13", "--output", tmp_path / "r.json"]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell's background jobs ignore it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    deadline = time.monotonic() + 60
    try:
        while not os.listdir(tmp_path) and process.poll() is None and time.monotonic() < deadline:
            pass
        process.send_signal(signal.SIGINT)
        out, message = process.communicate(timeout=60)
    finally:
        process.kill()  # it has work for days
    assert (out, message) == ("", "lazulite-mc: interrupted\n")
    # Where it came within an exec() of text (of a dataclass), `python -m` then dies of the signal: 130 for a shell.
    assert process.returncode in ((130, -signal.SIGINT) if runner == "python" else (130,))
    assert os.listdir(tmp_path) == []


PLOTTED = "".join(
    [
        job_text("pi", "antithetic = true"),
        job_text("european", OPTION, "greeks = true", 'name = "a call, in $"'),
        job_text("portfolio", HELD),
        job_text("filtered", HELD, "horizon = 2", 'filter = "ewma"'),
        job_text("backtest", HELD, 'method = "ewma"', "window = 1500"),
    ]
)


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_plots(capsys, tmp_path, kind):
    pytest.importorskip("matplotlib", reason="matplotlib is not installed")
    file = tmp_path / f"picture.{kind}"
    with_plot = run_json(capsys, tmp_path, PLOTTED, "--paths", "20_000", "--plot", str(file))
    start = {"png": b"\x89PNG", "svg": b"<?xml"}[kind]
    assert file.read_bytes().startswith(start)
    if kind == "svg":
        words = ("95 % interval", "Value at risk, 99 %", "Expected shortfall, 99 %", "forecast", "loss, in the money")
        text = file.read_text()
        assert all(word in text for word in words), text[:200]
    assert sorted(os.listdir(tmp_path)) == ["job.toml", f"picture.{kind}"]
    without = run_json(capsys, tmp_path, PLOTTED, "--paths", "20_000")
    assert [job["results"] for job in with_plot] == [job["results"] for job in without]


def test_a_plot_without_matplotlib_says_what_to_install(capsys, monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    assert cli.main(["run", str(JOBS / "pi.toml"), "--plot", str(tmp_path / "x.png")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert os.listdir(tmp_path) == []


def test_the_cpp_runner_names_the_one_that_plots(tmp_path):
    done = run_cpp("run", JOBS / "pi.toml", "--plot", tmp_path / "x.png")
    assert done.returncode == 2
    assert "--plot is the Python runner's: python -m lazulite.monte_carlo run JOB --plot FILE" in done.stderr


def test_convergence_ends_where_the_result_is(capsys, tmp_path):
    """The points of the plot: means over the first so many paths."""
    from lazulite.monte_carlo.build import model_inputs
    from lazulite.monte_carlo.job import JobFile
    from lazulite.monte_carlo.outcome import Backend
    from lazulite.monte_carlo.runner import run
    from lazulite.monte_carlo.trace import Trace

    (tmp_path / "job.toml").write_text(job_text("european", OPTION, "paths = 50_000"))
    (job,) = JobFile(str(tmp_path / "job.toml")).jobs
    inputs, trace = model_inputs(job), Trace()
    outcome = run(job, inputs, Backend.lazulite(), trace=trace)
    counts = [n for n, _, _ in trace.points]
    assert counts[0] == 100 and counts == sorted(set(counts)) and counts[-1] <= 50_000
    n, value, error = trace.points[10]
    job.values["paths"] = n
    first = run(job, inputs, Backend.lazulite()).results[0]
    # Not the same draws: a run of n paths takes its second step from another place of the stream.
    assert abs(first.value - value) < 6 * error
    assert first.error == pytest.approx(error, rel=0.5)
    assert abs(outcome.results[0].value - value) < 4 * error


def test_saved_json_is_json(tmp_path):
    file = tmp_path / "r.json"
    arguments = ["run", str(JOBS / "risk.toml"), "--job", "backtest, normal", "--json", "--output", str(file)]
    assert cli.main(arguments) == 0
    (job,) = json.loads(file.read_text())["jobs"]
    assert job["paths"] is None and job["results"][0]["interval_95"] is None
