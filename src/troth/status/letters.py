"""What subscribers are written: the one question whether they want it, and then what is said on the page."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.utils.translation import gettext as _

from troth.people.queries import company_name, hours_of
from troth.status import sayings
from troth.status.models import Subscriber
from troth.status.rules.snapshot import Incident, Planned, Said
from troth.words.refs import ref

SALT = "troth.status.subscriber.1"


class NoSuchSubscriber(LookupError):
    """The link is not one of ours, or what it stood for is gone."""


def token(subscriber: Subscriber) -> str:
    return signing.Signer(salt=SALT).sign(f"{subscriber.pk}.{subscriber.nonce}").replace(":", "~")


def subscriber_of(text: str) -> Subscriber:
    """Whose link this is; raises NoSuchSubscriber. Reading changes nothing: mail gateways follow links by themselves."""
    try:
        number, nonce = signing.Signer(salt=SALT).unsign(text.replace("~", ":")).split(".", 1)
        return Subscriber.objects.get(pk=int(number), nonce=nonce)
    except (signing.BadSignature, ValueError, OverflowError, Subscriber.DoesNotExist) as error:
        raise NoSuchSubscriber("This link is not one of ours.") from error


def own_page(subscriber: Subscriber) -> str:
    return f"{settings.TROTH_URL}/status/yours/{token(subscriber)}/"


def list_id() -> str:
    return f"status.{urlsplit(settings.TROTH_URL).hostname or 'localhost'}"


def question(subscriber: Subscriber, *, key: str) -> dict[str, Any]:
    """Whether they want to be written to; to whoever said yes before, the way to their choice. Nothing that was typed is in it."""
    company = company_name()
    if subscriber.confirmed_at is None:
        subject = _("Do you want to hear how things stand at %(company)s?") % {"company": company}
        words = _(
            "Somebody, most likely you, asked that we write to this address when something is wrong at %(company)s, and when"
            " work is planned. Open this page and press the button there if you want that:"
        )
        rest = _("If you do not, do nothing: you will not hear from us again, and we forget the address within a week.")
    else:
        subject = _("How you hear from %(company)s how things stand") % {"company": company}
        words = _(
            "You hear from us already when something is wrong at %(company)s. Here you change of what, or end it:"
        )
        rest = _("If you did not ask for this letter, do nothing: everything stays as it is.")
    return {
        "key": key,
        "to_address": subscriber.address,
        "subject": subject,
        "text": "\n\n".join([words % {"company": company}, own_page(subscriber), rest]),
        "because": ref("subscriber", subscriber.pk),
        "customer_id": None,
        "automatic": True,
    }


def of_line(incident: Incident, line: Said) -> tuple[str, str]:
    """Subject and words of what was said of an incident; both times of it, and when the next word comes."""
    company, zone = company_name(), hours_of().zone
    times = [
        _("So since: %(when)s") % {"when": sayings.moment(line.happened_at, zone)},
        _("Said: %(when)s") % {"when": sayings.moment(line.said_at, zone)},
    ]
    if incident.next_word_at and line.kind in {"began", "update"}:
        times.append(_("Next word by: %(when)s") % {"when": sayings.moment(incident.next_word_at, zone)})
    parts = [
        f"{sayings.line_words(line.kind)}: {incident.title}",
        line.words,
        "\n".join(times),
        f"{settings.TROTH_URL}/status/incidents/{incident.public_id}/",
    ]
    return f"{company}: {incident.title}", "\n\n".join(parts)


def of_planned(planned: Planned, what: str) -> tuple[str, str]:
    """Subject and words of planned work: announced, announced otherwise ("2"), called off or soon to begin."""
    company, zone = company_name(), hours_of().zone
    said = {
        "cancelled": _("Planned work is called off"),
        "reminder": _("Planned work begins soon"),
        "1": _("Work is planned"),
    }.get(what, _("Planned work is changed"))
    version = planned.now
    when = _("From %(from)s to %(until)s") % {
        "from": sayings.moment(version.from_at, zone),
        "until": sayings.moment(version.until, zone),
    }
    affects = ", ".join([*version.components, *version.places])
    parts = [
        f"{said}: {version.title}",
        when,
        *([_("It touches: %(what)s") % {"what": affects}] if affects else []),
        *([version.words] if version.words and what != "cancelled" else []),
        f"{settings.TROTH_URL}/status/#planned-{planned.public_id}",
    ]
    return f"{company}: {said}", "\n\n".join(parts)


def with_way_out(words: str, subscriber: Subscriber) -> str:
    out = _("You asked for these letters. Here you change of what you hear, or end them:")
    return f"{words}\n\n-- \n{out}\n{own_page(subscriber)}"
