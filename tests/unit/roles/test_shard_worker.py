# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The unit and the sudoers file fit the library that they run and that drives them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from ansible_collections.glossapi.farm.plugins.module_utils._runner.host import service, systemd
from ansible_collections.glossapi.farm.plugins.module_utils._runner.layout import Layout
from ansible_collections.glossapi.farm.plugins.module_utils._smoke.trial import trial_config
from tests.support.config import a_config

ROOT = Path(__file__).parents[3]
ROLE = ROOT / "roles/shard_worker"
WORKDIR = Path("/mnt/data/farm")
# What SystemdSupervisor has systemd do.
VERBS = ("enable", "start", "disable", "stop")
Unit = Mapping[str, list[str]]


def rendered(template: str, service: str = systemd.SHARD) -> str:
    """Return the template with the role's variables, another work directory than the default, and for this service."""
    environment = Environment(
        loader=FileSystemLoader(ROLE / "templates"),
        undefined=StrictUndefined,
        autoescape=select_autoescape(default_for_string=False),
    )
    values: dict[str, Any] = yaml.safe_load((ROLE / "defaults/main.yml").read_text())
    values["shard_worker_workdir"] = str(WORKDIR)
    variables: dict[str, Any] = yaml.safe_load((ROLE / "vars/main.yml").read_text())
    (item,) = [each for each in variables.pop("__shard_worker_services") if each["name"] == service]
    values["item"] = item | {"workdir": environment.from_string(item["workdir"]).render(values)}
    for name, value in variables.items():
        values[name] = environment.from_string(value).render(values)
    return environment.get_template(template).render(values)


def settings_of(service: str) -> Unit:
    """Return the service's settings, each with all its values, for shard 7."""
    settings: dict[str, list[str]] = {}
    for line in rendered("glossapi-shard@.service.j2", service).replace("%i", "7").splitlines():
        if line and not line.startswith(("#", "[")):
            name, _equals, value = line.partition("=")
            settings.setdefault(name, []).append(value)
    return settings


@pytest.fixture
def unit() -> Unit:
    return settings_of(systemd.SHARD)


def test_it_runs_the_supervisor_from_the_files_that_the_library_leaves(unit: Unit) -> None:
    layout = Layout(WORKDIR, 7)
    [command] = unit["ExecStart"]
    assert command.split()[1:] == ["-m", service.__name__, str(layout.config)]
    assert unit["Environment"] == [f"PYTHONPATH={layout.bundle} GLOSSAPI_FARM_BUNDLE={layout.bundle}"]
    assert unit["ConditionPathExists"] == [str(layout.config), str(layout.bundle)]
    assert unit["WorkingDirectory"] == [str(WORKDIR)]


def test_a_trial_is_the_same_but_for_its_place_and_is_never_started_again(unit: Unit) -> None:
    trial = settings_of(systemd.TRIAL)
    assert trial["WorkingDirectory"] == [trial_config(a_config(workdir=str(WORKDIR))).workdir]
    layout = Layout(WORKDIR / "smoke", 7)
    assert trial["ConditionPathExists"] == [str(layout.config), str(layout.bundle)]
    assert unit.keys() - trial.keys() == {
        "ExecStopPost",
        "Restart",
        "RestartSec",
        "RestartPreventExitStatus",
        "WantedBy",
    }
    other = {name for name in trial if trial[name] != unit[name]}
    assert other == {
        "ConditionPathExists",
        "Description",
        "Environment",
        "ExecStart",
        "SyslogIdentifier",
        "WorkingDirectory",
    }


def test_it_is_bound_to_the_disk_and_writes_nowhere_else(unit: Unit) -> None:
    for name in ("RequiresMountsFor", "AssertPathIsMountPoint", "ReadWritePaths"):
        assert unit[name] == ["/mnt/data"]
    assert (unit["ProtectSystem"], unit["ProtectHome"], unit["PrivateTmp"]) == (["strict"], ["read-only"], ["yes"])


def test_it_has_no_privilege_but_may_use_gpus_and_read_what_the_kernel_says_of_them(unit: Unit) -> None:
    assert (unit["User"], unit["NoNewPrivileges"], unit["CapabilityBoundingSet"]) == (["glossapi"], ["yes"], [""])
    assert unit["SupplementaryGroups"] == ["systemd-journal"]
    # Each of them takes /dev/nvidia* away, the last two by a list of devices that they imply, or CUDA's JIT.
    forbidden = {"PrivateDevices", "DeviceAllow", "DevicePolicy", "ProtectClock", "MemoryDenyWriteExecute"}
    assert forbidden & unit.keys() == set()


def test_it_starts_again_for_as_long_as_it_takes_but_not_where_that_is_no_use(unit: Unit) -> None:
    assert (unit["Restart"], unit["StartLimitIntervalSec"]) == (["on-failure"], ["0"])
    assert unit["RestartPreventExitStatus"] == [str(service.EXIT_NO_USE)]
    assert unit["WantedBy"] == ["multi-user.target"]


def test_a_stop_lets_the_supervisor_end_its_documents_before_anything_is_killed(unit: Unit) -> None:
    defaults = yaml.safe_load((ROLE / "defaults/main.yml").read_text())
    assert (unit["KillMode"], unit["OOMPolicy"]) == (["mixed"], ["continue"])
    assert unit["OOMScoreAdjust"] == ["-500"]
    assert int(unit["TimeoutStopSec"][0]) > defaults["shard_worker_grace_seconds"]


@pytest.mark.parametrize(
    ("command", "allowed"),
    [
        *((f"{verb} glossapi-shard@{shard}.service", True) for verb in VERBS for shard in (1, 12)),
        ("start glossapi-smoke@1.service", True),
        ("start glossapi-other@1.service", False),
        ("restart glossapi-shard@1.service", False),
        ("start glossapi-shard@0.service", False),
        ("start glossapi-shard@1.service sshd.service", False),
        ("start --now glossapi-shard@1.service", False),
        ("enable /tmp/glossapi-shard@1.service", False),
    ],
)
def test_its_user_may_do_by_sudo_what_the_library_asks_for_and_no_more(command: str, allowed: bool) -> None:
    rule = rendered("sudoers.j2").splitlines()[-1]
    found = re.fullmatch(r"glossapi ALL=\(root\) NOPASSWD: /usr/bin/systemctl (\^.*\$)", rule)
    assert found is not None
    assert (re.search(found[1], command) is not None) is allowed
