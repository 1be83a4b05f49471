# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""``make test``: runs every part, whatever became of the others, then says what each came to.

What a part says goes to a file below ``.test``, and to the terminal where it failed. One part runs at a time, the
shortest first: each keeps all cores busy by itself, and two beside each other took longer than one after the other.
"""

from __future__ import annotations

import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

_REPOSITORY = Path(__file__).parents[1]
PARTS = ("lint", "unit", "build", "molecule", "integration")


@dataclass(frozen=True)
class Outcome:
    """What one part came to.

    Attributes:
        seconds: it took.
        passed: tests; ``None`` for a part that has no tests.
        skipped: how many tests were skipped for each reason.
    """

    part: str
    is_good: bool
    seconds: float
    passed: int | None = None
    skipped: Counter[str] = field(default_factory=Counter)


def main() -> int:
    """Run the parts, and return 0 where all of them are good."""
    folder = _REPOSITORY / ".test"
    folder.mkdir(exist_ok=True)
    outcomes = [run(part, folder) for part in PARTS]
    print(table(outcomes), flush=True)
    return 0 if all(outcome.is_good for outcome in outcomes) else 1


def run(part: str, folder: Path) -> Outcome:
    """Return what ``make <part>`` came to; what it said is in ``<folder>/<part>.log``."""
    print(f"{part} began", flush=True)
    results, log = folder / f"{part}.xml", folder / f"{part}.log"
    results.unlink(missing_ok=True)
    began = time.monotonic()
    with log.open("wb") as file:
        status = subprocess.run(
            ["make", "--no-print-directory", part, f"PYTEST=pytest --junitxml={results}"],  # noqa: S607
            cwd=_REPOSITORY,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            check=False,
        ).returncode
    passed, skipped = read_results(results)
    outcome = Outcome(part, status == 0, time.monotonic() - began, passed, skipped)
    said = "" if outcome.is_good else f"{log.read_text(errors='replace')}\n"
    print(f"{said}{part} {'is good' if outcome.is_good else 'FAILED'} after {outcome.seconds:.0f} s", flush=True)
    return outcome


def read_results(path: Path) -> tuple[int | None, Counter[str]]:
    """Return how many tests passed, by pytest's JUnit file, and how many were skipped for each reason.

    The first is ``None`` where there is no such file, as of a part without tests.
    """
    if not path.exists():
        return None, Counter()
    passed, skipped = 0, Counter[str]()
    for case in ElementTree.parse(path).iter("testcase"):  # noqa: S314 - our own
        skip = case.find("skipped")
        if skip is not None:
            skipped[skip.get("message", "")] += 1
        elif case.find("failure") is None and case.find("error") is None:
            passed += 1
    return passed, skipped


def table(outcomes: Sequence[Outcome]) -> str:
    """Return a line for each part, and one for each reason to skip tests."""
    lines = [f"{'part':<14}{'':<8}{'passed':>8}{'skipped':>9}{'seconds':>9}"]
    for outcome in outcomes:
        passed = "" if outcome.passed is None else str(outcome.passed)
        skipped = "" if outcome.passed is None else str(outcome.skipped.total())
        verdict = "good" if outcome.is_good else "FAILED"
        lines.append(f"{outcome.part:<14}{verdict:<8}{passed:>8}{skipped:>9}{outcome.seconds:>9.0f}")
    reasons = sum((outcome.skipped for outcome in outcomes), Counter[str]())
    lines += [f"skipped {count}: {reason}" for reason, count in reasons.most_common()]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
