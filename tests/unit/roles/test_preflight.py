# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The preflight asks for exactly what the roles will install."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jinja2 import Environment

from ansible_collections.glossapi.farm.plugins.module_utils._nodes.preflight import DRIVER_REPOSITORY

_ROOT = Path(__file__).parents[3]
# Asked for by the module, for the node's own kernel; what NVIDIA's repository has nobody knows before it is there.
_BY_THE_MODULE = {DRIVER_REPOSITORY}
_OPTIONAL = {"amazon-cloudwatch-agent"}


def _installs(tasks: list[dict[str, Any]]) -> Iterator[str]:
    for task in tasks:
        asked = task.get("ansible.builtin.dnf", {})
        if asked.get("state") == "absent" or "name" not in asked:
            continue
        names = asked["name"]
        yield from names if isinstance(names, list) else [names]


def test_the_packages_are_those_that_roles_install() -> None:
    tasks = yaml.safe_load((_ROOT / "playbooks/tasks/preflight_node.yml").read_text())
    asked = set(tasks[0]["vars"]["__farm_preflight_packages"])
    installed = {
        name
        for file in _ROOT.glob("roles/*/tasks/*.yml")
        for name in _installs(yaml.safe_load(file.read_text()))
        if "{{" not in name and not name.startswith("nvidia-open")
    }
    assert asked | _OPTIONAL | _BY_THE_MODULE == installed


def test_configure_begins_with_it_and_one_node_goes_first_as_far_as_the_driver() -> None:
    _reach, preflight, configure, *others = yaml.safe_load((_ROOT / "playbooks/configure.yml").read_text())
    assert preflight["tasks"][0]["ansible.builtin.import_tasks"] == "tasks/preflight_node.yml"
    assert configure["serial"] == [1, "100%"]
    assert configure["roles"][-1]["role"] == "glossapi.farm.nvidia_driver"
    assert not any("serial" in play for play in others)


@pytest.mark.parametrize(
    ("loaders", "use_weights", "downloads"),
    [
        ([], False, False),
        (["tesseract"], False, False),
        (["glossapi_deepseek"], False, False),
        (["server"], False, False),
        (["glossapi", "tesseract"], False, True),
        (["glossapi", "tesseract"], True, False),
    ],
)
def test_the_hub_of_models_must_answer_only_where_something_comes_from_it(
    loaders: list[str], use_weights: bool, downloads: bool
) -> None:
    look, *_others = yaml.safe_load((_ROOT / "playbooks/tasks/preflight_node.yml").read_text())
    environment = Environment(autoescape=True)
    environment.filters["bool"] = bool
    expression = environment.compile_expression(look["vars"]["__farm_preflight_downloads"].strip("{} \n"))
    assert expression(settings_weights_loaders=loaders, farm_use_weights=use_weights) is downloads
