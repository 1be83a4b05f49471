# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Local S3 and EC2 on loopback, and what stands for models, for the demo, the tests and the benchmarks."""
