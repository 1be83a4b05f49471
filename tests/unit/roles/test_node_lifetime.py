# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The timer's unit and settings fit the program that it runs."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from ansible_collections.glossapi.farm.plugins.module_utils._lifetime import main
from ansible_collections.glossapi.farm.plugins.module_utils._lifetime.settings import Settings

ROLE = Path(__file__).parents[3] / "roles/node_lifetime"
Unit = Mapping[str, list[str]]


def variables(python: str) -> dict[str, Any]:
    environment = Environment(undefined=StrictUndefined, autoescape=select_autoescape(default_for_string=False))
    values: dict[str, Any] = yaml.safe_load((ROLE / "defaults/main.yml").read_text())
    values["node_lifetime_python"] = python
    for name, value in yaml.safe_load((ROLE / "vars/main.yml").read_text()).items():
        values[name] = environment.from_string(value).render(values) if isinstance(value, str) else value
    return values


def unit(python: str) -> Unit:
    """Return the service's settings, each with all its values."""
    environment = Environment(
        loader=FileSystemLoader(ROLE / "templates"),
        undefined=StrictUndefined,
        autoescape=select_autoescape(default_for_string=False),
    )
    settings: dict[str, list[str]] = {}
    text = environment.get_template("glossapi-farm-lifetime.service.j2").render(variables(python))
    for line in text.splitlines():
        if line and not line.startswith(("#", "[")):
            name, _equals, value = line.partition("=")
            settings.setdefault(name, []).append(value)
    return settings


def run(command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the unit as systemd does."""
    words = [word.replace("$$", "$") for word in shlex.split(command.removeprefix("+"))]
    return subprocess.run(words, env=environment, stdout=subprocess.PIPE, text=True, check=False)


def program(path: Path, text: str) -> Path:
    path.write_text(f'#!/bin/sh\necho {text} "$@"\n')
    path.chmod(0o755)
    return path


def test_the_settings_are_those_that_the_program_reads() -> None:
    assert variables("/python")["__node_lifetime_settings"].keys() == {field.name for field in fields(Settings)}


def test_it_runs_by_the_environment_s_python(tmp_path: Path) -> None:
    values = variables("/python")
    python = program(tmp_path / "python", "environment")
    finished = run(unit(str(python))["ExecStart"][0], PATH=os.defpath)
    assert finished.stdout.split() == [
        "environment",
        values["__node_lifetime_program"],
        values["__node_lifetime_file"],
        values["__node_lifetime_newer"],
    ]


def test_without_the_environment_it_runs_by_the_node_s_own() -> None:
    [command] = unit("/nowhere/python")["ExecStart"]
    assert "in /nowhere/python /usr/bin/python3;" in command


@pytest.mark.parametrize(("status", "said"), [(main.EXIT_END, "systemctl --no-block poweroff"), (0, ""), (1, "")])
def test_the_machine_is_shut_down_where_the_program_says_so_and_not_otherwise(
    tmp_path: Path, status: int, said: str
) -> None:
    settings = unit("/python")
    program(tmp_path / "systemctl", "systemctl")
    [command] = settings["ExecStopPost"]
    # By root, which its user is not.
    assert command.startswith("+")
    assert run(command, PATH=f"{tmp_path}:{os.defpath}", EXIT_STATUS=str(status)).stdout.strip() == said
    assert settings["SuccessExitStatus"] == [str(main.EXIT_END)]


def test_the_mark_is_in_the_directory_that_a_reboot_empties() -> None:
    settings = variables("/python")["__node_lifetime_settings"]
    [directory] = unit("/python")["RuntimeDirectory"]
    assert directory == variables("/python")["__node_lifetime_run"]
    assert settings["mark"] == "/run/{{ __node_lifetime_run }}/mark"


def test_the_unit_waits_longer_than_the_program_for_s3() -> None:
    [seconds] = unit("/python")["TimeoutStartSec"]
    assert float(seconds) > 4 * main._S3_SECONDS
