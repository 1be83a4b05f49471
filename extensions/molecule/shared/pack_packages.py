# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pack this Python's packages, with all that they need, for a node that reaches no index.

Arguments: the archive to write, the AWS services whose descriptions go along, with commas, and the packages, each a
requirement or a file of requirements.
"""

from __future__ import annotations

import sys
import tarfile
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement


def requirements_of(argument: str) -> list[Requirement]:
    """Return what a requirement, or each line of a file of them, asks for."""
    lines = Path(argument).read_text().splitlines() if argument.endswith(".in") else [argument]
    return [Requirement(line) for line in lines if line and not line.startswith("#")]


def with_needs(requirements: Iterable[Requirement]) -> Iterator[Distribution]:
    """Give each distribution once, and what it requires of this Python."""
    waiting, seen = list(requirements), set[str]()
    while waiting:
        requirement = waiting.pop()
        if requirement.name in seen or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
            continue
        seen.add(requirement.name)
        found = distribution(requirement.name)
        yield found
        waiting.extend(Requirement(needed) for needed in found.requires or [])


def main() -> None:
    """Write the archive; its files lie as below the directory of packages."""
    archive, services, *arguments = sys.argv[1:]
    descriptions = "botocore/data/"
    wanted_descriptions = tuple(f"{descriptions}{service}/" for service in services.split(","))
    with tarfile.open(archive, "w") as tar:
        for found in with_needs(wanted for argument in arguments for wanted in requirements_of(argument)):
            for file in found.files or []:
                name = file.as_posix()
                of_a_service = name.startswith(descriptions) and name.count("/") > descriptions.count("/")
                if "__pycache__" in name or name.startswith(".."):
                    continue
                if of_a_service and not name.startswith(wanted_descriptions):
                    continue
                tar.add(file.locate(), name)


if __name__ == "__main__":
    main()
