# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.server.markdown import to_markdown


@pytest.mark.parametrize(
    ("written", "markdown"),
    [
        ("```markdown\n# Τίτλος\n```", "# Τίτλος"),
        ("Πριν\n```\ncode\n```", "Πριν\n```\ncode\n```"),
        ("<|ref|>title<|/ref|><|det|>[[1, 2, 3, 4]]<|/det|>\n# Τίτλος<|end_of_text|>", "# Τίτλος"),
        ("Α\n\n<--- Page Split --->\n\nΒ<!-- page:3 -->", "Α\n\nΒ"),
        ("Α ![σχήμα](images/1.jpg) Β<img alt='a dog'/>", "Α  Β"),
        ("<h2 class='x'>Κεφάλαιο</h2><p>Ένα &amp; δύο<br/>τρία</p>", "## Κεφάλαιο\n\nΈνα & δύο\nτρία"),
        ("<ul><li>ένα</li><li><b>δύο</b></li></ul>", "- ένα\n- **δύο**"),
        ("<input type='checkbox' checked/>ναι", "[x] ναι"),
        (r"Η \(x^2\) και \[ y = 1 \] μαζί", "Η $x^2$ και $$\ny = 1\n$$ μαζί"),
        (r"Βλ. \[12, 14\] και \\[2pt]", r"Βλ. [12, 14] και \\[2pt]"),
        ('<math>x &lt; 1</math> <math display="block">y</math>', "$x < 1$\n\n$$\ny\n$$"),
        ("Ένα &amp; δύο &#8364; AT&T &unknown; &amp;lt;", "Ένα & δύο € AT&T &unknown; &lt;"),
        ("<p>&lt;b&gt;α&lt;/b&gt;</p>", "<b>α</b>"),
        ("a<b και c>d, a<b and c>d, x < y", "a<b και c>d, a<b and c>d, x < y"),
        ("Α\n\n\n\nΒ   \n \n\nΓ", "Α\n\nΒ\n\nΓ"),
    ],
)
def test_each_way_of_writing_becomes_one_markdown(written: str, markdown: str) -> None:
    assert to_markdown(written) == markdown


def test_a_table_of_html_becomes_one_of_pipes() -> None:
    written = (
        "Πριν<table border=1><thead><tr><th>Έτος</th><th colspan='2'>Τιμή | α</th></tr></thead>"
        "<tr><td rowspan=2>1987</td><td>1</td><td>H<sub>2</sub>O</td></tr><tr><td>3</td><td><b>4</b><br>5</td></tr>"
        "</table>Μετά"
    )
    assert to_markdown(written) == (
        "Πριν\n\n| Έτος | Τιμή \\| α |  |\n| --- | --- | --- |\n| 1987 | 1 | H<sub>2</sub>O |\n|  | 3 | 4 5 |\n\nΜετά"
    )


def test_a_table_that_was_not_closed_keeps_its_cells() -> None:
    assert to_markdown("<table><tr><td>α<td>β<tr><td>γ") == "| α | β |\n| --- | --- |\n| γ |  |"


def test_a_table_in_a_cell_is_the_cells_text() -> None:
    inner = "<table><tr><td>β</td><td>γ</td></tr></table>"
    written = f"<table><tr><td>α {inner}</td><td>δ</td></tr><tr><td>ε</td><td>ζ</td></tr></table>"
    assert to_markdown(written * 2) == "\n\n".join(["| α β γ | δ |\n| --- | --- |\n| ε | ζ |"] * 2)


def test_a_cell_keeps_what_is_escaped_as_text() -> None:
    cells = "<td>&lt;b&gt;x&lt;/b&gt; &amp;amp;</td><td>&#124;&nbsp;&#10;1 &lt; 2</td>"
    assert to_markdown(f"<table><tr>{cells}</tr></table>").split("\n")[0] == "| <b>x</b> &amp; | \\| 1 < 2 |"


def test_spans_without_end_do_not_fill_the_memory() -> None:
    assert to_markdown("<table><tr><td colspan=999 rowspan=999>α</td><td>β</td></tr></table>").count("|") == 2 * 201


def test_a_table_without_cells_is_nothing() -> None:
    assert to_markdown("α<table></table>β") == "αβ"
