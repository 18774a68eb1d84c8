"""Does an answer say that it has seen how the customer feels? Advice to the writer, never a stop (A5)."""

from __future__ import annotations

import re

from troth.words.emotions import Emotion


def _words(*some: str) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(some) + r")\b", re.IGNORECASE)


_SORRY = (
    r"sorry",
    r"apologi[sz]e",
    r"apolog(?:y|ies)",
    r"regret(?:s|ted)?(?!\s+to\s+(?:inform|say|tell|advise))",
    r"(?:know|imagine|appreciate|see)\s+how\s+(?:\w+ly\s+)?\w+",
    r"(?:never\s+like|hate|not\s+(?:happy|good|nice)|don[’']t\s+like)\s+to\s+(?:hear|see)",
    r"frustrat\w*",
    r"every\s+(?:right|reason)\s+to",
    r"(?:can|do|fully|completely|quite)\s+(?:see|understand)",
    r"understand(?:s|able|ably)?",
    r"you(?:[’']re|\s+are|\s+were)\s+right",
    r"not\s+(?:good|what\s+you)",
    r"let\s+you\s+down",
    r"our\s+(?:fault|mistake|error)",
    r"should\s+(?:not|never)\s+have",
    r"must\s+(?:have\s+been|be)",
)
_NAMED: dict[Emotion, re.Pattern[str]] = {
    Emotion.ANGER: _words(*_SORRY, r"angry|anger", r"annoy\w*", r"fed\s+up", r"upset\w*", r"furious"),
    Emotion.DISGUST: _words(*_SORRY, r"unpleasant", r"disgust\w*", r"revolting", r"horrible", r"awful"),
    Emotion.FEAR: _words(
        *_SORRY,
        r"worr(?:y|ied|ying)",
        r"concern(?:s|ed|ing)?",
        r"anxious",
        r"reassur\w+",
        r"safe(?:ly)?",
        r"rest\s+assured",
    ),
    Emotion.JOY: _words(
        r"thank(?:s|\s+you)?",
        r"glad",
        r"pleased",
        r"pleasure",
        r"welcome",
        r"appreciat\w*",
        r"enjoy\w*",
        r"great",
        r"delighted",
        r"happy\s+(?:to\s+hear|that|you)",
        r"kind\s+words",
        r"lovely",
        r"made\s+(?:my|our)\s+(?:whole\s+)?(?:day|week)",
    ),
    Emotion.SADNESS: _words(*_SORRY, r"disappoint\w*", r"sad(?:ly|dened)?", r"upset\w*", r"hurt\w*", r"a\s+shame"),
    Emotion.SURPRISE: _words(
        r"unexpected\w*",
        r"surpris\w*",
        r"confus\w*",
        r"unclear",
        r"explain\w*",
        r"clear(?:er|ly|\s+(?:that|this|it)\s+up)",
        *_SORRY,
    ),
}


def acknowledges(text: str, emotion: Emotion) -> bool:
    """Is there a word in *text* that answers this emotion: one that names it, owns up, or gives thanks? English only."""
    return bool(_NAMED[emotion].search(text))
