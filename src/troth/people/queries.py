"""Reading people: the company and its hours, families of merged customers, addresses to write to, links."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.core import signing
from django.db import connection
from django.db.models import BooleanField, IntegerField, Q, QuerySet, Subquery, Value

from troth.people.kept import Kept
from troth.people.models import Company, Customer, Handle, Invite, Link, Merge, SecurityEvent, Staff, Team
from troth.people.planned import Given, Question
from troth.people.rules.invites import InviteState, invite_state
from troth.people.rules.roles import May, Role
from troth.people.rules.sight import SEES_CLOSED, Sight
from troth.words.hours import Hours, office
from troth.words.refs import ref

LINK_SALT = "troth.people.link.1"
INVITE_SALT = "troth.people.invite.1"


class InviteGone(LookupError):
    """The invitation was taken, withdrawn, replaced by a newer letter, or is too old."""

    def __init__(self, state: InviteState, *, about: str = "") -> None:
        super().__init__(f"This invitation is {state}.")
        self.state, self.about = state, about


class NoSuchLink(LookupError):
    """The link is not one of ours, has expired, or was revoked."""


class NobodyLeft(ValueError):
    """The customer was erased: nothing may be written about them any more, and nothing promised to them."""


def company() -> Company | None:
    return Company.objects.select_related("calendar").first()


@dataclass(frozen=True)
class Firm:
    """The company as nearly everything asks of it."""

    name: str
    #: The company's own hours (None), and those of each team that keeps others.
    hours: dict[int | None, Hours]
    #: Letters that make or move a promise carry its receipt.
    encloses_receipts: bool = True


#: The firm changes once a year and is asked for by every page and every letter: what was read counts for so long.
FIRM_KEPT_SECONDS = 2.0


def forget_firm() -> None:
    """It was just changed here."""
    firm.forget()


def _firm() -> Firm:
    rows = list(
        Company.objects.values_list(Value(None, IntegerField()), "name", "calendar__plain", "encloses_receipts").union(
            Team.objects.filter(calendar__isnull=False).values_list(
                "pk", Value(""), "calendar__plain", Value(True, BooleanField())
            ),
            all=True,
        )
    )
    own = next((row for row in rows if row[0] is None), None)
    return Firm(
        name=own[1] if own else "Troth",
        hours={None: office(settings.TROTH_ZONE)}
        | {team_id: Hours.from_plain(plain) for team_id, _name, plain, _encloses in rows},
        encloses_receipts=own[3] if own else True,
    )


#: The company's name and its hours, at most two seconds old; one statement.
firm = Kept(_firm, seconds=FIRM_KEPT_SECONDS)


def company_name() -> str:
    return firm().name


def hours_of(team_id: int | None = None) -> Hours:
    """The team's hours, else the company's, else an office's in the installation's zone."""
    hours = firm().hours
    return hours.get(team_id) or hours[None]


def zone_of(customer: Customer) -> str:
    """The zone a customer reads times in: their own where known, else the company's."""
    return customer.zone or hours_of().zone


def family(customer_id: int) -> list[int]:
    """The ids of every record of this person, in order."""
    return sorted(_family(customer_id).values_list("pk", flat=True)) or [customer_id]


def refuse_erased(customer_id: int) -> None:
    """Raise NobodyLeft where this person was erased, under whichever of their numbers."""
    with connection.cursor() as cursor:
        cursor.execute(_ERASED, [customer_id])
        if cursor.fetchone() is not None:
            raise NobodyLeft("This customer was erased: nothing more can be written about them.")


_ERASED = """
SELECT one.id FROM people_customer asked JOIN people_customer one ON one.root_id = asked.root_id
 WHERE asked.id = %s AND one.erased_at IS NOT NULL LIMIT 1
"""


def _family(customer_id: int | Given) -> QuerySet[Customer]:
    """Everybody's root is somebody: the database sees to that."""
    return Customer.objects.filter(root_id=Subquery(Customer.objects.filter(pk=customer_id).values("root_id")))


def address_of(customer_id: int) -> Handle | None:
    """The best e-mail handle to write to: not bounced first, verified first, then the oldest."""
    return _best(_mail_handles().ask(customer=customer_id))


@cache
def _mail_handles() -> Question[Handle, Handle]:
    theirs = Handle.objects.filter(customer__in=_family(Given("customer")), kind=Handle.Kind.EMAIL)
    return Question(theirs.select_related("customer"))


