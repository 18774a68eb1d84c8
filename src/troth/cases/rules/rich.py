"""The small marks staff may write (bold, emphasis, lists, links) as HTML for a letter; CommonMark, no raw HTML."""

from __future__ import annotations

from functools import cache

import nh3
from markdown_it import MarkdownIt

TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "a", "blockquote", "code", "pre"}
SCHEMES = {"https", "http", "mailto"}


@cache
def _reader() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "breaks": True}).disable(["image", "heading", "lheading", "hr"])


def _kept(tag: str, attribute: str, value: str) -> str | None:
    """Whole addresses only: a letter stands on no page that a relative one could lead from."""
    if attribute == "href":
        return value if value.lower().startswith(tuple(f"{name}:" for name in SCHEMES)) else None
    return value if attribute == "rel" else None


def as_html(text: str) -> str:
    """*text* as clean HTML, links only to the web and to mail."""
    return nh3.clean(
        _reader().render(text),
        tags=TAGS,
        attributes={"a": {"href"}},
        attribute_filter=_kept,
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer",
    )
