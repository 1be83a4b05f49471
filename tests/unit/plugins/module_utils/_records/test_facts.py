# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._records.facts import Facts

_KEYS = st.binary(max_size=2)
_SAID = st.lists(st.tuples(_KEYS, st.binary(min_size=2, max_size=2)))


@given(_SAID, st.lists(_KEYS), st.integers(0, 40))
def test_each_document_has_the_greatest_of_its_facts_wherever_one_looks(
    said: list[tuple[bytes, bytes]], looks: list[bytes], bytes_in_memory: int
) -> None:
    facts = Facts(2, said, bytes_in_memory)
    assert facts.count == len(said)
    for _again in range(2):
        reader = facts.read()
        found: dict[bytes, bytes] = {}
        for last in sorted(set(looks)):
            step = reader.up_to(last)
            assert all(key <= last for key in step)
            assert not step.keys() & found.keys()
            found |= step
        left = [key for rest in reader.rest() for key in rest]
        assert all(key > max(looks, default=b"") or not looks for key in left)
        assert {*found, *left} == {key for key, _fact in said}
        assert len(found) + len(left) == len({key for key, _fact in said})
        assert all(fact == max(other for each, other in said if each == key) for key, fact in found.items())
        assert reader.repeated == len(said) - len({key for key, _fact in said})


def test_one_fact_can_be_said_of_several_documents() -> None:
    facts = Facts(1, [(b"b", b"1")])
    facts.add_to_each([b"c", b"a", b"b"], b"2")
    assert (facts.count, facts.read().up_to(b"b")) == (4, {b"a": b"2", b"b": b"2"})


def test_a_full_disk_names_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    with pytest.raises(FarmError, match=rf"Cannot keep what is known of the documents in {tmp_path}/none"):
        Facts(1, [(b"key", b"1")], bytes_in_memory=0)
