# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the library asks of systemd, which scripts stand in for; the molecule scenario shard_worker has the real one."""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._runner.config import RunConfig
from ansible_collections.glossapi.farm.plugins.module_utils._runner.host import systemd
from ansible_collections.glossapi.farm.plugins.module_utils._runner.host.control import supervisor_for
from ansible_collections.glossapi.farm.plugins.module_utils._runner.host.detached import DetachedSupervisor
from ansible_collections.glossapi.farm.plugins.module_utils._runner.host.lock import take_lock
from ansible_collections.glossapi.farm.plugins.module_utils._runner.host.systemd import SystemdSupervisor, seconds
from ansible_collections.glossapi.farm.plugins.module_utils._runner.layout import Layout
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from tests.support.config import a_config

Says = Callable[..., None]

CONFIG = a_config(shard=3, workdir="")


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return Layout(tmp_path / "work", 3)


@pytest.fixture
def config(layout: Layout) -> RunConfig:
    return replace(CONFIG, workdir=str(layout.workdir))


@pytest.fixture
def says(tmp_path: Path, layout: Layout, monkeypatch: pytest.MonkeyPatch) -> Says:
    """Have systemctl describe a unit that fits, but for the properties given; sudo only writes down its arguments."""
    programs = tmp_path / "bin"
    programs.mkdir()
    refusal = tmp_path / "refusal"
    for name, text in {
        "systemctl": f"cat {tmp_path}/properties",
        "sudo": f'echo "$@" >> {tmp_path}/asked; [ ! -e {refusal} ] || {{ cat {refusal} >&2; exit 1; }}',
    }.items():
        (programs / name).write_text(f"#!/bin/sh\n{text}\n")
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(programs), prepend=os.pathsep)

    def say(**properties: str) -> None:
        unit = {
            "ActiveState": "inactive",
            "LoadState": "loaded",
            "RequiresMountsFor": "/",
            "SubState": "dead",
            "TimeoutStopUSec": "2min",
            "UnitFileState": "disabled",
            "User": getpass.getuser(),
            "WorkingDirectory": str(layout.workdir),
        }
        (tmp_path / "properties").write_text("".join(f"{key}={value}\n" for key, value in (unit | properties).items()))

    say()
    return say


def asked(tmp_path: Path) -> list[str]:
    path = tmp_path / "asked"
    return path.read_text().splitlines() if path.exists() else []


@pytest.mark.parametrize(
    ("span", "expected"), [("2min", 120), ("1h 1min 30s", 3690), ("500ms", 0.5), ("1w 2d", 777600), ("0", None)]
)
def test_time_spans_are_read_as_systemctl_writes_them(span: str, expected: float | None) -> None:
    if expected is None:
        with pytest.raises(FarmError, match="no time span"):
            seconds(span)
    else:
        assert seconds(span) == expected


def test_no_limit_is_longer_than_any() -> None:
    assert seconds("infinity") > 10**9


