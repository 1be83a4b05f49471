# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every command in the documentation is one that can be given, or says what it needs."""

from __future__ import annotations

import importlib.util
import itertools
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

_REPOSITORY = Path(__file__).parents[2]
_PAGES = sorted(
    [*_REPOSITORY.glob("*.md"), *(_REPOSITORY / "docs").glob("*.md")]
    + [page for folder in ("benchmarks", "roles", "extensions") for page in (_REPOSITORY / folder).rglob("README.md")]
)
_PROGRAMS = {
    *("ansible-playbook", "ansible-galaxy", "ansible-console", "ansible-doc", "ansible-builder", "antsibull-changelog"),
    *("aws", "journalctl", "less", "make", "molecule", "python", "pytest", "systemctl"),
}
_NODE = "OpenArchive-Shard-1"
# What stands for a value of the reader's own.
_PLACES = {"<node>": _NODE, "<module>": "shard_info", "<role>": "nvme", "<scenario>": "nvme", "<version>": "1.0.0"}
# A program of the machine that the command is given on: a node, where roles and units are tried by molecule; a machine
# with AWS's tools; one that may reach Galaxy, or has podman.
_NEEDS = {
    "systemctl": "On the node:",
    "journalctl": "node",
    "less": "On the node:",
    "aws": "AWS",
    "ansible-console": "Reaching the nodes",
    "ansible-builder build": "needs podman or docker",
    "ansible-galaxy collection publish": "needs a Galaxy token",
    "ansible-galaxy collection install": "Without a clone",
}


def _commands(page: Path) -> Iterator[str]:
    """Yield what stands in a block of commands, or in a line as code, and begins with a program."""
    fence = None
    prose = []
    for line in page.read_text().splitlines():
        opened = re.match(r"\s*```(\w*)", line)
        if opened:
            fence = (opened[1] or "text") if fence is None else None
        elif fence == "sh" or (fence is None and line.startswith("    ")):
            yield from _as_command(line)
        elif fence is None:
            prose.append(line)
    for code in re.findall(r"`([^`]+)`", "\n".join(prose)):
        yield from _as_command(code)


def _as_command(text: str) -> Iterator[str]:
    words = " ".join(text.split()).removesuffix(" \\")
    words = re.sub(r"^((\w+=\S+|\.venv/bin/|/tmp/\S+/bin/) ?)*", "", words).partition("   #")[0].partition(" # ")[0]
    if words.partition(" ")[0] in _PROGRAMS and " " in words and not words.endswith(".log") and "..." not in words:
        for place, value in _PLACES.items():
            words = words.replace(place, value)
        yield words


_COMMANDS = sorted({(command, page.relative_to(_REPOSITORY)) for page in _PAGES for command in _commands(page)})


def _of(*programs: str) -> list[str]:
    return sorted({command for command, _page in _COMMANDS if command.split()[0] in programs})


@pytest.fixture(scope="module")
def inventory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A farm of two nodes that nobody reaches: nothing is played."""
    path = tmp_path_factory.mktemp("inventory") / "hosts.yml"
    path.write_text(f"farm_nodes:\n  hosts:\n    {_NODE}:\n    OpenArchive-Shard-2:\n")
    return path


# As ansible-playbook reads its command line; in a process of its own, as Ansible looks at the terminal.
_READ_OPTIONS = """
import json, sys
from ansible.cli.playbook import PlaybookCLI

def read(words):
    cli = PlaybookCLI(words)
    cli.init_parser()
    options = cli.post_process_args(cli.parser.parse_args(words[1:]))
    return {"playbooks": options.args, "tags": sorted(options.tags), "skipped": sorted(options.skip_tags)}

