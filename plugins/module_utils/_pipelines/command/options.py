# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of pipeline ``command``: a template of arguments, and whether what comes out is text.

The template's placeholders are ``{uri}``, ``{input}`` (the local copy), ``{workdir}`` (an empty folder) and
``{output}`` (``<results>/shard-<n>``).
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any

from ..._errors import FarmError

NAME = "command"
PLACEHOLDERS = ("uri", "input", "workdir", "output")


@dataclass(frozen=True)
class CommandOptions:
    """What to run.

    Attributes:
        command: the template's arguments.
        text: whether the Markdown is a text in a language, and to be judged as one.
    """

    command: list[str]
    text: bool = True


def parse_options(options: dict[str, Any]) -> CommandOptions:
    """Return the options.

    Raises:
        FarmError: one is unknown or wrong, ``command`` is missing, or a placeholder is unknown.
    """
    unknown = sorted(set(options) - {"command", "text"})
    if unknown:
        raise FarmError(f"Pipeline {NAME} does not know the option {unknown[0]!r}: it has command and text.")
    is_text = options.get("text", True)
    if not isinstance(is_text, bool):
        raise FarmError(f"The option text of pipeline {NAME} is {is_text!r}: use true or false.")
    return CommandOptions(_parse_template(options.get("command")), is_text)


def _parse_template(template: Any) -> list[str]:
    try:
        arguments = shlex.split(template) if isinstance(template, str) else template
    except ValueError as error:
        raise FarmError(f"The command {template!r} cannot be split into arguments: {error}.") from error
    if not isinstance(arguments, list) or not arguments or not all(isinstance(each, str) for each in arguments):
        raise FarmError(f"Pipeline {NAME} needs the option command: a string, or a list of strings.")
    for argument in arguments:
        _check_placeholders(argument)
    return arguments


def names_output(argument: str) -> bool:
    """Whether an argument has the placeholder for the prefix of the shard's results."""
    return any(name == "output" for _text, name, _form, _conversion in Formatter().parse(argument))


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
