"""The common forms of promise in French."""

from __future__ import annotations

from troth.reading.french_dates import FRENCH as DATES
from troth.reading.speech import Form, Speech, pattern
from troth.words.promises import Strength

_TO = r"(?:(?:vous|te|nous|le|la|les|lui|leur|y|en|me|se)\s+|[tlms]['’]){0,3}"
_THIRD = (
    r"(?:(?:sera|seront)\s+(?:\w+\s+)?\w+(?:[ée]e?s?|is|ise|it|ite|u|ue)\b|arrivera|arriveront|parviendra|"
    r"appellera|rappellera|"
    r"contactera|prendra\s+contact|passera|interviendra|exp[ée]diera|enverra|livrera|r[ée]cup[ée]rera|remboursera|"
    r"reviendra|"
    r"partira|informera|r[ée]pondra|[ée]crira|r[ée]parera|viendra|recontactera|proc[ée]dera)"
)

SPEECH = Speech(
    grammar=DATES,
    forms=(
        Form(
            pattern(
                r"\b(?:(?P<we>nous)\s+(?:vous\s+)?(?:garantissons|promettons|assurons|engageons)|(?P<we2>nous\s+"
                r"nous\s+engageons)|"
                r"vous\s+avez\s+(?:(?P<i2>ma)|(?P<we3>notre))\s+parole|(?P<i>je)\s+(?:vous\s+|te\s+|"
                r"m['’])?(?:garantis|promets|assure|engage))\b"
            ),
            strength=Strength.GUARANTEE,
        ),
        Form(
            pattern(
                r"\bne\s+se\s+(?:re)?produira\s+(?:plus|pas)|\bn['’]arrivera\s+(?:plus|pas)|\b(?:aucune?\s+\w+|"
                r"rien)\s+ne\s+"
                r"(?:vous\s+)?(?:sera|seront)\b|\bne\s+(?:vous\s+)?(?:sera|seront)\s+pas\s+(?:factur|d[ée]bit|"
                r"pr[ée]lev)\w+"
            ),
            who="third",
            negative=True,
        ),
        Form(
            pattern(
                r"\b(?P<we>nous)\s+ne\s+" + _TO + r"(?:facturerons|pr[ée]l[èe]verons|laisserons)\s+(?:plus|pas|rien)|"
                r"\bvous\s+ne\s+(?:paierez|serez)\s+(?:rien|pas\s+(?:factur|d[ée]bit))"
            ),
            who="we",
            negative=True,
        ),
        Form(
            pattern(
                r"\b(?:(?P<we>nous)\s+(?:nous\s+effor[cç]\w+|essa[iy](?:ons|erons)|tent(?:ons|erons)|ferons\s+"
                r"(?:tout\s+)?"
                r"(?:notre|le|de\s+notre)\s+(?:possible|maximum|mieux)|allons\s+(?:essayer|tenter))|(?P<i>je)\s+"
                r"(?:m['’]effor\w+|"
                r"essa[iy]e(?:rai)?|tente(?:rai)?|vais\s+(?:essayer|tenter)|ferai\s+(?:tout\s+)?mon\s+possible))\b"
            ),
            strength=Strength.AIM,
        ),
        Form(
            pattern(
                r"\b(?:(?P<we>nous)\s+(?:pr[ée]voyons|comptons|souhaitons|esp[ée]rons\s+pouvoir|envisageons|"
                r"visons)|(?P<i>je)\s+"
                r"(?:pr[ée]vois|compte|souhaite|esp[èe]re\s+pouvoir)|notre\s+(?:objectif|but)\s+est)\b"
            ),
            who="we",
            strength=Strength.AIM,
            dated=True,
        ),
        Form(
            pattern(r"\b(?:devrai(?:t|ent)|vous\s+devriez\s+(?:recevoir|avoir))\b"),
            who="third",
            strength=Strength.EXPECT,
            timed=True,
        ),
        Form(
            pattern(
                r"\b(?:est|sont|a\s+[ée]t[ée])\s+(?:\w+\s+)?(?:pr[ée]vue?s?|programm[ée]e?s?|planifi[ée]e?s?|"
                r"r[ée]serv[ée]e?s?|"
                r"fix[ée]e?s?|confirm[ée]e?s?)(?!\w)"
            ),
            who="third",
            dated=True,
        ),
        Form(pattern(r"\b(?:comptez|pr[ée]voyez|attendez-vous)\b"), who="we", strength=Strength.EXPECT, dated=True),
        Form(
            pattern(
                r"\b(?:prend(?:ra|ront|nent)?(?!\s+(?:en\s+charge|contact))|dure(?:ra|nt)?|faut|"
                r"n[ée]cessitera?)\b"
            ),
            who="third",
            strength=Strength.EXPECT,
            dated=True,
        ),
        Form(
            pattern(
                r"\bvous\s+(?:\w+\s+)?(?:recevrez|obtiendrez|serez\s+(?:\w+\s+)?(?:rembours|contact|inform|"
                r"pr[ée]ven|recontact|"
                r"rappel|avert|livr|cr[ée]dit|notifi)\w*)|\btu\s+(?:recevras|auras\s+(?:une?|ton|ta))\b"
            ),
            who="we",
        ),
        Form(pattern(r"\bvous\s+(?:aurez|trouverez|verrez)\b(?!\s+(?:besoin|[àa]\b))"), who="we", timed=True),
        Form(
            pattern(
                r"\b(?:(?P<we>nous\s+allons|on\s+va)|(?P<i>je\s+vais)|va|vont)\s+" + _TO + r"\w+(?:er|ir|re|oir)\b"
            ),
            who="third",
        ),
        Form(
            pattern(
                r"\b(?:(?P<we>nous|on)\s+" + _TO + r"(?:\w+rons|\w+ra)|(?P<i>j(?:e\s+|"
                r"['’]))" + _TO + r"\w+rai)\b"
            ),
        ),
        Form(pattern(r"\b" + _TO + _THIRD + r"(?!\w)"), who="third"),
        Form(pattern(r"\b\w+(?:era|ira|dra|vra|rra|eront|iront|dront|vront)\b"), who="third", timed=True),
        Form(
            pattern(
                r"^\W*" + _TO + r"\w+(?:rons|rai|ra)\b|^\W*" + _TO + r"(?:tiens|tenons|[ée]cris|"
                r"r[ée]ponds)\b"
            ),
            goes_on=True,
        ),
        Form(pattern(r"^\W*(?:et\s+)?" + _TO + r"(?:(?P<we>\w+rons)|(?P<i>\w+rai))\b")),
        Form(
            pattern(
                r"\b(?:(?P<i>je)\s+(?:transmets|transf[èe]re|m['’]en\s+(?:occupe|charge)|me\s+renseigne|"
                r"m['’]occupe|prends\s+(?:en\s+charge|"
                r"contact)|relance|fais\s+(?:suivre|le\s+n)|vous\s+(?:rappelle|appelle|[ée]cris|r[ée]ponds|tiens)|"
                r"te\s+(?:rappelle|tiens))|"
                r"(?P<we>nous)\s+(?:" + _TO + r"(?:tenons|tiendrons)|prenons\s+en\s+charge|"
                r"nous\s+(?:en\s+)?(?:occupons|chargeons)|transmettons|rempla[çc]ons|remboursons|renvoyons|"
                r"faisons\s+suivre))\b"
            ),
        ),
        Form(
            pattern(
                r"\b(?:(?P<i>j(?:e\s+|['’]))" + _TO + r"\w+(?:e|s|ds|ts)\b|(?P<we>nous\s+" + _TO + r"\w+ons|on\s+"
                r"" + _TO + r"\w+)\b)"
            ),
            timed=True,
        ),
        Form(
            pattern(
                r"\b(?:part|partent|arrive|arrivent|passe|passent|repart|intervient|livre|sort|vient|est\s+"
                r"(?:livr|dispo|pr[êe]t|de\s+retour)\w*)\b"
            ),
            who="third",
            dated=True,
        ),
    ),
    subject=pattern(r"\b(?:je|nous|on|vous|il|elle|ils|elles|tu)\b|\bj['’]|^\W*(?:le|la|les|un|une|notre|votre)\b"),
    cuts=pattern(
        r"\s*[,;:()–—]\s*|\s+-\s+|\s+(?:et|mais|ou)\s+|"
        r"\s+(?=(?:si|s['’]il|s['’]ils|dès|des(?=\s+que)|quand|lorsque?|une\s+fois|afin|pour\s+que|parce|car|"
        r"pourvu)(?:\s|"
        r"(?<=['’])))|"
        r"(?<!d[èe]s)(?<!fois)(?<!afin)(?<!pour)(?<!t[ôo]t)(?<!parce)\s+(?=(?:que\s|qu['’]))"
    ),
    condition=pattern(
        r"(?:et\s+)?(?:si|s['’]ils?|d[èe]s\s+(?:que|qu['’]|r[ée]ception)|quand|lorsque|lorsqu['’]|une\s+fois|"
        r"aussit[ôo]t\s+que|apr[èe]s\s+r[ée]ception|"
        r"[àa]\s+r[ée]ception|sous\s+r[ée]serve|en\s+cas\s+de)"
    ),
    condition_inside=pattern(
        r"\b(?P<words>(?:apr[èe]s|[àa]|d[èe]s)\s+r[ée]ception(?:\s+(?:de|du|des)\s+\S+(?:\s+"
        r"\S+)?)?)"
    ),
    no_condition=pattern(
        r"(?:si|d[èe]s\s+que|aussit[ôo]t\s+que|quand)\s+(?:possible|n[ée]cessaire|nous\s+le\s+"
        r"pourrons)"
    ),
    purpose=pattern(r"(?:afin|pour\s+(?:que|qu['’]|\w+(?:er|ir|re|oir)\b)|parce|car|comment|pourquoi|puisque)"),
    complement=pattern(r"(?:que\b|qu['’])"),
    hope=pattern(
        r"\b(?:avez\s+dit|esp[ée]rons(?!\s+pouvoir)|esp[èe]re(?!\s+pouvoir)|pourvu|peut-[êe]tre|pensons|pense|"
        r"crois|croyons|"
        r"pourrai[ts]|pourrions|aurai[st]|"
        r"aurions|serai[st]|aimerai[st]|aimerions|voudrai[st])\b"
    ),
    denial=pattern(
        r"\bne\b|\bn['’]|\b(?:aucune?|jamais|rien|personne|sans(?=\s+votre\b))\b|\b(?:pas|plus)\s+"
        r"(?:encore|de)\b"
    ),
    stative=pattern(
        r"\b(?:ouvert\w*|ferm[ée]\w*|rouvr\w+|ouvr(?:e|ira|irons|ons)|fermer\w*|valables?|expire\w*|pourr\w+|"
        r"pouvons|pouvez|peut|peuvent|peux|"
        r"devrez|devr(?:ons|ai|a)\b|faudra|voudr\w+|sommes|avons|suis|[ée]tions|[ée]tait|regrettons|restons|"
        r"attendons|conseillons|recommandons|"
        r"souhaitons|remercions|remercie|savons|sais|prions|prie|comprenons|comprends|serons\s+(?:ravi|heureu|"
        r"enchant)\w*|facturer\w*|factur[é]e?s?\b|"
        r"pr[ée]lev[ée]\w*|d[ée]bit[ée]\w*|augment\w*|n[ée]cessaires?|hier|travaille\w*|[àa]\s+partir|excus\w+|"
        r"a\s+[ée]t[ée](?!\s+(?:pr[ée]vu|programm|fix|confirm))|"
        r"en\s+cours|aurez\s+besoin)\b|\bj['’]ai\b"
    ),
    offer=pattern(
        r"\bserons\s+(?:\w+\s+)?(?:ravis|heureux|enchant[ée]s)|\b(?:avec\s+plaisir|volontiers)\b|\b(?:nous|je)\s+"
        r"(?:pouvons|peux|pourrions|pourrais)\s+"
        + _TO
        + r"\w+(?:er|ir|re)\b|^\W*(?:souhaitez|voulez|d[ée]sirez)-vous\s+que\b"
    ),
    implied=pattern(
        r"\b(?:afin|pour)\s+(?:que|qu['’])\s*.{0,60}\b(?:puissions|puisse|puissent)\b|\b(?:afin\s+de|pour)\s+"
        r"pouvoir\b|"
        r"\b(?:avons|ai)\s+demand[ée]\s+.{0,60}\b(?:que|qu['’]|de)"
    ),
    asks=pattern(
        r"^\W*(?:envoyez|indiquez|transmettez|contactez|[ée]crivez|r[ée]pondez|communiquez|faites|donnez|"
        r"remplissez|joignez|confirmez|"
        r"appelez|dites)\b|\b(?:merci\s+de|veuillez)\s+(?:nous\s+|me\s+)?(?!excuser|patienter|agr[ée]er|noter)\w+|"
        r"\b(?:pourriez|pouvez)-vous\b|\bnous\s+avons\s+besoin\b|\bs['’]il\s+vous\s+pla[îi]t\b"
    ),
    guaranteed=pattern(r"\b(?:garanti\w*|promets|promettons|sans\s+faute|je\s+m['’]y\s+engage)\b|\b100\s?%"),
    aimed=pattern(r"\b(?:si\s+possible|dans\s+la\s+mesure\s+du\s+possible|de\s+notre\s+mieux)\b"),
    expected=pattern(
        r"\b(?:normalement|probablement|sans\s+doute|selon|environ|en\s+principe|estim[ée]\w*|"
        r"vraisemblablement)\b"
    ),
    vague=pattern(
        r"\b(?:bient[ôo]t|prochainement|sous\s+peu|rapidement|d[èe]s\s+que\s+possible|au\s+plus\s+vite|au\s+"
        r"plus\s+t[ôo]t|"
        r"dans\s+les\s+(?:plus\s+brefs|meilleurs)\s+d[ée]lais|imm[ée]diatement|tout\s+de\s+suite|tout\s+[àa]\s+"
        r"l['’]heure|plus\s+tard|"
        r"dans\s+les\s+(?:prochains\s+jours|jours\s+qui\s+viennent|prochaines\s+(?:semaines|heures))|dans\s+"
        r"(?:quelques|peu)\s+\w+|"
        r"le\s+plus\s+(?:vite|rapidement|t[ôo]t)\s+possible|maintenant|sans\s+(?:plus\s+)?tarder)\b"
    ),
    dangling=pattern(
        r"[\s,;:]*(?:\b(?:le|la|les|en|à|a|avant|de|du|d|pour|par|et|au|dans|sous|vers|ici|un|"
        r"délai)\b['’]?[\s,]*)+$"
    ),
)
