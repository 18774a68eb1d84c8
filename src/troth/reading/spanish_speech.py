"""The common forms of promise in Spanish."""

from __future__ import annotations

from troth.reading.spanish_dates import SPANISH as DATES
from troth.reading.speech import Form, Speech, pattern
from troth.words.promises import Strength

_TO = r"(?:(?:se|le|les|te|os|nos|lo|la|los|las|me)\s+){0,2}"
_THIRD = (
    r"(?:llegar[áa]n?|enviar[áa]n?|mandar[áa]n?|llamar[áa]n?|entregar[áa]n?|reembolsar[áa]n?|devolver[áa]n?|"
    r"contactar[áa]n?|"
    r"pondr[áa]n?|escribir[áa]n?|informar[áa]n?|avisar[áa]n?|efectuar[áa]n?|realizar[áa]n?|reparar[áa]n?|"
    r"recoger[áa]n?|ir[áa]n?|"
    r"pasar[áa]n?|quedar[áa]n?|resolver[áa]n?|visitar[áa]n?|responder[áa]n?|contestar[áa]n?|abonar[áa]n?|"
    r"saldr[áa]n?|vendr[áa]n?|"
    r"ser[áa]n?\s+(?:\w+\s+)?\w+(?:[ai]d|uelt|ech|uest|it)[oa]s?)"
)

