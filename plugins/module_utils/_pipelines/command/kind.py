# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pipeline ``command`` as the farm knows it."""

from __future__ import annotations

from typing import Any

from ..kind import GpuNeed, Pipeline, PipelineKind, WorkerContext
from .options import NAME, names_output, parse_options


class CommandKind(PipelineKind):
    """What the command needs and which version it is, nobody knows."""

    name = NAME
    summary = "V(command) runs a command line for each document."
    options_help = """
        V(command) needs C(command), a list of arguments, or a string that is split as a shell would but run without
        one. C({uri}) is the document's address, C({input}) the local copy, C({workdir}) an empty folder, C({output})
        the prefix C(<results>/shard-<n>). Write braces that are none of these twice.

        What it has started ends with its document.

        The command ends with status 0 and leaves one C(*.md), not empty, in C({workdir}) or C({workdir}/markdown),
        and perhaps a JSON file of the same stem there or in C({workdir}/json). Or it uploads
        C({output}/markdown/<key>.md) itself. The Markdown is refused where it was there before, and where a document
        of 10 pages or more has less than 20 characters a page.

        What it left is judged as text, in sections of about 2,000 characters, and refused where more than a tenth of
        them is none. With C(text) set to V(false) it is not judged: for a program whose output is not prose.
    """

    def check(self, options: dict[str, Any]) -> None:
        """Check the command.

        Raises:
            FarmError: see :func:`parse_options`.
        """
        parse_options(options)

    def create(self, worker: WorkerContext) -> Pipeline:
        """Return the pipeline of a worker.

        Raises:
            FarmError: see :func:`parse_options`.
        """
        from .pipeline import CommandPipeline

        return CommandPipeline(parse_options(worker.options), worker.output, worker.connection.client())

    def makes_text(self, options: dict[str, Any]) -> bool:
        """Return what its option ``text`` says.

        Raises:
            FarmError: see :func:`parse_options`.
        """
        return parse_options(options).text

    def uploads_itself(self, options: dict[str, Any]) -> bool:
        """Return whether the command is told where its shard's results are.

        Raises:
            FarmError: see :func:`parse_options`.
        """
        return any(names_output(argument) for argument in parse_options(options).command)

    def output_options(self, options: dict[str, Any]) -> dict[str, Any]:
        """Return the command: whether its text is judged does not change the text."""
        return {name: value for name, value in options.items() if name != "text"}

    def gpu_need(self, _options: dict[str, Any]) -> GpuNeed:
        """Return that it may have one."""
        return GpuNeed.PERHAPS


COMMAND = CommandKind()
