"""What was found, in the page as soon as it is there."""

from __future__ import annotations

import re

from bench.spine.__main__ import DOCS, write

BEGIN, END = "<!-- desk: written by python -m bench.desk -->", "<!-- desk: end -->"
PARTS = ("single", "connections", "growth", "search")


class Told:
    """The parts between the marks of docs/benchmarks.md, each under a mark of its own."""

    def __init__(self, *, writes: bool) -> None:
        self.writes = writes
        self.parts: dict[str, str] = _there() if writes else {}

    def put(self, name: str, text: str) -> None:
        """This is what is known of a part by now."""
        self.parts[name] = text
        if self.writes:
            told = [f"<!-- {part} -->\n{self.parts[part]}" for part in PARTS if part in self.parts]
            write("\n\n".join(told), begin=BEGIN, end=END)

    def show(self, *names: str) -> None:
        for name in names:
            print(f"\n{self.parts.get(name, '')}", flush=True)


def _there() -> dict[str, str]:
    """What was measured before."""
    inside = DOCS.read_text().partition(BEGIN)[2].partition(END)[0]
    found = re.split(rf"^<!-- ({'|'.join(PARTS)}) -->\n", inside, flags=re.MULTILINE)
    return {name: text.strip() for name, text in zip(found[1::2], found[2::2], strict=True)}
