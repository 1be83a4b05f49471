# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A page's verdict: texts of our own, good ones of each kind, and what may become of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._text.quality import (
    LIMITS,
    Quality,
    Verdict,
    assess,
    combine,
    main,
)

MODULE = "ansible_collections.glossapi.farm.plugins.module_utils._text.quality"
GREEK = (
    "Η εργασία εξετάζει πώς αλλάζει η στάθμη των υπόγειων νερών στην πεδιάδα, όταν οι καλλιεργητές ποτίζουν τη "
    "νύχτα. "
    "Οι μετρήσεις έγιναν σε δώδεκα γεωτρήσεις επί τρία χρόνια, και συγκρίθηκαν με τις βροχοπτώσεις της ίδιας "
    "περιόδου. "
    "Το συμπέρασμα είναι ότι η μέση στάθμη ανέβηκε κατά δύο μέτρα, χωρίς να μειωθεί η παραγωγή των κτημάτων."
)
POLYTONIC = (
    "Ἡ παροῦσα μελέτη περὶ τῆς ἀρχαίας ὁδοῦ, ἣν οἱ κάτοικοι τῆς χώρας ἔτι καὶ νῦν γιγνώσκουσιν, ἐγράφη ἐν τῷ "
    "σπουδαστηρίῳ. "
    "Οὐκ ἔστιν ἄλλος τρόπος τοῦ εὑρεῖν τὰ τείχη, ὧν τὰ θεμέλια ὑπὸ τῆς γῆς κέκρυπται."
)
ENGLISH = (
    "This chapter describes how the water table of the plain changes when farmers irrigate at night. Twelve "
    "wells were "
    "measured over three years, and the results were compared with the rainfall of the same period in each village."
)
GERMAN = (
    "Dieses Kapitel beschreibt, wie sich der Grundwasserspiegel der Ebene verändert, wenn die Bauern nachts "
    "bewässern. "
    "Zwölf Brunnen wurden über drei Jahre gemessen und die Ergebnisse mit den Niederschlägen früherer Zeiträume "
    "verglichen."
)
FRENCH = (
    "Ce chapitre décrit comment le niveau des eaux souterraines de la plaine évolue lorsque les agriculteurs "
    "arrosent la "
    "nuit. Douze puits ont été mesurés pendant trois années, puis comparés aux précipitations relevées à la "
    "même période."
)
LANGUAGES = {"greek": GREEK, "polytonic": POLYTONIC, "english": ENGLISH, "german": GERMAN, "french": FRENCH}

