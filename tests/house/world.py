"""A shop with a closed team, one of each thing in every place, and a browser for everybody: what the matrix is asked of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.test import Client

from tests import people_and_things as things
from tests.faces import Shop, signed_in, with_link
from tests.house.matrix import Thing
from tests.people_and_things import NOW
from troth.breaches import actions as breaches
from troth.cases import actions as cases
from troth.cases.actions import File, put_in
from troth.cases.models import Attachment, BulkAct, BulkAnswer, BulkReply, BulkStep, Case, HandOver, Reply, SavedView
from troth.cases.rules.filters import Filters
from troth.channels.chat.actions import make_site
from troth.channels.imports.models import Hook, Moving
from troth.hooks.models import Delivery, Endpoint
from troth.incidents import actions as incidents
from troth.incidents.models import Incident, Recurrence
from troth.ledger.actions import seal
from troth.ledger.models import Entry
from troth.ledger.queries import head
from troth.notices.actions import cohorts, making, telling, uploading
from troth.notices.models import Member, Recipient
from troth.notices.rules.conditions import Every
from troth.orders import actions as orders
from troth.orders.rules.given import Given
from troth.people import actions as people
from troth.people import keys
from troth.people.models import Calendar, Handle, Invite, Merge, Staff, Team
from troth.people.queries import invite_token, link_token
from troth.people.rules.keys import Scope
from troth.people.rules.roles import May
from troth.post import actions as post
from troth.post.models import Letter, LetterState
from troth.privacy import actions as privacy
from troth.privacy.models import Erasure
from troth.promises.models import Promise
from troth.remedies import actions as remedies
from troth.status import actions as status
from troth.status.letters import token as subscriber_token
from troth.status.models import Component, Subscriber
from troth.words.hours import office
from troth.words.refs import ref

#: Stands in every text of what somebody may not see: a page that shows it shows too much.
CLOSED_MARK, BOB_MARK = "Quillfeather", "Bobsworth"
PLACES = ("own", "other team", "closed team", "other customer", "missing")
EVERYBODY = ("nobody", "agent", "lead", "member", "auditor", "admin", "left", "customer")
MAY = {
    "agent": {May.READ, May.ANSWER},
    "member": {May.READ, May.ANSWER},
    "lead": {May.READ, May.ANSWER, May.LEAD, May.BREACHES},
    "auditor": {May.READ, May.BREACHES, May.AUDIT},
    "admin": set(May),
}
#: Who sees into the closed team.
INSIDE = {"member", "auditor", "admin"}


@dataclass
class World:
    """A shop with a closed team, one of each thing in every place, and a browser for everybody."""

    shop: Shop
    places: dict[str, dict[Thing, Any]] = field(default_factory=dict)
    people: dict[str, Staff] = field(default_factory=dict)
    browsers: dict[str, Client] = field(default_factory=dict)

    def furnish(self, place: str, who: Handle, team: Team, mark: str) -> None:
        message = self.shop.message(
            who,
            f"My parcel {mark} is lost",
            subject=f"Parcel {mark}",
            html=f"<p>{mark}</p>",
            verified=True,
            files=[File(name=f"{mark}.txt", content_type="text/plain", content=mark.encode())],
        )
        case = message.case
        Case.objects.filter(pk=case.pk).update(team=team)
        promise = self.shop.promise(who, case, what=f"bring {mark}", owner=None, team_id=team.pk)
        letter = Letter.objects.filter(because=f"case:{case.pk}").first() or self.letter(case, mark)
        Letter.objects.filter(pk=letter.pk).update(state=LetterState.REFUSED)
        self.places[place] = {
            Thing.CASE: case.pk,
            Thing.MESSAGE: message.pk,
            Thing.ATTACHMENT: Attachment.objects.get(message=message).pk,
            Thing.PROMISE: promise.pk,
            Thing.PUBLIC_PROMISE: promise.public_id,
            Thing.RECEIPT: Entry.objects.get(about=ref("promise", promise.pk), kind="PromiseMade").pk,
            Thing.LETTER: letter.pk,
            Thing.FILE: self.file(case, mark),
            Thing.REPLY: self.reply(case).pk,
            Thing.VIEW: self.view(place).pk,
            Thing.HANDED: self.handed(case, promise),
            Thing.BULK_ACT: self.bulk_act(case, place).pk,
            Thing.BULK_ANSWER: self.bulk_answer(case, place).pk,
            **self.incident(case, team, mark),
            Thing.TEAM: team.pk,
            Thing.CALENDAR: self.calendar(place),
            Thing.STAFF: self.shop.sam.pk,
            Thing.CUSTOMER: who.customer_id,
            Thing.DOUBLE: things.handle(f"{place.replace(' ', '.')}@example.org", name="Double").customer_id,
            Thing.MERGE: self.merge(who, place).pk,
            Thing.PASSKEY: self.passkey,
            Thing.KEY: self.key,
            **self.chat(place, team),
            **self.moving(place),
            **self.order(place, who),
            **self.remedy(case, team, mark),
            **self.invited,
            **self.wished,
            Thing.WEBHOOK: self.delivery.endpoint_id,
            Thing.DELIVERY: self.delivery.pk,
            Thing.RESET_KEY: f"guessed-{place.replace(' ', '')}",
            Thing.LINK_TOKEN: link_token(self.shop.link(who)),
        }

    def incident(self, case: Case, team: Team, mark: str) -> dict[Thing, Any]:
        """Parcels of this place leave late; a note says so to staff."""
        hour = timedelta(hours=1)
        incident = incidents.begin(
            title=f"Parcels {mark} leave late", sort="late", happened_at=NOW, next_word_at=NOW + hour, team_id=team.pk,
            linked=[case], by=None, now=NOW,
        )  # fmt: skip
        over = incidents.begin(
            title=f"Parcels {mark} were lost", sort="late", cause="late", happened_at=NOW, next_word_at=NOW + hour,
            team_id=team.pk, by=None, now=NOW,
        )  # fmt: skip
        incidents.end(over, words="Found.", happened_at=NOW, untold="Nobody knew.", by=None, now=NOW)
        watch = incidents.begin_watch(over, until=NOW + 90 * hour, cause="late", by=None, now=NOW)
        again = Recurrence.objects.create(
            watch=watch, case=ref("case", case.pk), why="cause", is_strong=True, found_at=NOW
        )
        line = incidents.say(incident, kind="note", words=f"Rang {mark}.", happened_at=NOW, by=None, now=NOW)
        draft = incidents.keep_draft(incident, by=self.somebody, kind="update", texts=[{"words": mark}], now=NOW)
        incidents.propose_draft(draft, now=NOW)
        return {
            Thing.INCIDENT: incident.pk,
            Thing.RECURRENCE: again.pk,
            Thing.INCIDENT_LINE: (incident.pk, line.pk),
            Thing.INCIDENT_DRAFT: (incident.pk, draft.pk),
            Thing.INCIDENT_CASE: (incident.pk, case.pk),
            **self.telling(incident.ref, case),
            **self.cohort(incident.ref, case, mark),
            **self.breach(incident, mark),
        }

    def breach(self, incident: Incident, mark: str) -> dict[Thing, Any]:
        """A list of this place went astray; the authority was told a draft."""
        breach = breaches.begin(incident, aware_at=NOW, by=None, now=NOW)
        breaches.decide(breach, level="high", reason=f"Birthdays of {mark}.", by=None, now=NOW)
        exemption = breaches.claim(breach, sort="protected", reason=f"Encrypted, says {mark}.", by=None, now=NOW)
        report = breaches.write_report(breach, values={"nature": f"A list of {mark}."}, by=None, now=NOW)
        return {
            Thing.BREACH: breach.pk,
            Thing.EXEMPTION: (breach.pk, exemption.pk),
            Thing.BREACH_REPORT: (breach.pk, report.pk),
        }

    def telling(self, about: str, case: Case) -> dict[Thing, Any]:
        """A notice of it on its way, and its one member, whom no letter reaches."""
        cohort = cohorts.draft(about=about, conditions=Every(), by=self.shop.sam, now=NOW)
        cohorts.add(cohort, customers=[case.customer_id], by=self.shop.sam, now=NOW)
        texts = {"en": ("Parcels leave late", "A belt broke.")}
        notice = telling.write(
            about=about, cohort=cohort, sort="began", texts=texts, happened_at=NOW, by=self.shop.sam, now=NOW
        )
        telling.send(notice, by=self.shop.sam, now=NOW)
        making.make(now=NOW + making.HOLD)
        recipient = Recipient.objects.get(notice=notice)
        Recipient.objects.filter(pk=recipient.pk).update(state="unreachable", tries=1)
        return {Thing.NOTICE: notice.pk, Thing.RECIPIENT: (notice.pk, recipient.pk)}

    def remedy(self, case: Case, team: Team, mark: str) -> dict[Thing, Any]:
        """Something is offered to make this case good."""
        row = remedies.offer(
            about=ref("case", case.pk), customer=case.customer, team_id=team.pk, sort="replacement",
            what=f"Another {mark}", by=self.shop.lea, now=NOW,
        )  # fmt: skip
        return {Thing.REMEDY: row.pk, Thing.PUBLIC_REMEDY: row.public_id}

    def calendar(self, place: str) -> int:
        """Opening hours that nobody keeps."""
        return Calendar.objects.create(name=f"Hours of {place}", plain=office("Europe/London").to_plain()).pk

    def chat(self, place: str, team: Team) -> dict[Thing, Any]:
        site = make_site(name=f"Shop of {place}", lines=["https://shop.example"], team=team, by=None, now=NOW)
        return {Thing.CHAT: site.pk, Thing.CHAT_KEY: site.key}

    def moving(self, place: str) -> dict[Thing, Any]:
        """From another desk; both are of the whole house."""
        moving = Moving.objects.create(
            source="zendesk", name=f"{place}.zip", path="/nowhere", state="looked", made_at=NOW
        )
        hook = Hook.objects.create(source="zammad", name=place, made_at=NOW)
        return {Thing.MOVING: moving.pk, Thing.DESK_HOOK: hook.pk, Thing.CALLED: ("zammad", hook.pk)}

    @cached_property
    def key(self) -> int:
        """Of a program that asks for nothing here."""
        scopes = [Scope.CASES_READ]
        return keys.make(name="Old shop", staff=self.shop.lea, scopes=scopes, by=None, now=NOW)[0].pk

    def reply(self, case: Case) -> Reply:
        return Reply.objects.create(
            case=case,
            staff=self.shop.sam,
            text="Soon.",
            state=Reply.State.HELD,
            leaves_at=NOW + timedelta(seconds=9),
            changed_at=NOW,
        )

    def owner(self, place: str) -> Staff:
        """Of what is somebody's own: the agent, but for what the agent must not find."""
        return self.somebody if place == "closed team" else self.shop.sam

    @cached_property
    def somebody(self) -> Staff:
        """Who asks for nothing here."""
        return things.staff("pam@parcel.example")

    def handed(self, case: Case, promise: Promise) -> int:
        sam, lea = self.shop.sam, self.shop.lea
        return HandOver.objects.create(staff=sam, to=lea, by=lea, at=NOW, cases=[case.pk], promises=[promise.pk]).pk

    def bulk_answer(self, case: Case, place: str) -> BulkAnswer:
        made = BulkAnswer.objects.create(parent=case, staff=self.owner(place), text="Hello {name}.", made_at=NOW)
        BulkReply.objects.create(answer=made, case=case, state=BulkReply.State.READY, text=f"Hello {case.customer}.")
        return made

    def bulk_act(self, case: Case, place: str) -> BulkAct:
        changes = {"note": "Look.", "cause": "other"}
        made = BulkAct.objects.create(staff=self.owner(place), changes=changes, total=1, at=NOW)
        BulkStep.objects.create(act=made, case=case)
        return made

    def view(self, place: str) -> SavedView:
        mark = CLOSED_MARK if place == "closed team" else "Mine"
        return cases.save_view(name=f"{mark} in {place}", filters=Filters(), staff=self.owner(place), now=NOW)

    def file(self, case: Case, mark: str) -> int:
        """Beside the words that Sam is writing."""
        return put_in(case, staff=self.shop.sam, name="sketch.txt", content=mark.encode(), now=NOW).pk

    @cached_property
    def passkey(self) -> int:
        """Of somebody who asks for nothing here."""
        owner = things.staff("pat@parcel.example")
        kept = Authenticator.objects.create(user=owner, type=Authenticator.Type.WEBAUTHN, data={"name": "Pat's key"})
        return kept.pk

    @cached_property
    def invited(self) -> dict[Thing, Any]:
        """Somebody who is signed in, and two who are invited."""
        pia = things.staff("pia@parcel.example")
        session = UserSession.objects.create(user=pia, ip="127.0.0.1", session_key="pia", user_agent="")
        said = {"role": "agent", "made_at": NOW, "expires_at": NOW + things.DAY}
        invite = Invite.objects.create(address="new@parcel.example", nonce="one", **said)
        first = Invite.objects.create(address="", nonce="two", **said)
        return {
            Thing.SESSION: session.pk,
            Thing.INVITE: invite.pk,
            Thing.INVITE_TOKEN: invite_token(invite),
            Thing.SET_UP_TOKEN: invite_token(first),
        }

    @cached_property
    def wished(self) -> dict[Thing, Any]:
        """Of somebody who asks for nothing else here, and of one who was forgotten."""
        who = things.handle("wanda@example.net", name="Wanda").customer
        said = {"reason": "dispute", "words": "Claim 7", "until": NOW + things.DAY}
        return {
            Thing.WISH: privacy.ask(who, by=None, now=NOW).pk,
            Thing.HOLD: privacy.hold(who, **said, by=self.shop.lea, now=NOW).pk,
            Thing.ERASURE: Erasure.objects.create(customers=[0], because="asked", begun_at=NOW).pk,
        }

    @cached_property
    def delivery(self) -> Delivery:
        """Of the whole house. Its endpoint lies inside a network, so the trial that the matrix sends goes nowhere."""
        endpoint = Endpoint.objects.create(
            name="Warehouse", url="https://127.0.0.1/", secret_made_at=NOW, once="warehouse", made_at=NOW, position=0
        )
        return Delivery.objects.create(
            endpoint=endpoint, position=1, message_id="evt_1", kind="CaseOpened", made_at=NOW, next_try_at=NOW
        )

    def order(self, place: str, who: Handle) -> dict[Thing, Any]:
        """What somebody bought, and a file that was looked at; both are of the whole house."""
        given = Given(reference=f"order of {place}", customer=who.customer_id)
        noted = orders.note(given, by=None, now=NOW).order
        assert noted
        columns = {"places": {"reference": 0, "address": 1}, "day_first": True, "cancelled_by": "company"}
        raw = b"order,email\n7,dora@example.net\n"
        upload = orders.keep_file(name="orders.csv", raw=raw, columns=columns, rows=1, by=None, now=NOW)
        return {Thing.ORDER: noted.pk, Thing.ORDER_FILE: upload.pk}

    def cohort(self, about: str, case: Case, mark: str) -> dict[Thing, Any]:
        """Who is affected: put together still, frozen with one member for the sake of a case, and a list."""
        draft, cohort = (
            cohorts.draft(about=about, conditions=Every(), by=self.shop.sam, now=NOW, name=f"Those of {mark}")
            for _nth in range(2)
        )
        cohorts.add(cohort, customers=[case.customer_id], why=f"case:{case.pk}", by=self.shop.sam, now=NOW)
        cohorts.freeze(cohort, by=self.shop.sam, now=NOW)
        made = uploading.upload(name="people.csv", raw=b"dora@example.net\n", by=self.shop.sam, now=NOW)
        member = Member.objects.get(cohort=cohort)
        return {
            Thing.DRAFT: draft.pk,
            Thing.COHORT: cohort.pk,
            Thing.CONCERN: about,
            Thing.MEMBER: member.pk,
            Thing.LIST: made.pk,
        }

    def merge(self, who: Handle, place: str) -> Merge:
        once = things.handle(f"{place.replace(' ', '.')}@example.com", name="Once")
        return people.merge(front=who.customer, merged=once.customer, by=self.shop.lea, now=NOW)

    def letter(self, case: Case, mark: str) -> Letter:
        return post.hand_over(
            key=f"matrix:{mark}:{case.pk}",
            to_address="ann@example.net",
            subject=f"About {mark}",
            text=mark,
            because=f"case:{case.pk}",
            customer_id=case.customer_id,
            automatic=False,
            now=NOW,
        )


