"""The common forms of promise in German."""

from __future__ import annotations

from troth.reading.german_dates import GERMAN as DATES
from troth.reading.speech import Form, Speech, pattern
from troth.words.promises import Strength

_W = r"(?:\S+\s+)"
_DO = (
    r"(?:k(?:ü|ue)mmer|meld|leit|geb|schick|send|(?:ü|ue)berweis|erstatt|tausch|(?:ü|ue)bernehm|informier|"
    r"benachrichtig|ruf|"
    r"schreib|kl(?:ä|ae)r|veranlass|bestell|ersetz|reparier|hol|liefer|reich|antwort|stornier|buch|lass|erkundig|"
    r"frag|sorg|"
    r"besorg|beantwort|verl(?:ä|ae)nger|zahl|schau|seh|setz|beauftrag|korrigier|versend|verschick|organisier|teil|"
    r"halt|erledig|mach)"
)
_DONE = (
    r"(?:geliefert|zugestellt|erstattet|zur(?:ü|ue)ckerstattet|repariert|zugeschickt|zugesandt|versandt|versendet|"
    r"verschickt|"
    r"(?:ü|ue)berwiesen|gutgeschrieben|ersetzt|ausgetauscht|umgetauscht|behoben|informiert|erledigt|abgeholt|"
    r"storniert|aktiviert|"
    r"freigeschaltet|ausgezahlt|kontaktiert|angerufen|zur(?:ü|ue)ckgerufen|benachrichtigt|korrigiert|gel(?:ö|"
    r"oe)st|(?:ü|ue)bernommen|"
    r"zur(?:ü|ue)ckgesendet|nachgeliefert|gesendet|geschickt|eingebaut|montiert|beantwortet)"
)
_SOMEBODY_DOES = (
    r"(?:anrufen|zur(?:ü|ue)ckrufen|melden|kontaktieren|ankommen|eintreffen|kommen|schicken|senden|zusenden|"
    r"liefern|setzen|"
    r"informieren|antworten|abholen|beheben|reparieren|(?:ü|ue)bernehmen|k(?:ü|ue)mmern|vorbeikommen)"
)
_COMES = (
    r"(?:kommt|kommen|trifft|treffen|geht|gehen|liegt|liegen|erfolgt|holt|holen|ruft|verschickt|versendet|setzt|"
    r"bringt|liefert|"
    r"meldet|startet|ist|sind|steht|besucht|repariert|schickt|erreicht|verl(?:ä|ae)sst|f(?:ä|ae)hrt|gibt|macht|"
    r"baut|wechselt|folgt|kontaktiert|informiert)"
)

