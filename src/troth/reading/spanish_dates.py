"""How Spanish writes deadlines: "antes del viernes a las 14:00", "en un plazo de 5 días hábiles", "a finales de mes"."""

from __future__ import annotations

from troth.reading.days import Unit, Within
from troth.reading.pieces import Part, pattern
from troth.reading.vocabulary import ISO, NEXT_WORKING_DAY, Vocabulary

_DAY = r"(?:lunes|martes|mi[ée]rcoles|jueves|viernes|s[áa]bado|domingo)"
_MONTH = (
    r"(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|octubre|noviembre|diciembre|"
    r"(?:ene|feb|mar|abr|jun|jul|ago|sept?|oct|nov|dic)\b\.?)(?![a-zñáéíóú])"
)
_YEAR = r"(?:,?\s+(?:del?\s+)?(?P<year>20\d\d)\b)?"
_NUM = (
    r"(?:\d{1,3}|media|una?|un\s+par\s+de|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|catorce|quince|"
    r"veinte|veinticuatro|treinta|cuarenta\s+y\s+ocho|sesenta|noventa)"
)
_HOUR = r"(?:una|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce)"
_NEXT = r"pr[óo]xim[oa]s?"
_BEFORE = r"(?:antes\s+(?:del?|de\s+la|que\s+termine\s+el)\s+)"
_HOW = r"(?:(?:principios?|comienzos?|inicios?|mediados|finales|fines|fin|final)(?:\s+de(?:l|\s+la)?)?)"
_AHEAD = r"\s+(?:que\s+viene|pr[óo]xim[oa]|siguiente|que\s+entra|entrante|actual)"
_PERIOD = r"(?:semana\s+laboral|semana|mes|trimestre|a[ñn]o)"

