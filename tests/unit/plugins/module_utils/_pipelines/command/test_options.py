# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.command.options import (
    CommandOptions,
    fill,
    parse_options,
)


def test_a_string_is_split_as_a_shell_would() -> None:
    options = parse_options({"command": "convert --input '{input}' \"two words\""})
    assert options == CommandOptions(["convert", "--input", "{input}", "two words"], text=True)


def test_what_is_no_text_is_not_judged() -> None:
    assert not parse_options({"command": "a", "text": False}).text


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({}, "needs the option command"),
        ({"command": []}, "needs the option command"),
        ({"command": ["a", 1]}, "needs the option command"),
        ({"command": "a", "shell": True}, "'shell'"),
        ({"command": "a", "text": "no"}, "option text .* 'no'"),
        ({"command": "a 'b"}, "cannot be split"),
        ({"command": "a {inptu}"}, "{inptu}"),
        ({"command": "a {input.parent}"}, "input.parent"),
        ({"command": "a {input!r}"}, "placeholder"),
        ({"command": "a {"}, "lone brace"),
    ],
)
def test_a_wrong_option_is_refused_before_anything_starts(options: dict[str, Any], reason: str) -> None:
    with pytest.raises(FarmError, match=reason):
        parse_options(options)


def test_placeholders_are_filled_without_being_read_again() -> None:
    values = {"uri": "s3://b/{input} $(rm).pdf", "input": "/i", "workdir": "/w", "output": "s3://r"}
    assert fill(["{uri}", "--to={workdir}/x", "{{}}"], values) == ["s3://b/{input} $(rm).pdf", "--to=/w/x", "{}"]
