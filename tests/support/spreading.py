# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How ``make integration`` spreads tests over processes, so that none works alone at the end."""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling


class TestByTest(LoadScopeScheduling):  # type: ignore[misc]
    """Each test by itself, but for those of a file that share a fixture of their module.

    ``--dist loadgroup`` would do it by a mark; pytest-xdist 3.8 does not see it with pytest 9.2.
    """

    __test__ = False

    def _split_scope(self, nodeid: str) -> str:
        file, _, _ = nodeid.partition("::")
        return file if 'scope="module"' in (self.config.rootpath / file).read_text() else nodeid
