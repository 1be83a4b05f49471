# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Another language, or letters of a language gone wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.glossapi.farm.plugins.module_utils._text.common import COMMON_CHARACTERS, SMALL_WORDS
from ansible_collections.glossapi.farm.plugins.module_utils._text.second_look import SecondLook, look_again

ENGLISH = "the level of the water in the wells was measured after each winter and compared with that of other villages"
MISREAD = "tbe levcl ot the wafer in the wel1s vvas meosurcd after esch wintcr and comqared witk tbat of othcr vil1ages"
WELSH = "Genir pawb yn rhydd ac yn gydradd â'i gilydd mewn urddas a hawliau. Fe'u cynysgaeddir â rheswm a chydwybod"
PROGRAM = """/* the length of the queue is that of the ring and of what is in the lock */
static int qdev_rxq_drain(struct qdev_priv *qpriv, rxq_desc_t *rxdesc, u32 nrdesc)
{
    struct skbuff *nskb = qdev_alloc_skb(qpriv->ndev, rxdesc->dlen);
    PyQdevObject *qobj = (PyQdevObject*)qpriv->drvdata;
    dma_sync_rxbuf(qpriv->dmadev, rxdesc->daddr, rxdesc->dlen);
    qdev_rxq_kick(qobj->rxqp, nskb);
    return qdev_rxq_left(qpriv, nrdesc);
}
"""
KAZAKH = "Барлық адамдар тумысынан азат және қадір-қасиеті мен құқықтары тең болып дүниеге келеді"


@pytest.mark.parametrize("text", [WELSH, KAZAKH])
def test_another_language_is_less_surprising_than_it_was(text: str) -> None:
    look = look_again(text)
    assert (look.surprise < 0, look.strange) == (True, 0.0)


def test_a_well_known_language_is_as_it_was() -> None:
    look = look_again(ENGLISH)
    assert (look.surprise, look.unlikely, look.strange < 0.1) == (0, 0, True)


def test_wrong_letters_among_small_words_are_strange() -> None:
    look = look_again(MISREAD)
    assert (look.surprise, look.strange > 0.25) == (0, True)


def test_greek_in_latin_letters_is_none_of_the_well_known_languages() -> None:
    assert look_again("kai to neró tis pediadas me tin vrochi pou epese apo ton cheimona").strange == 0


def test_commands_of_tex_are_no_words() -> None:
    assert look_again(r"the sum is \\mathbb\\rightarrow\\xqzwk of the \\vdots\\ddots").strange == 0


def test_the_names_of_a_program_are_not_strange() -> None:
    look = look_again(PROGRAM)
    assert (look.surprise, look.strange) == (0, 0.0)


@pytest.mark.parametrize("use", ["tzsqr(end)", "tzsqr = 1", "echo $tzsqr", "row.tzsqr", "tzsqr_x", "tzsqr->next"])
def test_what_is_a_name_once_is_none_of_the_strange_words_of_its_page(use: str) -> None:
    strange = "mqwvx of the zxkqj and the vbnrt of the qxzpl"
    page = f"{ENGLISH} {strange} if tzsqr then not tzsqr or tzsqr"
    assert look_again(f"{page} {use}").strange == look_again(f"{ENGLISH} {strange}").strange > 0
    assert look_again(page).strange > look_again(f"{page} {use}").strange


def test_a_strange_word_counts_once_however_often_it_is_there() -> None:
    page = f"{ENGLISH} if the tzsqr of this one is the one of them"
    assert look_again(f"{page} tzsqr tzsqr tzsqr").strange == look_again(page).strange > 0


def test_a_misread_page_that_names_something_of_a_program_is_strange_all_the_same() -> None:
    assert look_again(f"{MISREAD} {MISREAD} c_context = TreeExprBuilder();").strange > 0.25


@given(st.text(st.characters(exclude_categories=())))
def test_any_string_can_be_looked_at(text: str) -> None:
    assert 0 <= look_again(text).strange <= 1


def test_nothing_is_found_in_nothing() -> None:
    assert look_again("") == SecondLook(0, 0, 0.0)


def test_lists_are_of_different_words_and_characters() -> None:
    assert all(len(words.split()) == len(set(words.split())) for words in SMALL_WORDS.values())
    assert len(COMMON_CHARACTERS) == len(set(COMMON_CHARACTERS)) > 2000
