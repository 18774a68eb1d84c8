"""How French writes deadlines: "d'ici vendredi 14 h", "sous 5 jours ouvrés", "dans le courant de la semaine prochaine"."""

from __future__ import annotations

from troth.reading.days import Unit, Within
from troth.reading.pieces import Part, pattern
from troth.reading.vocabulary import ISO, NEXT_WORKING_DAY, Vocabulary

_DAY = r"(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)"
_MONTH = (
    r"(?:janvier|f[ée]vrier|mars|avril|mai|juin|juillet|ao[ûu]t|septembre|octobre|novembre|d[ée]cembre|"
    r"(?:janv|f[ée]vr|avr|juil|sept|oct|nov|d[ée]c)\b\.?)(?![a-zà-ÿ])"
)
_YEAR = r"(?:\s+(?:de\s+)?(?P<year>20\d\d)\b)?"
_NUM = (
    r"(?:\d{1,3}|(?:une?\s+)?demi[e-]?|une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|quatorze|quinze|"
    r"vingt(?:-quatre)?|trente|quarante-huit|soixante|quatre-vingt-dix)"
)
_HOUR = r"(?:une|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze)"
_NEXT = r"(?:prochaine?s?|suivante?s?|qui\s+vient)"
_BEFORE = r"(?:avant\s+(?:le\s+|la\s+|l['’])?)"
_HOW = r"(?:fin|d[ée]but|mi|milieu|courant)"
_PERIOD = r"(?:semaine(?:\s+de\s+travail)?|mois|trimestre|ann[ée]e)"