KINDS = {
    "title page": "ΠΑΝΕΠΙΣΤΗΜΙΟ ΑΙΓΑΙΟΥ\nΤΜΗΜΑ ΓΕΩΓΡΑΦΙΑΣ\n\nΔΙΔΑΚΤΟΡΙΚΗ ΔΙΑΤΡΙΒΗ\n\nΜυτιλήνη 2014",
    "twenty characters": "Παράρτημα Β: Χάρτες.",
    "page number": "17",
    "numbers": "\n".join(f"{row}  {row * 1.37:.2f}  {row * 311}  –  {row}%" for row in range(1, 20)),
    "references": "Μαυρίδης, Κ. & Weber, H. (2003). Υδρολογία. Αθήνα: Κέδρος, σσ. 12-40.\nO'Neill, P., Novák, "
    "J. (1998). "
    "Groundwater. J. Hydrol. 12(3), pp. 4–19.\nΤζώρτζης, Γ. κ.ά. (2010). Ό.π., τ. Β΄, σ. 7.",
    "contents": "1.1 Εισαγωγή ............................ 3\n1.2 Η περιοχή . . . . . . . . . . 9\n2 Μέθοδος … "
    "14\nΠίνακες\t21",
    "species": "Στο δάσος φύονται Pinus nigra, Abies cephalonica και Quercus ilex, ενώ η Testudo marginata "
    "είναι σπάνια.",
    "mixed": f"{GREEK}\n{ENGLISH}",
    "greeklish": "I ergasia eksetazei pos allazei i stathmi ton ypogeion neron stin pediada, otan oi "
    "kalliergites potizoun",
    "formulas": "∂u/∂t = κ ∂²u/∂x² + f(x, t)   (3.1)\nx_i + y_j ≤ z_k,  Σ_i α_i = 1\nλ > 0,  |a| ≥ b²   (3.2)",
    "greek letters of proteins": "Η IL1 και ο TNFα αυξήθηκαν, όχι όμως ο PPARγ, ο TGFβ και η IFNγ, όπου λmax "
    "και cosθ ίσα.",
    "latex": r"$$\frac{\partial u}{\partial t} = \nabla^2 u, \quad u \in \mathbb{R}^n$$ όπου $\lambda > 0$",
    "chemistry": "CH4 + 2 O2 → CO2 + 2 H2O, NaCl, KMnO4 (aq), pH 7,4, 25 °C, 0,5 mol·L−1, 200 µL",
    "table": "| Γεώτρηση | Βάθος | m |\n|---|---|---|\n| Α | 12,5 | 3 |\n| Β | 14,0 | 7 |\n<!-- image -->\n&amp; &lt;3",
    "code": "def depth(well: Well) -> float:\n    total = sum(level.value for level in well.levels)\n    return "
    "total / 2",
    "addresses": "https://www.example.org/a/xq7-zzt.pdf doi:10.1000/xyz123 well@kpt.example.org",
    "arabic": "هذا الفصل يصف كيف يتغير مستوى المياه الجوفية في السهل عندما يسقي المزارعون حقولهم في الليل",
    "hebrew": "הפרק הזה מתאר כיצד מפלס מי התהום במישור משתנה כאשר החקלאים משקים את השדות בלילה",
    "russian": "В этой главе описано, как меняется уровень подземных вод на равнине, когда крестьяне поливают ночью",
    "chinese": "本章描述当农民在夜间灌溉时平原地下水位如何变化。我们在三年内测量了十二口井。",
    "cut off": GREEK[:120],
    "page number in letters": "xviii",
    "letter of an appendix": "Β΄",
    "parts of a figure": "(α) (β)",
    "caption": "Σχ. 3.2: α και β",
    "axes": "0\n10\n20\n30\nx\ny (m)",
    "few equations": "f(x) dx = F(b) - F(a)",
    "initials": "J. R. R. Tolkien",
    "answers": "1 A\n2 B\n3 C\n4 D",
    "chinese from top to bottom": "\n".join("本章描述当农民在夜间灌溉时平"),
    "genes": ">NC_000913.3 Escherichia coli\nAGCTTTTCATTCTGACTGCAACGGGCAATATGTCTCTGTGTGGATTAAAAAAAGAGTGTC\n"
    "TGATAGCAGCTTCTGAACTGGTTACCTGCCGTGAGTAAATTAAAATTTTATTGACTTAGG",
    "numbered genes": "  1 agcttttcat tctgactgca acgggcaata\n 31 tgtctctgtg tggattaaaa aaagagtgtc",
    "proteins": "MKVLAAGIVG LLLAEEKDSR TTPWYHHNQC FFKLMNPQRS TVWYACDEFG HIKLMNPQRS",
    "acronyms": "ΔΕΗ\nΟΤΕ\nΕΚΤ\nΦΠΑ\nΥΠΕΧΩΔΕ\nSPSS\nHTML\nLCD\nGPS\nSQL\nPCR\nGPU\nmRNA\nFTP",
    "numbers of books": "\n".join(f"ISBN 978-960-{row * 37}-{row * 411}-{row}" for row in range(10, 20)),
    "form": "Ναι ☐\nΌχι ☐",
    "options": "Α □ Β □ Γ □ Δ □",
    "questionnaire": "\n".join(
        f"{row}. Πόσο ικανοποιημένοι είστε από {thing};\n□ Καθόλου  □ Λίγο  □ Αρκετά  □ Πολύ  □ Πάρα πολύ"
        for row, thing in enumerate(["την ύδρευση", "τα πάρκα", "τους δρόμους", "τα σχολεία", "τα φώτα"], start=1)
    ),
    "boxes for letters": "Α.Φ.Μ.: □□□□□□□□□\nΕπώνυμο: □□□□□□□□□□□□□□□□\nΌνομα: □□□□□□□□□□\nΤ.Κ.: □□□□□",
    "stars": "Υπηρεσία ★★★★☆\nΤιμή ★★☆☆☆\nΧώρος ★★★★★",
    "albanian": "Të gjithë njerëzit lindin të lirë dhe të barabartë në dinjitet dhe në të drejta dhe kanë arsye",
    "welsh": "Genir pawb yn rhydd ac yn gydradd â'i gilydd mewn urddas a hawliau a'u cynysgaeddu â rheswm a chydwybod",
    "azeri": "Bütün insanlar ləyaqət və hüquqlarına görə azad və bərabər doğulurlar",
    "kazakh": "Барлық адамдар тумысынан азат және қадір-қасиеті мен құқықтары тең болып дүниеге келеді",
    "urdu": "تمام انسان آزاد اور حقوق و عزت کے اعتبار سے برابر پیدا ہوئے ہیں انہیں ضمیر اور عقل ودیعت ہوئی ہے",
    "yiddish": "יעדער מענטש ווערט געבוירן פֿרײַ און גלײַך אין כּבֿוד און רעכט און איז באַשאָנקען מיט פֿאַרשטאַנד",
    "latin": "Omnes homines dignitate et iure liberi et pares nascuntur, rationis et conscientiae participes sunt",
    "traditional chinese": "人人生而自由在尊嚴和權利上一律平等他們賦有理性和良心並應以兄弟關係的精神相對待",
    "broken at line ends": "Η στάθμη των υπό-\nγειων νερών στην πε-\nδιάδα ανέβηκε κατά\nδύο μέ-\nτρα το έτος.",
}


