"""Is this English? A light and honest guess: ``en`` or ``unknown``, by the small words every language repeats."""

from __future__ import annotations

import re

ENGLISH = "en"
UNKNOWN = "unknown"

_WORD = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)?")
_ENGLISH_WORDS = frozenset(
    """
    a about after again all also am an and any are arrived as ask at back be because been before but by call can
    cannot can't could customer date day days did didn't do does doesn't don't down email ever every first for
    from get give go going good got great had has hasn't have haven't he hello help her here hi him his hope how
    i i'd i'll i'm i've if i'm in is isn't it it's just know last left like love make me money more much my need
    never new no not nothing now of off ok on one only or order other our out over parcel phone please pm
    product refund really reply said same see send sent service she should since so some someone sorry still
    tell than thank thanks that that's the their them then there these they this time to today tomorrow too two
    under until up update us very waiting want was wasn't we we'll we're we've week well were what when where
    which who why will with won't work working would wrong yes yesterday yet you you'll you're your
    """.split()  # noqa: SIM905 easier to read and to edit than a list
)
_OTHER_WORDS = (
    frozenset(
        """
    aber alle als auch auf aus bei bin bitte da das dass dem den der des dich die dir du ein eine einen einer er
    es für habe haben hallo ich ihr ihre ist ja kann kein keine können mein meine mich mir mit nach nicht noch
    nur oder schon sehr sein sich sie sind und uns unsere vom von warum wenn werde werden wie wir wird wo wurde
    zu zum zur au aux avec bonjour ce cette ces c'est commande dans de des du elle en est et été être fait il je
    j'ai la le les leur lui ma mais merci mes moi mon ne nous on ou où par pas plus pour pourquoi qu que qui sa
    sans se si sont suis sur très tu un une vos votre vous al como con cuando del donde el ella esta este está
    gracias hay hola lo los las más mi muy nada para pedido pero por porque qué quiero se sin su tengo todo una
    uno usted y ya yo ainda até com da das do dos ele em essa esse está eu isso mais meu minha muito na nas não
    nos no obrigado os ou para pela pelo quando que são sem seu sua também tem uma você anche che ciao come
    della del di gli grazie ho i il io non nel ordine per perché più questo sono aan bij dan dat deze dit een en
    geen goed heb heeft het hij hoe ik is je jullie kan maar met mij mijn naar niet nog om ook op over te uit
    van voor waar wat we wel zijn
    """.split()  # noqa: SIM905 easier to read and to edit than a list
    )
    - _ENGLISH_WORDS
)


def language_of(text: str) -> str:
    """``en`` where English small words clearly outweigh those of its neighbours; otherwise ``unknown``."""
    words = [word.lower().replace("’", "'") for word in _WORD.findall(text[:4_000])]
    english = sum(word in _ENGLISH_WORDS for word in words)
    other = sum(word in _OTHER_WORDS for word in words)
    return ENGLISH if english > 2 * other and english * 6 >= len(words) else UNKNOWN
