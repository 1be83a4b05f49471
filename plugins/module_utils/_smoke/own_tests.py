# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""glossAPI's own tests: all that were asked for ran and passed."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from .._errors import FarmError

# Its smoke test loads the models from a cold disk, and downloads them at the first time.
_SECONDS = 3600
_TAIL_LINES = 40


def run_tests(checkout: Path, files: list[str]) -> int:
    """Run these test files of the checkout with this Python and return how many tests passed.

    Raises:
        FarmError: one failed, was skipped, or there was none: each leaves open what was to be shown.
    """
    with tempfile.TemporaryDirectory() as scratch:
        report = Path(scratch) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--basetemp={scratch}/tests"]
        try:
            finished = subprocess.run(
                [*command, f"--junit-xml={report}", *files],
                cwd=checkout,
                # What the caller's pytest is told is not for this one.
                env={name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise FarmError(f"glossAPI's own tests {files} did not end within {_SECONDS} s.") from error
        counts = _counts(report)
    unproven = {name: counts[name] for name in ("failures", "errors", "skipped") if counts[name]}
    passed = counts["tests"] - sum(unproven.values())
    if finished.returncode != 0 or unproven or not passed:
        tail = "\n".join(finished.stdout.splitlines()[-_TAIL_LINES:])
        said = ", ".join(f"{count} {name}" for name, count in unproven.items()) or f"status {finished.returncode}"
        raise FarmError(f"glossAPI's own tests {files} did not all pass: {said}, {passed} passed. The end:\n{tail}")
    return passed


def _counts(report: Path) -> dict[str, int]:
    """Return the sums of a JUnit report's suites; zeros where there is no report."""
    names = ("tests", "failures", "errors", "skipped")
    if not report.exists():
        return dict.fromkeys(names, 0)
    # Written by pytest, a moment ago.
    suites = list(ElementTree.parse(report).getroot().iter("testsuite"))  # noqa: S314
    return {name: sum(int(suite.get(name, 0)) for suite in suites) for name in names}