# What a recogniser saw in specks and scratches.
SCATTERED = ["q\n\n. r ,\n  k", "i l ' ; . x\no - e", "ae é 4 | a oe\n ~ fi", "ς\nτ ι\n. ρ"]


def read_as(text: str, written: str, read: str) -> str:
    return text.encode(written, "ignore").decode(read, "ignore")


def move(text: str, distance: int) -> str:
    return "".join(chr(ord(char) + distance) if char.isalpha() else char for char in text)


FAULTS = {
    "greek of windows read as latin-1": read_as(GREEK, "cp1253", "latin-1"),
    "greek of iso 8859-7 read as windows-1252": read_as(GREEK, "iso8859-7", "cp1252"),
    "greek of mac read as windows-1252": read_as(GREEK, "mac_greek", "cp1252"),
    "greek of windows read as cyrillic": read_as(GREEK, "cp1253", "cp1251"),
    "utf-8 read as windows-1252": read_as(GREEK, "utf-8", "cp1252"),
    "utf-8 read as windows-1253": read_as(GREEK, "utf-8", "cp1253"),
    "polytonic utf-8 read as latin-1": read_as(POLYTONIC, "utf-8", "latin-1"),
    "german utf-8 read as windows-1252": read_as(GERMAN, "utf-8", "cp1252"),
    "french utf-8 read as windows-1252": read_as(FRENCH, "utf-8", "cp1252"),
    "french read as windows-1253": read_as(FRENCH, "latin-1", "cp1253"),
    "greek letters moved": move(GREEK, 3),
    "english letters moved": move(ENGLISH, 1),
    "glyph numbers": "".join(chr(ord(char) - 29) for char in ENGLISH if char > ">"),
    "private use": "".join(chr(0xF000 + ord(char) % 256) if char.isalpha() else char for char in GREEK),
    "half private use": GREEK[:150] + "".join(chr(0xE000 + ord(char) % 256) for char in GREEK[150:]),
    "greek by a latin recogniser": "H epyaoia e&etaCel nwc aAAaZel n otαθμn τwv uπoγelwv vepwv otnv neδiaδa, "
    "otav ol kaλλlepyntec",
    "greek capitals and small letters by a latin recogniser": "H otAOun Twv UMOyElwv vEpwv oTNV MEdLAdA, OTaV OL "
    "KAAMEPYNTEG NOTICOUV tH vUXTA, avéBnKe KaTa dUO pETpa Kal N NapaywyN TWV KTNUATWV dev EMEOE KABOAOU",
    "latin letters in greek words": GREEK.translate(str.maketrans("αοιν", "aoiv")),
    "greek letters in latin words": ENGLISH.translate(str.maketrans("aeo", "αεο")),
    "letters by chance": "qxv wkzjh bpt gfzzk xjq wvnrt kdlqp zzmxc ghtrw qpsdk vbnmx tgbhy wsxqa plokm zxcvb "
    "nbhgt rfvcd qazws",
    "one line again and again": "Η στάθμη των νερών ανέβηκε κατά δύο μέτρα.\n" * 12,
    "a loop": ENGLISH + " of the same period" * 40,
    "one letter for ever": ENGLISH + " " + "a" * 400,
    "leaders for ever": "Εισαγωγή " + "." * 900,
    "glyphs that a font does not have": "".join("□" if char.isalpha() else char for char in GREEK),
    "codes of dingbats": "".join(chr(0x2701 + ord(char) % 0xBE) if char.isalpha() else char for char in ENGLISH),
    "greek in a font of symbols": "H paraVtash thV taxhV twn arijmwn autwn deicnei oti oi timeV thV staqmhV thV limnhV "
    "einai megaluterh apo tiV pareV thV periodouV kai oi diaforeV autouV",
    "greek of windows read as chinese": read_as(GREEK, "cp1253", "gbk"),
    "utf-8 read as chinese": read_as(GREEK, "utf-8", "gbk"),
    "utf-16 with its bytes exchanged": read_as(ENGLISH, "utf-16-le", "utf-16-be"),
    "numbers of characters": "".join(char if char.isascii() else f"&#{ord(char)};" for char in GREEK),
    "english with wrong letters": "Thjs chqpter dhscribes how thx waber table ot the plyin chakges wkhn farmzrs "
    "irrigcte at nijht. Twklve wejls werm meapured ober threg yearz, and ghe resulws wera comparfd wivh the rainfxll.",
    "specks of a picture": "\n".join(
        [":,~-~ l.|l;|\\-/'\\_|", "_;l'~i ;~i\\,", "--i\\-'\\;;'||;.,1,-;", "~/_:|.;'-,\\i"] * 3
    ),
    "letters apart": " ".join(GREEK.replace(" ", "")),
    "replacement characters": "".join("\ufffd" if place % 8 == 0 else char for place, char in enumerate(GREEK)),
    "question marks": "".join("?" if char.isalpha() else char for char in GREEK),
    "names of glyphs": " ".join("".join(f"/g{ord(char) % 90}" for char in word) for word in GREEK.split()),
    "escaped names of glyphs": "".join(f"glyph&lt;c={ord(char) % 90},font=/AAAAAB+F&gt;" for char in GREEK),
    "control characters": "".join("\x03" if char == " " else char for char in ENGLISH),
}


