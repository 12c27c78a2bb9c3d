#!/usr/bin/env python3
"""What the compiler says of wrong programs, and what it takes to compile a right one.

    tests/cpp/header/wrong_programs.py COMPILER INCLUDE_FLAGS...

Each wrong program must give one error, of one readable line; a program of one expression must compile in 5 s and 1 GB
at -O2, without a warning.
"""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

ARCH = ["-march=haswell", "-maes", "-mpclmul"] if os.uname().machine == "x86_64" else ["-march=armv8-a+crypto"]
WARNINGS = ["-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Wpedantic", "-Werror"]
PROGRAM = """namespace lz = lazulite;
void f(lz::array<double, 2>& a, lz::array<double, 1>& b, lz::array<int32_t, 1>& i, lz::array<bool, 1>& t,
       lz::array<int8_t, 1>& c, lz::array<uint64_t, 1>& u, lz::array<int64_t, 1>& s, const lz::array<double, 1>& k) {
  (void)a, (void)b, (void)i, (void)t, (void)c, (void)u, (void)s, (void)k;
  %s
}
"""
INCLUDE = "#include <lazulite/lazulite.h>\n"
# A statement, and what the one error must say.
WRONG = {
    "b = a + 1;": "the expression has more axes than what it is assigned to",
    "lz::array<double, 1> r = a + 1;": "the expression has another number of axes than the array",
    "a(1) = 2;": "there must be one index for every axis",
    "i += 0.5;": "the result is of another kind than the array",
    "auto r = -t; (void)r;": "bools have no unary -",
    "auto r = t - t; (void)r;": "bools have no -;",
    "auto r = b & b; (void)r;": "this function is not defined for elements of this type",
    "auto r = sin(c); (void)r;": "NumPy gives float16",
    "auto r = reciprocal(i); (void)r;": "reciprocal of integers is not supported",
    "lz::as_view(k) = 1;": "the elements of this view are const",
    "b = std::string();": "only arrays, expressions and numbers can be assigned",
    "sum(b, lz::axes(0, 1));": "the expression has fewer axes than are to be reduced",
}
# Flags, and what the compiler must say of the empty program.
FLAGS = {
    "-ffast-math": "lets the compiler change results",
    "-march=x86-64-v3": "-march=x86-64-v3 alone lacks -maes -mpclmul. Or define LAZULITE_DISPATCH",
    "-march=x86-64": "select no SIMD target",
    "-std=c++14": "needs C++17",
}
# Flags of a weaker target than they look like, and what the compiler must say beside no error.
TRAPS = {
    "-mavx2 -maes -mpclmul": "have AVX2, but select SSE4",
    "-march=haswell -maes -mpclmul -mavx512f": "have AVX-512, but select AVX2",
}
DISPATCHED = {
    "b = lz::map([](auto x) { return x + 1.0; }, b);": "map's function is written as LAZULITE_VECTORS",
}


def compile_program(command: list[str], text: str, *flags: str) -> subprocess.CompletedProcess:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "program.cpp")
        source.write_text(text)
        return subprocess.run(
            [*command, *flags, str(source), "-o", f"{folder}/program.o"], capture_output=True, text=True, timeout=300
        )


def precompiled(command: list[str], folder: str) -> list[str]:
    """The flags that include the library, compiled once for many programs."""
    header = Path(folder, "prefix.h")
    header.write_text(INCLUDE)
    run = [*command, *ARCH, "-x", "c++-header", str(header), "-o", f"{header}.gch"]
    subprocess.run([x for x in run if x != "-c"], check=True, timeout=300)
    return [*ARCH, "-include", str(header), "-fsyntax-only"]


def errors(run: subprocess.CompletedProcess) -> list[str]:
    return re.findall(r"error: (.*)", run.stderr)


def main(arguments: list[str]) -> int:
    command = [arguments[0], "-std=c++17", *arguments[1:], "-c"]
    complaints = []
    with tempfile.TemporaryDirectory() as folder:
        flags = precompiled(command, folder)
        for statement, message in WRONG.items():
            found = errors(compile_program(command, PROGRAM % statement, *flags))
            if len(found) != 1 or message not in found[0]:
                complaints.append(f"{statement}\n  expected one error: ...{message}...\n  " + "\n  ".join(found))
    for flag, message in FLAGS.items() if os.uname().machine == "x86_64" else ():
        arch = [] if flag.startswith("-march") else ARCH
        found = errors(compile_program(command, INCLUDE, *arch, flag, "-fsyntax-only"))
        if not found or message not in found[0]:
            complaints.append(f"{flag}: expected ...{message}...\n  " + "\n  ".join(found[:3]))
        no_error = compile_program(command, INCLUDE, "-DLAZULITE_DISPATCH", *flag.split(), "-fsyntax-only")
        if flag.startswith("-march") and no_error.returncode != 0:
            complaints.append(f"{flag} with LAZULITE_DISPATCH:\n{no_error.stderr}")
    for trap, message in TRAPS.items() if os.uname().machine == "x86_64" else ():
        run = compile_program(command, INCLUDE, *trap.split(), *WARNINGS, "-fsyntax-only")
        if run.returncode != 0 or message not in run.stderr:
            complaints.append(f"{trap}: expected ...{message}...\n{run.stderr[:400]}")
        run = compile_program(command, INCLUDE, "-DLAZULITE_DISPATCH", *trap.split(), *WARNINGS, "-fsyntax-only")
        if run.stderr:
            complaints.append(f"{trap} with LAZULITE_DISPATCH:\n{run.stderr[:400]}")
    for statement, message in DISPATCHED.items() if os.uname().machine == "x86_64" else ():
        found = errors(compile_program(command, INCLUDE + PROGRAM % statement, "-DLAZULITE_DISPATCH", "-fsyntax-only"))
        if not found or message not in found[0]:
            complaints.append(f"{statement} with LAZULITE_DISPATCH: expected ...{message}...\n  " + "\n  ".join(found))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run = compile_program(command, INCLUDE + PROGRAM % "b = k * exp(b) + 1.0;", *ARCH, *WARNINGS, "-O2")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds, memory = after.ru_utime - before.ru_utime, after.ru_maxrss / 1024
    print(f"one expression at -O2: {seconds:.1f} s, {memory:.0f} MB")
    if run.returncode != 0:
        complaints.append("a right program does not compile without warnings:\n" + run.stderr)
    # Twice the promise: the machine may be shared.
    if seconds > 10 or memory > 1024:
        complaints.append("that is too much")
    wrong = len(WRONG) + len(FLAGS) + len(DISPATCHED)
    print("\n".join(complaints) if complaints else f"{wrong} wrong programs: all errors as expected")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
