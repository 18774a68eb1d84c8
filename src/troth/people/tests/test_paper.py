"""PDFs are read back as a reader of them would: their words, their bookmarks, their language."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import time_machine
from pypdf import PdfReader

from troth.people.paper import Heading, NewPage, Pairs, Paragraph, Part, Table, pdf, plain

MADE_AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def made(*parts: Part, title: str = "Register of breaches") -> bytes:
    return pdf(
        title=title, company="Harbour & Pine", language="en", made_at=MADE_AT, footer="Harbour & Pine", parts=parts
    )


def read(content: bytes) -> tuple[PdfReader, str]:
    reader = PdfReader(io.BytesIO(content), strict=True)
    return reader, " ".join("\n".join(page.extract_text() for page in reader.pages).split())


def test_what_was_written_is_read_back_in_every_european_script() -> None:
    words = "Zażółć gęślą jaźń · Ελληνικά · Българският ѝ · Українська ґ · Straße ẞ · Ðað · 12 € – „so“"

    reader, text = read(
        made(
            Heading("Τι έγινε"),
            Paragraph(words),
            Heading("Dalej", level=2),
            Pairs([("Kto", "Łódź")]),
            Table(["Имя", "n"], [["Щука", "7"]]),
            NewPage(),
            Paragraph("The last."),
        )
    )

    assert len(reader.pages) == 2
    for part in ("Register of breaches", "Τι έγινε", words, "Kto", "Łódź", "Имя n Щука 7", "1/2", "2/2"):
        assert part in text
    assert reader.root_object["/Lang"] == "en"
    assert [mark.title if not isinstance(mark, list) else [one.title for one in mark] for mark in reader.outline] == [
        "Τι έγινε",
        ["Dalej"],
    ]
    about = reader.xmp_metadata
    assert about is not None
    assert about.dc_title == {"x-default": "Register of breaches"}
    assert about.dc_creator == ["Harbour & Pine"]
    assert b'pdfaid:part="2"' in made() or b"<pdfaid:part>2</pdfaid:part>" in made()
    for page in reader.pages:  # PDF/A wants every font in the file, and so does whoever opens it in ten years
        for font in page["/Resources"]["/Font"].values():
            assert "/FontFile2" in font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]


def test_the_same_words_are_the_same_bytes() -> None:
    parts: list[Part] = [Heading("One"), Table(["a", "b"], [["1", "2"]] * 90)]

    with time_machine.travel(MADE_AT):
        first = made(*parts)

    assert made(*parts) == first  # whenever it is made
    assert made(*parts) != made(Heading("Two"))


HOSTILE = {
    "a\u202egnirts\u202c": "agnirts",
    "zero\u200bwidth\ufeff": "zerowidth",
    "bell\x07\x00": "bell",
    "漢字": "[U+6F22][U+5B57]",
    "lone\ud800": "lone[U+D800]",
    "e\u0301": "é",
    "**bold** <b>x</b> {nb} \u200bpages\u200b %s \\ ) Tj (": "**bold** <b>x</b> {nb} pages %s \\ ) Tj (",
}


def test_hostile_words_are_printed_and_obeyed_by_nobody() -> None:
    for words, shown in HOSTILE.items():
        assert plain(words) == shown

    _, text = read(made(*[Heading(words) for words in HOSTILE], Table(["What"], [[words] for words in HOSTILE])))

    for shown in HOSTILE.values():
        assert text.count(shown.split(" ")[0]) >= 2
    assert HOSTILE["**bold** <b>x</b> {nb} \u200bpages\u200b %s \\ ) Tj ("] in text


def test_no_row_is_too_long_for_a_page_and_nothing_of_it_is_lost() -> None:
    long = " ".join(f"word{number}" for number in range(1500))
    unbroken = "x" * 2000
    lines = "\n".join(f"line{number}" for number in range(200))

    reader, text = read(
        made(
            Table(["n", "What", "More"], [["1", long, "y"], ["2", unbroken, lines], ["3", "", ""]], widths=[1, 2, 1]),
            Pairs([(long, unbroken)]),
            Heading(long),
        )
    )

    assert len(reader.pages) > 5
    found = set(text.split())
    assert {f"word{number}" for number in range(1500)} <= found
    assert {f"line{number}" for number in range(200)} <= found
    assert text.count("n What More") > 1  # the head is repeated