@pytest.mark.parametrize("name", LANGUAGES)
def test_prose_is_good_in_each_language(name: str) -> None:
    quality = assess(LANGUAGES[name])
    assert (quality.verdict, quality.score > 0.8) == (Verdict.GOOD, True)


@pytest.mark.parametrize("name", KINDS)
def test_what_a_thesis_has_beside_prose_is_good(name: str) -> None:
    assert assess(KINDS[name]).verdict is Verdict.GOOD


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_makes_a_page_poor(name: str) -> None:
    quality = assess(FAULTS[name])
    assert (quality.verdict, quality.score <= 0.5) == (Verdict.POOR, True)


@pytest.mark.parametrize(
    "text",
    [GREEK.replace("νερών", "νερ\ufffdν"), GREEK.replace("μέση", "μέσn"), GREEK + " \uf0b7"],
    ids=["one replacement character", "one letter of another script", "one bullet of a symbol font"],
)
def test_a_single_fault_leaves_a_page_good(text: str) -> None:
    assert assess(text).verdict is Verdict.GOOD


@pytest.mark.parametrize("text", SCATTERED)
def test_scattered_letters_are_no_short_page(text: str) -> None:
    quality = assess(text)
    assert (quality.verdict, quality.worst[0], quality.says_nothing) == (Verdict.POOR, "scattered", True)


@pytest.mark.parametrize("text", SCATTERED)
def test_on_a_picture_scattered_letters_are_nothing_and_in_a_drawing_its_labels(text: str) -> None:
    assert assess(text, has_ink=False).verdict is Verdict.BLANK
    labels = assess(text, may_scatter=False)
    assert (labels.verdict, labels.measures.scattered) == (Verdict.GOOD, 0.0)


def test_a_page_of_letters_that_are_not_its_text_does_not_say_nothing() -> None:
    for text in FAULTS.values():
        assert not assess(text).says_nothing


def test_a_short_word_is_text_on_a_picture_too_in_any_script() -> None:
    for text in ("Τέλος", "第三章"):
        assert assess(text, has_ink=False).verdict is Verdict.GOOD


def test_a_page_without_text_is_empty_and_a_blank_one_is_no_fault() -> None:
    assert assess(" \n\t").verdict is Verdict.EMPTY
    assert assess(" \n\t", has_ink=False).verdict is Verdict.BLANK
    assert assess("12", has_ink=False).verdict is Verdict.BLANK