def family_and_address(customer_id: int) -> tuple[list[int], str | None]:
    """The same two together, the address alone; one statement."""
    members = _members().ask(customer=customer_id)
    mail = [row for row in members if row[1] == Handle.Kind.EMAIL]
    best = min(mail, key=lambda row: (row[2] is not None, row[3] is None, row[4]), default=None)
    return sorted({row[0] for row in members}) or [customer_id], best[5] if best else None


@cache
def _members() -> Question[Customer, tuple[Any, ...]]:
    return Question(
        _family(Given("customer")).values_list(
            "pk", "handles__kind", "handles__bounced_at", "handles__verified_at", "handles__pk", "handles__address"
        )
    )


def _best(handles: Iterable[Handle]) -> Handle | None:
    return min(
        handles, key=lambda handle: (handle.bounced_at is not None, handle.verified_at is None, handle.pk), default=None
    )


def addresses_of(customer_ids: Iterable[int]) -> dict[int, Handle]:
    """The best e-mail handle for each of many customers, in two statements; those without one are left out."""
    wanted = dict(Customer.objects.filter(pk__in=list(customer_ids)).values_list("pk", "root_id"))
    roots = {root or pk for pk, root in wanted.items()}
    handles: dict[int, list[Handle]] = {}
    for handle in Handle.objects.filter(
        Q(customer__root_id__in=roots) | Q(customer_id__in=roots), kind=Handle.Kind.EMAIL
    ).select_related("customer"):
        handles.setdefault(handle.customer.root_pk, []).append(handle)
    found = {pk: _best(handles.get(root or pk, [])) for pk, root in wanted.items()}
    return {pk: handle for pk, handle in found.items() if handle}


def leads(team_id: int | None) -> list[Staff]:
    """Whom to escalate to: the team's leads, else any lead or admin."""
    active = Staff.objects.filter(is_active=True)
    found = list(active.filter(role=Role.LEAD, team_id=team_id).order_by("pk")) if team_id else []
    return found or list(active.filter(role__in=[Role.LEAD, Role.ADMIN]).order_by("pk")[:1])


def staff_choices() -> list[Staff]:
    return list(Staff.objects.filter(is_active=True).order_by("name"))


def who_see(team: Team | None) -> QuerySet[Staff]:
    """Who works here and sees what this team looks after; everybody does where it is none, or not closed."""
    active = Staff.objects.filter(is_active=True)
    return active.filter(Q(team=team) | Q(role__in=SEES_CLOSED)) if team is not None and team.is_closed else active


def owner_choices() -> list[Staff]:
    """Those who can own a case: an auditor reads, and answers nothing."""
    return [person for person in staff_choices() if person.may(May.ANSWER)]


def teams() -> list[Team]:
    return list(Team.objects.order_by("name"))


def sight_of(staff: Staff) -> Sight:
    return Sight(role=staff.role, team_id=staff.team_id)


def within_sight(staff: Staff, *, team: str = "team") -> Q:
    """What belongs to no closed team but *staff*'s own; *team* is the path to the team of the rows asked for."""
    return Q() if sight_of(staff).is_full else _open_to(staff.team_id or 0, team=team)


def sight_given(*, is_full: bool, team: str = "team") -> Q:
    """The same in a question that is put into words once (people.planned), for all who see that far; `own_team` is given."""
    return Q() if is_full else _open_to(Given("own_team"), team=team)


def _open_to(own_team: int | Given, *, team: str) -> Q:
    closed = Team.objects.filter(is_closed=True).exclude(pk=own_team)
    return Q(**{f"{team}__isnull": True}) | ~Q(**{f"{team}__in": closed})


def sees_everything(staff: Staff) -> bool:
    """Whether no closed team is closed to *staff*; one statement at most."""
    return sight_of(staff).is_full or not Team.objects.filter(is_closed=True).exclude(pk=staff.team_id or 0).exists()


def within_sight_sql(team: str, staff: Staff | None = None) -> str:
    """The same for a statement of our own, as an AND with the parameters of `sight_values`; *team* is a column.

    A statement that is planned once says in its text whose sight it is (*staff*): with a parameter in its place PostgreSQL
    would have to plan for those who see everything and those who do not alike.
    """
    closed = "SELECT id FROM people_team WHERE is_closed AND id <> %(sight_team)s"
    if staff is None:
        return f"AND (%(sight_is_full)s OR {team} IS NULL OR {team} NOT IN ({closed}))"
    return "" if sight_of(staff).is_full else f"AND ({team} IS NULL OR {team} NOT IN ({closed}))"


