"""HTML of strangers: cleaned to a strict list, or withheld. Runs in the child only: the cleaner can take minutes (T6, T19)."""

from __future__ import annotations

import html as markup
import re

import nh3

from troth.channels.email.limits import LIMITS, Limits

# No svg, math, style, form, iframe; no class, no id: every known way around the cleaner used one of them.
TAGS = {
    *("a", "abbr", "b", "blockquote", "br", "caption", "center", "cite", "code", "dd", "del", "div", "dl", "dt", "em"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "ol", "p", "pre", "q", "s", "samp"),
    *("small", "span", "strike", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "tt"),
    *("u", "ul", "var"),
}
ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan", "align"},
    "th": {"colspan", "rowspan", "align"},
    "ol": {"start"},
    "abbr": {"title"},
}
_LINKS = ("http://", "https://", "mailto:", "tel:")
_GONE_WITH_CONTENT = {"script", "style", "title", "head", "template", "noscript"}
# Only how a tag begins: its end can be hidden behind a `<` in an attribute.
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")
_ANY_TAG = re.compile(r"<[^<>]*>")
# These end themselves, or end when the next one begins; counting them would call every old table deep.
_SHALLOW = {
    *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"),
    *("p", "li", "dd", "dt", "tr", "td", "th", "thead", "tbody", "tfoot", "colgroup", "option", "body", "html", "head"),
}
_NEW_LINE_AFTER = {"p", "div", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table", "pre", "dt", "dd", "ul", "ol"}
_ROUNDS = 5
#: The cleaner takes a hundred times longer over these than over letters.
_REFERENCES_MAX = 50_000
_SPACES = re.compile(r"[ \t\r\f\v\u00a0]+")


def too_much(html: str, limits: Limits = LIMITS) -> str:
    """Why this HTML is not even cleaned, or nothing."""
    if len(html) > limits.html:
        return f"The HTML is larger than {limits.html // 1024} KiB and is not shown."
    if html.count("&") > _REFERENCES_MAX:
        return f"The HTML holds more than {_REFERENCES_MAX} character references and is not shown."
    depth = deepest = 0
    for closing, name in _TAG.findall(html):
        if name.lower() not in _SHALLOW:
            depth = max(0, depth - 1) if closing else depth + 1
            deepest = max(deepest, depth)
    if deepest > limits.html_depth:
        return f"The HTML is nested deeper than {limits.html_depth} and is not shown."
    return ""


def clean(html: str) -> str:
    """HTML that can do nothing but be read: no script, no style, nothing loaded from anywhere.

    A browser reads once more what we write, and what changes when it is read again is how cleaners are fooled. So it is cleaned
    until cleaning changes nothing; what never comes to rest is shown as the words it holds.
    """
    for _round in range(_ROUNDS):
        cleaned = _clean_once(html)
        if cleaned == html:
            return cleaned
        html = cleaned
    return _clean_once(markup.escape(crude_text(html)))


def _clean_once(html: str) -> str:
    return nh3.clean(
        html,
        tags=TAGS,
        clean_content_tags=_GONE_WITH_CONTENT,
        attributes=ATTRIBUTES,
        attribute_filter=_attribute,
        strip_comments=True,
        link_rel="noopener noreferrer nofollow",
        url_schemes={"http", "https", "mailto", "tel", "cid"},
    )


def _attribute(tag: str, name: str, value: str) -> str | None:
    value = value.strip()
    if name == "href":
        return value if value.lower().startswith(_LINKS) else None
    if name == "src":
        return value if value.lower().startswith("cid:") else None
    if name in {"width", "height", "colspan", "rowspan", "start"}:
        return value if value.isdecimal() and len(value) <= 4 else None
    return value


def as_text(cleaned: str) -> str:
    """The words of cleaned HTML; what is quoted gets the `>` it would have in plain text."""
    lines: list[str] = [""]
    quotes = 0

    def end_line(force: bool = False) -> None:
        if lines[-1].strip("> ") or force:
            lines.append("")

    place = 0
    for tag in _ANY_TAG.finditer(cleaned):
        _add(lines, cleaned[place : tag.start()], quotes)
        place = tag.end()
        name = tag[0].strip("<>/ ").split(" ", 1)[0].lower()
        if name == "br":
            end_line(force=True)
        elif name == "blockquote":
            end_line()
            quotes = max(0, quotes - 1) if tag[0].startswith("</") else quotes + 1
        elif name in _NEW_LINE_AFTER:
            end_line()
            if tag[0].startswith("</") and name in {"p", "table", "ul", "ol"} and lines[-2:-1] != [""]:
                lines.append("")
        elif name in {"td", "th"} and lines[-1].strip():
            lines[-1] += " "
    _add(lines, cleaned[place:], quotes)
    return "\n".join(line.rstrip() for line in lines).strip()


def crude_text(html: str) -> str:
    """The words of HTML that was not cleaned, as far as they can be had without a parser."""
    return _SPACES.sub(" ", markup.unescape(_ANY_TAG.sub(" ", html))).strip()


def _add(lines: list[str], text: str, quotes: int) -> None:
    words = _SPACES.sub(" ", markup.unescape(text).replace("\n", " "))
    if not words.strip() and (not lines[-1] or lines[-1].endswith(" ")):
        return
    if not lines[-1]:
        words = words.lstrip()
        lines[-1] = "> " * quotes + words if words else ""
    else:
        lines[-1] += words
