"""What the tests of the Monte-Carlo runners share: job files, and both runners."""

import json
import os
import subprocess
from pathlib import Path

import pytest

import lazulite as lz
from lazulite.monte_carlo.cli import main

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "monte_carlo"
JOBS = EXAMPLE / "jobs"
CSV = EXAMPLE / "data" / "eustockmarkets.csv"

OPTION = "spot = 100.0\nstrike = 105.0\nrate = 0.03\ndividend = 0.01\nvolatility = 0.25\nsteps = 4"
HELD = f'prices = "{CSV}"\nholdings = {{ DAX = 600_000, SMI = 250_000, CAC = 150_000, FTSE = -300_000 }}'
BASKET = """assets = ["X", "Y", "Z"]
weights = [0.5, 0.3, 0.2]
spots = [100.0, 90.0, 50.0]
volatilities = [0.2, 0.3, 0.25]
dividends = [0.0, 0.01, 0.02]
correlation = [
  [1.0, 0.5, 0.2],  # X
  [0.5, 1.0, 0.4],
  [0.2, 0.4, 1.0],
]
strike = 80.0
rate = 0.03"""


def job_text(model, *lines):
    return "\n".join(["[[job]]", f'model = "{model}"', *lines]) + "\n"


def run_json(capsys, tmp_path, text, *options):
    """The results of a job file by the Python runner."""
    file = tmp_path / "job.toml"
    file.write_text(text)
    assert main(["run", str(file), "--json", *options]) == 0, capsys.readouterr().err
    return json.loads(capsys.readouterr().out)["jobs"]


def cpp_runner():
    """The C++ runner, or a skip where it is not in this build."""
    built = Path(lz._core.__file__).resolve().parents[2] / "examples" / "monte_carlo" / "lazulite-mc"
    path = Path(os.environ.get("LAZULITE_MC", built))
    return path if path.exists() else pytest.skip("the C++ runner is not in this build")


def run_cpp(*arguments):
    return subprocess.run([cpp_runner(), *map(str, arguments)], capture_output=True, text=True, check=False)
