# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._children.bundle import (
    link_bundle,
    with_bundle,
    write_bundle,
)
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._records import history
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._records.effort import Effort
from ansible_collections.glossapi.farm.plugins.module_utils._records.history import History
from ansible_collections.glossapi.farm.plugins.module_utils._records.loan import LentDocument, Loan, LoanState
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import (
    history_uri,
    loan_uri,
    marker_uri,
    progress_uri,
)
from ansible_collections.glossapi.farm.plugins.module_utils._records.progress import Progress
from ansible_collections.glossapi.farm.plugins.module_utils._records.timings import Timings
from ansible_collections.glossapi.farm.plugins.module_utils._runner.host import service
from ansible_collections.glossapi.farm.plugins.module_utils._runner.host.lock import is_locked, take_lock
from ansible_collections.glossapi.farm.plugins.module_utils._runner.host.service import (
    effort_before,
    hold_lock,
    main,
    supervise,
    timings_before,
)
from ansible_collections.glossapi.farm.plugins.module_utils._runner.layout import Layout
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.queued_work import Pace
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.selection import Selection, select
from ansible_collections.glossapi.farm.plugins.module_utils._runner.worker import main as worker
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes, read_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from emulators.fault_proxy import Fault, FaultProxy, Rule
from emulators.s3 import S3Server
from tests.support.emulated_account import Account
from tests.support.markers import make_marker
from tests.support.progress import make_progress
from tests.support.queues import cut_pieces, make_queue, send
from tests.support.shards import TestShard

pytestmark = pytest.mark.server


@pytest.fixture
def layout(shard: TestShard) -> Layout:
    layout = Layout(Path(shard.config.workdir), 1)
    layout.create()
    shard.config.save(layout.config)
    return layout


def test_a_shard_is_worked_off_from_where_its_markers_say(shard: TestShard, layout: Layout) -> None:
    shard.cut({"a.pdf": 3, "b.pdf": 2, "c.pdf": 1})
    uri = marker_uri(shard.config.results_uri, "b.pdf", DocumentState.DONE)
    put_bytes(shard.client, uri, b"{}", "application/json")
    left = layout.document("s3://of/a-killed-predecessor.pdf")
    left.mkdir()
    assert supervise(shard.config) == 0
    assert shard.states() == dict.fromkeys(("a.pdf", "b.pdf", "c.pdf"), DocumentState.DONE)
    assert shard.text("a.pdf") == f"text of {shard.bucket.join('a.pdf')}"
    assert not left.exists()
    outputs = shard.client.list_objects_v2(Bucket=shard.bucket.bucket, Prefix="results/shard-1/")["Contents"]
    assert [item["Key"] for item in outputs] == [
        *(f"results/shard-1/markdown/{name}.pdf.md" for name in "ac"),
        *(f"results/shard-1/quality/{name}.pdf.json" for name in "ac"),
    ]


@pytest.mark.usefixtures("layout")
def test_what_a_helper_gives_back_while_the_markers_are_read_is_not_done_twice(
    shard: TestShard, monkeypatch: pytest.MonkeyPatch
) -> None:
    shard.cut({"own.pdf": 1, "lent.pdf": 2})
    results, uri = shard.config.results_uri, str(shard.bucket.join("lent.pdf"))
    loan, key = loan_uri(results, 1, 2), shard.bucket.join("lent.pdf").key
    lent = Loan("first", LoanState.LENT, documents=(LentDocument(uri, 2, None, 1, 1),))
    put_bytes(shard.client, loan, lent.to_json(), "application/json")
    done = make_marker(uri=uri, node="helper").to_json()

    def select_meanwhile(*arguments: Any) -> Selection:
        selection = select(*arguments)
        put_bytes(shard.client, marker_uri(results, key, DocumentState.DONE), done, "application/json")
        put_bytes(shard.client, loan, Loan("first").to_json(), "application/json")
        return selection

    monkeypatch.setattr(service, "select", select_meanwhile)
    assert supervise(shard.config) == 0
    assert shard.marker("lent.pdf", DocumentState.DONE).node == "helper"
    assert shard.states() == {"own.pdf": DocumentState.DONE, "lent.pdf": DocumentState.DONE}


