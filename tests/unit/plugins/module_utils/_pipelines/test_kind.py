# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.kind import Pipeline, PipelineKind, WorkerContext


@dataclass(frozen=True)
class Named(PipelineKind):
    """As little as a kind can be."""

    name: str

    def check(self, options: dict[str, Any]) -> None:
        """Take any."""

    def create(self, worker: WorkerContext) -> Pipeline:
        raise NotImplementedError(worker)


def test_a_kind_reads_no_scans_unless_it_says_so() -> None:
    assert not Named("command").recognises({})


def test_the_hash_depends_on_names_and_values_and_not_on_their_order() -> None:
    command, pdftext = Named("command"), Named("pdftext")
    assert command.options_hash({"a": 1, "b": 2}) == command.options_hash({"b": 2, "a": 1})
    assert len({command.options_hash({"a": 1}), command.options_hash({"a": 2}), pdftext.options_hash({"a": 1})}) == 3


def test_the_hash_is_that_of_earlier_markers() -> None:
    assert Named("pdftext").options_hash({}) == "c6374b343d5af0b487718c51426f7451615920fbf45ca188791ca7a56f141a6c"
