# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a Python environment and a checkout are what they were pinned to, looked at and not remembered.

Runs on a node's own Python, 3.9.
"""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path

from .commands import run

# All imports from a cold disk; torch alone takes half a minute.
_SECONDS = 900
_PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)", re.MULTILINE)
_MOST_NAMED = 5


def pins(lock: str) -> dict[str, str]:
    """Return the versions that a requirements file pins, by normalized name (PEP 503)."""
    return {_normalized(name): version for name, version in _PIN.findall(lock)}


def installed(prefix: Path) -> dict[str, str]:
    """Return the versions installed in the environment at ``prefix``, by normalized name."""
    folders = [str(folder) for folder in prefix.glob("lib/python3.*/site-packages")]
    found = metadata.distributions(path=folders)
    return {_normalized(each.metadata["Name"]): each.version for each in found if each.metadata["Name"]}


def environment_problems(prefix: Path, lock: str, imports: list[str]) -> list[str]:
    """Return how the environment differs from its lock, or why its Python cannot import what it must.

    Args:
        prefix: the environment's folder.
        lock: a requirements file's text, each package pinned.
        imports: modules that must be importable.
    """
    python = prefix / "bin" / "python"
    if not python.exists():
        return [f"there is no {python}"]
    has, wanted = installed(prefix), pins(lock)
    missing = sorted(name for name in wanted if name not in has)
    other = sorted(
        f"{name} {has[name]} instead of {version}"
        for name, version in wanted.items()
        if has.get(name, version) != version
    )
    problems = [_listed(what, names) for what, names in (("not installed", missing), ("installed", other)) if names]
    return problems or _import_problems(python, imports)


def checkout_problems(folder: Path, commit: str) -> list[str]:
    """Return how a git checkout differs from the commit it is to be at."""
    head = folder / ".git" / "HEAD"
    if not head.is_file():
        return [f"{folder} is no git checkout"]
    at = head.read_text().strip()
    if at != commit:
        return [f"{folder} is at {at}, not at {commit}"]
    # git refuses a checkout of another user's, whose settings may have it run programs.
    status, changes = _run("git", "-C", str(folder), "status", "--porcelain", "--untracked-files=no")
    if status != 0:
        return [f"git status failed in {folder}: {changes}"]
    return [_listed(f"changed in {folder}", changes.splitlines())] if changes else []


def _import_problems(python: Path, imports: list[str]) -> list[str]:
    if not imports:
        return []
    status, output = _run(str(python), "-B", "-c", f"import {', '.join(imports)}")
    return [f"{python} cannot import what it must: {output.splitlines()[-1] if output else status}"] if status else []


def _run(*command: str) -> tuple[int, str]:
    return run(list(command), _SECONDS)


def _listed(what: str, names: list[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return f"{what}: {', '.join(name.strip() for name in names[:_MOST_NAMED])}{more}"


def _normalized(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
