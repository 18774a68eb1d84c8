"""What a customer's words show of their feeling. A first form: a lexicon, with negation and emphasis."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from troth.words.feelings import Feeling


@dataclass(frozen=True)
class FoundFeeling:
    """A feeling and what shows it."""

    feeling: Feeling
    confidence: float
    """Between 0 and 1. A lexicon's own measure, not a probability."""
    words: tuple[str, ...] = ()
    """The words that show it, as written, in order."""


_STRONG: dict[Feeling, str] = {
    Feeling.ANGER: r"furious|disgust(?:ed|ing)|outrag(?:ed|eous)|livid|appalling|appalled|fuming|scam(?:mers?)?|"
    r"rip[\s-]?off|ripped\s+off|unacceptable|"
    r"fed\s+up|sick\s+(?:and\s+tired\s+)?of|hate|worst|pathetic|shambles|disgrace(?:ful)?|joke|ridiculous|"
    r"shocking|thieves|liars?|lied|angry|incompetent|"
    r"useless|wtf|how\s+dare|last\s+straw|never\s+(?:again|buy|order|shop|use)|had\s+enough|shame\s+on|"
    r"insult(?:ing|ed)?|rude|bullshit|crap|damn",
    Feeling.WORRY: r"worried|worry|worrying|anxious|nervous|afraid|scared|frightened|concerned|panic(?:king)?|"
    r"unsafe|terrified|stressed|"
    r"desperate|alarm(?:ed|ing)|uneasy|what\s+if",
    Feeling.SADNESS: r"disappoint(?:ed|ing|ment)|upset|sad|sadly|heartbroken|gutted|let\s+down|miserable|"
    r"in\s+tears|crying|unhappy|devastated|"
    r"depressing|hurt|lost\s+faith|ruined|unfortunate(?:ly)?|regret",
    Feeling.THANKS: r"thank\s*you\s+(?:so|very)\s+much|many\s+thanks|much\s+appreciated|grateful|amazing|"
    r"brilliant|fantastic|excellent|wonderful|"
    r"love(?:d|ly)?|delighted|superb|thrilled|outstanding|impressed|perfect|awesome|best|kudos|well\s+done|"
    r"hats\s+off|great\s+(?:job|service|work)",
}
_MILD: dict[Feeling, str] = {
    Feeling.ANGER: r"annoy(?:ed|ing)|frustrat(?:ed|ing|ion)|terrible|awful|horrible|horrendous|poor|rubbish|"
    r"still\s+(?:no|not|waiting|haven[’']t|hasn[’']t)|"
    r"complain(?:t|ing)?|not\s+good\s+enough|wast(?:e|ed|ing)|ignored?|unprofessional|nonsense|no\s+(?:reply|"
    r"response|answer)|third\s+time|"
    r"second\s+time|yet\s+again|once\s+again|sort\s+(?:it|this)\s+out|enough|nightmare|overcharged|fail(?:ed|ure)?",
    Feeling.WORRY: r"urgent(?:ly)?|please\s+help|unsure|not\s+sure|confus(?:ed|ing)|concern|is\s+it\s+safe|lost|"
    r"missing|help!|hacked|stolen|fraud|"
    r"emergency|need\s+it\s+(?:by|before|for)",
    Feeling.SADNESS: r"sorry\s+to\s+say|shame|not\s+what\s+i|expected\s+better|hoped|miss(?:ed)?|broken|lonely|"
    r"pity|unlucky|disheartened",
    Feeling.THANKS: r"thanks|thank\s*you|thx|cheers|appreciated?|helpful|great|good|happy|pleased|glad|kind|"
    r"nice|friendly|quick|smooth|enjoy(?:ed)?",
}
_LEXICON = {
    feeling: re.compile(rf"\b(?:(?P<strong>{_STRONG[feeling]})|(?P<mild>{_MILD[feeling]}))(?!\w)", re.IGNORECASE)
    for feeling in _STRONG
}
_NEGATED = re.compile(
    r"\b(?:not|no|never|n[’']t|isn[’']t|wasn[’']t|don[’']t|didn[’']t|hardly|without|zero)\s+(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)
_POLITE = re.compile(
    r"\b(?:thanks|thank\s*you|many\s+thanks|cheers)(?:\s+in\s+advance|[\s,.!]*(?:[A-Z]\w+)?[\s.!]*$)|\bno\s+thanks",
    re.IGNORECASE,
)
_SHOUTING = re.compile(r"\b[A-Z]{4,}\b(?:\W+\b[A-Z]{3,}\b)|!{2,}|\?{2,}|😡|🤬|😠")


def feeling_of(text: str) -> FoundFeeling:
    """The feeling shown most, with its words; neutral if none is shown."""
    score: defaultdict[Feeling, float] = defaultdict(float)
    words: defaultdict[Feeling, list[str]] = defaultdict(list)
    for feeling, pattern in _LEXICON.items():
        for match in pattern.finditer(text):
            weight, shown, word = (2.0 if match["strong"] else 1.0), feeling, match[0]
            negation = _NEGATED.search(text[max(0, match.start() - 30) : match.start()])
            if negation:
                if feeling is not Feeling.THANKS:
                    continue  # "not angry", "don't worry"
                shown, word = Feeling.SADNESS, negation[0] + word
            elif feeling is Feeling.THANKS and _POLITE.match(text, match.start()):
                weight = 0.5
            score[shown] += weight
            words[shown].append(word)
    if score[Feeling.ANGER] or score[Feeling.SADNESS]:
        score[Feeling.ANGER] += len(_SHOUTING.findall(text[:4_000])) if score[Feeling.ANGER] else 0
        score[Feeling.THANKS] *= 0.5  # "great, another delay"
    best = max(_ORDER, key=lambda feeling: score[feeling])
    if score[best] < 1:
        return FoundFeeling(Feeling.NEUTRAL, round(1 - score[best] / 2, 2))
    share = score[best] / (sum(score.values()) + 0.5)
    return FoundFeeling(best, round(share * min(1.0, 0.5 + score[best] / 6), 2), tuple(words[best]))


_ORDER = (Feeling.ANGER, Feeling.SADNESS, Feeling.WORRY, Feeling.THANKS)
"""On a tie the graver feeling is named."""
