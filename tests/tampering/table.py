"""The table of what is told of by whom, in docs/reliability.md between its marks: python -m tests.tampering.table writes it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.tampering.acts import Kind

PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"
BEGIN, END = "<!-- tampering: made by python -m tests.tampering.table -->", "<!-- tampering: end -->"
HEAD = ("what was done", "`troth fsck`", "audit from an older head", "a receipt somebody holds")


def rendered(kinds: Sequence[Kind]) -> str:
    rows = [HEAD, *((kind.title, *("sees it" if who in kind.seen_by else "" for who in "far")) for kind in kinds)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEAD))]
    lines = [f"| {' | '.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))} |" for row in rows]
    return "\n".join([lines[0], f"|{'|'.join('-' * (width + 2) for width in widths)}|", *lines[1:]])


def in_page() -> str:
    """The table as the page has it."""
    return PAGE.read_text().split(BEGIN)[1].split(END)[0].strip()


def write(kinds: Sequence[Kind]) -> None:
    before, rest = PAGE.read_text().split(BEGIN)
    PAGE.write_text(f"{before}{BEGIN}\n\n{rendered(kinds)}\n\n{END}{rest.split(END)[1]}")


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "troth.site.settings")
    os.environ.setdefault("TROTH_SECRET_KEY", "a-table-signs-nothing")
    django.setup()
    from tests.tampering.acts import KINDS  # once the models can be imported

    write(KINDS)
