"""Key drivers of a survey of 14 questions, from a CSV file to the finished answer, as a person runs it.

    python -m benchmarks.drivers [--rows 10000 100000 1000000]

Exact LMG over all 16,384 subsets, 1,000 samples drawn anew, factors and interactions. Bar: 100,000 rows in seconds.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.machine import describe

QUESTIONS = 14


def write(path: Path, rows: int) -> None:
    """Write a survey whose questions share a mood, as those of real ones do."""
    rng = np.random.default_rng(26)
    mood = rng.normal(size=(rows, 1))
    ratings = np.clip(np.round(3.6 + 0.7 * mood + 0.9 * rng.normal(size=(rows, QUESTIONS))), 1, 5)
    weights = np.linspace(0.05, 0.5, QUESTIONS)
    outcome = np.clip(np.round(1 + ratings @ weights / weights.sum() * 1.9 + rng.normal(size=rows)), 0, 10)
    head = ",".join(["loyal", *(f"q{at}" for at in range(QUESTIONS))])
    np.savetxt(path, np.column_stack((outcome, ratings)), fmt="%d", delimiter=",", header=head, comments="")


def run(path: Path) -> tuple[float, float, float]:
    """Run the command; return seconds, processor seconds and megabytes at the most."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "heartline", "insight", "drivers", str(path), "--target", "loyal", "--json"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        _pid, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"the command ended with {process.returncode}")
    return time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main() -> None:
    """Print a row for each size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="*", default=[10_000, 100_000, 1_000_000])
    print(describe())
    print(f"{'rows':>10} {'seconds':>8} {'cpu':>6} {'MB':>6}")
    for rows in parser.parse_args().rows:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "survey.csv"
            write(path, rows)
            seconds, processor, memory = run(path)
        print(f"{rows:>10,} {seconds:>8.1f} {processor:>6.1f} {memory:>6.0f}")


if __name__ == "__main__":
    main()
