"""What the chat signs: a pass, which says that a page of a listed site asked, and a token, which opens one talk."""

from __future__ import annotations

from datetime import timedelta

from django.core import signing

from troth.channels.chat.models import Site, Talk

PASS_SALT, TALK_SALT = "troth.chat.pass.1", "troth.chat.talk.1"
#: A page may stay open all day before its visitor says the first word.
PASS_LIFE = timedelta(hours=12)


class NotOurs(ValueError):
    """It was not signed here, or for another site, or is too old."""


def make_pass(site: Site, *, origin: str) -> str:
    return signing.TimestampSigner(salt=PASS_SALT).sign_object([site.key, origin])


def read_pass(text: str, *, site: Site) -> str:
    """The origin it was made for; raises NotOurs."""
    try:
        key, origin = signing.TimestampSigner(salt=PASS_SALT).unsign_object(text, max_age=PASS_LIFE)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise NotOurs("This pass is none of ours, or too old.") from error
    if key != site.key:
        raise NotOurs("This pass is for another site.")
    return str(origin)


def make_token(talk: Talk) -> str:
    return signing.Signer(salt=TALK_SALT).sign(f"{talk.pk}.{talk.nonce}")


def read_token(text: str) -> tuple[int, str]:
    """The talk's number and nonce; raises NotOurs."""
    try:
        number, nonce = signing.Signer(salt=TALK_SALT).unsign(text).split(".", 1)
        return int(number), nonce
    except (signing.BadSignature, ValueError) as error:
        raise NotOurs("This token is none of ours.") from error