_FRENCH = Vocabulary(
    numbers={
        word: n
        for n, words in {
            0.5: "demi,demie,une demi,un demi,une demie,demi ,une demi ", 1: "un,une,1er,premier", 2: "deux", 3: "trois",
            4: "quatre", 5: "cinq", 6: "six", 7: "sept", 8: "huit", 9: "neuf", 10: "dix", 11: "onze", 12: "douze",
            14: "quatorze", 15: "quinze", 20: "vingt", 24: "vingt quatre", 30: "trente", 48: "quarante huit",
            60: "soixante", 90: "quatre vingt dix",
        }.items()
        for word in words.split(",")
    },
    units=(
        ("quart", 15, Unit.MINUTE), ("min", 1, Unit.MINUTE), ("h", 1, Unit.HOUR), ("j", 1, Unit.DAY),
        ("quinzaine", 15, Unit.DAY), ("semaine", 1, Unit.WEEK), ("mois", 1, Unit.MONTH), ("trim", 1, Unit.QUARTER),
        ("a", 1, Unit.YEAR),
    ),
    weekdays=(("lu",), ("mar",), ("me",), ("je",), ("ve",), ("sa",), ("di",)),
    months=(
        ("jan",), ("f",), ("mars",), ("av",), ("mai",), ("juin",), ("juil",), ("ao",), ("s",), ("o",), ("n",), ("d",)
    ),
    relative_days={
        "apres demain": (2, None), "demain": (1, None), "aujourd": (0, None), "cette nuit": (0, Part.NIGHT),
        "dans le courant de la journee": (0, None), "dans la journee": (0, None), "en cours de journee": (0, None),
        "le lendemain": (1, None), "lendemain": (1, None), "le jour meme": (0, None), "ce jour": (0, None),
        "le prochain": (NEXT_WORKING_DAY, None),
        "le jour": (NEXT_WORKING_DAY, None), "le premier": (NEXT_WORKING_DAY, None),
    },
    parts=(
        ("premiere heure", Part.FIRST_THING), ("apres", Part.AFTERNOON), ("minuit", Part.NIGHT), ("midi", Part.NOON),
        ("matin", Part.MORNING), ("soir", Part.EVENING), ("nuit", Part.NIGHT), ("", Part.CLOSE),
    ),
    feasts=(("paques", "easter"), ("noel", "12-24"), ("", "12-31")),
    span=pattern(
        r"(?P<lead>\b(?:sous|dans|d['’]ici|en|d[ée]lai\s+(?:maximum\s+)?(?:de|d['’])|"
        r"(?P<verb>prend(?:re|ra|ront|nent)?|comptez|compter|pr[ée]voir|pr[ée]voyez|dure(?:ra)?|faut)|au\s+bout\s+"
        r"de|pendant|moins\s+de)\s*)?"
        r"(?P<mid>(?:\b(?:les|la|le|un|une|" + _NEXT + r"|prochains|prochaines|d[ée]lai|de|d['’]|environ|maximum|"
        r"max|maxi|au|plus|entre|"
        r"en|jusqu['’][àa]|[àa]|encore|moins|quelque|seulement|normalement|g[ée]n[ée]ralement|bien)\s*){0,5})"
        r"\b(?:(?P<n1>" + _NUM + r")\s*(?:-|–|—|/|\bà|\bou\b|\bet\b|"
        r"\ba\b)\s*)?(?P<n2>" + _NUM + r")[\s-]*(?:prochaine?s\s+)?(?P<biz>)"
        r"(?P<unit>minutes?\b|min\b|quart\s+d['’]heure|heures?\b|h\b|jours?\b|semaines?\b|quinzaines?\b|mois\b|"
        r"ans?\b|ann[ée]es?\b)"
        r"(?P<biz2>\s+(?:ouvr(?:[ée]e?s?|ables?)|de\s+travail|de\s+bureau))?"
        r"(?P<tail>\s+[àa]\s+(?:partir|compter)\s+(?:de\s+maintenant|d['’]aujourd['’]hui)\b)?"
    ),
    no_span=pattern(
        r"\b(?:il\s+y\s+a|depuis|tou(?:te)?s\s+les|chaque|par|pour|derni[eè]re?s|plus\s+de|apr[eè]s|[àa])\s*$"
    ),
    after_span=pattern(r"\s+(?:plus\s+t[ôo]t|avant|apr[eè]s|de\s+retard|de\s+garantie|d['’]anciennet)\b|\s?\d"),
    next_hour=pattern(r"\bdans\s+l['’](?P<unit>heure)\b(?!\s*\d)"),
    dates=(
        ISO,
        pattern(
            r"(?P<before>\b" + _BEFORE + r")?(?<![\d.,/])\b(?:(?P<d>\d{1,2})(?:\s?e)?|(?P<first>1er|premier))\s+"
            r"(?P<month>" + _MONTH + r")" + _YEAR
        ),
        pattern(r"(?P<before>\b" + _BEFORE + r")?\b(?P<d>\d{1,2})[/-](?P<month>" + _MONTH + r")(?:[/-](?P<year>20\d\d))?"),
    ),
    day_range=pattern(
        r"\b(?:entre\s+le\s+|du\s+)?(?P<d1>\d{1,2})(?:er)?(?:\s+(?P<month1>" + _MONTH + r"))?\s*"
        r"(?:-|–|—|\bau\b|\bet\b|\bou\b)\s*(?:le\s+)?(?P<d>\d{1,2})\s+(?P<month>" + _MONTH + r")" + _YEAR
    ),
    numeric=pattern(
        r"(?P<before>\b" + _BEFORE + r")?(?P<lead>\b(?:le|du|au|ici|pour\s+le)\s+(?:le\s+)?)?"
        r"(?<![\d.,/-])\b(?P<a>\d{1,2})(?:/(?P<b>\d{1,2})(?:/(?P<year>20\d\d|\d\d)\b|(?![\d/%]))|"
        r"(?P<sep>[.-])(?P<b2>\d{1,2})(?P=sep)(?P<year2>20\d\d|\d\d)\b)(?P<dot>)(?!\s*(?:€|eur|%))"
    ),
    weekly=pattern(r"\bdu\s+" + _DAY + r"\s+au\s+" + _DAY),
    weekday=pattern(
        r"(?P<before>\b" + _BEFORE + r")?(?P<lead>\b(?:ce|chaque|tous\s+les|dernier|prochain)\s+)?(?P<lead2>)"
        r"(?P<week>\bla\s+semaine\s+" + _NEXT + r",?\s+(?:le\s+)?)?\b(?P<day>" + _DAY + r")\b(?P<part>)"
        r"(?P<tail>\s+(?:(?:de\s+)?(?:la\s+)?semaine\s+" + _NEXT + r"|" + _NEXT + r"|derni(?:er|[eè]re)|pass[ée]|"
        r"pr[ée]c[ée]dent|en\s+huit))?"
    ),
    relative=pattern(
        r"\b(?P<word>apr[eè]s[- ]demain|demain|aujourd['’]\s?hui|cette\s+nuit|dans\s+(?:le\s+courant\s+de\s+"
        r")?la\s+journ[ée]e|"
        r"en\s+cours\s+de\s+journ[ée]e|(?:le\s+)?lendemain|le\s+jour\s+m[êe]me|ce\s+jour|le\s+(?:prochain|"
        r"premier)\s+jour\s+ouvr(?:[ée]|able)|"
        r"le\s+jour\s+ouvr(?:[ée]|able)\s+suivant)\b"
    ),
    periods=(
        pattern(
            r"(?P<before>\b" + _BEFORE + r")?(?:\b(?:d['’]ici|[àa]|en|dans|au|pour)\s*)?(?:(?:la|le|l['’])\s*)?"
            r"(?:(?P<how>\b" + _HOW + r")[\s-]+(?:de\s+)?)?(?:(?:la|le|l['’]|du|ce|au)\s*)?(?P<which>)"
            r"\b(?P<unit>week-?\s?end|" + _PERIOD + r")(?P<tail>\s+" + _NEXT + r"|\s+en\s+cours|-ci|\s+derni(?:er|"
            r"[eè]re)|\s+pass[ée]e?)\b"
        ),
        pattern(
            r"(?:\b(?:d['’]ici|[àa]|en|dans|au|avant)\s*)?(?:(?:la|le|"
            r"l['’])\s*)?(?:(?P<how>\b" + _HOW + r")[\s-]+(?:de\s+)?)?"
            r"(?P<which>\bcette\s+|\bce\s+)(?P<unit>week-?\s?end|" + _PERIOD + r")\b"
        ),
        pattern(
            r"\b(?:d['’]ici|[àa]|en|avant|pour|au|dans)\s*(?:la\s+|le\s+|"
            r"l['’])?(?P<how>" + _HOW + r")[\s-]+(?:de\s+(?:la\s+|l['’])?|du\s+|d['’])?"
            r"(?P<unit>" + _PERIOD + r")\b"
        ),
        pattern(r"\b(?:dans|en|au)\s+(?:le\s+)?(?P<how>cours|courant)\s+de\s+la\s+(?P<unit>semaine)\b"),
        pattern(r"\bdans\s+la\s+(?P<unit>semaine)\b"),
        pattern(r"(?:(?P<before>\b" + _BEFORE + r")|\b(?:le|ce|au|durant\s+le)\s+)(?P<unit>week-?\s?end)\b"),
    ),
    month_only=pattern(
        r"(?:\b(?:(?P<before>avant)|en|d['’]ici|jusqu['’][àa]|pour|courant|[àa])\s*(?:la\s+|le\s+"
        r")?(?:(?P<how>" + _HOW + r")[\s-]+(?:de\s+)?)?|"
        r"\b(?P<how2>" + _HOW + r")[\s-]+)\b(?P<month>" + _MONTH + r")" + _YEAR + r"(?!\s*\d)"
    ),
    nth=pattern(
        r"(?:\b(?P<day>" + _DAY + r")(?:\s+le)?|(?P<before>\bavant\s+le)|\ble|\bd['’]ici\s+le|\bpour\s+le|"
        r"\bjusqu['’]au)\s+(?P<d>\d{1,2})\b(?=\s*(?:$|[.,;)!?](?!\d)|"
        r"(?:[àa]|de|entre|avant)\s+\d|au\s+(?:plus|matin|soir)|du\s+mois))"
    ),
    feast=pattern(
        r"\b(?:avant|jusqu['’][àa]|d['’]ici|pour|[àa])\s*(?:le\s+|les\s+)?(?P<feast>p[âa]ques|no[ëe]l|nouvel\s+an|"
        r"f[êe]tes)\b"
    ),
    part=pattern(
        r"(?:(?P<this>\b(?:ce|cet|cette)\s+)|(?P<by>\b(?:avant|dans|en|au|[àa]|d['’]ici|vers|durant)\s*(?:la\s+|"
        r"l['’]|le\s+|cet\s+|ce\s+)?))?"
        r"\b(?P<part>premi[eè]re\s+heure|matin(?:[ée]e)?|apr[eè]s[- ]midi|midi|minuit|soir(?:[ée]e)?|nuit|fin\s+"
        r"de\s+(?:la\s+)?journ[ée]e|"
        r"fermeture)\b(?!\s+et\s+dem)"
    ),
    clock=pattern(
        r"(?P<lead>(?:\b(?:vers|avant|d[èe]s|apr[èe]s|entre|et|de|pour|jusqu['’])\s*(?:[àa]\s+)?|(?<!\w)[àa]\s+))?"
        r"(?<![\d:.,/€$#-])\b(?:(?P<h>\d{1,2})(?:\s?(?:h|:)\s?(?P<m>\d\d)\b|\s?h(?:eures?)?\b(?:\s?(?P<m2>\d\d)\b)?)|"
        r"(?P<hour>" + _HOUR + r")\s+heures?\b)(?P<m3>)(?:(?P<half>\s+et\s+demie?\b)|(?P<quarter>\s+(?:et|moins\s+"
        r"le)\s+quart\b))?"
    ),
    clock_range=pattern(
        r"\b(?:(?:entre|de)\s+)?(?P<h1>\d{1,2})\s?(?:h(?:eures)?\b|h|:)?\s?(?P<m1>\d\d)?\s*(?:-|–|à|\bet\b|\ba\b)\s*"
        r"(?P<h2>\d{1,2})\s?(?:h(?:eures)?\b|h|:(?=\d\d))\s?(?P<m2>\d\d)?\b"
    ),
    past_before=pattern(
        r"\b(?:derni(?:er|[eè]re)|pass[ée]e?|chaque|tous\s+les|toutes\s+les|depuis|depuis\s+le|pr[ée]c[ée]dente?|"
        r"il\s+y\s+a|"
        r"bon|bonne|hier)\s*$"
    ),
    past=pattern(r"\b(?:derni(?:er|[eè]re)|pass[ée]e?|chaque|tous\s+les|pr[ée]c[ée]dent)\b"),
    following=pattern(_NEXT + r"|en\s+huit"),
    narrowed=pattern(r",?\s*(?:[àa]\s+)?\d{1,2}\s?(?:h|:)|,?\s*(?:matin|midi|apr[eè]s|soir|[àa]\s+midi|au\s+soir)"),
    how=(("debut", Within.EARLY), ("mi", Within.MIDDLE), ("fin", Within.END)),
    trigger=pattern(
        r"\d|jour|semaine|mois|heure|minute|demain|matin|midi|minuit|soir|nuit|lundi|mardi|mercredi|vendredi|samedi|"
        r"dimanche|jeudi|ann[ée]e|\bans?\b|trimestre|p[âa]ques|no[ëe]l|week|" + _MONTH
    ),
    glue=pattern(
        r"^[\s,()]*(?:(?:à|a|le|la|les|au|du|de|en|dans|avant|vers|pour|d['’]ici|jusqu['’][àa]|entre|plus|tard|"
        r"m[êe]me|"
        r"l['’]|de\s+l['’])[\s,(]*){0,4}$"
    ),
    either=pattern(r"^[\s,]*(?:ou|et|au|à|/|-|–)[\s,]*(?:le\s+)?$"),
)  # fmt: skip
FRENCH = _FRENCH.grammar()
