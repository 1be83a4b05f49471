# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A worker without docling's table model, whatever its recogniser knows; run in place of the runner's own worker."""

from __future__ import annotations

import sys

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr import kind
from ansible_collections.glossapi.farm.plugins.module_utils._runner.worker import main as worker
from emulators.docling_models import turn_tables_off

if __name__ == "__main__":
    turn_tables_off()
    setattr(kind, "require_reading", lambda *_arguments: None)  # noqa: B010 - of another module
    sys.exit(worker.main(sys.argv[1:]))
