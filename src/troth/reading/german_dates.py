"""How German writes deadlines: "bis Freitag, 14 Uhr", "innerhalb von 3 Werktagen", "Ende nächster Woche"."""

from __future__ import annotations

from troth.reading.days import Unit, Within
from troth.reading.pieces import Part, pattern
from troth.reading.vocabulary import ISO, NEXT_WORKING_DAY, Vocabulary

_DAY = r"(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag)"
_MONTH = (
    r"(?:januar|jänner|jan\.?|februar|feb\.?|märz|maerz|mrz\.?|april|apr\.?|mai|juni|jun\.?|juli|jul\.?|august|"
    r"aug\.?|"
    r"september|sept?\.?|oktober|okt\.?|november|nov\.?|dezember|dez\.?)(?![a-zäöü])"
)
_YEAR = r"(?:\s+(?P<year>20\d\d)\b)?"
_NUM = (
    r"(?:\d{1,3}|ein(?:e[nmr]?)?\s+halbe[nr]?|halbe[nr]?|anderthalb|(?:ein|zwei|drei)einhalb|ein(?:e[nmrs]?)?|"
    r"zwei(?:en)?|drei(?:en)?|vier|f(?:ü|ue)nf|sechs|sieben|acht|neun|zehn|elf|zw(?:ö|oe)lf|vierzehn|f(?:ü|ue)nfzehn|"
    r"zwanzig|vierundzwanzig|drei(?:ß|ss)ig|achtundvierzig|sechzig|neunzig)"
)
_HOUR = r"(?:eins?|zwei|drei|vier|f(?:ü|ue)nf|sechs|sieben|acht|neun|zehn|elf|zw(?:ö|oe)lf)"
_NEXT = r"(?:(?:(?:ü|ue)ber)?n(?:ä|ae)chste[nrms]?|kommende[nrms]?|folgende[nrms]?)"
_PART = (
    r"(?:fr(?:ü|ue)h(?:morgens)?|morgens?|vormittags?|mittags?|sp(?:ä|ae)tnachmittags?|nachmittags?|"
    r"sp(?:ä|ae)tabends?|abends?|nachts?)"
)
_COUNTED = r"(?:tag|stund|woch|monat|minut|prozent|euro|€|%|st(?:ü|ue)ck)"
_HOW = r"(?:anfang|beginn|mitte|ende|schluss)"

