# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A worker without docling's table model, which glossAPI always asks for; run in place of the runner's own worker."""

from __future__ import annotations

import sys
from typing import Any

from ansible_collections.glossapi.farm.plugins.module_utils._runner.worker import main as worker


def turn_tables_off() -> None:
    """Have docling make its table model without loading one.

    Raises:
        ImportError: docling is not installed.
    """
    from docling.models.table_structure_model import TableStructureModel

    make = TableStructureModel.__init__

    def make_disabled(self: Any, enabled: bool, *arguments: Any, **options: Any) -> None:
        make(self, enabled and False, *arguments, **options)

    setattr(TableStructureModel, "__init__", make_disabled)  # noqa: B010 - mypy knows no other way


if __name__ == "__main__":
    turn_tables_off()
    sys.exit(worker.main(sys.argv[1:]))
