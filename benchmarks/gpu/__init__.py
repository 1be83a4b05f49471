# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many workers of pipeline glossapi one GPU can feed, and how much of it they use."""
