# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An environment for each version of Ansible that the collection is tried with."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

_REPOSITORY = Path(__file__).parents[2]
_REQUIREMENTS = _REPOSITORY / "requirements"
_UV = Path(sys.executable).with_name("uv")
_PINNED_ANSIBLE = re.compile(r"^ansible(-core)?==.*\n", re.MULTILINE)


class NoPythonError(Exception):
    """This machine has no Python that the version of Ansible runs on."""


@dataclass(frozen=True)
class AnsibleVersion:
    """A version of Ansible.

    Attributes:
        name: of ``requirements/ansible-<name>.txt``, which pins it.
        pythons: the minor versions of Python 3 that it runs on, the best one first.
    """

    name: str
    pythons: tuple[int, ...]

    @property
    def folder(self) -> Path:
        """Where its environment is."""
        return _REPOSITORY / ".venv" / f"ansible-{self.name}"


OLDEST = AnsibleVersion("oldest", (11, 12, 13))
NEWEST = AnsibleVersion("newest", (13, 12, 14))
VERSIONS = {version.name: version for version in (OLDEST, NEWEST)}


def chosen() -> AnsibleVersion | None:
    """Return the version in whose environment this process runs; ``None`` where it is not one of these."""
    return next((version for version in VERSIONS.values() if Path(sys.prefix) == version.folder), None)


def environment(version: AnsibleVersion) -> Path:
    """Return the Python of the version's environment, made anew where what it is made from has changed.

    Raises:
        NoPythonError: there is no Python for it.
    """
    stamp = version.folder / "made-from"
    python = version.folder / "bin" / "python"
    constraints = _PINNED_ANSIBLE.sub("", (_REQUIREMENTS / "constraints.txt").read_text())
    pins = _REQUIREMENTS / f"ansible-{version.name}.txt"
    lists = [_REQUIREMENTS / f"{name}.in" for name in ("versions", "demo", "controller", "node")]
    made_from = "".join([constraints, pins.read_text(), *(path.read_text() for path in lists)])
    if stamp.exists() and stamp.read_text() == made_from:
        return python
    base = find_python(version, candidates())
    shutil.rmtree(version.folder, ignore_errors=True)
    _uv("venv", "--python", str(base), str(version.folder))
    others = version.folder / "constraints.txt"
    others.write_text(constraints)
    # As the Makefile: where the machine has certificates of its own, they are to be trusted.
    _uv(
        *("pip", "install", "--system-certs", "--python", str(python), "--constraint", str(others)),
        *("--constraint", str(pins), "--requirement", str(lists[0])),
    )
    stamp.write_text(made_from)
    return python


def _uv(*arguments: str) -> None:
    finished = subprocess.run([str(_UV), *arguments], capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr


def candidates() -> Iterator[Path]:
    """Yield what may be a Python: this one, those in the ``PATH``, and those that pyenv has."""
    yield Path(sys.executable)
    for minor in sorted({minor for version in VERSIONS.values() for minor in version.pythons}):
        found = shutil.which(f"python3.{minor}")
        if found:
            yield Path(found)
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    yield from sorted(root.glob("versions/3.*/bin/python"))


def find_python(version: AnsibleVersion, found: Iterable[Path]) -> Path:
    """Return the best of the candidates.

    Raises:
        NoPythonError: none is of a version that Ansible runs on.
    """
    minors = {path: _minor(path) for path in found}
    fit = [path for path, minor in minors.items() if minor in version.pythons]
    if not fit:
        wanted = ", ".join(f"3.{minor}" for minor in sorted(version.pythons))
        raise NoPythonError(f"the {version.name} Ansible needs Python {wanted}, and this machine has none")
    return min(fit, key=lambda path: version.pythons.index(minors[path] or 0))


def _minor(python: Path) -> int | None:
    """Return the minor version of a Python 3; ``None`` for what is none, as a shim of pyenv without a version."""
    program = "import sys; print(sys.version_info.minor if sys.version_info.major == 3 else '')"
    finished = subprocess.run([str(python), "-c", program], capture_output=True, text=True, check=False)
    text = finished.stdout.strip()
    return int(text) if finished.returncode == 0 and text.isdecimal() else None
