"""What goes out as a file to be printed, filed and kept: PDF/A, with its fonts inside, the same bytes for the same words.

PDF/A-2u (ISO 19005-2) is made for keeping: everything needed to show it is in the file, and its text can be found and copied.
The language, the title and bookmarks are said for those who listen to it. Nothing in the words is a command: no markup is read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from html import escape
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from django.http import HttpResponse

if TYPE_CHECKING:
    from fpdf import FPDF

_FONTS = Path(__file__).parent / "fonts"
_INK, _FAINT, _LINE, _HEAD = (25, 30, 36), (95, 102, 112), (200, 205, 212), (240, 242, 245)
_MARGIN_MM = 20
_LINE_MM = 5.2
#: A cell longer than this goes on in a row below it: a row must fit on a page.
_CELL_LINES_MAX = 24
_CHARACTER_MM = 2.1
#: What stands for the number of pages until it is known: nothing that `plain` leaves can be taken for it.
_PAGES = "\u200bpages\u200b"
#: Marks that turn the direction of what follows, or cannot be seen: a hostile name must not rearrange a page.
_UNSEEN = re.compile("[\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb]")


@dataclass(frozen=True)
class Heading:
    """A line above what follows; it is a bookmark as well. Level 1 begins a part, level 2 something in it."""

    words: str
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    """Text, as long as it likes; its line breaks are kept."""

    words: str
    is_faint: bool = False


@dataclass(frozen=True)
class Pairs:
    """What is what: a name, and beneath it as much text as there is."""

    pairs: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Table:
    """Rows under a head that is repeated on each page. *widths* are shares of the width."""

    head: Sequence[str]
    rows: Iterable[Sequence[str]]
    widths: Sequence[float] = ()


@dataclass(frozen=True)
class NewPage:
    """What follows begins on a page of its own."""


Part = Heading | Paragraph | Pairs | Table | NewPage


def pdf(*, title: str, company: str, language: str, made_at: datetime, footer: str, parts: Iterable[Part]) -> bytes:
    """The file. *footer* stands at the foot of each page, before "3/7"; *made_at* is the only time that gets into it."""
    paper = _begun(title=title, company=company, language=language, made_at=made_at, footer=footer)
    paper.set_font("DejaVu", "B", 17)
    paper.multi_cell(0, 8, plain(title), align="L", new_x="LMARGIN", new_y="NEXT")
    paper.ln(2)
    for part in parts:
        match part:
            case Heading():
                _heading(paper, part)
            case Paragraph():
                _text(paper, part.words, is_faint=part.is_faint)
                paper.ln(1.5)
            case Pairs():
                _pairs(paper, part)
            case Table():
                _table(paper, part)
            case NewPage():
                paper.add_page()
    return bytes(paper.output())


def response(content: bytes, *, name: str) -> HttpResponse:
    """*content* as a download that is not kept on the way."""
    answer = HttpResponse(content, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def plain(words: str) -> str:
    """*words* as they can be printed: without what is unseen, and with the number of a letter that the fonts do not have."""
    words = _UNSEEN.sub("", unicodedata.normalize("NFC", words).replace("\r\n", "\n").replace("\t", "    "))
    return "".join(_shown(letter) for letter in words)


def _shown(letter: str) -> str:
    if letter == "\n" or ord(letter) in _letters():
        return letter
    return "" if unicodedata.category(letter) in {"Cc", "Mn", "Me"} else f"[U+{ord(letter):04X}]"


@cache
def _letters() -> frozenset[int]:
    """What both fonts can show."""
    from fontTools.ttLib import TTFont

    found = []
    for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"):
        with TTFont(_FONTS / name, lazy=True) as font:
            found.append(frozenset(font.getBestCmap()))
    return frozenset.intersection(*found) - frozenset(range(32))


def _begun(*, title: str, company: str, language: str, made_at: datetime, footer: str) -> FPDF:
    from fpdf import FPDF

    class Paper(FPDF):
        def footer(self) -> None:
            self.set_y(-14)
            self.set_font("DejaVu", "", 8)
            self.set_text_color(*_FAINT)
            self.cell(self.epw - 20, 5, _cut(plain(footer), 100), align="L")
            self.cell(20, 5, f"{self.page_no()}/{_PAGES}", align="R")

    paper = Paper(format="A4", enforce_compliance="PDF/A-2U")
    paper.alias_nb_pages(_PAGES)
    paper.set_creation_date(made_at)
    paper.set_title(plain(title))
    paper.set_author(plain(company))
    paper.set_lang(language)
    paper.set_xmp_metadata(_about(title=plain(title), company=plain(company), language=language, made_at=made_at))
    paper.set_margins(_MARGIN_MM, 18, _MARGIN_MM)
    paper.set_auto_page_break(True, margin=20)
    paper.add_font("DejaVu", "", _FONTS / "DejaVuSans.ttf")
    paper.add_font("DejaVu", "B", _FONTS / "DejaVuSans-Bold.ttf")
    paper.set_draw_color(*_LINE)
    paper.set_text_color(*_INK)
    paper.set_font("DejaVu", "", 9)
    paper.add_page()
    return paper


def _about(*, title: str, company: str, language: str, made_at: datetime) -> str:
    """What PDF/A asks a file to say of itself (XMP, ISO 16684-1); the library's own would say when it was changed, which is now."""
    at = made_at.astimezone(UTC).isoformat(timespec="seconds")
    return f"""<x:xmpmeta xmlns:x="adobe:ns:meta/">
  <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
    <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
        xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmp:CreateDate="{at}" xmp:ModifyDate="{at}" xmp:MetadataDate="{at}">
      <pdfaid:part>2</pdfaid:part>
      <pdfaid:conformance>U</pdfaid:conformance>
      <dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(title)}</rdf:li></rdf:Alt></dc:title>
      <dc:creator><rdf:Seq><rdf:li>{escape(company)}</rdf:li></rdf:Seq></dc:creator>
      <dc:language><rdf:Bag><rdf:li>{escape(language)}</rdf:li></rdf:Bag></dc:language>
    </rdf:Description>
  </rdf:RDF>
</x:xmpmeta>"""


