"""What the scripts of tools/bench have in common: running `fude bench train`, in rounds, and printing a table."""

import argparse
import ctypes
import functools
import json
import os
import re
import statistics
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CASES = ["char-tiny", "char-small", "char-mid", "char-large", "word-ptb"]


def program():
    return os.path.basename(sys.argv[0])


def fail(message):
    """One line, and exit code 1."""
    sys.exit(f"{program()}: error: {message}")


def arguments(script, choices=CASES, default=CASES, what="CASE"):
    """A parser with the flags that all scripts take. Its help is the comment at the head of the script."""
    head = re.match(r"#!.*\n((?:#.*\n)+)", open(script, encoding="utf-8").read()).group(1)
    parser = argparse.ArgumentParser(
        prog=program(), description=re.sub(r"^# ?", "", head, flags=re.M),
        formatter_class=argparse.RawDescriptionHelpFormatter)
    # argparse looks at the default of positional arguments as at one of them: hence "names or default" below.
    parser.add_argument("names", nargs="*", metavar=what, help=f"of {' '.join(choices)} (default: {' '.join(default)})")
    parser.add_argument("--rounds", type=int, default=5, help="turns of each side; figures are medians (default: 5)")
    parser.add_argument("--seconds", type=float, default=2, help="time of a turn; at least two steps (default: 2)")
    parser.add_argument("--fude", default=os.path.join(ROOT, "build", "fude"), help="the program (default: build/fude)")
    parser.add_argument("--threads", type=int, help="of both sides (default: one a core)")
    parser.add_argument("--backend", help="given to fude (default: its own)")
    parser.add_argument("--precision", help="given to fude (default: its own)")
    parser.set_defaults(choices=choices, default=default)
    return parser


def parse(parser):
    options = parser.parse_args()
    options.names = options.names or options.default
    for name in options.names:
        if name not in options.choices:
            parser.error(f"unknown name {name}, expected one of: {' '.join(options.choices)}")
    if options.rounds < 1:
        parser.error(f"--rounds must be 1 or more, got {options.rounds}")
    if not os.access(options.fude, os.X_OK):
        fail(f"no program {options.fude}: build it (cmake --preset release && cmake --build --preset release), "
             "or name it with --fude")
    return options


def run_json(command, **more):
    """What `command` prints, as JSON; its complaint ends the script."""
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more)
    except OSError as error:
        fail(f"{command[0]}: {error.strerror}")
    if done.returncode != 0:
        fail(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr.strip()}")
    return json.loads(done.stdout)


def fude_row(options, case, flags=()):
    """One measure of `fude bench train CASE`: its row."""
    command = [options.fude, "bench", "train", case, "--rounds", "1", "--seconds", str(options.seconds),
               "--format", "json", *flags]
    for name in ("threads", "backend", "precision"):
        if getattr(options, name) is not None:
            command += [f"--{name}", str(getattr(options, name))]
    return run_json(command)[0]


@functools.cache
def openblas_core():
    """{"OPENBLAS_CORETYPE": ...} for an OpenBLAS that takes this processor for one without AVX2; else empty."""
    older = ("Katmai Coppermine Northwood Prescott Banias Atom Core2 Penryn Dunnington Nehalem Athlon Opteron "
             "Opteron_SSE3 Barcelona Nano Sandybridge Bobcat Bulldozer Piledriver Steamroller").split()
    try:
        name = ctypes.CDLL("libopenblas.so.0").openblas_get_corename
        name.restype = ctypes.c_char_p
        flags = open("/proc/cpuinfo", encoding="utf-8").read().split()
    except (OSError, AttributeError):
        return {}
    if name().decode() not in older or "avx2" not in flags:
        return {}
    return {"OPENBLAS_CORETYPE": "SkylakeX" if "avx512f" in flags else "Haswell"}


def thread_count(options):
    return options.threads or os.cpu_count()


def counted(number, thing):
    return f"{number} {thing}{'' if number == 1 else 's'}"


def machine(row):
    """The lines over a table that say what it is about."""
    return (f"cpu      {row['cpu']}, {row['isa']}\n"
            f"fude     commit {row['commit']}, {row['backend']}, {row['precision']}, {counted(row['threads'], 'thread')}")


def say(line):
    """How far it is: on standard error, where it is no part of the table."""
    print(f"{program()}: {line}", file=sys.stderr, flush=True)


def print_table(titles, rows):
    """The first column set left, the others right."""
    lines = [titles, *rows]
    widths = [max(len(line[k]) for line in lines) for k in range(len(titles))]
    for line in lines:
        cells = [text.ljust(width) if k == 0 else text.rjust(width) for k, (text, width) in enumerate(zip(line, widths))]
        print("  ".join(cells).rstrip())


def median(values):
    return statistics.median(values)