def test_a_queue_is_worked_off_under_a_number_that_has_no_documents(
    shard: TestShard, empty_account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue = make_queue(empty_account.connection)
    cut_pieces(shard, {1: {"a.pdf": 1}, 2: {"b.pdf": 2}})
    send(queue, shard, 1, 2)
    monkeypatch.setattr(service, "Pace", partial(Pace, 1, 0.5))
    config = replace(shard.config, shard=41, queue=queue.url)
    Layout.of(config).create()
    config.save(Layout.of(config).config)
    assert supervise(config) == 0
    assert shard.states() == {"a.pdf": DocumentState.DONE, "b.pdf": DocumentState.DONE}
    assert queue.depth().is_empty
    said = Progress.from_json(read_bytes(shard.client, progress_uri(config.results_uri, 41)), "the progress")
    assert (said.state, said.documents, said.helped, said.pages_helped, said.helping) == ("finished", 0, 2, 3, ())
    assert said.effort is not None
    assert said.effort.pages == 3


def test_documents_are_fetched_at_the_requesters_cost_and_results_are_not(
    shard: TestShard, layout: Layout, s3_server: S3Server
) -> None:
    offer = "x-amz-request-payer: requester"
    shard.cut({"a.pdf": 1})
    document = rf"^/{shard.bucket.bucket}/a\.pdf"
    with FaultProxy(s3_server.endpoint_url, [Rule(Fault.ACCESS_DENIED, path=document, unless=offer)]) as proxy:
        denied = replace(shard.config, endpoint_url=proxy.endpoint_url, outage_seconds=0)
        denied.save(layout.config)
        assert supervise(denied) == service.EXIT_RESTART
        assert shard.states() == {}
        paid = replace(denied, requester_pays=True)
        paid.save(layout.config)
        proxy.log.clear()
        assert supervise(paid) == 0
    assert shard.states() == {"a.pdf": DocumentState.DONE}
    offered = {offer in each.head.lower(): each.path for each in proxy.log}
    assert re.search(document, offered.pop(True))
    assert not [each for each in proxy.log if re.search(document, each.path) and offer not in each.head.lower()]
    assert offered


def test_a_farm_that_has_cost_its_budget_stops_and_leaves_the_rest_pending(shard: TestShard, layout: Layout) -> None:
    said = make_progress(shard=2, state="stopped", started_at=10.0, updated_at=7210.0)
    put_bytes(shard.client, progress_uri(shard.config.results_uri, 2), said.to_json(), "application/json")
    shard.cut({"a.pdf": 1, "b.pdf": 1})
    slow = shard.with_script("import time\ntime.sleep(600)\n")
    slow.config.save(layout.config)
    assert supervise(replace(slow.config, budget=9.0, price_per_hour=5.0)) == 0
    assert shard.states() == {}
    ended = Progress.from_json(layout.progress.read_bytes(), "progress")
    assert (ended.state, ended.pending) == ("stopped", 2)
    assert ended.message.startswith("The budget of $9.00 is spent: $10.00 by now.")


def said_of(shard: TestShard) -> Progress:
    uri = progress_uri(shard.config.results_uri, 1)
    return Progress.from_json(read_bytes(shard.client, uri), str(uri))


@pytest.mark.usefixtures("layout")
def test_efforts_add_up_over_restarts_cuts_pauses_and_clocks_that_differ(shard: TestShard) -> None:
    shard.cut({"a.pdf": 3, "b.pdf": 2})
    # Days ago, by a clock that is years ahead, under a cut of other documents.
    before = make_progress(started_at=9e9, updated_at=9e9 + 40, pages_done=700, effort=Effort(40.0, 500))
    put_bytes(shard.client, progress_uri(shard.config.results_uri, 1), before.to_json(), "application/json")
    assert supervise(shard.config) == 0
    first = said_of(shard).effort
    assert first is not None
    assert first.pages == 505
    assert 40.0 < first.seconds < 3600.0
    shard.cut({"c.pdf": 9})
    assert supervise(shard.config) == 0
    second = said_of(shard).effort
    assert second is not None
    assert second.pages == 514
    assert first.seconds < second.seconds < first.seconds + 3600.0


@pytest.mark.usefixtures("layout")
def test_a_progress_that_is_lost_is_made_good_by_the_history(shard: TestShard) -> None:
    shard.cut({"a.pdf": 3})
    kept = history.to_json(History(effort=Effort(40.0, 500)))
    put_bytes(shard.client, history_uri(shard.config.results_uri, 1), kept, "application/json")
    put_bytes(shard.client, progress_uri(shard.config.results_uri, 1), b"?", "application/json")
    assert effort_before(shard.client, shard.config) == Effort(40.0, 500)
    assert supervise(shard.config) == 0
    uri = history_uri(shard.config.results_uri, 1)
    effort = history.from_json(read_bytes(shard.client, uri), str(uri)).effort
    assert effort is not None
    assert (effort.pages, effort.seconds > 40.0) == (503, True)


@pytest.mark.parametrize("body", [b"?", b'{"schema": 2}', b"{}"])
def test_what_does_not_tell_its_effort_holds_up_a_shard_with_a_budget_and_no_other(
    shard: TestShard, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    put_bytes(shard.client, progress_uri(shard.config.results_uri, 1), body, "application/json")
    assert effort_before(shard.client, shard.config) == Effort()
    assert "shard 1: " in caplog.text
    with pytest.raises(FarmError, match=r"shard 1: .* nobody knows what was spent"):
        effort_before(shard.client, replace(shard.config, budget=5.0, price_per_hour=5.0))


def test_a_key_too_long_for_a_marker_is_left_pending_and_told(shard: TestShard, layout: Layout) -> None:
    key = "/".join(["k" * 200] * 5)
    shard.cut({key: 1, "a.pdf": 1})
    assert supervise(shard.config) == 78
    assert shard.states() == {"a.pdf": DocumentState.DONE}
    assert "1 documents have keys too long" in layout.progress.read_text()


def test_a_manifests_key_that_is_no_utf_8_is_left_pending_and_told_and_the_others_are_done(
    shard: TestShard, layout: Layout
) -> None:
    shard.cut({"a.pdf": 1, "b.pdf": 1})
    manifest = S3Uri.parse(shard.config.manifests).join("shard_1.csv")
    row = f"s3://{shard.bucket.bucket}/".encode() + b"\xff.pdf,1,5\n"
    put_bytes(shard.client, manifest, read_bytes(shard.client, manifest) + row, "text/csv")
    assert supervise(shard.config) == service.EXIT_NO_USE
    assert shard.states() == dict.fromkeys(("a.pdf", "b.pdf"), DocumentState.DONE)
    assert "no UTF-8" in layout.progress.read_text()
    assert said_of(shard).pending == 1


def test_without_a_slot_the_service_ends_with_the_status_that_no_restart_helps_and_s3_says_why(
    shard: TestShard, layout: Layout
) -> None:
    shard.cut({"a.pdf": 1})
    config = replace(shard.config, pipeline_options={})
    config.save(layout.config)
    assert supervise(config) == 78
    uri = progress_uri(shard.config.results_uri, 1)
    said = Progress.from_json(read_bytes(shard.client, uri), str(uri))
    assert (said.state, said.pending, set(said.drained)) == ("failed", 1, set(shard.config.slots))
    assert said.message.startswith("No slot is left to work on 1 documents.")


def test_a_broken_run_ends_the_service_with_the_status_that_no_restart_helps_and_s3_has_the_class(
    shard: TestShard, layout: Layout
) -> None:
    shard.cut({f"{number:02}.pdf": 1 for number in range(15)})
    broken = shard.with_script("sys.exit(1)\n")
    broken.config.save(layout.config)
    assert supervise(broken.config) == service.EXIT_NO_USE
    uri = progress_uri(shard.config.results_uri, 1)
    said = Progress.from_json(read_bytes(shard.client, uri), str(uri))
    assert (said.state, said.failure_class, said.pending) == ("broken", "pipeline", 15)


def test_what_the_configuration_lacks_ends_the_service_with_a_status_that_no_restart_helps(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    reading, writing = os.pipe()
    try:
        assert main([str(tmp_path / "none.json"), str(writing)]) == 78
        assert not os.get_inheritable(writing)
    finally:
        os.close(reading)
        os.close(writing)
    assert "start the shard again" in caplog.text


def test_as_a_service_it_locks_its_shard_logs_twice_and_runs_the_linked_library(
    shard: TestShard, layout: Layout, tmp_path: Path
) -> None:
    shard = shard.with_script("print(os.environ['AWS_ENDPOINT_URL'], flush=True)\n")
    shard.config.save(layout.config)
    shard.cut({"a.pdf": 1})
    bundle = write_bundle([service.__name__, worker.__name__], layout.bundles)
    link_bundle(bundle, layout.bundle)
    finished = subprocess.run(
        [sys.executable, "-m", service.__name__, str(layout.config)],
        env=with_bundle(layout.bundle, {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    assert shard.states() == {"a.pdf": DocumentState.DONE}
    assert finished.stderr == layout.log.read_text()
    assert "1 documents, 1 to be done" in finished.stderr
    assert int(layout.lock.read_text()) > 1
    assert not is_locked(layout.lock)


def test_a_shard_that_another_supervisor_works_on_is_left_to_it(layout: Layout) -> None:
    descriptor = take_lock(layout.lock)
    assert descriptor is not None
    os.write(descriptor, b"77")
    with pytest.raises(FarmError, match=r"Another supervisor works on shard 1, process 77 .*stop it first"):
        hold_lock(layout)
    os.close(descriptor)


def test_what_earlier_supervisors_measured_is_gone_on_with_unless_it_was_of_something_else(shard: TestShard) -> None:
    assert timings_before(shard.client, shard.config) == Timings(shard.config.timings_basis)
    measured = Timings(shard.config.timings_basis).with_document(4, 7.5).with_share(0.5)
    uri = history_uri(shard.config.results_uri, 1)
    put_bytes(shard.client, uri, history.to_json(History(timings=measured)), "application/json")
    assert timings_before(shard.client, shard.config) == measured
    other = replace(shard.config, timeout_base=7)
    assert timings_before(shard.client, other) == Timings(other.timings_basis)
