# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Booted test nodes that look like Amazon Linux 2023: systemd-nspawn machines on one cached image.

They prove what roles do with systemd, disks, mounts, dnf, users and reboots. They prove nothing about Amazon's packages
or kernel: the programs are Debian's and the RPMs are small stand-ins.
"""