SPEECH = Speech(
    grammar=DATES,
    forms=(
        Form(
            pattern(
                r"\b(?:(?P<we>garantizamos|prometemos|aseguramos|nos\s+comprometemos)|(?P<i>garantizo|prometo|"
                r"aseguro|"
                r"me\s+comprometo)|(?:tiene|le\s+doy|le\s+damos)\s+(?:(?P<i2>mi)|(?P<we2>nuestra))\s+palabra)\b"
            ),
            strength=Strength.GUARANTEE,
        ),
        Form(
            pattern(
                r"\bno\s+" + _TO + r"(?:volver[áa]|ocurrir[áa]|pasar[áa]|suceder[áa]|repetir[áa])\b(?:\s+a\s+\w+)?|"
                r"\bno\s+se\s+" + _TO + r"(?:cobrar[áa]|cargar[áa])|\bno\s+tendr[áa]\s+(?:ning[úu]n\s+)?(?:coste|"
                r"costo|gasto|cargo)"
            ),
            who="third",
            negative=True,
        ),
        Form(
            pattern(
                r"\bno\s+" + _TO + r"(?:(?P<we>cobraremos|cargaremos|volveremos\s+a\s+(?:permitir|dejar|cometer|"
                r"fallar)|"
                r"dejaremos\s+que)|(?P<i>cobrar[ée]|dejar[ée]\s+que))\b"
            ),
            negative=True,
        ),
        Form(
            pattern(
                r"\b(?:(?P<we>intentaremos|trataremos\s+de|procuraremos|haremos\s+(?:todo\s+)?lo\s+(?:posible|"
                r"que\s+podamos)|"
                r"nos\s+esforzaremos|vamos\s+a\s+(?:intentar|tratar\s+de))|(?P<i>intentar[ée]|tratar[ée]\s+de|"
                r"procurar[ée]|"
                r"voy\s+a\s+(?:intentar|tratar\s+de)))\b"
            ),
            strength=Strength.AIM,
        ),
        Form(
            pattern(
                r"\b(?:(?P<we>esperamos\s+poder|queremos|pretendemos|prevemos|tenemos\s+(?:previsto|la\s+"
                r"intenci[óo]n|planeado)|"
                r"intentamos|tratamos\s+de)|(?P<i>quiero|pretendo|espero\s+poder|intento)|nuestr[oa]\s+"
                r"(?:objetivo|meta)\s+es)\b"
            ),
            who="we",
            strength=Strength.AIM,
            dated=True,
        ),
        Form(
            pattern(
                r"\bdeber[íi]an?\s+(?:\w+\s+)?(?:llegar|recibir|aparecer|estar|tener|ser|verse|reflejarse|quedar|"
                r"funcionar|salir)\w*"
            ),
            who="third",
            strength=Strength.EXPECT,
            timed=True,
        ),
        Form(
            pattern(r"\bse\s+(?:espera|prev[ée]|estima|calcula)\b"), who="third", strength=Strength.EXPECT, dated=True
        ),
        Form(
            pattern(
                r"\best(?:[áa]n?|ar[áa]n?)\s+(?:programad|previst|agendad|planificad|reservad|confirmad|"
                r"list)[oa]s?\b|"
                r"\bqued[óa]\s+(?:programad|agendad)[oa]s?\b"
            ),
            who="third",
            dated=True,
        ),
        Form(pattern(r"\b(?:cuente|calcule|espere)\s+(?:con\s+)?"), who="we", strength=Strength.EXPECT, dated=True),
        Form(
            pattern(r"\b(?:tarda(?:r[áa])?n?|dura(?:r[áa])?n?|demora(?:r[áa])?n?|lleva(?:r[áa])?n?)\b"),
            who="third",
            strength=Strength.EXPECT,
            dated=True,
        ),
        Form(
            pattern(r"\b(?:recibir[áa]s?|tendr[áa]s?(?!\s+que)|obtendr[áa]s?|sabr[áa]s?\s+(?:algo|m[áa]s))\b"),
            who="we",
        ),
        Form(
            pattern(
                r"\b(?:(?P<we>(?:vamos|vayamos)\s+a)|(?P<i>voy\s+a))\s+\w+(?:[aei]r)(?:le|les|lo|la|los|las|te|os|"
                r"nos|se)*\b|"
                r"\bvan?\s+a\s+(?:\w+[aei]r)(?:le|les|lo|la|te|se)*\b"
            ),
            who="third",
        ),
        Form(
            pattern(
                r"\b" + _TO + r"(?:(?P<we>\w+(?:aremos|eremos|iremos|dremos|bremos))|(?P<i>\w+(?:ar[é]|er[é]|"
                r"ir[é]|dr[é]|br[é])))\b"
            ),
        ),
        Form(pattern(r"\b" + _TO + _THIRD + r"\b"), who="third"),
        Form(pattern(r"\b\w+(?:ar[áa]n?|er[áa]n?|ir[áa]n?|dr[áa]n?)\b"), who="third", timed=True),
        Form(
            pattern(
                r"^\W*(?:(?:ya|ahora|yo|nosotros)\s+)?(?:se\s+)?(?:(?P<i>paso|traslado|reenv[íi]o|remito|consulto|"
                r"gestiono|tramito|"
                r"me\s+(?:encargo|ocupo)|lo\s+(?:miro|reviso|consulto|gestiono))|(?P<we>asumimos|pagamos|nos\s+"
                r"(?:encargamos|"
                r"ocupamos|hacemos\s+cargo)))\b"
            ),
        ),
        Form(
            pattern(
                r"^\W*" + _TO + r"\w+(?:o|mos)\b|^\W*(?:#+\s+)?" + _TO + r"(?:digo|decimos|aviso|avisamos|"
                r"contesto|contestamos)\b"
            ),
            goes_on=True,
        ),
        Form(
            pattern(
                r"\b(?:se\s+)?(?:le|les|te|os|lo|la|los|las)\s+(?:(?:lo|la|los|las)\s+)?(?:(?P<we>\w{2,}[aei]mos)|"
                r"(?P<i>\w{2,}o))\b|"
                r"^\W*(?:#+\W*)?(?:(?P<we2>\w{2,}[aei]mos)|(?P<i2>\w{3,}o))\s+(?:su|sus|el|la|los|las|un|una|este|"
                r"esta|tu)\b"
            ),
            timed=True,
        ),
        Form(
            pattern(
                r"\b(?:llega[n]?|sale[n]?|viene[n]?|pasa[n]?|entra[n]?|se\s+(?:entrega|env[íi]a|repara|"
                r"resuelve)n?|acude|va|recoge|"
                r"llama)\b"
            ),
            who="third",
            dated=True,
        ),
    ),
    subject=pattern(
        r"\b(?:yo|nosotros|usted|ustedes)\b|^\W*(?:el|la|los|las|un|una|su|sus|nuestr[oa])\s+\w+\s+"
        r"(?!\w*emos)"
    ),
    cuts=pattern(
        r"\s*[,;:()–—¡]\s*|\s+-\s+|\s+(?:y|e|pero|o)\s+|"
        r"\s+(?=(?:si|cuando|en\s+cuanto|una\s+vez|tan\s+pronto|para\s+que|porque|aunque|despu[ée]s\s+de\s+que|"
        r"mientras)\s)|"
        r"(?<!para)(?<!vez)(?<!tiene)(?<!tener)(?<!tendrá)(?<!tendrás)(?<!hay)(?<!siempre)(?<!fin de)"
        r"(?<!s de)(?<!ya)(?<!lo)\s+(?=que\s(?!viene))"
    ),
    condition=pattern(
        r"(?:y\s+)?(?:si\b(?!\s*$)|cuando|en\s+cuanto|una\s+vez|tan\s+pronto\s+como|despu[ée]s\s+de\s+que|"
        r"siempre\s+que|en\s+caso\s+de|"
        r"tras\s+(?:recibir|la\s+recepci[óo]n)|al\s+recibir)\b"
    ),
    condition_inside=pattern(r"\b(?P<words>(?:tras|al)\s+(?:recibir|la\s+recepci[óo]n\s+de)\s+\S+(?:\s+\S+)?)"),
    no_condition=pattern(
        r"(?:en\s+cuanto|tan\s+pronto\s+como|cuando|si)\s+(?:nos?\s+)?(?:sea\s+posible|es\s+"
        r"posible|podamos|pueda\b)"
    ),
    purpose=pattern(r"(?:para|a\s+fin\s+de|porque|aunque|c[óo]mo|cu[áa]ndo|qu[ée]|por\s+qu[ée]|ya\s+que)\b"),
    complement=pattern(r"que\b"),
    hope=pattern(
        r"\b(?:esper(?:amos|o)(?!\s+poder)|ojal[áa]|dijo|dijeron|quiz[áa]s?|tal\s+vez|supuestamente|cre(?:o|emos)|"
        r"deseamos)\b"
    ),
    denial=pattern(r"\b(?:no|nunca|ning[úu]n|ninguna|nadie|nada|tampoco|sin(?=\s+su\b))\b"),
    stative=pattern(
        r"\b(?:abr(?:e|en|imos|iremos|ir[áa]n?)|cerra\w*|cierra|volver\w*\s+a\s+abrir|v[áa]lid[oa]s?|vence|caduca|"
        r"podr[áa]s?n?|podremos|podr[ée]|"
        r"pueden?|podemos|puedo|deber[áa]n?|tendr[áa]s?\s+que|necesit\w+|har[áa]\s+falta|querr\w+|lament\w+|"
        r"siento|sentimos|agradec\w+|rog\w+|"
        r"ruego|pedimos|pido|disculp\w+|recomend\w+|entend\w+|sabemos|sé\b|hemos|he\b|hab[íi]a\w*|estamos|"
        r"estaba\w*|tenemos(?!\s+previsto)|"
        r"fue|fueron|era|ayer|anoche|pasad[oa]\s|quedamos|trabaja\w*|estar(?:emos|[ée])\s+\w*encantad|encant\w+|"
        r"(?:se\s+)?(?:cobrar|cargar|abonar[áa]\s+usted)[áa]n?|"
        r"suben?|subir[áa]n?|a\s+partir\s+del?|esper[áa]bamos|recordamos|felicit\w*|deseo|abiert[oa]s?|"
        r"cerrad[oa]s?|verá)\b"
    ),
    offer=pattern(
        r"\b(?:con\s+(?:mucho\s+)?gusto|encantad[oa]s?|(?<!no )podemos\s+\w+(?:lo|la|le|les|los|se\w*|r)\b|si\s+"
        r"lo\s+desea|podr[íi]amos\s+\w+)|"
        r"^\W*(?:quiere|desea|prefiere)\s+que\s+(?:le\s+|lo\s+)?\w+"
    ),
    implied=pattern(
        r"\b(?:para|a\s+fin\s+de)\s+que\s+.{0,60}\b(?:podamos|pueda\w*)\b|\b(?:para|a\s+fin\s+de)\s+poder\s+\w+|"
        r"\b(?:he|hemos)\s+(?:pedido|solicitado|encargado)\s+.{0,60}\bque\b"
    ),
    asks=pattern(
        r"\bpor\s+favor\b|\b(?:env[íi]e|mande|m[áa]nde|ind[íi]que|facil[íi]te|escr[íi]ba|resp[óo]nda|cont[áa]cte|"
        r"conf[íi]rme|d[íi]ga|m[áa]nda|"
        r"env[íi]a|ll[áa]me|adj[úu]nte|ind[íi]ca|escr[íi]be|compl[ée]te|rell[ée]ne)n?(?:nos|me|noslo|melo|nosla)\b|"
        r"^\W*(?:env[íi]e|mande|indique|facilite|responda|contacte|confirme|adjunte|complete|rellene)n?\b|"
        r"\b(?:necesitamos|necesito)\b|\b(?:podr[íi]as?|puede[sn]?)\b.{0,120}\?"
    ),
    guaranteed=pattern(
        r"\b(?:garantiza\w*|garantizado|con\s+toda\s+seguridad|sin\s+falta|se\s+lo\s+prometo|"
        r"prometo|prometemos)\b|\b100\s?%"
    ),
    aimed=pattern(r"\b(?:si\s+es\s+posible|lo\s+mejor\s+posible|todo\s+lo\s+posible)\b"),
    expected=pattern(
        r"\b(?:previsiblemente|probablemente|seguramente|seg[úu]n|aproximadamente|estimad[oa]|normalmente|en\s+"
        r"principio|se\s+espera)\b"
    ),
    vague=pattern(
        r"\b(?:pronto|en\s+breve|pr[óo]ximamente|lo\s+antes\s+posible|cuanto\s+antes|a\s+la\s+(?:mayor\s+"
        r")?brevedad(?:\s+posible)?|"
        r"enseguida|de\s+inmediato|inmediatamente|ahora(?:\s+mismo)?|luego|m[áa]s\s+tarde|en\s+seguida|"
        r"r[áa]pidamente|"
        r"en\s+los\s+pr[óo]ximos\s+d[íi]as|en\s+las\s+pr[óo]ximas\s+(?:semanas|horas)|en\s+(?:unos|pocos|"
        r"algunos)\s+\w+|ya)\b"
    ),
    dangling=pattern(r"[\s,;:]*(?:\b(?:el|la|los|las|en|a|antes|de|del|para|hasta|por|y|con|un|plazo|al)\b[\s,]*)+$"),
)
