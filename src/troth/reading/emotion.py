"""What a customer's words show that they feel. A first form: a lexicon, with negation and emphasis."""

from __future__ import annotations

import re
from collections import defaultdict

from troth.reading.found import Finding, Span
from troth.words.emotions import Emotion

_STRONG: dict[Emotion, str] = {
    Emotion.ANGER: r"furious|disgust(?:ed|ing)|outrag(?:ed|eous)|livid|appalling|appalled|fuming|scam(?:mers?)?|"
    r"rip[\s-]?off|ripped\s+off|unacceptable|"
    r"fed\s+up|sick\s+(?:and\s+tired\s+)?of|hate|worst|pathetic|shambles|disgrace(?:ful)?|joke|ridiculous|"
    r"shocking|thieves|liars?|lied|angry|incompetent|"
    r"useless|wtf|how\s+dare|last\s+straw|never\s+(?:again|buy|order|shop|use)|had\s+enough|shame\s+on|"
    r"insult(?:ing|ed)?|rude|bullshit|crap|damn",
    Emotion.FEAR: r"worried|worry|worrying|anxious|nervous|afraid|scared|frightened|concerned|panic(?:king)?|"
    r"unsafe|terrified|stressed|"
    r"desperate|alarm(?:ed|ing)|uneasy|what\s+if",
    Emotion.SADNESS: r"disappoint(?:ed|ing|ment)|upset|sad|sadly|heartbroken|gutted|let\s+down|miserable|"
    r"in\s+tears|crying|unhappy|devastated|"
    r"depressing|hurt|lost\s+faith|ruined|unfortunate(?:ly)?|regret",
    Emotion.JOY: r"thank\s*you\s+(?:so|very)\s+much|many\s+thanks|much\s+appreciated|grateful|amazing|"
    r"brilliant|fantastic|excellent|wonderful|"
    r"love(?:d|ly)?|delighted|superb|thrilled|outstanding|impressed|perfect|awesome|best|kudos|well\s+done|"
    r"hats\s+off|great\s+(?:job|service|work)",
}
_MILD: dict[Emotion, str] = {
    Emotion.ANGER: r"annoy(?:ed|ing)|frustrat(?:ed|ing|ion)|terrible|awful|horrible|horrendous|poor|rubbish|"
    r"still\s+(?:no|not|waiting|haven[’']t|hasn[’']t)|"
    r"complain(?:t|ing)?|not\s+good\s+enough|wast(?:e|ed|ing)|ignored?|unprofessional|nonsense|no\s+(?:reply|"
    r"response|answer)|third\s+time|"
    r"second\s+time|yet\s+again|once\s+again|sort\s+(?:it|this)\s+out|enough|nightmare|overcharged|fail(?:ed|ure)?",
    Emotion.FEAR: r"urgent(?:ly)?|please\s+help|unsure|not\s+sure|confus(?:ed|ing)|concern|is\s+it\s+safe|lost|"
    r"missing|help!|hacked|stolen|fraud|"
    r"emergency|need\s+it\s+(?:by|before|for)",
    Emotion.SADNESS: r"sorry\s+to\s+say|shame|not\s+what\s+i|expected\s+better|hoped|miss(?:ed)?|broken|lonely|"
    r"pity|unlucky|disheartened",
    Emotion.JOY: r"thanks|thank\s*you|thx|cheers|appreciated?|helpful|great|good|happy|pleased|glad|kind|"
    r"nice|friendly|quick|smooth|enjoy(?:ed)?",
}
_LEXICON = {
    emotion: re.compile(rf"\b(?:(?P<strong>{_STRONG[emotion]})|(?P<mild>{_MILD[emotion]}))(?!\w)", re.IGNORECASE)
    for emotion in _STRONG
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


def emotions_in(text: str) -> tuple[Finding[Emotion], ...]:
    """The emotion shown most, with its words; none if none is shown."""
    score: defaultdict[Emotion, float] = defaultdict(float)
    spans: defaultdict[Emotion, list[Span]] = defaultdict(list)
    for emotion, pattern in _LEXICON.items():
        for match in pattern.finditer(text):
            weight, shown, start = (2.0 if match["strong"] else 1.0), emotion, match.start()
            negation = _NEGATED.search(text[max(0, match.start() - 30) : match.start()])
            if negation:
                if emotion is not Emotion.JOY:
                    continue  # "not angry", "don't worry"
                shown, start = Emotion.SADNESS, match.start() - len(negation[0])
            elif emotion is Emotion.JOY and _POLITE.match(text, match.start()):
                weight = 0.5
            score[shown] += weight
            spans[shown].append(Span(start, match.end()))
    if score[Emotion.ANGER] or score[Emotion.SADNESS]:
        score[Emotion.ANGER] += len(_SHOUTING.findall(text[:4_000])) if score[Emotion.ANGER] else 0
        score[Emotion.JOY] *= 0.5  # "great, another delay"
    best = max(_ORDER, key=lambda emotion: score[emotion])
    if score[best] < 1:
        return ()
    share = score[best] / (sum(score.values()) + 0.5)
    return (Finding(best, round(share * min(1.0, 0.5 + score[best] / 6), 2), tuple(sorted(spans[best]))),)


_ORDER = (Emotion.ANGER, Emotion.SADNESS, Emotion.FEAR, Emotion.JOY)
"""On a tie the graver one is named."""
