# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from tests.versions.environments import NEWEST, OLDEST, AnsibleVersion, NoPythonError, find_python


def _python(folder: Path, minor: int | None) -> Path:
    """Return a stand-in that says which Python it is, or fails as a shim without a version."""
    path = folder / f"python{minor}"
    path.write_text("#!/bin/sh\n" + (f"echo {minor}\n" if minor else "exit 127\n"))
    path.chmod(0o755)
    return path


def test_each_version_has_the_python_that_it_prefers(tmp_path: Path) -> None:
    pythons = {minor: _python(tmp_path, minor) for minor in (None, 10, 11, 12, 13)}
    assert find_python(NEWEST, pythons.values()) == pythons[13]
    assert find_python(OLDEST, pythons.values()) == pythons[11]
    assert find_python(NEWEST, [pythons[12], pythons[11]]) == pythons[12]


def test_without_a_python_it_says_which_ones_would_do(tmp_path: Path) -> None:
    with pytest.raises(NoPythonError, match=r"the newest Ansible needs Python 3\.12, 3\.13, 3\.14, and this"):
        find_python(NEWEST, [_python(tmp_path, 11), _python(tmp_path, None)])


def _core(repository: Path, version: AnsibleVersion) -> tuple[int, ...]:
    pins = (repository / "requirements" / f"ansible-{version.name}.txt").read_text()
    (core,) = re.findall(r"^ansible-core==(.+)$", pins, re.MULTILINE)
    return tuple(map(int, core.split(".")))


def test_what_the_collection_asks_for_ends_where_the_tests_do(repository: Path) -> None:
    required = yaml.safe_load((repository / "meta/runtime.yml").read_text())["requires_ansible"]
    oldest, newest = _core(repository, OLDEST), _core(repository, NEWEST)
    assert required == f">={'.'.join(map(str, oldest))},<{newest[0]}.{newest[1] + 1}"
