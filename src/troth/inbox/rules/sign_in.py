"""Is this a mail that lets somebody sign in somewhere? (reliability T4)

Whoever can make a service write to our address - with a reply address of ours, or by calling our address their own - could read the
code or follow the link in the answer, if we showed it to them. So such mail is for staff alone: it never joins a case, is never
acknowledged, and stands on no customer's page.

What counts is that the reader is spoken to ("your code", "confirm your address") and is handed a code or a link; somebody who tells
of *their* code is a customer. Kept narrow on purpose: hiding a customer's own words from them costs more than a tag costs staff.
"""

from __future__ import annotations

import re

#: What comes after this many characters is no code that anybody would find.
_LOOK_AT = 4_000
_CODE_NOUN = (
    r"(?:verification|security|confirmation|log-?in|sign-?(?:in|up)|one[- ]time|access|authenti[a-z]+|activation|2fa|two-factor|"
    r"temporary|magic|otp)"
)
_YOUR_CODE = re.compile(
    r"\b(?:is|here(?:'s| is)|below is)\s+your\s+(?:[\w'-]+\s+){0,4}?(?:code|pin|passcode|password|otp)\b"
    # At the beginning of a sentence, where it is said to the reader; elsewhere customers tell of codes that they entered.
    rf"|(?:^|[.,:;!\n]\s*|\bplease\s+)(?:enter|use)\s+(?:the|this|your)\s+(?:{_CODE_NOUN}\s+)?code\b"
    rf"|\byour\s+(?:[\w'-]+\s+){{0,3}}?{_CODE_NOUN}\s+(?:code|pin|passcode|password|number)\b"
    rf"|\b{_CODE_NOUN}\s+(?:code|pin|passcode|password)\s*(?:is\b|:)"
    r"|\b(?:Ihr|Dein)\w*\s+(?:[\w-]+\s+){0,3}?(?:\w*code|\w*passwort|PIN|TAN)\b"
    r"|\b(?:Bestätigungs|Sicherheits|Anmelde|Einmal|Zugangs|Verifizierungs)-?(?:code|passwort)\s*(?:lautet|ist|:)"
    r"|\bvotre\s+code\b|\bcode\s+(?:de\s+(?:vérification|confirmation|sécurité|connexion)|d'accès)\s*(?:est|:)"
    r"|\b(?:tu|su)\s+código\b|\bcódigo\s+de\s+(?:verificación|seguridad|acceso|confirmación)\s*(?:es|:)"
    r"|\b(?:je|uw)\s+(?:[\w-]+\s+){0,2}?\w*code\b|\bverificatiecode\s*(?:is|:)"
    r"|\bil\s+tuo\s+codice\b|\bcodice\s+di\s+(?:verifica|sicurezza|conferma|accesso)\s*(?:è|:)"
    r"|\b(?:o\s+)?seu\s+código\b|\btwój\s+kod\b|\bkod\s+weryfikacyjny\b",
    re.IGNORECASE,
)
#: Four to ten signs with a digit among them, perhaps in two halves: 482913, 482-913, X7K-2QP, G-48211.
_CODE = re.compile(r"(?<![\w@.-])(?=[A-Z-]{0,9}\d)[A-Z0-9]{3,10}(?:[- ][A-Z0-9]{3,6})?(?![\w@])|(?<!\w)G-\d{5,8}\b")
_YOUR_LINK = re.compile(
    r"\b(?:confirm|verify|validate|activate)\s+(?:(?:that\s+)?(?:this|it)\s+is\s+)?your\s+(?:[\w'-]+\s+){0,3}?"
    r"(?:e-?mail|address|account|identity|registration|sign-?up|subscription|device)\b"
    r"|\b(?:reset|choose|set|create|change)\s+(?:your|a\s+new)\s+(?:[\w'-]+\s+){0,2}?password\b"
    r"|\b(?:reset|change|recover)\s+the\s+password\b|\bpassword\s+reset\b"
    r"|\b(?:magic|sign-?in|log-?in|one-time)\s+link\b"
    r"|\b(?:click|tap|use|follow|press)\b[^.\n]{0,60}\bto\s+(?:sign|log)\s*-?\s*in\b"
    r"|\b(?:invited|invites)\s+you\s+to\s+(?:join|collaborate|work)\b|\byou(?:'ve|\s+have)\s+been\s+invited\s+to\b"
    r"|\bjoin\s+(?:your\s+team|the\s+workspace)\b"
    r"|\bbestätige(?:n\s+Sie)?\s+(?:bitte\s+)?(?:Ihre|deine)\b|\bPasswort\s+(?:zurücksetzen|zurückzusetzen|ändern)\b"
    r"|\bconfirme[zr]\s+(?:votre|ton)\b|\bréinitialise[zr]\s+(?:votre|le|ton)\b"
    r"|\bconfirma(?:r)?\s+(?:tu|su)\b|\brestable(?:ce|zca|cer)\s+(?:tu|su|la)\b"
    r"|\bbevestig\s+(?:je|uw)\b|\bwachtwoord\s+(?:opnieuw|herstellen|wijzigen)\b"
    r"|\bconferma\s+(?:il\s+tuo|la\s+tua|l'indirizzo)\b|\b(?:reimposta|reimpostare)\s+(?:la|il)\b"
    r"|\bconfirme\s+(?:o\s+)?seu\b|\bredefinir\s+(?:a\s+)?(?:sua\s+)?senha\b|\bpotwierdź\s+(?:swój|adres)\b",
    re.IGNORECASE,
)
_LINK = re.compile(r"https?://|href=", re.IGNORECASE)


def lets_somebody_in(*, subject: str, text: str, html: str = "") -> bool:
    """Whether the mail hands its reader a code or a link to sign in, to confirm an address or to set a password."""
    words = f"{subject[:500]}\n{text[:_LOOK_AT]}".replace("\u2019", "'")
    if _YOUR_CODE.search(words) and _CODE.search(words):
        return True
    return _YOUR_LINK.search(words) is not None and _LINK.search(f"{words}{html[: 8 * _LOOK_AT]}") is not None
