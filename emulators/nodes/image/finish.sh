#!/bin/sh
# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs once inside the image, after its tree was copied over Debian's.
set -eu

# Ansible takes a machine with this file for Debian, whatever os-release says.
rm -f /etc/debian_version
# The last step of a boot is sshd's; what would only take time or reach the machine's own kernel stays off.
systemctl mask --quiet systemd-sysctl.service systemd-modules-load.service systemd-networkd.service \
    systemd-pstore.service systemd-timesyncd.service e2scrub_reap.service getty.target
systemctl disable --quiet apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer fstrim.timer
systemctl enable --quiet emulated-network.service
useradd --create-home --shell /bin/bash --groups systemd-journal ec2-user
chmod 0440 /etc/sudoers.d/ec2-user
chmod 0755 /usr/lib/emulated-node/*
rpm --initdb
mkdir -p /var/log/journal /etc/emulated-node
# The kernel that the image came with; its packages are in the repository.
touch /boot/vmlinuz-6.12.103-127.188.amzn2023.x86_64
chmod 0755 /usr/local/sbin/*
# Of each Python, those of environments too, this is the first that it loads.
ln -sf /usr/lib/emulated-node/keep_compiled.py \
    "$(python3 -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')/sitecustomize.py"
mkdir -m 1777 /var/cache/emulated-node
