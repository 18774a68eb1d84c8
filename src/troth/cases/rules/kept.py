"""A reading as it is kept beside its message: what was read, how surely and where; no copy of the text.

About a kilobyte. Whatever earlier versions kept is understood, too: a kept reading is shown until it is read anew.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from math import sqrt
from typing import Any, TypeVar

from troth.reading import CONFIDENT, Finding, Reading, Request, Span
from troth.words.causes import Cause
from troth.words.emotions import Emotion
from troth.words.messages import Kind, Urgency
from troth.words.remedies import Remedy

T = TypeVar("T")
Word = TypeVar("Word", bound=StrEnum)
Plain = dict[str, Any]

#: Of each finding so many places are kept, and so many requests: a text of nothing but questions stays small beside itself.
PLACES_MAX = 12
#: Earlier readings did not say how sure they were, and what they read counted.
UNSAID = CONFIDENT
#: What earlier versions called the emotions.
ONCE_CALLED = {"worry": "fear", "thanks": "joy"}
#: An embedding is kept as whole numbers of this size at most: a byte each.
STEPS = 127


def plain(read: Reading) -> Plain:
    """What is kept of *read*; what is empty is left out."""
    kept = {
        "version": read.version,
        "language": read.language,
        "emotions": [_finding(found) for found in read.emotions],
        "complaint": _finding(read.complaint),
        "kind": _finding(read.kind),
        "causes": [_finding(found) for found in read.causes],
        "urgency": _finding(read.urgency),
        "remedies": [_finding(found) for found in read.remedies],
        "requests": [[asked.is_question, asked.start, asked.end] for asked in read.requests[:PLACES_MAX]],
        "embedding": _packed(read.embedding),
    }
    return {name: value for name, value in kept.items() if value}


def from_plain(kept: Mapping[str, Any], *, text: str = "") -> Reading:
    """The reading that was kept, of whichever version; *text* is the message it was read in, for the words of requests.

    What cannot be understood reads as nothing: whoever looks at a message must see it, whatever stands beside it.
    """
    try:
        return _understood(kept, text)
    except (AttributeError, OverflowError, TypeError, ValueError):
        return Reading(language="unknown")


def _understood(kept: Mapping[str, Any], text: str) -> Reading:
    kind = _one(Kind, kept.get("kind"))
    complaint = _one(bool, kept.get("complaint"))
    if complaint is None and isinstance(kept.get("complaint"), bool):
        complaint = Finding(kept["complaint"], UNSAID)
    return Reading(
        language=str(kept.get("language") or "unknown"),
        emotions=_several(Emotion, kept.get("emotions") or _once_felt(kept)),
        complaint=complaint,
        kind=kind,
        causes=_several(Cause, kept.get("causes") or [kept.get("cause")]),
        urgency=_one(Urgency, kept.get("urgency")),
        remedies=_several(Remedy, kept.get("remedies") or ()),
        requests=tuple(
            Request(is_question=bool(question), quote=text[start:end], start=start, end=end)
            for question, start, end in kept.get("requests", ())
        ),
        embedding=_unpacked(kept.get("embedding", "")),
        version=str(kept.get("version") or ""),
    )


def _finding(found: Finding[Any] | None) -> Plain | None:
    if found is None:
        return None
    spans = [list(span) for span in found.spans[:PLACES_MAX]]
    return {"value": found.value, "confidence": round(found.confidence, 3)} | ({"spans": spans} if spans else {})


def _once_felt(kept: Mapping[str, Any]) -> list[Plain]:
    """The one feeling that the first versions told of."""
    felt = kept.get("feeling", "")
    return [{"value": ONCE_CALLED.get(felt, felt), "confidence": kept.get("confidence", UNSAID)}]


def _several(word: type[Word], kept: Iterable[Any]) -> tuple[Finding[Word], ...]:
    return tuple(found for one in kept if (found := _one(word, one)) is not None)


def _one(word: Callable[[Any], T], kept: Any) -> Finding[T] | None:
    """A finding; None where nothing was found, or a word that is not in use any more."""
    if isinstance(kept, str):
        kept = {"value": kept}
    if not isinstance(kept, Mapping):
        return None
    try:
        value = word(kept["value"])
    except (KeyError, ValueError):
        return None
    spans = tuple(Span(int(start), int(end)) for start, end in kept.get("spans", ()))
    return Finding(value, float(kept.get("confidence", UNSAID)), spans)


def _packed(embedding: Sequence[float]) -> str:
    most = max((abs(part) for part in embedding), default=0.0)
    if not most:
        return ""
    return b64encode(bytes(round(part / most * STEPS) % 256 for part in embedding)).decode()


def _unpacked(packed: str) -> tuple[float, ...]:
    """A unit vector again."""
    parts = [byte - 256 if byte > STEPS else byte for byte in b64decode(packed)]
    length = sqrt(sum(part * part for part in parts))
    return tuple(part / length for part in parts) if length else ()
