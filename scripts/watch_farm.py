# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Follow a farm at work: see ``--help``."""

import sys
from importlib import import_module
from pathlib import Path

# Under this name it is found wherever the collection is, and whatever else is installed.
sys.path.append(str(Path(__file__).resolve().parents[1] / "plugins"))
sys.exit(import_module("module_utils._commands.launch").launch(Path(__file__).stem))
