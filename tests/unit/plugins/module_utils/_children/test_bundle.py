# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._children.bundle import (
    collect_sources,
    link_bundle,
    make_program,
    pin_bundle,
    with_bundle,
    without_bundle,
    write_bundle,
)
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError

pytestmark = pytest.mark.slow

PACKAGE = "ansible_collections.glossapi.farm.plugins.module_utils"
SERVICE = f"{PACKAGE}._runner.host.service"
WORKER = f"{PACKAGE}._runner.worker.main"


def test_the_same_sources_give_the_same_file(tmp_path: Path) -> None:
    first = write_bundle([SERVICE, WORKER], tmp_path)
    content = first.read_bytes()
    second = write_bundle([WORKER, SERVICE], tmp_path / "..")
    assert second.name == first.name
    assert second.read_bytes() == content
    second.unlink()


def test_a_program_starts_with_its_own_source_and_finds_the_library_in_itself(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    start = f"from {PACKAGE}._formatting import duration\nprint(duration(61))\n"
    program.write_bytes(make_program([f"{PACKAGE}._formatting"], start))
    told = subprocess.run([sys.executable, "-I", str(program)], capture_output=True, text=True, check=True)
    assert told.stdout == "1 min 1 s\n"


def test_a_bundle_has_all_the_library_imports_and_nothing_of_ansible() -> None:
    sources = collect_sources([SERVICE, WORKER])
    assert f"{PACKAGE}._pipelines.pdftext.pipeline" in sources
    assert f"{PACKAGE}._records.markers" in sources
    assert not [name for name, source in sources.items() if "import ansible." in source or "from ansible." in source]


def test_python_runs_from_the_bundle_though_another_package_of_the_name_is_on_the_path(tmp_path: Path) -> None:
    other = tmp_path / "other" / "ansible_collections"
    other.mkdir(parents=True)
    (other / "__init__.py").touch()
    bundle = write_bundle([WORKER], tmp_path)
    environment = with_bundle(bundle, os.environ | {"PYTHONPATH": str(other.parent)})
    code = f"import {WORKER} as worker; print(worker.__file__)"
    result = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert result.stdout.startswith(str(bundle))


def test_other_programs_get_the_environment_without_it(tmp_path: Path) -> None:
    for before in ({"A": "1"}, {"A": "1", "PYTHONPATH": "/lib"}):
        assert without_bundle(with_bundle(tmp_path, before)) == before


def test_a_module_that_does_not_exist_is_named() -> None:
    with pytest.raises(FarmError, match="no_such_module"):
        collect_sources([f"{PACKAGE}._runner.no_such_module"])


def test_a_link_is_replaced_and_its_processes_keep_the_bundle_it_named(tmp_path: Path) -> None:
    link = tmp_path / "shard_1.zip"
    for name in ("old.zip", "new.zip"):
        (tmp_path / name).touch()
    link_bundle(tmp_path / "old.zip", link)
    pinned = pin_bundle(with_bundle(link, {"PYTHONPATH": "/lib"}))
    link_bundle(tmp_path / "new.zip", link)
    assert link.resolve() == tmp_path / "new.zip"
    assert pinned == with_bundle(tmp_path / "old.zip", {"PYTHONPATH": "/lib"})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new.zip", "old.zip", "shard_1.zip"]


def test_without_a_bundle_there_is_nothing_to_pin() -> None:
    assert pin_bundle({"A": "1"}) == {"A": "1"}


def test_a_bundle_that_a_disk_has_spoiled_is_written_anew(tmp_path: Path) -> None:
    bundle = write_bundle(["ansible_collections.glossapi.farm.plugins.module_utils._errors"], tmp_path)
    content = bundle.read_bytes()
    bundle.write_bytes(b"")
    assert write_bundle(["ansible_collections.glossapi.farm.plugins.module_utils._errors"], tmp_path) == bundle
    assert bundle.read_bytes() == content
