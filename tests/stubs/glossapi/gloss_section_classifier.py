# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What labels sections, which Corpus does without where it cannot be imported."""


class GlossSectionClassifier:
    """Is there."""
