"""What was said elsewhere, as it is shown here: HTML cleaned by the list of mail, and words in any case."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from troth.channels.email.html import as_text, clean, crude_text, too_much
from troth.channels.email.limits import LIMITS
from troth.channels.imports.rules.lines import clean as holdable
from troth.channels.imports.rules.ticket import Said

#: This process cleans it, not a child that may be ended; so less than of a letter.
HTML_MOST = 256 * 1024
LIMITS_HERE = replace(LIMITS, html=HTML_MOST)
TEXT_MOST = 1024 * 1024
#: Marks beside which HTML says no more than its words do.
_PLAIN = re.compile(r"<(?!/?(?:p|br|div|span)\b)", re.IGNORECASE)


@dataclass(frozen=True)
class Body:
    text: str
    html: str = ""


def body_of(said: Said) -> Body:
    """Its words, and its HTML where that shows more than they do. Attachments the export lacks are named below the words."""
    html, text = "", said.text
    if said.html and not (text and not _PLAIN.search(said.html)):
        if too_much(said.html, LIMITS_HERE):
            text = text or crude_text(said.html[: 4 * HTML_MOST])
        else:
            html = clean(said.html)
            text = text or as_text(html)
            html = html if _PLAIN.search(html) else ""
    missing = [f"[{one.name or one.url}]" for one in said.enclosed if one.content is None]
    if missing:
        text = "\n\n".join(part for part in (text.rstrip(), "\n".join(missing)) if part)
    return Body(holdable(text)[:TEXT_MOST], holdable(html))