_GERMAN = Vocabulary(
    numbers={
        word: n
        for n, words in {
            0.5: "halbe,halben,halber,ein halbe,eine halbe,einer halben,einen halben",
            1: "ein,eine,einen,einem,einer,eines,eins", 1.5: "anderthalb,eineinhalb", 2: "zwei,zweien",
            2.5: "zweieinhalb", 3: "drei,dreien", 3.5: "dreieinhalb", 4: "vier", 5: "funf,fuenf", 6: "sechs",
            7: "sieben", 8: "acht", 9: "neun", 10: "zehn", 11: "elf", 12: "zwolf,zwoelf", 14: "vierzehn",
            15: "funfzehn,fuenfzehn", 20: "zwanzig", 24: "vierundzwanzig", 30: "dreissig", 48: "achtundvierzig",
            60: "sechzig", 90: "neunzig",
        }.items()
        for word in words.split(",")
    }
    | {
        stem + ending: n
        for n, stem in enumerate(
            """
                erst zweit dritt viert funft sechst siebt acht neunt zehnt elft zwolft dreizehnt vierzehnt funfzehnt
                sechzehnt siebzehnt achtzehnt neunzehnt zwanzigst einundzwanzigst zweiundzwanzigst dreiundzwanzigst
                vierundzwanzigst funfundzwanzigst sechsundzwanzigst siebenundzwanzigst achtundzwanzigst
                neunundzwanzigst dreissigst einunddreissigst
            """.split(),  # noqa: SIM905 easier to read and to edit than a list
            1,
        )
        for ending in ("e", "en", "er")
    },
    units=(
        ("viertelstund", 15, Unit.MINUTE), ("arbeitswoch", 1, Unit.WEEK),
        ("min", 1, Unit.MINUTE), ("st", 1, Unit.HOUR), ("h", 1, Unit.HOUR),
        ("t", 1, Unit.DAY), ("woch", 1, Unit.WEEK), ("mon", 1, Unit.MONTH), ("quart", 1, Unit.QUARTER),
        ("jahr", 1, Unit.YEAR),
    ),
    weekdays=(
        ("montag",), ("dienstag",), ("mittwoch",), ("donnerstag",), ("freitag",), ("samstag", "sonnabend"), ("sonntag",)
    ),
    months=(
        ("ja",), ("f",), ("mar", "mae", "mr"), ("ap",), ("mai",), ("jun",), ("jul",), ("au",), ("s",), ("o",), ("n",), ("d",)
    ),
    relative_days={
        "heute in einer": (7, None), "heute in acht": (7, None), "morgen in einer": (8, None), "heute in zwei": (14, None),
        "heute in 14": (14, None),
        "ubermorgen": (2, None), "uebermorgen": (2, None), "morgen": (1, None), "heute nacht": (0, Part.NIGHT),
        "heute": (0, None), "im laufe des tages": (0, None), "noch am selben tag": (0, None),
        "am selben": (0, None), "am gleichen": (0, None), "tags darauf": (1, None),
        "am nachsten": (NEXT_WORKING_DAY, None), "am naechsten": (NEXT_WORKING_DAY, None),
        "folgenden": (NEXT_WORKING_DAY, None), "naechsten": (NEXT_WORKING_DAY, None),
        "nachsten": (NEXT_WORKING_DAY, None), "am folgenden": (NEXT_WORKING_DAY, None),
    },
    parts=(
        ("feierabend", Part.CLOSE), ("gleich", Part.FIRST_THING), ("vormittag", Part.MORNING), ("nachmittag", Part.AFTERNOON),
        ("mitternacht", Part.NIGHT), ("mittag", Part.NOON), ("abend", Part.EVENING), ("nacht", Part.NIGHT),
        ("fruh", Part.MORNING), ("frueh", Part.MORNING), ("morgen", Part.MORNING), ("", Part.CLOSE),
    ),
    feasts=(("oster", "easter"), ("weihnacht", "12-24"), ("heilig", "12-24"), ("silvester", "12-31"), ("", "12-31")),
    span=pattern(
        r"(?P<lead>\b(?:innerhalb|innert|binnen|in|im|nach|(?P<verb>dauer[tn]|beträgt|ben(?:ö|oe)tig(?:t|en)|"
        r"braucht|brauchen|"
        r"rechnen)|sp(?:ä|ae)testens|l(?:ä|ae)ngstens|bis\s+zu)\s+)?"
        r"(?P<mid>(?:\b(?:den|der|die|von|mit|sie|" + _NEXT + r"|weiteren|etwa|ca\.?|circa|rund|ungef(?:ä|ae)hr|"
        r"maximal|"
        r"h(?:ö|oe)chstens|bis|zu|zwischen|sp(?:ä|ae)testens|nur|noch|voraussichtlich|normalerweise|meist|in|"
        r"bitte)\s+)"
        r"{0,5})"
        r"\b(?:(?P<n1>" + _NUM + r")\s*(?:-|–|—|/|\bbis\b|\boder\b|\bund\b)\s*(?:zu\s+)?)?(?P<n2>" + _NUM + r")[\s-]*"
        r"(?P<biz>(?:werk|arbeits|gesch(?:ä|ae)fts|bank)(?=tag|stunde))?"
        r"(?P<unit>minuten?|min\b|viertelstunden?|stunden?|std\b|h\b|tage?n?\b|tg\b|wochen?|monate?n?|quartale?n?|"
        r"jahre?n?)\b(?P<biz2>)(?P<tail>\s+ab\s+(?:heute|jetzt)\b)?"
    ),
    no_span=pattern(r"\b(?:vor|seit|alle|aller|jede[nrs]?|pro|als|letzten|vergangenen|für)\s*$"),
    after_span=pattern(r"\s+(?:alt|her|lang|zuvor|später\s+als)\b"),
    next_hour=pattern(
        r"\bin(?:nerhalb)?\s+der\s+(?:" + _NEXT + r"\s+)(?P<unit>viertelstunde|stunde)\b"
    ),
    dates=(
        ISO,
        pattern(
            r"(?P<before>\bvor\s+(?:dem\s+)?)?(?<![\d.,])\b(?:(?P<d>\d{1,2})\.?|(?P<first>(?:(?:ein|zwei|drei|"
            r"vier|f(?:ü|ue)nf|"
            r"sechs|sieben|acht|neun)und)?(?:zwanzig|drei(?:ß|ss)ig)ste[nr]?|(?:erste|zweite|dritte|vierte|f(?:ü|"
            r"ue)nfte|"
            r"sechste|siebte|achte|neunte|elfte|zw(?:ö|oe)lfte|(?:drei|vier|f(?:ü|ue)nf|sech|sieb|acht|"
            r"neun)?zehnte)[nr]?))\s*"
            r"(?P<month>" + _MONTH + r")" + _YEAR
        ),
    ),
    day_range=pattern(
        r"\b(?:zwischen\s+(?:dem\s+)?|vom\s+)?(?P<d1>\d{1,2})\.?(?:\s*(?P<month1>" + _MONTH + r"))?\s*"
        r"(?:-|–|—|\bbis\b|\bund\b|\boder\b)\s*(?:zum\s+|dem\s+"
        r")?(?P<d>\d{1,2})\.?\s*(?P<month>" + _MONTH + r")" + _YEAR
    ),
    numeric=pattern(
        r"(?P<before>\bvor\s+(?:dem\s+)?)?(?P<lead>\b(?:am|bis|zum|den|vom|ab|dem|für)\s+)?"
        r"(?<![\d.,/])\b(?P<a>\d{1,2})(?:\.\s?|/)(?P<b>\d{1,2})"
        r"(?:[./](?P<year>20\d\d|\d\d)\b|(?P<dot>\.)(?![\d,])|(?![\d.,/%]))(?!\s*(?:uhr|€|euro|eur\b|prozent|%))"
    ),
    weekly=pattern(r"\bvon\s+" + _DAY + r"\s+bis\s+(?:einschlie(?:ß|ss)lich\s+)?" + _DAY),
    weekday=pattern(
        r"(?P<before>\bvor\s+(?:dem\s+)?)?(?P<lead>\b(?:letzte[nrms]?|vergangene[nrms]?|vorige[nrms]?|jede[nrms]?|"
        r"diese[nrms]?|" + _NEXT + r")\s+)?"
        r"(?P<lead2>)(?P<week>\b" + _NEXT + r"\s+woche,?\s+(?:am\s+)?)?"
        r"\b(?P<day>" + _DAY + r")(?P<part>" + _PART + r")?\b(?P<tail>\s+(?:der\s+)?" + _NEXT + r"\s+woche|"
        r"\s+in\s+einer\s+woche)?"
    ),
    relative=pattern(
        r"(?<!guten )(?<!am )(?<!heute )(?<!gestern )(?<!tag )(?<!woch )(?<!abend )\b(?P<word>"
        r"(?:ü|ue)bermorgen|(?:heute|morgen)\s+in\s+(?:einer\s+woche|zwei\s+wochen|(?:acht|14)\s+tagen)|morgen|"
        r"heute(?:\s+nacht)?|im\s+laufe\s+des\s+tages|(?:noch\s+)?am\s+(?:selben|gleichen)\s+tag|"
        r"tags\s+darauf|(?:am\s+)?(?:n(?:ä|ae)chsten|folgenden)\s+(?:werk|arbeits|geschäfts)tag)\b"
    ),
    periods=(
        pattern(
            r"(?:\b(?:am|im|zum|zu|in|bis|gegen)\s+)?(?:(?:der|dem|das|den|laufe)\s+"
            r"){0,2}(?P<how>\b" + _HOW + r"\s+)?"
            r"(?:(?:der|des|dem|den|die|das)\s+)?(?P<which>\b(?:diese[nrms]?|" + _NEXT + r"|letzte[nrms]?|"
            r"vorige[nrms]?|"
            r"vergangene[nrms]?)\s+)(?P<unit>arbeitswoche|woche\b|monat|quartal|jahr|wochenende)(?:e?s)?\b"
            r"(?!\s+(?:" + _DAY + r"|" + _MONTH + r"))"
        ),
        pattern(
            r"(?:\b(?:am|im|zum|bis|gegen)\s+)?(?P<how>\b(?:" + _HOW + r"|laufe))\s+(?:der|des)\s+"
            r"(?P<unit>woche\b|monat|quartal|jahr)(?:e?s)?\b"
        ),
        pattern(r"(?:\b(?:am|zum|bis|gegen)\s+)?\b(?P<unit>monat|jahr|quartal)e?s(?P<how>anfang|beginn|mitte|"
        r"ende)\b"),
        pattern(r"(?:(?P<before>\bvor)|\bam|\bzum|\b(?:ü|ue)bers?|\bbis)\s+(?:dem\s+|das\s+)?(?P<unit>wochenende)\b"),
    ),
    month_only=pattern(
        r"\b(?:(?:(?P<before>vor)|bis|im|in|zum|gegen)\s+(?:(?P<how>" + _HOW + r")\s+)?|(?P<how2>" + _HOW + r")\s+)"
        r"(?P<month>" + _MONTH + r")" + _YEAR + r"(?!\s*\d)"
    ),
    nth=pattern(
        r"(?:\b(?P<day>" + _DAY + r"),?\s+(?:der|den|dem)|(?P<before>\bvor\s+dem)|\bam|\bzum|\bbis|\bden)\s+"
        r"(?P<d>\d{1,2})\.(?=\s*(?:$|[,;.)!?]|[a-zäöü(]))(?!\d)"
    ),
    feast=pattern(
        r"\b(?:vor|bis|zu|an)\s+(?:den\s+)?(?P<feast>ostern|weihnachten|heiligabend|silvester|neujahr|"
        r"jahreswechsel)\b"
    ),
    part=pattern(
        r"(?:(?P<this>\bheute\s+)|(?P<by>\b(?:am|im\s+laufe\s+des|bis(?:\s+zum)?|gegen|zum|vor|zu|nach)\s+))?"
        r"(?:(?:fr(?:ü|ue)hen|sp(?:ä|ae)ten)\s+)?"
        r"\b(?P<part>gleich\s+in\s+der\s+früh|vormittags?|mittags?|nachmittags?|abends?|mitternachts?|nachts?|"
        r"fr(?:ü|ue)h(?=[\s.,!?]|$)|morgens|(?<=am )morgen|(?<=heute )morgen|(?<=tag )morgen|(?<=woch )morgen|"
        r"mittagszeit|feierabend|gesch(?:ä|ae)ftsschluss|b(?:ü|ue)roschluss|ende\s+des\s+(?:arbeits)?tages|"
        r"tagesende)\b"
    ),
    clock=pattern(
        r"(?P<lead>\b(?:um|bis|gegen|vor|ab|nach|von|zwischen|und|punkt|sp(?:ä|ae)testens)\s+(?:um\s+|circa\s+|"
        r"ca\.?\s+)?)?"
        r"(?:(?<![\d:.,/€$#-])\b(?P<h>\d{1,2})(?:[:.](?P<m>\d\d)\s*uhr\b|:(?P<m2>\d\d)(?!\d)|"
        r"\s*uhr(?:\s*(?P<m3>\d\d)\b)?|"
        r"h\b|(?<=um \d)(?=[\s,!?.]|$)(?!\.\d|\s*" + _COUNTED + r")|(?<=um \d\d)(?=[\s,!?.]|$)(?!\.\d|"
        r"\s*" + _COUNTED + r"))|(?:(?P<half>halb)\s+|(?P<quarter>(?:drei)?viertel(?:\s+(?:vor|nach))?)\s+|"
        r"(?=" + _HOUR + r"\s+uhr))"
        r"(?P<hour>" + _HOUR + r"|\d{1,2})\b(?:\s+uhr\b)?)"
    ),
    clock_range=pattern(
        r"\b(?:zwischen\s+|von\s+)?(?P<h1>\d{1,2})(?:[:.](?P<m1>\d\d))?(?:\s*uhr)?\s*(?:-|–|—|\bbis\b|\bund\b)\s*"
        r"(?P<h2>\d{1,2})(?:[:.](?P<m2>\d\d))?\s*uhr\b"
    ),
    past_before=pattern(
        r"\b(?:letzte[nrms]?|vergangene[nrms]?|vorige[nrms]?|vorletzte[nrms]?|jede[nrms]?|seit(?:\s+dem)?|immer|"
        r"guten)\s*$"
    ),
    past=pattern(r"\b(?:letzte|vergangene|vorige|jede)"),
    following=pattern(r"n(?:ä|ae)chste|kommende woche|kommenden? (?:monat|jahr)|kommende[nrms]?\s*$"),
    narrowed=pattern(r",?\s*(?:um|gegen|vor|bis)?\s*\d|\s*(?:" + _PART + r")\b"),
    how=(
        ("anfang", Within.EARLY), ("beginn", Within.EARLY), ("mitte", Within.MIDDLE), ("ende", Within.END),
        ("schluss", Within.END),
    ),
    trigger=pattern(
        r"\d|tag|woche|monat|stunde|minute|morgen|heute|mittag|abend|nacht|fr(?:ü|ue)h|mittwoch|halb|viertel|uhr|"
        r"jahr|"
        r"quartal|ostern|weihnacht|silvester|feierabend|schluss|" + _MONTH
    ),
    glue=pattern(
        r"^[\s,()]*(?:(?:am|um|bis|zum|im|in|der|den|dem|des|vor|gegen|ab|von|zwischen|sp(?:ä|ae)testens|circa|ca\.?|"
        r"schon|noch|jeweils|also|wieder|laufe)[\s,(]*){0,4}$"
    ),
    either=pattern(r"^[\s,]*(?:entweder\s+)?(?:oder|und|/|bis|-|–)[\s,]*(?:am\s+|bis\s+|zum\s+|den\s+)?$"),
)  # fmt: skip
GERMAN = _GERMAN.grammar()