def _heading(paper: FPDF, part: Heading) -> None:
    level = min(max(part.level, 1), 2)
    if paper.will_page_break(4 * _LINE_MM):  # no heading stands alone at the foot of a page
        paper.add_page()
    paper.ln(5 if level == 1 else 3)
    words = " ".join(plain(part.words).split())
    paper.start_section(_cut(words, 200) or "–", level - 1, strict=False)
    paper.set_font("DejaVu", "B", 13 if level == 1 else 10.5)
    paper.multi_cell(0, 6.4 if level == 1 else 5.6, words, align="L", new_x="LMARGIN", new_y="NEXT")
    paper.ln(1)


def _text(paper: FPDF, words: str, *, is_faint: bool = False) -> None:
    paper.set_font("DejaVu", "", 9)
    paper.set_text_color(*(_FAINT if is_faint else _INK))
    paper.multi_cell(0, _LINE_MM, plain(words), align="L", new_x="LMARGIN", new_y="NEXT")
    paper.set_text_color(*_INK)


def _pairs(paper: FPDF, part: Pairs) -> None:
    for name, words in part.pairs:
        if paper.will_page_break(2 * _LINE_MM):
            paper.add_page()
        paper.set_font("DejaVu", "B", 9)
        paper.multi_cell(0, _LINE_MM, plain(name), align="L", new_x="LMARGIN", new_y="NEXT")
        _text(paper, words or "–")
        paper.ln(1.5)


def _table(paper: FPDF, part: Table) -> None:
    from fpdf.fonts import FontFace

    widths = tuple(part.widths or [1] * len(part.head))
    each = [share / sum(widths) * paper.epw for share in widths]
    paper.set_font("DejaVu", "", 8.5)
    with paper.table(
        col_widths=widths,
        text_align="LEFT",
        v_align="TOP",
        line_height=4.6,
        padding=1.2,
        borders_layout="HORIZONTAL_LINES",
        headings_style=FontFace(emphasis="BOLD", fill_color=_HEAD),
    ) as table:
        table.row([_cut(plain(words), 120) for words in part.head])
        for row in part.rows:
            for shorter in _fitting([plain(words) for words in row], each):
                table.row(shorter)
    paper.ln(3)


def _fitting(row: Sequence[str], each_mm: Sequence[float]) -> Iterator[Sequence[str]]:
    """*row* in as many rows as its longest cell needs, so that each fits on a page; nothing of it is lost."""
    cells = [list(_pieces(words, width_mm)) for words, width_mm in zip(row, each_mm, strict=True)]
    yield from zip_longest(*cells, fillvalue="")


def _pieces(words: str, width_mm: float) -> Iterator[str]:
    """*words* in pieces of no more than so many lines, cut between words where there are any."""
    letters = max(int(width_mm / _CHARACTER_MM), 1)
    piece, lines = "", 0
    for line in words.split("\n"):
        for part in _cut_up(line, letters * _CELL_LINES_MAX) or [""]:
            needs = len(part) // letters + 1
            if piece and lines + needs > _CELL_LINES_MAX:
                yield piece
                piece, lines = "", 0
            piece = f"{piece}\n{part}" if piece else part
            lines += needs
    yield piece


def _cut_up(line: str, most: int) -> list[str]:
    found = []
    while len(line) > most:
        at = line.rfind(" ", most // 2, most)
        at = at if at > 0 else most
        found.append(line[:at])
        line = line[at:].lstrip(" ")
    return [*found, line]


def _cut(words: str, most: int) -> str:
    return words if len(words) <= most else words[: most - 1] + "…"
