"""Objects out of the XML that Rails writes: a list whose elements are the objects, dashes for underscores, types as attributes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any, cast
from xml.etree import ElementTree as Tree

Found = tuple[int, dict[str, Any] | None, str, str, str]
PIECE = 1 << 16
#: A document type stands before the first element; an export declares none, and what it could do is well known (CWE-776).
_REFUSED = (b"<!DOCTYPE", b"<!ENTITY")


class _Refused(ValueError):
    pass


def values(file: IO[bytes]) -> Iterator[Found]:
    """Each object below the outermost element, numbered; the parser tells no lines."""
    parser: Tree.XMLPullParser[Any] = Tree.XMLPullParser(["start", "end"])
    depth, number, begun = 0, 0, b""
    outermost: Tree.Element | None = None
    try:
        while piece := file.read(PIECE):
            if outermost is None:
                # Without NULs, for it may be UTF-16; it may stand on the edge of two pieces.
                begun = begun[-32:] + piece.replace(b"\0", b"").upper()
                if any(one in begun for one in _REFUSED):
                    raise _Refused("it declares a document type, which no export does")
            parser.feed(piece)
            for told in parser.read_events():
                event, element = cast(tuple[str, Tree.Element], told)
                depth += 1 if event == "start" else -1
                if outermost is None:
                    outermost = element
                if event == "end" and depth == 1:
                    number += 1
                    plain = _plain(element)
                    if isinstance(plain, dict):
                        name = element.tag.replace("-", "_")
                        yield number, {name: plain}, "", name, ""
                    outermost.clear()
        parser.close()
    except (Tree.ParseError, _Refused, RecursionError) as error:
        yield number + 1, None, "", "", f"the XML cannot be read on after {number} objects: {error}"


def _plain(element: Tree.Element) -> Any:
    if element.get("nil") == "true":
        return None
    children = list(element)
    if element.get("type") == "array" or (len(children) > 1 and len({child.tag for child in children}) == 1):
        return [_plain(child) for child in children]
    if children:
        return {child.tag.replace("-", "_"): _plain(child) for child in children}
    said = element.text or ""
    if element.get("type") == "boolean":
        return said.strip() == "true"
    return said
