"""The command line of lazulite-mc."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NoReturn

from lazulite.monte_carlo import paths, plot, report, schema, sobol
from lazulite.monte_carlo.build import model_inputs
from lazulite.monte_carlo.errors import InputError
from lazulite.monte_carlo.files import whole_file
from lazulite.monte_carlo.job import Job, JobFile
from lazulite.monte_carlo.outcome import Backend, Outcome
from lazulite.monte_carlo.progress import progress
from lazulite.monte_carlo.runner import run, work
from lazulite.monte_carlo.trace import Trace


def help_text() -> str:
    """The same for both runners."""
    return (Path(__file__).parent / "help.txt").read_text(encoding="utf-8").rstrip()


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


def name(text: str) -> str:
    if not text:
        raise argparse.ArgumentTypeError("'' will not do: give a name")
    return text


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = Parser(prog="lazulite-mc", add_help=False, allow_abbrev=False)
    parser.add_argument("command", choices=("run", "keys"))
    parser.add_argument("what")
    for option in ("paths", "seed", "threads"):
        parser.add_argument(f"--{option}", type=whole(schema.RANGES[option]))
    for option in ("job", "output", "save-paths", "plot"):
        parser.add_argument(f"--{option}", type=name)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--compare", choices=("numpy",))
    parser.add_argument("--sobol", action="store_true")
    parser.add_argument("--quiet", action="store_true")
    return parser.parse_args(arguments)


def chosen(options: argparse.Namespace) -> list[Job]:
    """The jobs to run, with what the command line says instead of the file."""
    file = JobFile(options.what)
    jobs = [job for job in file.jobs if options.job in (None, job.name)]
    if not jobs:
        names = ", ".join(job.name for job in file.jobs)
        raise InputError(f"{file.name}: has no job '{options.job}'; give --job one of {names}")
    if options.save_paths and len(jobs) > 1:
        problem = f"--save-paths saves the paths of one job, and {file.name} has {len(jobs)}"
        raise InputError(f"{problem}; choose one, for example --job '{jobs[0].name}'")
    for job in jobs:
        for name in ("paths", "seed"):
            if getattr(options, name) is not None and name in schema.MODEL_KEYS[job.model]:
                job.values[name] = getattr(options, name)
    return jobs


def run_file(options: argparse.Namespace) -> str:
    # All mistakes are found before the first path is drawn.
    jobs = chosen(options)
    inputs = [model_inputs(job) for job in jobs]
    if options.save_paths:
        paths.check(options.save_paths, jobs[0], inputs[0])
    if options.sobol:
        for other in ("compare", "save_paths"):
            if getattr(options, other):
                switch = f"--{other.replace('_', '-')}"
                raise InputError(f"{switch} has random numbers, --sobol has none; leave one of them out: --help")
        for job, given in zip(jobs, inputs, strict=True):
            sobol.check(job, given)
    ours = Backend.lazulite()
    if options.threads is not None:
        ours.xp.set_num_threads(options.threads)
    figure = plot.load(options.plot) if options.plot else None
    with ExitStack() as files:
        opened = {
            name: files.enter_context(whole_file(getattr(options, name), f"--{name.replace('_', '-')}"))
            for name in ("plot", "save_paths")
            if getattr(options, name)
        }
        outcomes: list[Outcome] = []
        for job, given in zip(jobs, inputs, strict=True):
            total = work(job, given)
            with progress(job.name, total, options.quiet) as update:
                outcomes.append(run(job, given, ours, update, Trace() if figure else None, options.sobol))
            if options.sobol and figure:
                with progress(f"{job.name} (random)", total, options.quiet) as update:
                    outcomes[-1].random = run(job, given, ours, update, Trace())
            if options.compare:
                with progress(f"{job.name} (numpy)", total, options.quiet) as update:
                    outcomes[-1].numpy = run(job, given, Backend.numpy(), update)
            if options.save_paths:
                with progress(f"{job.name} (saving)", total, options.quiet) as update:
                    paths.save(opened["save_paths"], job, given, ours, update)
        if figure:
            plot.draw(figure, opened["plot"], options.plot, outcomes)
    if options.json:
        return report.to_json(outcomes)
    text = report.table(outcomes)
    if options.sobol:
        text = f"{text}\n\n{report.SOBOL}"
    if options.compare:
        title = "The same formulas and as many paths in NumPy (other random numbers, so other digits beyond the error):"
        text = f"{text}\n\n{title}\n\n{report.comparison(outcomes)}"
    return text


def main(arguments: Sequence[str] | None = None) -> int:
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    try:
        if not arguments or "--help" in arguments or "-h" in arguments or arguments[0] == "help":
            text = help_text()
        elif arguments == ["--version"]:
            import lazulite

            text = f"lazulite-mc {lazulite.__version__}"
        else:
            options = parse(arguments)
            with ExitStack() as files:
                out = options.output and files.enter_context(whole_file(options.output, "--output"))
                if options.command == "run":
                    text = run_file(options)
                elif options.what in schema.MODELS:
                    text = schema.describe(options.what)
                else:
                    raise InputError(f"no model '{options.what}'; use one of {', '.join(schema.MODELS)}")
                if out:
                    out.write((text + "\n").encode("utf-8", "surrogateescape"))
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
