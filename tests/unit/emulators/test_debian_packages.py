# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest

from emulators.debian_packages import install_missing


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have an apt-get that only notes what it is asked for, beside the one program there is."""
    folder = tmp_path / "bin"
    folder.mkdir()
    log = tmp_path / "asked"
    for name, script in (("apt-get", f'echo "$@" >> {log}'), ("present", ":")):
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    return log


def test_only_the_packages_of_missing_programs_are_installed(asked: Path) -> None:
    assert install_missing({"present": "a", "absent": "z", "gone": "b"}) == ["b", "z"]
    assert asked.read_text().splitlines()[-1].endswith("--no-install-recommends b z")


def test_where_nothing_is_missing_nothing_is_asked_for(asked: Path) -> None:
    assert install_missing({"present": "a"}) == []
    assert not asked.exists()
