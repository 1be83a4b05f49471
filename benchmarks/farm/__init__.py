# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A farm's makespan, simulated: static shards, rebalance, idle nodes that help, and a shared queue."""