@pytest.mark.usefixtures("says")
def test_the_service_is_used_where_its_template_and_systemd_are(
    layout: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(systemd, "BOOTED", tmp_path)
    monkeypatch.setattr(systemd, "TEMPLATE", tmp_path / "glossapi-shard@.service")
    assert isinstance(supervisor_for(layout), DetachedSupervisor)
    systemd.TEMPLATE.touch()
    assert isinstance(supervisor_for(layout), SystemdSupervisor)
    monkeypatch.setattr(systemd, "BOOTED", tmp_path / "none")
    assert isinstance(supervisor_for(layout), DetachedSupervisor)


def test_one_that_was_detached_before_the_role_came_is_driven_as_what_it_is(
    says: Says, layout: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(systemd, "BOOTED", tmp_path)
    monkeypatch.setattr(systemd, "TEMPLATE", tmp_path)
    layout.create()
    descriptor = take_lock(layout.lock)
    assert descriptor is not None
    assert isinstance(supervisor_for(layout), DetachedSupervisor)
    says(ActiveState="active", SubState="running")
    assert isinstance(supervisor_for(layout), SystemdSupervisor)
    os.close(descriptor)


@pytest.mark.parametrize(
    ("state", "sub", "running", "up"),
    [
        ("active", "running", True, True),
        ("activating", "auto-restart", True, False),
        ("deactivating", "stop-sigterm", True, True),
        ("failed", "failed", False, False),
        ("inactive", "dead", False, False),
    ],
)
def test_a_service_that_systemd_starts_again_is_running_but_not_up(
    says: Says, layout: Layout, state: str, sub: str, running: bool, up: bool
) -> None:
    says(ActiveState=state, SubState=sub)
    supervisor = SystemdSupervisor(layout)
    assert (supervisor.is_running(), supervisor.is_up()) == (running, up)


@pytest.mark.usefixtures("says")
def test_a_start_leaves_all_that_a_later_boot_needs(layout: Layout, config: RunConfig, tmp_path: Path) -> None:
    layout.create()
    layout.progress.touch()
    assert SystemdSupervisor(layout).start(config, Connection())
    assert RunConfig.load(layout.config) == config
    assert layout.bundle.is_symlink()
    assert layout.bundle.resolve().parent == layout.bundles
    assert not layout.progress.exists()
    verbs = ["enable", "start"]
    assert asked(tmp_path) == [f"--non-interactive /usr/bin/systemctl {v} glossapi-shard@3.service" for v in verbs]


@pytest.mark.usefixtures("says")
def test_a_trials_service_is_another_and_no_boot_resumes_it(layout: Layout, config: RunConfig, tmp_path: Path) -> None:
    assert SystemdSupervisor(layout, systemd.TRIAL).start(config, Connection())
    assert asked(tmp_path) == ["--non-interactive /usr/bin/systemctl start glossapi-smoke@3.service"]


def test_one_that_runs_is_not_started_again(says: Says, layout: Layout, config: RunConfig, tmp_path: Path) -> None:
    says(ActiveState="active", SubState="running")
    assert not SystemdSupervisor(layout).start(config, Connection())
    assert asked(tmp_path) == []
    assert not layout.config.exists()


@pytest.mark.parametrize(
    ("properties", "reason"),
    [
        ({"User": "somebody"}, r"runs as somebody: .*become_user"),
        ({"LoadState": "not-found"}, r"There is no glossapi-shard@3\.service .*not-found.*--tags shard_worker"),
        ({"WorkingDirectory": "/elsewhere"}, "works in /elsewhere, not in .*--tags shard_worker"),
        ({"TimeoutStopUSec": "59s"}, r"killed 59 s after .*grace_seconds \(60\)"),
        ({"RequiresMountsFor": "/proc /tmp-no-mount"}, "No disk is mounted for .*--tags nvme"),
    ],
)
def test_a_unit_that_does_not_fit_is_told_before_anything_is_written(
    says: Says, layout: Layout, config: RunConfig, tmp_path: Path, properties: dict[str, str], reason: str
) -> None:
    says(**properties)
    with pytest.raises(FarmError, match=reason):
        SystemdSupervisor(layout).start(config, Connection())
    assert not layout.workdir.exists()
    assert asked(tmp_path) == []


@pytest.mark.usefixtures("says")
def test_keys_are_refused_as_they_would_have_to_be_written_down(layout: Layout, config: RunConfig) -> None:
    with pytest.raises(FarmError, match="written nowhere: remove them") as error:
        SystemdSupervisor(layout).start(config, Connection(access_key="key-id", secret_key="hidden"))
    assert "hidden" not in str(error.value)
    assert not layout.workdir.exists()


@pytest.mark.parametrize(
    ("state", "file", "verbs"),
    [
        ("active", "enabled", ["disable", "stop"]),
        ("failed", "enabled", ["disable"]),
        ("active", "disabled", ["stop"]),
        ("inactive", "disabled", []),
    ],
)
def test_a_stop_also_keeps_it_from_the_next_boot(
    says: Says, layout: Layout, tmp_path: Path, state: str, file: str, verbs: list[str]
) -> None:
    says(ActiveState=state, UnitFileState=file)
    supervisor = SystemdSupervisor(layout)
    assert supervisor.has_to_stop() is bool(verbs)
    assert supervisor.stop(60) is bool(verbs)
    assert asked(tmp_path) == [f"--non-interactive /usr/bin/systemctl {v} glossapi-shard@3.service" for v in verbs]


@pytest.mark.usefixtures("says")
def test_what_systemd_refuses_is_told_in_its_words(layout: Layout, config: RunConfig, tmp_path: Path) -> None:
    (tmp_path / "refusal").write_text("Job failed. See journalctl.\n")
    with pytest.raises(FarmError, match=r"enable glossapi-shard@3\.service failed with status 1: Job failed"):
        SystemdSupervisor(layout).start(config, Connection())


def test_a_machine_without_systemctl_is_told(layout: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FarmError, match="systemctl show"):
        SystemdSupervisor(layout).is_running()


def test_the_log_is_told_with_where_to_find_systemds_own(says: Says, layout: Layout) -> None:
    layout.create()
    layout.log.write_text("last words\n")
    assert SystemdSupervisor(layout).log_tail() == "last words (More: journalctl --unit glossapi-shard@3.service)"
    says(ActiveState="activating", SubState="auto-restart")
    assert SystemdSupervisor(layout).log_tail().endswith("starts it again until it is stopped (state: stopped).")