_SPANISH = Vocabulary(
    numbers={
        word: n
        for n, words in {
            0.5: "media", 1: "un,una,uno,primero", 2: "dos,un par de", 3: "tres", 4: "cuatro", 5: "cinco", 6: "seis",
            7: "siete", 8: "ocho", 9: "nueve", 10: "diez", 11: "once", 12: "doce", 14: "catorce", 15: "quince",
            20: "veinte", 21: "veintiuno", 22: "veintidos", 23: "veintitres", 24: "veinticuatro", 25: "veinticinco",
            26: "veintiseis", 27: "veintisiete", 28: "veintiocho",
            29: "veintinueve", 30: "treinta", 31: "treinta y uno",
            48: "cuarenta y ocho", 60: "sesenta", 90: "noventa",
        }.items()
        for word in words.split(",")
    },
    units=(
        ("cuarto", 15, Unit.MINUTE), ("min", 1, Unit.MINUTE), ("h", 1, Unit.HOUR), ("d", 1, Unit.DAY),
        ("semana", 1, Unit.WEEK), ("quincena", 15, Unit.DAY), ("mes", 1, Unit.MONTH), ("trim", 1, Unit.QUARTER),
        ("a", 1, Unit.YEAR),
    ),
    weekdays=(("lu",), ("mar",), ("mi",), ("ju",), ("vi",), ("sa",), ("do",)),
    months=(
        ("en",), ("f",), ("mar",), ("ab",), ("may",), ("jun",), ("jul",), ("ag",), ("s",), ("o",), ("n",), ("d",)
    ),
    relative_days={
        "pasado": (2, None), "manana": (1, None), "hoy": (0, None), "esta noche": (0, Part.NIGHT),
        "a lo largo del": (0, None), "en el": (0, None), "durante el": (0, None), "al dia siguiente": (1, None),
        "el siguiente": (NEXT_WORKING_DAY, None), "el proximo": (NEXT_WORKING_DAY, None),
        "al siguiente": (NEXT_WORKING_DAY, None), "el mismo": (0, None),
    },
    parts=(
        ("primera", Part.FIRST_THING), ("ultima", Part.CLOSE), ("mediodia", Part.NOON), ("medianoche", Part.NIGHT),
        ("manana", Part.MORNING), ("madrugada", Part.MORNING), ("tarde", Part.AFTERNOON), ("noche", Part.EVENING),
        ("am", Part.MORNING), ("a.", Part.MORNING), ("pm", Part.AFTERNOON), ("p.", Part.AFTERNOON), ("", Part.CLOSE),
    ),
    feasts=(("sem", "easter"), ("pascua", "easter"), ("navidad", "12-24"), ("noche", "12-31"), ("", "12-31")),
    span=pattern(
        r"(?P<lead>\b(?:en|dentro\s+de|plazo\s+(?:m[áa]ximo\s+)?de|"
        r"(?P<verb>tard(?:a|an|ar[áa]n?)|dura(?:n|r[áa]n?)?|demora(?:n|r[áa]n?)?|lleva(?:n|r[áa]n?)?|toma(?:n|"
        r"r[áa]n?)?)|"
        r"durante|menos\s+de|m[áa]ximo|hasta)\s+)?"
        r"(?P<mid>(?:\b(?:las?|los|el|un|una|unos|unas|" + _NEXT + r"|siguientes|plazo|de|m[áa]ximo|m[áa]xima|"
        r"como|mucho|unas|"
        r"alrededor|aproximadamente|aprox\.?|cerca|entre|en|s[óo]lo|solo|otros|otras|menos|a|hasta|normalmente)\s+"
        r"){0,5})"
        r"\b(?:(?P<n1>" + _NUM + r")\s*(?:-|–|—|/|\ba\b|\bo\b|\by\b)\s*)?(?P<n2>" + _NUM + r")\s*(?P<biz>)"
        r"(?P<unit>min(?:uto)?s?\b|cuarto\s+de\s+hora|horas?\b|hrs?\b|h\b|d[íi]as?\b|semanas?\b|quincenas?\b|"
        r"mes(?:es)?\b|"
        r"a[ñn]os?\b)(?P<biz2>\s+(?:h[áa]bil(?:es)?|laborables?|laborales?|de\s+trabajo|de\s+oficina))?"
        r"(?P<tail>\s+(?:a\s+partir\s+de|desde)\s+(?:ahora|hoy)\b)?"
    ),
    no_span=pattern(r"\b(?:hace|desde\s+hace|cada|todos\s+los|todas\s+las|por|para|[úu]ltim[oa]s|m[áa]s\s+de|"
    r"tras)\s*$"),
    after_span=pattern(r"\s+(?:atr[áa]s|antes|despu[ée]s|de\s+antig|de\s+garant|de\s+retraso)\b"),
    next_hour=pattern(r"\b(?:en|dentro\s+de)\s+la\s+" + _NEXT + r"\s+(?P<unit>hora)\b"),
    dates=(
        ISO,
        pattern(
            r"(?P<before>\b" + _BEFORE + r")?(?<![\d.,/])\b(?:(?P<d>\d{1,2})(?:er|ro|\.?[ºo°])?|(?P<first>primero|"
            r"veinti[a-zéó]{3,6}|treinta(?:\s+y\s+uno)?))\s+(?:de\s+|del\s+mes\s+de\s+)?"
            r"(?P<month>" + _MONTH + r")" + _YEAR
        ),
        pattern(r"(?P<before>\b" + _BEFORE + r")?\b(?P<d>\d{1,2})[/-](?P<month>" + _MONTH + r")(?:[/-](?P<year>20\d\d))?"),
    ),
    day_range=pattern(
        r"\b(?:entre\s+el\s+|del?\s+)?(?P<d1>\d{1,2})(?:\s+de\s+(?P<month1>" + _MONTH + r"))?\s*"
        r"(?:-|–|—|\bal?\b|\by\b|\bo\b)\s*(?:el\s+)?(?P<d>\d{1,2})\s+de\s+(?P<month>" + _MONTH + r")" + _YEAR
    ),
    numeric=pattern(
        r"(?P<before>\b" + _BEFORE + r")?(?P<lead>\b(?:el|hasta|del?|al|para|pr[óo]ximo|d[íi]a|tardar)\s+(?:el\s+"
        r")?(?:d[íi]a\s+)?)?"
        r"(?<![\d.,/-])\b(?P<a>\d{1,2})(?:/(?P<b>\d{1,2})(?:/(?P<year>20\d\d|\d\d)\b|(?![\d/%]))|"
        r"(?P<sep>[.-])(?P<b2>\d{1,2})(?P=sep)(?P<year2>20\d\d|\d\d)\b)(?P<dot>)(?!\s*(?:€|eur|%))"
    ),
    weekly=pattern(r"\bde\s+" + _DAY + r"\s+a\s+" + _DAY),
    weekday=pattern(
        r"(?P<before>\b" + _BEFORE + r")?(?P<lead>\b(?:pasado|[úu]ltimo|este|cada|" + _NEXT + r"|los|todos\s+"
        r"los)\s+)?"
        r"(?P<lead2>(?:" + _NEXT + r")\s+)?(?P<week>)\b(?P<day>" + _DAY + r")\b(?P<part>)"
        r"(?P<tail>\s+(?:de\s+(?:la\s+)?(?:" + _NEXT + r"\s+semana|semana" + _AHEAD + r")|pasado|anterior|"
        r"" + _AHEAD[3:] + r"))?"
    ),
    relative=pattern(
        r"(?<!por la )(?<!de la )(?<!esta )(?<!misma )(?<!cada )(?<!primera hora de la )\b(?P<word>pasado\s+"
        r"ma[ñn]ana|ma[ñn]ana|hoy|"
        r"esta\s+noche|(?:a\s+lo\s+largo|en\s+el\s+transcurso|durante)\s+(?:del?|el)\s+d[íi]a|el\s+mismo\s+d[íi]a|"
        r"(?:el|al)\s+(?:siguiente|pr[óo]ximo)\s+d[íi]a\s+(?:h[áa]bil|laborable)|al\s+d[íi]a\s+siguiente)\b"
    ),
    periods=(
        pattern(
            r"(?P<before>\b" + _BEFORE + r")?(?P<how>\b" + _HOW + r"\s+)?(?:\b(?:el|la|en|del?|durante)\s+){0,3}"
            r"(?P<which>\b(?:est[ea]|" + _NEXT + r"|[úu]ltim[oa])\s+)(?P<unit>fin\s+de\s+semana|finde|"
            r"" + _PERIOD + r")\b"
            r"(?P<tail>\s+(?:pasad[oa]|anterior))?"
        ),
        pattern(
            r"(?P<before>\b" + _BEFORE + r")?(?P<how>\b" + _HOW + r"\s+)?(?:\b(?:el|la|en|durante)\s+){0,2}"
            r"\b(?P<unit>fin\s+de\s+semana|" + _PERIOD + r")(?P<tail>" + _AHEAD + r"|\s+en\s+curso|\s+pasad[oa])\b"
        ),
        pattern(r"(?P<before>\b" + _BEFORE + r"|\bantes\s+del?\s+)?(?:\b(?:este|el)\s+)?\b(?P<unit>fin\s+de\s+"
        r"semana)\b"),
        pattern(
            r"\b(?:al?|para|antes\s+de(?:l)?|hasta)\s+(?:el\s+)?(?P<how>" + _HOW + r")\s+(?:la\s+|este\s+|esta\s+)?"
            r"(?P<unit>" + _PERIOD + r")\b"
        ),
        pattern(r"\b(?P<how>a\s+lo\s+largo\s+de|en\s+el\s+transcurso\s+de|durante)\s+la\s+(?P<unit>semana)\b"),
    ),
    month_only=pattern(
        r"\b(?:(?:(?P<before>antes\s+de)|en|hasta|para|durante|a)\s+"
        r"(?:(?P<how>" + _HOW + r")\s+)?|(?P<how2>" + _HOW + r")\s+)"
        r"(?:el\s+mes\s+de\s+)?(?P<month>" + _MONTH + r")" + _YEAR + r"(?!\s*\d)"
    ),
    nth=pattern(
        r"(?:\b(?P<day>" + _DAY + r"),?(?:\s+el)?|(?P<before>\bantes\s+del)|\bel|\bdel|\bpara\s+el|\bhasta\s+"
        r"el)\s+(?:d[íi]a\s+)?(?P<d>\d{1,2})\b"
        r"(?=\s*(?:$|[.,;)!?](?!\d)|de\s+este\s+mes|a\s+las|por\s+la))"
    ),
    feast=pattern(
        r"\b(?:antes\s+de|hasta|para|por|en)\s+(?:la\s+|el\s+)?(?P<feast>semana\s+santa|pascua|navidad(?:es)?|"
        r"nochevieja|"
        r"a[ñn]o\s+nuevo|fin\s+de\s+a[ñn]o)\b"
    ),
    part=pattern(
        r"(?:(?P<this>\b(?:esta|este|hoy\s+(?:por\s+la|al?))\s+)|(?P<by>\b(?:por\s+la|antes\s+de(?:l|\s+la)?|"
        r"durante\s+la|"
        r"al?|hasta\s+(?:el|la)|en\s+la)\s+))?"
        r"\b(?P<part>(?:a\s+)?primera\s+hora(?:\s+de\s+la\s+(?:ma[ñn]ana|tarde))?|(?:a\s+)?[úu]ltima\s+hora(?:\s+"
        r"de\s+la\s+tarde)?|"
        r"mediod[íi]a|medianoche|(?<=la )ma[ñn]ana|(?<=esta )ma[ñn]ana|(?<=la )madrugada|(?<=la )tarde|"
        r"(?<=esta )tarde|"
        r"(?<=la )noche|(?<=esta )noche|(?<=\d )[ap]\.\s?m\b\.?|(?<=\d )[ap]m\b|fin(?:al)?\s+del?\s+d[íi]a|"
        r"final\s+de\s+la\s+jornada|cierre)\b"
    ),
    clock=pattern(
        r"(?P<lead>\b(?:(?:a|hacia|sobre|desde|antes\s+de|hasta|de|para|entre|y)\s+las?|a)\s+)?"
        r"(?:(?<![\d:.,/€$#-])\b(?P<h>\d{1,2})(?:[:.](?P<m>\d\d)\b\s*(?:h\b|hrs?\b|horas)?|\s*(?:h\b|hrs\b|"
        r"horas\b)(?:\s?(?P<m2>\d\d)\b)?|"
        r"(?<=[ae] las \d)|(?<=[ae] las \d\d)|(?<=[ae] la 1))|(?:(?<=[ae] las )|"
        r"(?<=[ae] la ))(?P<hour>" + _HOUR + r")\b)"
        r"(?P<m3>)(?:(?P<half>\s+y\s+media\b)|(?P<quarter>\s+(?:y|menos)\s+cuarto\b))?(?!\s*(?:%|€|euros?))"
    ),
    clock_range=pattern(
        r"\b(?:(?:entre|de|desde)\s+)(?:las?\s+)?(?P<h1>\d{1,2})(?:[:.](?P<m1>\d\d))?\s*h?\s*(?:-|–|\ba\b|\by\b|"
        r"\bhasta\b)\s*"
        r"(?:las?\s+)?(?P<h2>\d{1,2})(?:[:.](?P<m2>\d\d)\b\s*h?\b|\s*h(?:oras|rs)?\b|(?=\s+de\s+la\s+(?:ma|ta|no))|"
            r"(?<=y las \d)|(?<=y las \d\d))"
    ),
    past_before=pattern(
        r"\b(?:pasad[oa]|[úu]ltim[oa]|cada|todos\s+los|todas\s+las|desde|desde\s+el|anterior|buenos|hace|los)\s*$"
    ),
    past=pattern(r"\b(?:pasad[oa]\b(?!\s+ma)|[úu]ltim[oa]|anterior|cada|los|todos)\b"),
    following=pattern(r"pr[óo]xim|que\s+viene|siguiente|que\s+entra|entrante"),
    narrowed=pattern(r",?\s*(?:a\s+las?|a)\s*(?:\d|" + _HOUR + r")|,?\s*(?:por|de)\s+la\s|,?\s*a\s+(?:medio|"
    r"primera|[úu]ltima)"),
    how=(
        ("principio", Within.EARLY), ("comienzo", Within.EARLY), ("inicio", Within.EARLY), ("mediado", Within.MIDDLE),
        ("fin", Within.END),
    ),
    trigger=pattern(
        r"\d|d[íi]a|semana|mes\b|meses|hora|minuto|ma[ñn]ana|hoy|noche|tarde|a las?\b|lunes|martes|mi[ée]rcoles|"
        r"jueves|viernes|"
        r"s[áa]bado|domingo|a[ñn]o|trimestre|navidad|pascua|cierre|" + _MONTH
    ),
    glue=pattern(
        r"^[\s,()]*(?:(?:a|el|la|las|por|de|del|en|al|antes|d[íi]a|hasta|sobre|hacia|para|entre|tardar|m[áa]s|mismo|"
        r"como|muy)[\s,(]*){0,4}$"
    ),
    either=pattern(r"^[\s,]*(?:o|y|a|u|/|-|–)[\s,]*(?:el\s+|a[l]?\s+)?$"),
    next_is_coming=True,
)  # fmt: skip
SPANISH = _SPANISH.grammar()