SPEECH = Speech(
    grammar=DATES,
    forms=(
        Form(
            pattern(
                r"\b(?:(?P<i>ich)|(?P<we>wir))\s+" + _W + r"{0,2}?(?:verspreche|garantiere|versichere|sichere)n?\b|"
                r"\bsie\s+haben\s+(?:(?P<i3>mein)|(?P<we3>unser))\s+wort\b|"
                r"\b(?:verspreche|garantiere|versichere)n?\s+(?:(?P<i2>ich)|(?P<we2>wir))\b"
            ),
            strength=Strength.GUARANTEE,
        ),
        Form(
            pattern(
                r"\b(?:wird|soll|darf)\s+" + _W + r"{0,4}?nicht\s+(?:wieder|noch\s+einmal|mehr|nochmals)\s+"
                r"" + _W + r"{0,2}?"
                r"(?:vorkommen|passieren|geschehen)\b|\bkommt\s+nicht\s+(?:wieder|mehr)\s+vor\b|"
                r"\bkeine\s+(?:kosten|geb(?:ü|ue)hren)\b.{0,60}\b(?:entstehen|berechnet|anfallen)\b"
            ),
            who="third",
            negative=True,
        ),
        Form(
            pattern(
                r"\b(?:(?P<i>ich)\s+werde|(?P<we>wir)\s+werden)\s+" + _W + r"{0,4}?(?:nicht|nie)\s+(?:wieder|"
                r"noch\s+einmal|mehr)\s+" + _W + r"{0,3}?(?:zulassen|passieren|vorkommen|wiederholen)|"
                r"\b(?P<we2>wir)\s+(?:berechnen|stellen)\s+" + _W + r"{0,3}?(?:nichts|keine\s+kosten)"
            ),
            negative=True,
        ),
        Form(
            pattern(
                r"\b(?:(?P<i>ich)\s+(?:bem(?:ü|ue)he\s+mich|versuche)|(?P<we>wir)\s+(?:bem(?:ü|ue)hen\s+uns|"
                r"versuchen))\b"
            ),
            strength=Strength.AIM,
        ),
        Form(
            pattern(
                r"\b(?:(?P<i>ich)\s+(?:plane|will|m(?:ö|oe)chte)|(?P<we>wir)\s+(?:planen|wollen|beabsichtigen|"
                r"m(?:ö|oe)chten)|"
                r"(?:und\s+)?wollen(?!\s+sie)|unser\s+ziel\s+ist)\b"
            ),
            who="we",
            strength=Strength.AIM,
            dated=True,
        ),
        Form(
            pattern(
                r"\b(?:(?P<i>ich)\s+" + _W + r"?werde|(?P<we>wir)\s+" + _W + r"?werden|werde\s+(?P<i2>ich)|"
                r"werden\s+(?P<we2>wir)|werden\s+(?P<we3>uns)|werde\s+(?P<i3>mich))\b"
            ),
        ),
        Form(
            pattern(
                r"\b(?:sie|ihr)\s+" + _W + r"{0,3}?(?:erhalten|bekommen|erhaltet|bekommt)\b|\b(?:erhalten|"
                r"bekommen|erhaltet|bekommt)\s+"
                r"(?:sie|ihr)\b|\b(?:bekommst|erh(?:ä|ae)ltst|kriegst)\s+du\b|\bdu\s+" + _W + r"{0,2}?(?:bekommst|"
                r"erh(?:ä|ae)ltst|kriegst)\b|"
                r"\bsie\s+h(?:ö|oe)ren\s+.{0,40}von\s+(?:uns|mir)\b|\bh(?:ö|oe)ren\s+sie\s+.{0,40}von\s+(?:uns|"
                r"mir)\b|"
                r"\b(?:sie\s+werden|werden\s+sie)\s.{0,90}\b(?:" + _DONE + r"|erhalten|bekommen|h(?:ö|oe)ren)\b"
            ),
            who="we",
        ),
        Form(
            pattern(
                r"\b(?:haben\s+sie|sie\s+haben|hast\s+du)\b(?!.*\b\w*ge\w+(?:t|en)\W*$|"
                r".*\b\w+iert\W*$)"
            ),
            who="we",
            dated=True,
        ),
        Form(
            pattern(
                r"\bsollten?\s+(?!sie\b|es\b).{0,90}\b(?:sein|ankommen|eintreffen|erhalten|haben|erscheinen|"
                r"kommen|vorliegen|erfolgen|"
                r"eingehen|funktionieren|laufen|klappen|gehen|stehen|da)\b|\bsollten?\b.{0,90}\b(?:ankommen|"
                r"eintreffen|erhalten|erscheinen|"
                r"eingehen)\b"
            ),
            who="third",
            strength=Strength.EXPECT,
            timed=True,
        ),
        Form(pattern(r"\brechnen\s+sie\s+.{0,30}\bmit\b"), who="we", strength=Strength.EXPECT, dated=True),
        Form(
            pattern(
                r"\b(?:dauert|dauern|ben(?:ö|oe)tigt|"
                r"braucht)\b"
            ),
            who="third",
            strength=Strength.EXPECT,
            dated=True,
        ),
        Form(
            pattern(
                r"\b(?:ist|sind|wurde)\b.{0,90}\b(?:eingeplant|geplant|gebucht|terminiert|vereinbart|vorgesehen|"
                r"angesetzt|"
                r"best(?:ä|ae)tigt|reserviert)\b"
            ),
            who="third",
            dated=True,
        ),
        Form(
            pattern(r"\b(?:wird|werden)\b.{0,110}\b(?:" + _DONE + "|" + _SOMEBODY_DOES + r")\b"),
            who="third",
        ),
        Form(pattern(r"\b(?:wird|werden)\b"), who="third", dated=True),
        Form(
            pattern(
                r"\b(?:(?P<i>ich)\s+(?:dann\s+)?(?:" + _DO + r"e?|nehme)\b|(?P<we>wir)\s+(?:dann\s+"
                r")?(?:" + _DO + r"e?n|nehmen)\b|"
                r"(?:" + _DO + r"e?|nehme)\s+(?P<i2>ich)\b|(?:" + _DO + r"e?n|nehmen)\s+(?P<we2>wir)\b)"
            ),
        ),
        Form(
            pattern(
                r"^\W*(?:dann\s+)?(?:pr(?:ü|ue)fe|untersuche|bearbeite|kl(?:ä|ae)re)n?\s+(?:(?P<i>ich)|(?P<we>wir))\b"
            ),
        ),
        Form(
            pattern(r"^\W*(?:und\s+)?(?:dann\s+)?(?:" + _DO + r")e?n?\b|\b(?:zur(?:ü|ue)ck|an|bescheid)\s*$"),
            goes_on=True,
        ),
        Form(
            pattern(r"\b(?:(?P<i>ich)\s+\w+e\b|(?P<we>wir)\s+\w+n\b|\w+e\s+(?P<i2>ich)\b|\w+n\s+(?P<we2>wir)\b)"),
            dated=True,
        ),
        Form(pattern(r"\b" + _COMES + r"\b"), who="third", dated=True),
    ),
    subject=pattern(r"\b(?:ich|wir|sie|ihr|du|er|es|der|die|das|ein|eine|unsere?r?|ihre?)\b"),
    cuts=pattern(
        r"\s*[,;:()–—]\s*|\s+-\s+|\s+(?:und|aber|oder|sonst)\s+|"
        r"\s+(?=(?:wenn|falls|sobald|sofern|damit|bevor|nachdem|weil|dass|ob)\s)"
    ),
    condition=pattern(
        r"(?:und\s+)?(?:wenn|falls|sobald|sofern|sollten?\s+(?:sie|es|das|die|der)|nachdem|solange|"
        r"im\s+falle)\b"
    ),
    condition_inside=pattern(
        r"\b(?P<words>(?:nach|bei)\s+(?:eingang|erhalt|r(?:ü|ue)cksendung|best(?:ä|ae)tigung|vorlage)(?:\s+(?:der|"
        r"des|ihrer|ihres|von|"
        r"dieser)\s+\S+)?)"
    ),
    no_condition=pattern(r"(?:so\s?bald|wenn)\s+(?:wie\s+|irgend\s+)?(?:m(?:ö|oe)glich|n(?:ö|oe)tig)"),
    purpose=pattern(r"(?:damit|um|ob|weil|da|wie|was|wann|warum|bevor|obwohl|indem|so\s?dass)\b"),
    complement=pattern(r"(?:dass|da(?:ß)|\w+.{0,90}\bzu\s+\w+en\s*$|.{0,90}\w+zu\w+en\s*$)"),
    hope=pattern(
        r"\b(?:hoffe[nt]?|hoffentlich|sagten?|schrieben|meinten|vielleicht|w(?:ü|ue)rden?|h(?:ä|ae)tten?|w(?:ä|"
        r"ae)ren?|k(?:ö|"
        r"oe)nnten?|angeblich|eventuell|glaube[n]?)\b"
    ),
    denial=pattern(r"\b(?:nicht|kein(?:e[nmrs]?)?|nie|niemand|nichts|ohne|weder|leider\s+kein)\b"),
    stative=pattern(
        r"\b(?:ge(?:ö|oe)ffnet|geschlossen|offen|g(?:ü|ue)ltig|gilt|gelten|endet|enden|l(?:ä|ae)uft\s+ab|f(?:ä|"
        r"ae)llig|abgebucht|wurden?|"
        r"worden|hatten?|war(?:en)?|k(?:ö|oe)nnen|kann|kannst|m(?:ü|ue)ssen|muss|d(?:ü|ue)rfen|bitten?\s+(?:sie|"
        r"um|wir)|bitte\s+um|"
        r"empfehlen|freuen\s+uns|freue\s+mich|arbeiten|arbeitet|warten|danken|f(?:ü|ue)r\s+sie\s+da|in\s+bearbeitung|"
        r"(?:wir|ich)\s+haben?|haben?\s+(?:wir|ich)|hat|versuchte|versucht\s+hat|stehen|entschuldigen|verz(?:ö|"
        r"oe)ger\w*|wird\s+bearbeitet|"
        r"ab\s+dem|ab\s+\#|\w*feiertag|ruhetag|erreichbar\s+von)(?!\w)|\bist\s+#+\W*$"
    ),
    offer=pattern(
        r"\b(?:gerne?)\b(?!\s+gesehen)|\b(?:wir|ich)\s+k(?:ö|oe)nnen?\b.{0,90}\b(?:gerne?|kostenlos|kulanz|"
        r"anbieten|umtauschen|austauschen|helfen|"
        r"pr(?:ü|ue)fen|schicken|senden|erstatten)\b|^\W*(?:soll|sollen|darf|d(?:ü|ue)rfen)\s+(?:ich|wir)\b|"
        r"\bm(?:ö|oe)chten\s+sie,?\s+dass\s+(?:ich|wir)"
    ),
    implied=pattern(
        r"\bdamit\s+(?:wir|ich|unser\w*|die\s+\w+)\b.{1,120}\bk(?:ö|oe)nnen?\b|\bum\s+.{1,90}\bzu\s+k(?:ö|oe)nnen\b|"
        r"\bhaben?\s+.{0,60}\b(?:gebeten|beauftragt)\b"
    ),
    asks=pattern(
        r"\bbitte\b(?!\s+(?:beachten|entschuldigen|haben|rechnen|verzeihen|bedenken|um))|^\W*(?:schicken|senden|"
        r"nennen|teilen|melden|"
        r"antworten|rufen|geben|laden|f(?:ü|ue)llen|best(?:ä|ae)tigen|mailen|schreiben|sagen)\s+(?:sie|uns|mir)\b|"
        r"^\W*(?:schick|sende?|nenn|sag|schreib|gib)\s+(?:uns|mir)\b|\b(?:k(?:ö|oe)nnten|k(?:ö|oe)nnen|w(?:ü|"
        r"ue)rden)\s+sie\b.{0,120}\?|"
        r"\b(?:wir|ich)\s+(?:ben(?:ö|oe)tigen?|brauchen?)\b"
    ),
    guaranteed=pattern(
        r"\b(?:garantier\w*|hundertprozentig|auf\s+jeden\s+fall|verspreche\w*|ganz\s+sicher)\b|"
        r"\b100\s?%"
    ),
    aimed=pattern(
        r"\b(?:nach\s+m(?:ö|oe)glichkeit|versuchen|bem(?:ü|ue)hen|unser\s+bestes|alles\s+(?:tun|unternehmen|m(?:ö|"
        r"oe)gliche|in\s+unserer\s+macht)|alles\s+daran\s+"
        r"setzen)\b"
    ),
    expected=pattern(
        r"\b(?:voraussichtlich|wahrscheinlich|vermutlich|erwarte[tn]|laut|sch(?:ä|ae)tzungsweise|normalerweise|"
        r"in\s+der\s+regel|"
        r"d(?:ü|ue)rften?)\b"
    ),
    vague=pattern(
        r"\b(?:in\s+k(?:ü|ue)rze|k(?:ü|ue)rzlich|bald|baldm(?:ö|oe)glichst|demn(?:ä|ae)chst|umgehend|"
        r"schnellstm(?:ö|oe)glich|"
        r"so\s+(?:schnell|bald|rasch)\s+wie\s+m(?:ö|oe)glich|sofort|gleich|nachher|sp(?:ä|ae)ter|zeitnah|"
        r"unverz(?:ü|ue)glich|"
        r"in\s+den\s+n(?:ä|ae)chsten\s+(?:tagen|wochen|stunden)|in\s+(?:ein\s+paar|einigen|wenigen)\s+\w+|zu\s+"
        r"gegebener\s+zeit|jetzt)\b"
    ),
    dangling=pattern(
        r"[\s,;:]*(?:\b(?:bis|am|um|im|in|der|den|dem|des|zum|vor|noch|sp(?:ä|ae)testens|gegen|ab|und|an|f(?:ü|"
        r"ue)r)\b[\s,]*)+$"
    ),
)