print(json.dumps([read(words) for words in json.load(sys.stdin)]))
"""


@pytest.fixture(scope="module")
def options() -> dict[str, dict[str, list[str]]]:
    """What Ansible takes each command for."""
    commands = _of("ansible-playbook")
    read = subprocess.run(
        [sys.executable, "-c", _READ_OPTIONS],
        input=json.dumps([shlex.split(command) for command in commands]),
        capture_output=True,
        text=True,
        check=False,
    )
    assert read.returncode == 0, read.stderr
    return dict(zip(commands, json.loads(read.stdout), strict=True))


@cache
def _tasks(playbook: str, inventory: Path) -> list[tuple[str, set[str]]]:
    """Return the tasks of a playbook with their tags: to list site.yml takes seconds, and most commands are of it."""
    finished = subprocess.run(
        [
            str(Path(sys.executable).with_name("ansible-playbook")),
            *(playbook, "--list-tasks", "--inventory=inventory/local.yml", f"--inventory={inventory}"),
        ],
        cwd=_REPOSITORY,
        env={**os.environ, "ANSIBLE_NOCOLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    tasks = re.findall(r"^ +(.+)\tTAGS: \[(.*)\]$", finished.stdout.partition("tasks:")[2], re.MULTILINE)
    # Played with any tag: the settings and what Ansible itself puts before each role.
    ours = [
        each for each in tasks if not re.search(r"glossapi\.farm\.settings : |Validating arguments against", each[0])
    ]
    return [(name, set(tags.split(", "))) for name, tags in ours]


@pytest.mark.parametrize("command", _of("ansible-playbook"))
def test_a_playbook_has_tasks_with_the_tags_and_variables_that_are_named(
    command: str, options: dict[str, dict[str, list[str]]], inventory: Path
) -> None:
    words = shlex.split(command)
    (playbook,) = options[command]["playbooks"]
    assert options[command]["skipped"] == []
    tasks = _tasks(playbook, inventory)
    assert tasks, "no task is left"
    assert set(options[command]["tags"]) - {"all"} <= set().union(*(tags for _name, tags in tasks))
    known = "\n".join(
        path.read_text()
        for folder in ("playbooks", "inventory", "roles/settings")
        for path in (_REPOSITORY / folder).rglob("*.yml")
    )
    for option, value in itertools.pairwise(words):
        if option == "-e":
            names = json.loads(value) if value.startswith("{") else [value.partition("=")[0]]
            assert all(re.search(rf"\b{re.escape(name)}\b", known) for name in names)


def test_every_playbook_that_is_named_is_played_by_a_test() -> None:
    played = "\n".join(
        path.read_text()
        for folder in ("tests", "extensions", "demo")
        for path in (_REPOSITORY / folder).rglob("*")
        if path.suffix in {".py", ".yml"} and path != Path(__file__)
    )
    # make demo plays what site.yml imports.
    played += (_REPOSITORY / "playbooks" / "demo.yml").read_text() + (
        _REPOSITORY / "playbooks" / "site.yml"
    ).read_text()
    named = {
        Path(word).stem
        for command in _of("ansible-playbook")
        for word in shlex.split(command)[1:]
        if word.endswith(".yml")
    }
    assert {"site", "process", "teardown"} <= named
    assert {name for name in named if not re.search(rf"\"{name}\"|\b{name}\.yml", played)} == set()


@pytest.mark.parametrize("command", _of("make"))
def test_a_target_is_in_the_makefile(command: str) -> None:
    targets = re.findall(r"^([a-z-]+):", (_REPOSITORY / "Makefile").read_text(), re.MULTILINE)
    # Without what sets a variable.
    assert {word for word in command.split()[1:] if "=" not in word} <= set(targets)


@pytest.mark.parametrize("command", _of("python", "pytest", "molecule", "ansible-doc", "antsibull-changelog"))
def test_what_a_developer_runs_is_there(command: str) -> None:
    program, *words = command.split()
    if program == "python":
        if words[0] != "-m":
            shown = subprocess.run(
                [sys.executable, words[0], "--help"], cwd=_REPOSITORY, capture_output=True, text=True, check=True
            )
            assert set(re.findall(r"--[a-z-]+", command)) <= set(re.findall(r"--[a-z-]+", shown.stdout))
            return
        # Benchmarks and emulators; that they run is for whoever measures, and for molecule.
        module = importlib.util.find_spec(words[1])
        assert module is not None
        assert module.origin is not None
        sources = [path.read_text() for path in Path(module.origin).parent.glob("*.py")]
        for option in re.findall(r"--([a-z-]+)", command):
            assert any(option in source or option.replace("-", "_") in source for source in sources)
    elif program == "pytest":
        assert (_REPOSITORY / words[0]).exists()
    elif program == "molecule":
        assert words[0] in {"test", "converge"}
        scenarios = {path.parent.name for path in (_REPOSITORY / "extensions" / "molecule").glob("*/molecule.yml")}
        assert set(words[1:]) - {"-s"} <= scenarios
    elif program == "ansible-doc" and words[:2] == ["--type", "role"]:
        assert (_REPOSITORY / "roles" / words[2].removeprefix("glossapi.farm.") / "meta/argument_specs.yml").exists()
    elif program == "ansible-doc":
        names = {path.stem for path in (_REPOSITORY / "plugins" / "modules").glob("*.py")}
        assert words[0].removeprefix("glossapi.farm.") in names
    else:
        assert words == ["release"], "tests/packaging/test_release.py"


@pytest.mark.parametrize(("command", "page"), _COMMANDS)
def test_a_command_that_no_test_gives_says_what_it_needs(command: str, page: Path) -> None:
    for beginning, condition in _NEEDS.items():
        if command.startswith(beginning):
            assert condition in (_REPOSITORY / page).read_text()