#: What everybody sees of the record.
PUBLIC: dict[Thing, Any] = {
    Thing.POSITION: 1,
    Thing.TILE: ("0", "000.p/1"),
    Thing.BUNDLE: "000.p/1",
    Thing.MONTH: "2026-11",
}
NOTHING: dict[Thing, Any] = {
    **dict.fromkeys(Thing, 2**40),
    Thing.PUBLIC_REMEDY: "00000000-0000-4000-8000-000000000000",
    Thing.PUBLIC_PROMISE: "00000000-0000-4000-8000-000000000000",
    **dict.fromkeys((Thing.LINK_TOKEN, Thing.INVITE_TOKEN, Thing.SET_UP_TOKEN), "1.guessed~guessed"),
    Thing.RESET_KEY: "guessed",
    Thing.CONCERN: f"incident:{2**40}",
    Thing.CHAT_KEY: "guessed-by-somebody",
    Thing.CALLED: ("zammad", 999_999_999),
    Thing.EXEMPTION: (2**40, 2**40),
    Thing.BREACH_REPORT: (2**40, 2**40),
    Thing.INCIDENT_LINE: (2**40, 2**40),
    Thing.RECIPIENT: (2**40, 2**40),
    Thing.INCIDENT_DRAFT: (2**40, 2**40),
    Thing.INCIDENT_CASE: (2**40, 2**40),
    Thing.TILE: ("0", "999"),
    Thing.MONTH: "2031-01",
    Thing.TOLD_INCIDENT: "00000000-0000-4000-8000-000000000000",
    Thing.PART_KIND: "planet",
    Thing.PART: ("component", 2**40),
    Thing.SUBSCRIBER_TOKEN: "1.guessed~guessed",
    Thing.BUNDLE: "x001/000.p/1",
    Thing.TREES: ("1", str(2**40)),
}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Made once, in a transaction that is undone; every question asked of it undoes what it did."""
    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False), transaction.atomic():
        yield furnished()
        transaction.set_rollback(True)


def told_incident() -> Any:
    """What stands on the public page, for everybody."""
    begun = incidents.begin(
        title="Vans stand still", sort="late", happened_at=NOW, next_word_at=NOW + timedelta(days=1), by=None, now=NOW
    )
    incidents.say(
        begun, kind="began", words="No van left.", happened_at=NOW, by=None, now=NOW,
        next_word_at=NOW + timedelta(days=1), in_public=True,
    )  # fmt: skip
    return begun.public_id


def public_page() -> dict[Thing, Any]:
    """What leads arrange on it, and somebody who wants to be written to."""
    component = status.name(Component, None, name="Shop", by=None, now=NOW)
    planned = status.say(
        None,
        title="New tills",
        words="",
        from_at=NOW + timedelta(days=1),
        until=NOW + timedelta(days=2),
        by=None,
        now=NOW,
    )
    subscriber = Subscriber.objects.create(address="dora@example.net", nonce="n" * 22, asked_at=NOW)
    return {
        Thing.PART_KIND: "component",
        Thing.PART: ("component", component.pk),
        Thing.PLANNED: planned.pk,
        Thing.SUBSCRIBER_TOKEN: subscriber_token(subscriber),
    }


def furnished() -> World:
    shop = Shop()
    made = World(shop)
    returns = Team.objects.create(name="Returns")
    conduct = Team.objects.create(name="Conduct", is_closed=True)
    left = things.staff("leo@parcel.example", role="admin", team=conduct)
    made.furnish("own", shop.ann, shop.team, "Ordinary")
    made.furnish("other team", shop.ann, returns, "Ordinary")
    made.furnish("closed team", shop.ann, conduct, CLOSED_MARK)
    made.furnish("other customer", shop.bob, shop.team, BOB_MARK)
    told = {Thing.TOLD_INCIDENT: told_incident(), **public_page()}
    assert seal(now=NOW)
    for place in made.places.values():
        place |= PUBLIC | {Thing.HEAD: head(), Thing.TREES: ("1", str(head()))}
        place |= told
    made.places["missing"] = NOTHING
    made.people = {
        "agent": shop.sam,
        "lead": shop.lea,
        "member": things.staff("cal@parcel.example", team=conduct),
        "auditor": shop.aud,
        "admin": things.staff("kim@parcel.example", role="admin"),
        "left": left,
    }
    made.browsers = {name: signed_in(staff, shown_at=NOW) for name, staff in made.people.items()}
    made.browsers |= {"nobody": Client(), "customer": with_link(shop.link())}
    Staff.objects.filter(pk=left.pk).update(is_active=False)
    return made
