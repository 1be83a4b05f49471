# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest

from emulators.nodes.stand_ins import build_repository


def test_a_package_that_cannot_be_built_is_an_error(tmp_path: Path) -> None:
    specs = tmp_path / "specs"
    specs.mkdir()
    (specs / "broken.spec").write_text("Name: broken\n")
    with pytest.raises(RuntimeError, match="rpmbuild"):
        build_repository(specs, tmp_path / "repository")
    assert not list((tmp_path / "repository").glob("*.rpm"))