def sight_values(staff: Staff) -> dict[str, bool | int]:
    return {"sight_is_full": sight_of(staff).is_full, "sight_team": staff.team_id or 0}


def merges_of(customer_id: int) -> list[Merge]:
    """Standing merges into this person, newest first."""
    return list(
        Merge.objects.filter(front_id=customer_id, undone_at=None).select_related("merged").order_by("-at", "-pk")
    )


def link_url(link: Link) -> str:
    """The whole address a customer follows."""
    return f"{settings.TROTH_URL}/p/{link_token(link)}/"


def link_token(link: Link) -> str:
    return _signer(settings.SECRET_KEY).sign(f"{link.pk}.{link.nonce}").replace(":", "~")


@lru_cache(maxsize=1)
def _signer(key: str) -> signing.Signer:
    """Kept, for very many links are written at a time."""
    return signing.Signer(key=key, salt=LINK_SALT)


def open_link(token: str, *, now: datetime) -> Link:
    """The link behind *token*; raises NoSuchLink. Reading changes nothing: mail gateways follow links by themselves."""
    try:
        plain = signing.Signer(salt=LINK_SALT).unsign(token.replace("~", ":"))
        number, nonce = plain.split(".", 1)
        link = Link.objects.select_related("customer").get(pk=int(number), nonce=nonce)
    except (signing.BadSignature, ValueError, OverflowError, Link.DoesNotExist) as error:
        raise NoSuchLink("This link is not one of ours.") from error
    if link.revoked_at or link.expires_at <= now:
        raise NoSuchLink("This link has expired or was taken back.")
    return link


def standing_link(link_id: int, *, now: datetime) -> Link | None:
    """The link a customer's session rests on, if it still stands."""
    return Link.objects.select_related("customer").filter(pk=link_id, revoked_at=None, expires_at__gt=now).first()


def way_in(staff: Staff) -> bool:
    """Whether they can sign in by a password or the company's own sign-in; passkeys are factors."""
    return staff.has_usable_password() or SocialAccount.objects.filter(user_id=staff.pk).exists()


def invite_url(invite: Invite) -> str:
    """The whole address an invited person follows, or the host to make the first admin."""
    page = "invite" if invite.address else "set-up"
    return f"{settings.TROTH_URL}/{page}/{invite_token(invite)}/"


def invite_token(invite: Invite) -> str:
    return signing.Signer(salt=INVITE_SALT).sign(f"{invite.pk}.{invite.nonce}").replace(":", "~")


def open_invite(token: str, *, now: datetime) -> Invite:
    """The invitation behind *token*; raises NoSuchLink, InviteGone. Reading changes nothing, as with a customer's link."""
    try:
        plain = signing.Signer(salt=INVITE_SALT).unsign(token.replace("~", ":"))
        number, nonce = plain.split(".", 1)
        found = Invite.objects.select_related("by", "team").get(pk=int(number))
    except (signing.BadSignature, ValueError, OverflowError, Invite.DoesNotExist) as error:
        raise NoSuchLink("This link is not one of ours.") from error
    state = invite_state(taken_at=found.taken_at, withdrawn_at=found.withdrawn_at, expires_at=found.expires_at, now=now)
    if state is InviteState.OPEN and found.nonce != nonce:
        state = InviteState.REPLACED
    if state is not InviteState.OPEN:
        raise InviteGone(state, about=ref("invite", found.pk))
    return found


def is_invited(address: str, *, now: datetime) -> Invite | None:
    """The open invitation of *address*."""
    standing = Invite.objects.filter(taken_at=None, withdrawn_at=None, expires_at__gt=now).exclude(address="")
    return standing.filter(address=address.lower()).first()


def security_events(*, kind: str, staff: int | None, before: int | None, most: int) -> list[SecurityEvent]:
    """What touched the safety of the installation, the newest first: of one kind, by one person, before one event."""
    events = SecurityEvent.objects.order_by("-pk")
    if kind:
        events = events.filter(kind=kind)
    if staff is not None:
        events = events.filter(staff_id=staff)
    if before is not None:
        events = events.filter(pk__lt=before)
    return list(events[:most])
