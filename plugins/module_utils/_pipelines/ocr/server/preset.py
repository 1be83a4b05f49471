# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A preset: all that one model needs, of the server that serves it and of the questions that are put to it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from ...._errors import FarmError
from ...._records.codec import UnreadableRecordError, convert

# What a command may name; which port is free is known when the server starts.
PORT, WEIGHTS, ENVIRONMENT, GPU = "{port}", "{weights}", "{environment}", "{gpu}"
# A worker has this time to be ready, and needs some of it for the scan whose text is known.
MOST_START_SECONDS = 700.0
_HOW = "docs/operations.md has the keys of a preset."


@dataclass(frozen=True)
class ModelWeights:
    """A repository of the model hub, of which the folder of weights has a copy.

    Attributes:
        repo: its name.
        revision: the commit; empty where nobody has pinned it.
    """

    repo: str
    revision: str = ""


@dataclass(frozen=True, kw_only=True)
class Preset:
    """One model and its server, as a preset's file has them.

    Attributes:
        name: of the preset.
        source: address of what prescribes command and prompt.
        licence: of the weights, by its name.
        licence_source: address of its text.
        environment: name of the Python environment that has the server.
        minimum_driver: least version of NVIDIA's driver; empty for any.
        gpu: whether it runs on a GPU.
        weights: what the folder of weights has.
        command: starts the server, on loopback alone; its words may have ``{port}``, ``{weights}`` (the folder of
            weights), ``{environment}`` (that of the environment) and ``{gpu}``.
        health: path that answers with status 200 once the server can be asked.
        start_seconds: how long it may take until then.
        model: the name by which requests ask for it.
        prompt: what is asked of each page.
        dpi: at which pages are rendered.
        most_pixels: of a picture.
        most_tokens: of an answer.
        page_seconds: how long a page may take, with all tries.
        request: what else each request has.
        second_request: what the second try of a page has on top: other rules against repetition.
    """

    name: str
    source: str
    licence: str
    licence_source: str
    command: tuple[str, ...]
    model: str
    prompt: str
    dpi: int
    most_tokens: int
    environment: str = ""
    minimum_driver: str = ""
    gpu: bool = True
    weights: tuple[ModelWeights, ...] = ()
    health: str = "/health"
    start_seconds: float = 600.0
    most_pixels: int = 20_000_000
    page_seconds: float = 180.0
    request: dict[str, Any] = field(default_factory=dict)
    second_request: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def parse(cls, content: object) -> Preset:
        """Return the preset that a file's content describes.

        Raises:
            FarmError: a key is unknown, missing, or its value is wrong; the message names it.
        """
        if not isinstance(content, Mapping):
            raise FarmError(f"A preset is {content!r}: give its keys with their values. {_HOW}")
        where = f"Preset {content.get('name', 'without a name')!r}"
        known = [each.name for each in fields(cls)]
        unknown = sorted(map(str, content.keys() - set(known)))
        if unknown:
            raise FarmError(f"{where} has an unknown key {unknown[0]!r}: it may have {', '.join(known)}.")
        try:
            preset = convert(dict(content), cls, "a preset", where)
        except UnreadableRecordError as error:
            raise FarmError(f"{error} {_HOW}") from error
        problem = next(iter(_problems(preset)), "")
        if problem:
            raise FarmError(f"{where} {problem}. {_HOW}")
        return preset

    @property
    def revision(self) -> str:
        """Which model it is, for people: its repositories with their commits."""
        names = (f"{each.repo}@{each.revision}" if each.revision else each.repo for each in self.weights)
        return " ".join([self.name, *names])

    def for_hash(self) -> dict[str, Any]:
        """Return what changes the text that comes out; where and how the server runs does not."""
        return {
            "preset": self.name,
            "model": self.model,
            "weights": [[each.repo, each.revision] for each in self.weights],
            "prompt": self.prompt,
            "dpi": self.dpi,
            "most_pixels": self.most_pixels,
            "most_tokens": self.most_tokens,
            "request": self.request,
            "second_request": self.second_request,
        }


def _problems(preset: Preset) -> Iterable[str]:
    yield from _problems_of_command(preset)
    for key in ("name", "source", "licence", "licence_source", "model", "prompt"):
        if not getattr(preset, key).strip():
            yield f"has nothing at {key}"
    for key in ("dpi", "most_pixels", "most_tokens", "start_seconds", "page_seconds"):
        value = getattr(preset, key)
        if not (math.isfinite(value) and value > 0):
            yield f"has {key} {value}: it must be above 0"
    for key in ("request", "second_request"):
        reserved = sorted(getattr(preset, key).keys() & {"messages", "model", "max_tokens", "stream"})
        if reserved:
            yield f"has {reserved[0]} in {key}, which has a key of its own or is not for a preset"


def _problems_of_command(preset: Preset) -> Iterable[str]:
    if not preset.command or not all(preset.command):
        yield "has no command: give a list of the server's program and its arguments"
    if not any(PORT in word for word in preset.command):
        yield f"has a command without {PORT}: the farm chooses a port that is free"
    if preset.start_seconds > MOST_START_SECONDS:
        yield f"has start_seconds {preset.start_seconds:g}: a worker waits {MOST_START_SECONDS:g} s at most"
    if not preset.health.startswith("/"):
        yield f"has health {preset.health!r}: give a path, as /health"
    if preset.minimum_driver and not all(map(str.isdigit, preset.minimum_driver.split("."))):
        yield f"has minimum_driver {preset.minimum_driver!r}: give a version, as 580.65"
