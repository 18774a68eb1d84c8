"""Objects out of JSON of any size: one a line, one after another, a list of them, or pages of lists.

One object is in memory at a time. Where one is broken the next one is looked for: on the next line, or behind its last bracket.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from io import TextIOBase
from typing import Any

Found = tuple[int, dict[str, Any] | None, str, str, str]
PIECE = 1 << 20
#: An object beyond this is not read.
OBJECT_MOST = 64 * 1024 * 1024
#: A page is an object whose lists are read one by one; an object that ends sooner is read whole.
PAGE_FROM = 4 * 1024 * 1024
_DECODER = json.JSONDecoder()
_SPACE = re.compile(r"[\s\ufeff]*")
_BETWEEN = re.compile(r"[\s,]*")
_PAGE = re.compile(r"\{\s*\"(\w{1,60})\"\s*:\s*\[")
_NEXT_PAGE = re.compile(r"\s*\]\s*,\s*\"(\w{1,60})\"\s*:\s*\[")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]]', re.DOTALL)
_CUT = ("Unterminated string",)


class _Buffer:
    """What is read and not yet used, and the line it begins on."""

    def __init__(self, file: TextIOBase) -> None:
        self._file = file
        self.text = ""
        self.at = 0
        self.line = 1
        self._counted = 0
        self.is_whole = False

    def more(self) -> bool:
        piece = self._file.read(PIECE)
        self.is_whole = not piece
        if self.at > PIECE:
            self._count()
            self.text, self.at, self._counted = self.text[self.at :], 0, 0
        self.text += piece
        return bool(piece)

    def line_here(self) -> int:
        self._count()
        return self.line

    def _count(self) -> None:
        self.line += self.text.count("\n", self._counted, self.at)
        self._counted = self.at

    def pass_over(self, pattern: re.Pattern[str]) -> str:
        """Go beyond what *pattern* matches; the next character, or nothing at the end."""
        while True:
            match = pattern.match(self.text, self.at)
            assert match
            self.at = match.end()
            if self.at < len(self.text):
                return self.text[self.at]
            if not self.more():
                return ""


def values(file: TextIOBase) -> Iterator[Found]:
    """Each object: its line, what it holds, its text, the page it is on; or why it could not be read."""
    buffer = _Buffer(file)
    buffer.more()
    if buffer.pass_over(_SPACE) == "[":
        buffer.at += 1
        yield from _list(buffer, hint="")
        buffer.at += 1
    while buffer.pass_over(_BETWEEN):
        if buffer.text[buffer.at] in "]}":
            buffer.at += 1
            continue
        yield from _one(buffer, hint="", may_be_page=True)


def _list(buffer: _Buffer, *, hint: str) -> Iterator[Found]:
    """Up to the closing bracket of the list, which is left."""
    while (here := buffer.pass_over(_BETWEEN)) and here != "]":
        yield from _one(buffer, hint=hint, may_be_page=False)
    if not here:
        yield buffer.line_here(), None, "", hint, "the file ends in the middle of a list"


def _one(buffer: _Buffer, *, hint: str, may_be_page: bool) -> Iterator[Found]:
    line = buffer.line_here()
    while True:
        try:
            value, end = _DECODER.raw_decode(buffer.text, buffer.at)
        except RecursionError:
            yield line, None, _skipped(buffer, top=may_be_page), hint, "it is nested too deeply"
            return
        except ValueError as error:
            held = len(buffer.text) - buffer.at
            if may_be_page and held >= PAGE_FROM and (page := _PAGE.match(buffer.text, buffer.at)):
                yield from _pages(buffer, page)
                return
            if _may_be_cut(error, buffer) and held < OBJECT_MOST and buffer.more():
                continue
            reason = f"it is larger than {OBJECT_MOST >> 20} MiB" if held >= OBJECT_MOST else f"it is no JSON: {error}"
            yield line, None, _skipped(buffer, top=may_be_page), hint, reason.partition(": line")[0][:200]
            return
        if end == len(buffer.text) and not isinstance(value, dict | list) and buffer.more():
            continue  # a number may go on
        said, buffer.at = buffer.text[buffer.at : end], end
        if isinstance(value, dict):
            yield line, value, said, hint, ""
        else:
            yield line, None, said, hint, "it is no JSON object"
        return


def _pages(buffer: _Buffer, page: re.Match[str]) -> Iterator[Found]:
    """An object too large to be read whole: its lists one by one, whatever stands beside them is passed over."""
    while page:
        buffer.at = page.end()
        yield from _list(buffer, hint=page[1])
        if len(buffer.text) - buffer.at < 200:
            buffer.more()
        found = _NEXT_PAGE.match(buffer.text, buffer.at)
        if found is None:
            _skipped(buffer, top=True)
            return
        page = found


def _may_be_cut(error: ValueError, buffer: _Buffer) -> bool:
    if buffer.is_whole:
        return False
    if not isinstance(error, json.JSONDecodeError):
        return False
    return error.msg.startswith(_CUT) or error.pos >= len(buffer.text) - 12


def _skipped(buffer: _Buffer, *, top: bool) -> str:
    """Go beyond a broken object: to the next line that begins as its own does, else behind its last bracket.

    Outside of any list that is the next line that is not indented.
    """
    text, start = buffer.text, buffer.at
    begun = text.rfind("\n", 0, start) + 1
    before = text[begun:start]
    if not before.strip():
        resume = re.compile(r"\n(?=[^\s}\]])" if top else r"\n" + re.escape(before) + r"(?=[,\]}{])")
        while True:
            match = resume.search(buffer.text, start + 1)
            if match or len(buffer.text) - buffer.at > OBJECT_MOST or not _more_after(buffer, start):
                break
            start = buffer.at
        if match:
            said, buffer.at = buffer.text[buffer.at : match.start()], match.end()
            return said
        return _to_end(buffer)
    depth = 0
    for token in _TOKEN.finditer(text, start):
        depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(token[0], 0)
        if depth <= 0:
            said, buffer.at = text[start : token.end()], token.end()
            return said
    return _to_end(buffer)


def _more_after(buffer: _Buffer, start: int) -> bool:
    return not buffer.is_whole and buffer.more()


def _to_end(buffer: _Buffer) -> str:
    """Everything that is left: nobody can tell where the next object begins."""
    said = buffer.text[buffer.at : buffer.at + OBJECT_MOST]
    buffer.at = len(buffer.text)
    while buffer.more():
        buffer.at = len(buffer.text)
    return said
