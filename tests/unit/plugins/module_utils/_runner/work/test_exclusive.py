# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.exclusive import Alone, ExclusiveAccess

NO, ON_GPU, ON_MACHINE = Alone


class Visits:
    """Visitors of the machine, who come in their order and stay until they are told to leave."""

    def __init__(self) -> None:
        self.access = ExclusiveAccess()
        self.seen: list[str] = []
        self._leave: dict[str, asyncio.Event] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def come(self, *visitors: tuple[str, str, Alone]) -> None:
        for name, gpu, alone in visitors:
            self._leave[name] = asyncio.Event()
            self._tasks[name] = asyncio.create_task(self._visit(name, gpu, alone))
            await self._settle_down()

    async def leave(self, *names: str) -> list[str]:
        """Return who has come in or left meanwhile."""
        before = len(self.seen)
        for name in names:
            self._leave[name].set()
            await self._settle_down()
        return self.seen[before:]

    async def give_up(self, name: str) -> None:
        self._tasks[name].cancel()
        with suppress(asyncio.CancelledError):
            await self._tasks[name]
        await self._settle_down()

    async def _visit(self, name: str, gpu: str, alone: Alone) -> None:
        async with self.access.hold(gpu, alone):
            self.seen.append(f"+{name}")
            await self._leave[name].wait()
            self.seen.append(f"-{name}")

    async def _settle_down(self) -> None:
        for _turn in range(20):
            await asyncio.sleep(0)


def test_whoever_wants_the_machine_alone_waits_for_those_inside_and_keeps_others_out() -> None:
    async def work() -> None:
        visits = Visits()
        await visits.come(("a", "0", NO), ("b", "1", NO), ("c", "1", ON_MACHINE), ("d", "0", NO))
        assert visits.seen == ["+a", "+b"]
        assert await visits.leave("a", "b") == ["-a", "-b", "+c"]
        assert await visits.leave("c") == ["-c", "+d"]

    asyncio.run(work())


def test_whoever_wants_a_gpu_alone_keeps_others_out_of_that_gpu_and_of_no_other() -> None:
    async def work() -> None:
        visits = Visits()
        await visits.come(("a", "0", NO), ("b", "1", NO), ("c", "0", ON_GPU), ("d", "0", NO), ("e", "1", NO))
        assert visits.seen == ["+a", "+b", "+e"]
        assert await visits.leave("a") == ["-a", "+c"]
        # On another GPU somebody else may be alone meanwhile, once that is empty.
        await visits.come(("f", "1", ON_GPU), ("g", "2", NO))
        assert visits.seen[-1] == "+g"
        assert await visits.leave("b", "e") == ["-b", "-e", "+f"]
        assert await visits.leave("c") == ["-c", "+d"]

    asyncio.run(work())


def test_whoever_wants_the_machine_alone_waits_for_one_that_has_a_gpu_alone_and_comes_before_the_next() -> None:
    async def work() -> None:
        visits = Visits()
        await visits.come(("a", "0", ON_GPU), ("b", "1", ON_MACHINE), ("c", "0", ON_GPU))
        assert visits.seen == ["+a"]
        assert await visits.leave("a") == ["-a", "+b"]
        assert await visits.leave("b") == ["-b", "+c"]

    asyncio.run(work())


def test_whoever_waits_no_more_keeps_nobody_out() -> None:
    async def work(alone: Alone) -> None:
        visits = Visits()
        await visits.come(("a", "0", NO), ("b", "0", alone), ("c", "0", NO))
        assert visits.seen == ["+a"]
        await visits.give_up("b")
        assert visits.seen == ["+a", "+c"]

    for alone in (ON_GPU, ON_MACHINE):
        asyncio.run(work(alone))


def test_several_who_want_to_be_alone_come_one_after_the_other_and_a_failure_inside_lets_the_next_in() -> None:
    async def fail(access: ExclusiveAccess, seen: list[str], alone: Alone) -> None:
        async with access.hold("0", alone):
            seen.append("in")
            await asyncio.sleep(0)
            seen.append("out")
            raise RuntimeError

    async def work(wanted: Sequence[Alone]) -> list[str]:
        access, seen = ExclusiveAccess(), list[str]()
        await asyncio.gather(*(fail(access, seen, alone) for alone in wanted), return_exceptions=True)
        return seen

    assert asyncio.run(work([ON_MACHINE, ON_GPU, ON_GPU, ON_MACHINE])) == ["in", "out"] * 4
