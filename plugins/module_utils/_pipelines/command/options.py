# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of pipeline ``command``: a template of arguments.

Its placeholders are ``{uri}``, ``{input}`` (the local copy), ``{workdir}`` (an empty folder) and ``{output}``
(``<results>/shard-<n>``).
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from string import Formatter
from typing import Any

from ..._errors import FarmError

NAME = "command"
PLACEHOLDERS = ("uri", "input", "workdir", "output")


def parse_options(options: dict[str, Any]) -> list[str]:
    """Return the template's arguments.

    Raises:
        FarmError: an option is unknown, ``command`` is missing, or a placeholder is unknown.
    """
    unknown = sorted(set(options) - {"command"})
    if unknown:
        raise FarmError(f"Pipeline {NAME} does not know the option {unknown[0]!r}: it has command only.")
    template = options.get("command")
    try:
        arguments = shlex.split(template) if isinstance(template, str) else template
    except ValueError as error:
        raise FarmError(f"The command {template!r} cannot be split into arguments: {error}.") from error
    if not isinstance(arguments, list) or not arguments or not all(isinstance(each, str) for each in arguments):
        raise FarmError(f"Pipeline {NAME} needs the option command: a string, or a list of strings.")
    for argument in arguments:
        _check_placeholders(argument)
    return arguments


def fill(arguments: list[str], values: Mapping[str, str]) -> list[str]:
    """Return the arguments with their placeholders replaced; ``{{`` and ``}}`` stand for braces."""
    return [argument.format_map(values) for argument in arguments]


def _check_placeholders(argument: str) -> None:
    try:
        fields = list(Formatter().parse(argument))
    except ValueError as error:
        raise FarmError(f"The argument {argument!r} has a lone brace ({error}): write {{{{ or }}}}.") from error
    for _text, name, form, conversion in fields:
        if name is not None and (name not in PLACEHOLDERS or form or conversion):
            known = ", ".join(f"{{{each}}}" for each in PLACEHOLDERS)
            raise FarmError(f"The argument {argument!r} has a placeholder {{{name}}}: use {known}.")
