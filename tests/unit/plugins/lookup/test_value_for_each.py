# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleLookupError
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template

from ansible_collections.glossapi.farm.plugins.lookup.value_for_each import LookupModule

VARIABLES = {
    "chosen": {"name": "own"},
    "folder": trust_as_template("{{ root }}/{{ chosen.name }}"),
    "root": "/data",
    "options": trust_as_template("{{ {'folder': folder} | combine(chosen.options | default({})) }}"),
}


def look_up(*terms: dict[str, Any], wanted: str = "options") -> list[Any]:
    templar = Templar(loader=DataLoader(), variables=VARIABLES)
    lookup = LookupModule(loader=DataLoader(), templar=templar)
    found: list[Any] = lookup.run(list(terms), VARIABLES, variable="chosen", wanted=wanted)
    assert templar.template(VARIABLES["folder"]) == "/data/own"
    return found


def test_what_is_between_the_two_variables_follows_each_value_too() -> None:
    assert look_up({"name": "one"}, {"name": "two", "options": {"languages": ["ell"]}}) == [
        {"folder": "/data/one"},
        {"folder": "/data/two", "languages": ["ell"]},
    ]
    assert look_up() == []


def test_a_variable_that_is_not_there_is_refused_even_for_no_value() -> None:
    with pytest.raises(AnsibleLookupError, match="to return 'optoins', and there is no such variable"):
        look_up(wanted="optoins")
