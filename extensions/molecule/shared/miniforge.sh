#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# Stands in for Miniforge's installer: -b -p <prefix> [-u]. Its conda knows --version and create; environments are virtual
# ones of the node's own Python. It proves how the roles call it, not that conda works.
set -eu
version=${MINIFORGE_STAND_IN_VERSION:-25.11.0}
update=no prefix=
while getopts bup: option; do
    case $option in
        b) ;;
        u) update=yes ;;
        p) prefix=$OPTARG ;;
        *) exit 2 ;;
    esac
done
if [ -e "$prefix" ] && [ $update = no ]; then
    echo "ERROR: File or directory already exists: '$prefix'" >&2
    exit 1
fi
touch "$HOME/.conda-was-here"
mkdir -p "$prefix/bin" "$prefix/pkgs"
cat > "$prefix/bin/conda" <<CONDA
#!/bin/bash
set -eu
case \$1 in
    --version) echo "conda $version" ;;
    create)
        shift
        while [ \$# -gt 0 ]; do
            case \$1 in
                --yes | --quiet) ;;
                --prefix) target=\$2; shift ;;
                # What is not pinned is another package tomorrow.
                *=*) ;;
                *) echo "\$1 is not pinned" >&2; exit 1 ;;
            esac
            shift
        done
        /usr/bin/python3 -m venv "\$target"
        mkdir -p "\$target/conda-meta"
        ;;
    *) exit 2 ;;
esac
CONDA
chmod 0755 "$prefix/bin/conda"
echo installed >> "$prefix/history"