def test_text_on_a_page_that_should_have_none_is_assessed_all_the_same() -> None:
    assert assess(GREEK, has_ink=False).verdict is Verdict.GOOD


@pytest.mark.parametrize(
    "text", ["<!-- formula-not-decoded -->\n<!-- image -->", "| --- | ---\n* * *", "......... ___"]
)
def test_comments_and_rules_alone_are_no_text(text: str) -> None:
    assert assess(text).verdict is Verdict.EMPTY


def test_a_bulleted_page_with_a_few_strange_characters_is_good() -> None:
    assert assess(f"• {GREEK}\n• {ENGLISH}\n• 李白 杜甫 犴").verdict is Verdict.GOOD


@pytest.mark.parametrize("name", ["chinese", "russian", "arabic"])
def test_a_script_that_no_expected_language_has_is_poor(name: str) -> None:
    assert assess(KINDS[name], languages=["el", "en"]).verdict is Verdict.POOR


def test_the_languages_of_the_page_are_good_where_they_are_expected() -> None:
    assert assess(KINDS["mixed"], languages=["el", "en"]).verdict is Verdict.GOOD
    assert assess(KINDS["chinese"], languages=["zh"]).verdict is Verdict.GOOD


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(FarmError, match="'xx'"):
        assess(GREEK, languages=["el", "xx"])


@given(st.text(st.characters(exclude_categories=())), st.booleans())
def test_any_string_has_a_score(text: str, has_ink: bool) -> None:
    quality = assess(text, has_ink=has_ink)
    assert 0 <= quality.score <= 1
    assert json.dumps(quality.as_json())


@given(st.text(st.sampled_from("αβγόςΑΩ aeZ.,-1\ufffd\x00\ud800\uf020中é")))
def test_a_text_is_judged_the_same_again(text: str) -> None:
    assert assess(text) == assess(text)


def test_a_measure_condemns_at_its_limit_and_counts_for_nothing_before() -> None:
    measures = assess(GREEK).measures
    assert [limit.measure for limit in LIMITS if limit.excess(measures) > 0] == []
    assert {limit.measure for limit in LIMITS} <= {*measures.__dataclass_fields__}


def test_a_document_is_good_where_nine_pages_in_ten_are() -> None:
    good, poor, blank = assess(GREEK), assess(FAULTS["private use"]), assess("", has_ink=False)
    document = combine([good] * 9 + [poor] + [blank] * 5)
    assert (document.verdict, document.pages[Verdict.POOR], document.pages[Verdict.BLANK]) == (Verdict.GOOD, 1, 5)
    assert 0.9 <= document.score <= 0.95
    assert combine([good] * 8 + [poor] * 2).verdict is Verdict.POOR


@pytest.mark.parametrize(
    ("pages", "verdict"),
    [
        ([], Verdict.BLANK),
        ([assess("", has_ink=False)], Verdict.BLANK),
        ([assess(""), assess("", has_ink=False)], Verdict.EMPTY),
        ([assess(""), assess(GREEK)], Verdict.POOR),
    ],
)
def test_a_document_without_text_is_empty_or_blank(pages: list[Quality], verdict: Verdict) -> None:
    assert combine(pages).verdict is verdict


def test_the_command_prints_a_line_for_each_file(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text(GREEK)
    (tmp_path / "poor.txt").write_text(FAULTS["greek letters moved"])
    (tmp_path / "empty.txt").touch()
    names = [str(tmp_path / f"{name}.txt") for name in ("good", "poor", "empty")]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-m", MODULE, *names]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(line["file"], line["verdict"]) for line in lines] == list(
        zip(names, ["good", "poor", "empty"], strict=True)
    )
    assert all(set(line) == {"file", "verdict", "score", "measures"} for line in lines)


def test_files_that_cannot_be_read_are_named_and_the_rest_is_assessed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bytes").write_bytes(GREEK.encode("cp1253"))
    (tmp_path / "good").write_text(GREEK)
    status = main([str(tmp_path / "none"), str(tmp_path / "bytes"), "a\0b", str(tmp_path / "good")])
    output, errors = capsys.readouterr()
    assert (status, json.loads(output)["verdict"]) == (1, "good")
    assert [line.split(": ")[1] for line in errors.splitlines()] == ["cannot be read", "is not UTF-8", "cannot be read"]


def test_no_file_is_a_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "FILE" in capsys.readouterr().err
