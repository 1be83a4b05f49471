# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import asyncio

from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.exclusive import ExclusiveAccess


async def visit(access: ExclusiveAccess, name: str, seen: list[str], may_leave: asyncio.Event, *, alone: bool) -> None:
    async with access.hold(exclusive=alone):
        seen.append(f"+{name}")
        await may_leave.wait()
        seen.append(f"-{name}")


async def settle_down() -> None:
    for _turn in range(20):
        await asyncio.sleep(0)


def test_whoever_wants_to_be_alone_waits_for_those_inside_and_keeps_others_out() -> None:
    async def work() -> list[str]:
        access, seen = ExclusiveAccess(), list[str]()
        leave = {name: asyncio.Event() for name in "abcd"}
        tasks = []
        for name, alone in (("a", False), ("b", False), ("c", True), ("d", False)):
            tasks.append(asyncio.create_task(visit(access, name, seen, leave[name], alone=alone)))
            await settle_down()
        assert seen == ["+a", "+b"]
        leave["a"].set()
        leave["b"].set()
        await settle_down()
        assert seen[4:] == ["+c"]
        leave["d"].set()
        leave["c"].set()
        await asyncio.gather(*tasks)
        return seen

    assert asyncio.run(work())[4:] == ["+c", "-c", "+d", "-d"]


def test_two_who_want_to_be_alone_come_one_after_the_other_and_a_failure_inside_lets_the_next_in() -> None:
    async def fail(access: ExclusiveAccess, seen: list[str]) -> None:
        async with access.hold(exclusive=True):
            seen.append("in")
            await asyncio.sleep(0)
            seen.append("out")
            raise RuntimeError

    async def work() -> list[str]:
        access, seen = ExclusiveAccess(), list[str]()
        await asyncio.gather(*(fail(access, seen) for _number in range(3)), return_exceptions=True)
        return seen

    assert asyncio.run(work()) == ["in", "out"] * 3
