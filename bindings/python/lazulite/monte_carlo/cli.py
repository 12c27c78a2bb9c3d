"""The command line of lazulite-mc."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Sequence
from typing import NoReturn

from lazulite.monte_carlo import report, schema
from lazulite.monte_carlo.build import model_inputs
from lazulite.monte_carlo.errors import InputError
from lazulite.monte_carlo.job import JobFile
from lazulite.monte_carlo.progress import progress
from lazulite.monte_carlo.runner import Backend, Outcome, run

HELP = """\
lazulite-mc: option prices and portfolio risk by Monte-Carlo simulation

Price what a job file describes:
  lazulite-mc run job.toml

Write a job file: print one to start from, then edit it:
  lazulite-mc keys european > job.toml      (also: pi, asian, barrier, portfolio)

Change a run without editing the file:
  lazulite-mc run job.toml --paths 1e7              ten million paths
  lazulite-mc run job.toml --seed 7                 other random numbers; the same seed gives the same bits
  lazulite-mc run job.toml --threads 1              on one core; the answers do not change

Use the results elsewhere:
  lazulite-mc run job.toml --json                   JSON instead of a table
  lazulite-mc run job.toml --json --output r.json   into a file, which appears when it is complete

See what Lazulite is worth:
  lazulite-mc run job.toml --compare numpy          the same formulas in plain NumPy: both answers, the ratio of times

Options of run:
  --paths N           2 to 10^15; replaces paths of every job
  --seed N            replaces seed of every job
  --threads N         threads to use; by default all cores
  --json              JSON on standard output
  --output FILE       write there what would be printed
  --compare numpy     run every job a second time in NumPy
  --quiet             no progress bar (there is none either where standard error is no terminal)

A smallest job, a call option on a price of your own:
  [[job]]
  model = "european"
  spot = 100.0
  strike = 105.0
  volatility = 0.2

Exit status: 0 all is well, 2 an input was wrong (one line says which, where, and what to do), 130 interrupted.
"""


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are ours: one line, exit status 2."""

    def error(self, message: str) -> NoReturn:
        raise InputError(f"{message}; see lazulite-mc --help")


def whole(interval: schema.Range):
    """Reads 1000000, 1_000_000 or 1e6."""

    def read(text: str) -> int:
        match = re.fullmatch(r"(\d[\d_]{0,30})(?:e(\d{1,2}))?", text, re.ASCII)
        value = int(match[1].replace("_", "")) * 10 ** int(match[2] or 0) if match else -1
        if not match or not interval.holds(value):
            raise argparse.ArgumentTypeError(f"'{text}' will not do: {interval.words}")
        return value

    return read


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = Parser(prog="lazulite-mc", add_help=False, allow_abbrev=False)
    parser.add_argument("command", choices=("run", "keys"))
    parser.add_argument("what")
    parser.add_argument("--paths", type=whole(schema.PATHS))
    parser.add_argument("--seed", type=whole(schema.SEED))
    parser.add_argument("--threads", type=whole(schema.THREADS))
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--output")
    parser.add_argument("--compare", choices=("numpy",))
    parser.add_argument("--quiet", action="store_true")
    return parser.parse_args(arguments)


def run_file(options: argparse.Namespace) -> str:
    file = JobFile(options.what)
    for job in file.jobs:
        for name in ("paths", "seed"):
            if getattr(options, name) is not None:
                job.values[name] = getattr(options, name)
    # All mistakes are found before the first path is drawn.
    inputs = [model_inputs(job) for job in file.jobs]
    ours = Backend.lazulite()
    if options.threads is not None:
        ours.xp.set_num_threads(options.threads)
    outcomes: list[Outcome] = []
    for job, given in zip(file.jobs, inputs, strict=True):
        with progress(job.name, job["paths"], options.quiet) as update:
            outcomes.append(run(job, given, ours, update))
        if options.compare:
            with progress(f"{job.name} (numpy)", job["paths"], options.quiet) as update:
                outcomes[-1].numpy = run(job, given, Backend.numpy(), update)
    if options.json:
        return report.to_json(outcomes)
    text = report.table(outcomes)
    if options.compare:
        title = "The same formulas and as many paths in NumPy (other random numbers, so other digits beyond the error):"
        text = f"{text}\n\n{title}\n\n{report.comparison(outcomes)}"
    return text


def main(arguments: Sequence[str] | None = None) -> int:
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    try:
        if not arguments or "--help" in arguments or "-h" in arguments or arguments[0] == "help":
            text = HELP.rstrip()
        elif arguments == ["--version"]:
            import lazulite

            text = f"lazulite-mc {lazulite.__version__}"
        else:
            options = parse(arguments)
            if options.command == "keys":
                if options.what not in schema.MODELS:
                    raise InputError(f"no model '{options.what}'; use one of {', '.join(schema.MODELS)}")
                text = schema.describe(options.what)
            else:
                text = run_file(options)
            if options.output:
                report.write_whole(options.output, text + "\n")
                return 0
        print(text, flush=True)
    except InputError as error:
        message = str(error).replace("\n", " ")
        print(f"lazulite-mc: {message}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("lazulite-mc: interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader has seen enough, as in `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return 0
