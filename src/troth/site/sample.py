"""The sample company that the first start shows, and the words of welcome.

Its past is replayed through the very actions that run in earnest, each at its own time, so that rows, letters and ledger agree.
All of it is one transaction: there is a whole sample or none.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import heapq
import hmac
import itertools
import logging
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from troth import reading
from troth.cases import actions as cases
from troth.cases.actions.giving import set_away
from troth.cases.models import Case, Message, Template
from troth.cases.rules import gate
from troth.cases.rules.corrections import Field
from troth.channels.chat import actions as chat
from troth.channels.files.carrier import FolderCarrier
from troth.clocks import watcher as clocks
from troth.ledger import actions as ledger
from troth.ledger import outside as log
from troth.orders import actions as orders
from troth.orders.rules.given import Given
from troth.people import actions as people
from troth.people import staffing
from troth.people.models import Calendar, Company, Customer, Handle, Staff, Team
from troth.people.queries import company, forget_firm, hours_of, invite_url, link_url
from troth.post import sending
from troth.post.models import UNDER_WAY
from troth.promises import actions as promises
from troth.promises import telling, watcher
from troth.promises.models import Promise
from troth.remedies import actions as remedies
from troth.remedies.rules.money import money
from troth.remedies.rules.policy import Policy, Standard
from troth.remedies.rules.profiles import Profile, ready
from troth.site import sample_breach, sample_incidents, sample_prevention, sample_status
from troth.site import sample_story as story
from troth.words.hours import round_the_clock
from troth.words.messages import Direction
from troth.words.promises import MissReason, Sort
from troth.words.refs import ref
from troth.words.remedies import Occasion, Remedy

#: Two processes of one first start take turns.
MAKING = 0x7207_5A3E
#: Said of the schema once the sample was removed, so that the next start does not bring it back.
REMOVED = "Troth: the sample was removed."


def ensure_sample(now: datetime | None = None) -> bool:
    """Make the sample company where there is nothing yet; whether it was made. `TROTH_SAMPLE=no` prevents it."""
    made = False
    if settings.TROTH_SAMPLE:
        with _one_transaction():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [MAKING])
            if _is_empty() and not _was_removed():
                shutil.rmtree(_staging(), ignore_errors=True)
                Replay(now=now or timezone.now()).run()
                made = True
    _hand_out_letters()
    return made


def _is_empty() -> bool:
    return not any(model.objects.exists() for model in (Company, Staff, Customer))


def _was_removed() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT obj_description(current_schema()::regnamespace)")
        [said] = cursor.fetchone()
    return bool(said == REMOVED)


def _staging() -> Path:
    return Path(settings.TROTH_DATA) / "letters-of-the-sample"


def _hand_out_letters() -> None:
    """The sample's letters join the others once its transaction stands; safe to repeat."""
    if not _staging().is_dir():
        return
    letters = settings.TROTH_DATA / "letters"
    letters.mkdir(parents=True, exist_ok=True, mode=0o700)
    for letter in _staging().iterdir():
        letter.replace(letters / letter.name)
    _staging().rmdir()


def sample_password() -> str:
    """The sample staff's password: made of the installation's own key, so it is no one else's and can be told again."""
    digest = hmac.digest(settings.SECRET_KEY.encode(), b"troth.site.sample.1", "sha256").hex()
    return f"{digest[:4]}-{digest[4:8]}-{digest[8:12]}"


class Replay:
    """The story, told through the actions: each step at its time, and between the steps whatever the watcher does."""

    def __init__(self, *, now: datetime) -> None:
        self.now = now
        self.staff: dict[str, Staff] = {}
        self.handles: dict[str, Handle] = {}
        self._steps: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self._numbers = itertools.count()
        self._carrier = FolderCarrier(_staging())
        self._dice = Random(20_260_401)  # noqa: S311 - odd seconds, no secret

    def run(self) -> None:
        self._settle_in()
        for one in (*story.PAST, *story.PRESENT):
            self._plan(one)
        looked_at = [(one, "sam", True) for one in story.LOOKED_AT] + [
            (one, "ines", False) for one in story.COME_ACROSS
        ]
        for number, (said, who, drawn) in enumerate(looked_at):
            at = self.now - timedelta(days=2) + timedelta(seconds=25 * number)
            self._at(at, functools.partial(self._look_at, said, who, drawn))
        self._at(self.now - timedelta(hours=1), self._link)
        self._at(self.now - timedelta(days=40), self._limit)
        self._at(self.now - timedelta(hours=1), self._order)
        sample_status.tell(self._at, staff=self.staff, now=self.now)
        self._at(self.now - timedelta(minutes=50), self._make_good)
        for at, do in (
            *sample_prevention.steps(self.staff, now=self.now),
            *sample_breach.steps(self.staff, now=self.now),
        ):
            self._at(at, do)
        sample_incidents.tell(self._at, staff=self.staff, handles=self.handles, carrier=self._carrier, now=self.now)
        while self._steps:
            at, _number, do = heapq.heappop(self._steps)
            self._work_until(at)
            do(at)
        self._work_until(self.now)
        clocks.look_ahead(now=self.now)
        who, since, until = story.AWAY
        away, back = self.now + timedelta(hours=since), self.now + timedelta(hours=until)
        set_away(self.staff[who], since=away, until=back, now=self.now)
        while ledger.seal(now=self.now):
            pass
        while remedies.look_ahead(now=self.now):  # what the standard owes for an order that is late
            self._work_until(self.now)
            ledger.seal(now=self.now)
        Company.objects.update(encloses_receipts=True)
        forget_firm()

    def _settle_in(self) -> None:
        calendar = Calendar.objects.create(
            name=_("Round the clock"), plain=round_the_clock(story.ZONE).to_plain()
        )  # always open, so that the story moves whenever it is looked at
        # Its past is sealed when all of it is told: until then letters have no receipts to wait for.
        Company.objects.create(pk=1, name=story.COMPANY, calendar=calendar, is_sample=True, encloses_receipts=False)
        forget_firm()
        teams = {
            name: Team.objects.create(name=name, heads_up_by_itself=by_itself)
            for name, by_itself in story.TEAMS.items()
        }
        password = make_password(sample_password())  # once: a good hash takes its time
        for key, name, role, team in story.STAFF:
            self.staff[key] = Staff.objects.create(
                email=f"{key}@{story.DOMAIN}",
                password=password,
                name=name,
                role=role,
                team=teams[team] if team else None,
                zone=story.ZONE,
            )
        # Its own page is named beside the desk's, which may always show it, to try it (Settings, Chat).
        chat.make_site(name=_("The shop"), lines=[story.SHOP], team=None, by=None, now=self.now)
        Template.objects.bulk_create(Template(name=name, text=text) for name, text in story.TEMPLATES)

    def _plan(self, one: story.Story) -> None:
        begins = self.now - timedelta(hours=one.ago)
        if one.ago >= story.days(2):
            begins += timedelta(seconds=self._dice.randrange(2400))
        opened: list[Case] = []
        self._at(begins, lambda at: opened.append(self._write(one.who, one.subject, one.text, None, at)))
        for step in one.steps:
            self._at(begins + timedelta(hours=step.hour), self._doing(step, one, opened, begins))

    def _at(self, at: datetime, do: Callable[[datetime], None]) -> None:
        heapq.heappush(self._steps, (at, next(self._numbers), do))

    def _doing(
        self, step: story.Step, one: story.Story, opened: list[Case], begins: datetime
    ) -> Callable[[datetime], None]:
        def do(at: datetime) -> None:
            case = Case.objects.select_related("customer").get(pk=opened[0].pk)
            self._do(step, one, case, begins, at)

        return do

    # What people do

    def _do(self, step: story.Step, one: story.Story, case: Case, begins: datetime, at: datetime) -> None:
        if isinstance(step, story.Writes):
            self._write(one.who, one.subject, step.text, case, at)
        elif isinstance(step, story.Reply):
            self._reply(step, case, begins, at)
        elif isinstance(step, story.Verdict):
            promises.give_verdict(self._promise(case), kept=step.kept, now=at)
        elif isinstance(step, story.Note):
            cases.write_note(case, staff=self.staff[step.by], text=step.text, now=at)
        elif isinstance(step, story.Snoozed):
            cases.snooze(case, until=begins + timedelta(hours=step.until), by=self.staff[step.by], now=at)
        elif isinstance(step, story.Resolved):
            cases.set_status(case, status=Case.Status.RESOLVED, by=self.staff[step.by], now=at)
        else:
            self._promised(step, self._promise(case), begins, at)

    def _promised(
        self,
        step: story.Kept | story.Moved | story.LetOff | story.GivenUp | story.Explained,
        promise: Promise,
        begins: datetime,
        at: datetime,
    ) -> None:
        by = self.staff[step.by]
        if isinstance(step, story.Kept):
            promises.keep(promise, by=by, now=at)
        elif isinstance(step, story.Moved):
            to = _said_time(begins + timedelta(hours=step.to), now=self.now)
            promises.move(promise, to=to, words=step.words, reason=step.reason, by=by, now=at)
        elif isinstance(step, story.LetOff):
            promises.release(promise, reason=step.reason, by=by, now=at)
        elif isinstance(step, story.GivenUp):
            promises.give_up(promise, reason=step.reason, by=by, now=at)
        else:
            promises.explain(promise, reason=MissReason(step.reason), by=by, now=at)

    def _write(self, who: str, subject: str, text: str, case: Case | None, at: datetime) -> Case:
        if who not in self.handles:
            name = story.CUSTOMERS[who]
            address = f"{name.lower().replace(' ', '.')}@mail.example"
            self.handles[who] = people.find_or_make_customer(address=address, name=name, now=at, sample=True)
        message = cases.open_or_join(
            handle=self.handles[who],
            case_id=case.pk if case else None,
            subject=subject,
            text=text,
            message_id=f"<{hashlib.sha256(f'{who} {at}'.encode()).hexdigest()[:24]}@mail.example>",
            at=at,
            verified=True,
            now=at,
        )
        if case is None:
            cases.acknowledge(message, now=at + timedelta(seconds=1))
        return message.case

    def _order(self, at: datetime) -> None:
        """What some of them bought. The shop tells of it today, so that only what is still to come is promised here."""
        noted = orders.note_all(
            [
                Given(
                    reference=reference,
                    customer=self.handles[who].customer_id,
                    product=product,
                    place=place,
                    amount=Decimal(amount),
                    currency="GBP",
                    ordered_at=at - timedelta(days=ago),
                    promised_for=at + timedelta(days=due),
                    delivered_at=None if came is None else at + timedelta(days=came),
                )
                for reference, who, product, place, amount, ago, due, came in story.ORDERS
            ],
            by=self.staff["sam"],
            now=at,
        )
        assert all(one.is_new for one in noted)

    def _limit(self, at: datetime) -> None:
        """Who may offer what, and what is owed for an order that is late."""
        late = Standard(
            name=story.STANDARD, on=Occasion.LATE_DELIVERY, sort=Remedy.COMPENSATION, pays=money("10", "GBP")
        )
        limits = ready(Profile.GOODWILL).limits
        remedies.set_policy(Policy(limits=limits, standards=(late,)), by=self.staff["sam"], now=at)

    def _make_good(self, at: datetime) -> None:
        """One is beyond who offers it and waits, one is on offer, one is owed, and one was given."""
        for subject, sort, what, amount, asks, reference in story.REMEDIES:
            case = Case.objects.select_related("customer").get(subject=subject)
            row = remedies.offer(
                about=ref("case", case.pk),
                customer=case.customer,
                team_id=case.team_id,
                sort=sort,
                what=what,
                money=money(amount, "GBP") if amount else None,
                asks=asks,
                by=self.staff["ines"],
                now=at,
            )
            if reference:
                given_at = at + timedelta(minutes=20)
                remedies.give(row, given_at=given_at, reference=reference, by=self.staff["ines"], now=given_at)

    def _link(self, at: datetime) -> None:
        """The cases that share a cause, to the one that was first."""
        parent = Case.objects.get(subject=story.CAUSE)
        for case in Case.objects.filter(subject__in=story.OF_THE_CAUSE).order_by("pk"):
            cases.link(case, parent=parent, by=self.staff["sam"], now=at)

    def _look_at(self, said: story.LookedAt, who: str, drawn: bool, at: datetime) -> None:
        message = Message.objects.filter(case__subject=said.subject).earliest("pk")
        values: dict[Field, list[str]] = {
            Field.KIND: [said.kind],
            Field.CAUSES: [said.cause] if said.cause else [],
            Field.EMOTIONS: [said.emotion] if said.emotion else [],
            Field.URGENCY: [said.urgency],
            Field.REMEDIES: [said.remedy] if said.remedy else [],
        }
        cases.correct(message.pk, said=values, drawn=drawn, by=self.staff[who], now=at)

    def _reply(self, step: story.Reply, case: Case, begins: datetime, at: datetime) -> None:
        due = _said_time(begins + timedelta(hours=step.due), now=self.now) if step.due is not None else None
        text = f"Hello {case.customer.name.split()[0]},\n\n{step.text}"
        if due:
            local = due.astimezone(ZoneInfo(story.ZONE))
            text = text.replace("{by}", f"{local:%A} {local.day} {local:%B} at {local:%H:%M}")
        found = reading.read(text, at=at, calendar=hours_of(), direction=Direction.OUTBOUND).promises
        answers = [
            gate.Answer(
                quote=promise.quote,
                choice=_choice(step),
                what=promise.what,
                due=due,
                condition=promise.condition,
                nth=nth,
            )
            for (_quote, nth), promise in gate.keyed(found)
        ]
        by = self.staff[step.by]
        cases.send_reply(case, staff=by, text=text, answers=answers, status_after=step.status, now=at)

    def _promise(self, case: Case) -> Promise:
        """What was promised in the case, last."""
        return Promise.objects.filter(about=ref("case", case.pk), sort=Sort.DEED).order_by("-pk")[0]

    # What happens by itself

    def _work_until(self, until: datetime) -> None:
        """Do what waits, at the moments it waits for: replies leave, letters are delivered, the watcher looks."""
        while True:
            leaves, goes, looks = _waiting()
            at = min((moment for moment in (leaves, goes, looks) if moment), default=None)
            if at is None or at > until:
                return
            if at == leaves:
                cases.leave(now=at)
            elif at == goes:
                sending.sweep(carrier=self._carrier, clock=lambda at=at: at)  # type: ignore[misc]
                telling.settle_tellings(now=at)
            else:
                watcher.look_ahead(now=at)


def _waiting() -> tuple[datetime | None, datetime | None, datetime | None]:
    """When the next reply leaves, the next letter goes, the next promise is looked at."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT min(leaves_at) FROM cases_reply WHERE state = 'held'),"
            " (SELECT min(next_try_at) FROM post_letter WHERE state = ANY(%s) AND NOT bulk),"
            " (SELECT min(look_again_at) FROM promises_promise)",
            [[str(state) for state in UNDER_WAY]],
        )
        leaves, goes, looks = cursor.fetchone()
    return leaves, goes, looks


@contextmanager
def _one_transaction() -> Iterator[None]:
    """The actions' own transactions become plain parts of this one: half as many statements, and one fault undoes it all."""
    with transaction.atomic():
        connection.features.uses_savepoints = False
        logging.disable(logging.INFO)  # a hundred letters of long ago are no news
        try:
            yield
        finally:
            logging.disable(logging.NOTSET)
            connection.features.uses_savepoints = True


def _choice(step: story.Reply) -> gate.Choice:
    if step.armed:
        return gate.Choice.ARMED
    return gate.Choice.PROMISE if step.due is not None else gate.Choice.NOT_A_PROMISE


def _said_time(at: datetime, *, now: datetime) -> datetime:
    """A time as people name it: the full hour, but for what falls due within the hour."""
    if abs(at - now) < timedelta(hours=1):
        return at.astimezone(UTC).replace(second=0, microsecond=0)
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


# Away with it


class NotASample(ValueError):
    """What is here must not be removed; the message says why and what to do instead."""


def what_goes(*, everything: bool = False) -> str:
    """What removing the sample takes away, as a sentence; raises NotASample where it would take more than the sample.

    With *everything*, the customers who came to it since go too: a talk that was noted to try it, a message by the web form.
    """
    found = company()
    if found is None or not found.is_sample:
        raise NotASample(_("This installation does not show the sample company, so there is nothing to remove."))
    own = Customer.objects.filter(is_sample=False).count()
    if own and not everything:
        raise NotASample(
            ngettext(
                "One customer here is not the sample's (they wrote, or you noted a talk), and removing the sample would "
                "take them along. If they were only tried out, say `troth sample remove --everything`. Else set up your "
                "company in a new database (DATABASE_URL), or with another TROTH_DATA, and leave this one as it is.",
                "%(count)s customers here are not the sample's (they wrote, or you noted a talk), and removing the sample "
                "would take them along. If they were only tried out, say `troth sample remove --everything`. Else set up "
                "your company in a new database (DATABASE_URL), or with another TROTH_DATA, and leave this one as it is.",
                own,
            )
            % {"count": own}
        )
    hired = Staff.objects.exclude(email__endswith=f"@{story.DOMAIN}").count()
    values = {"company": found.name, "cases": Case.objects.count(), "hired": hired, "own": own}
    if own:
        return (
            _(
                "All of %(company)s goes: its %(cases)s cases, its letters, %(own)s customers who came since, and %(hired)s"
                " staff you added."
            )
            % values
        )
    return _("All of %(company)s goes: its %(cases)s cases, its letters, and %(hired)s staff you added.") % values


def remove_sample(*, everything: bool = False) -> None:
    """Take the sample away whole; raises NotASample. The ledger refuses deletion, so the tables are made anew, empty."""
    with transaction.atomic(), connection.cursor() as cursor:
        # Nobody may add a customer between the question and the answer.
        cursor.execute("LOCK TABLE people_customer IN ACCESS EXCLUSIVE MODE")
        what_goes(everything=everything)
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
        cursor.execute(f"COMMENT ON SCHEMA public IS '{REMOVED}'")
    log.forget()  # it was the log of these tables; the next begins with a key of its own
    ContentType.objects.clear_cache()
    forget_firm()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    for folder in (settings.TROTH_DATA / "letters", _staging()):
        for letter in folder.glob("*.eml"):
            letter.unlink(missing_ok=True)


# Welcome


def command() -> str:
    """The command as it can be typed here: by its name alone only where the shell would find it."""
    if shutil.which("troth"):
        return "troth"
    here = Path(sys.executable).with_name("troth")
    return str(here.relative_to(Path.cwd()) if here.is_relative_to(Path.cwd()) else here)


def welcome() -> str:
    """What the first lines on the terminal say: where it is, how to get in, what to do next."""
    found = company()
    if found and found.is_sample:
        return _welcome_to_sample(found)
    lines = [_("%(company)s is at %(url)s") % {"company": found.name if found else "Troth", "url": settings.TROTH_URL}]
    with contextlib.suppress(people.StaffThereAlready):
        link = staffing.make_set_up_link(now=timezone.now())
        lines += ["", _("Nobody runs it yet. This link lets you in once, for a day:"), invite_url(link)]
    return "\n".join(lines)


def _welcome_to_sample(found: Company) -> str:
    lines = [_("%(company)s is at %(url)s") % {"company": found.name, "url": settings.TROTH_URL}, ""]
    first, *others = story.STAFF
    if Staff.objects.filter(email=f"{first[0]}@{story.DOMAIN}").exists():
        rest = ", ".join(f"{key} ({role})" for key, _name, role, _team in others)
        lines += [
            _("Sign in:      %(email)s") % {"email": f"{first[0]}@{story.DOMAIN}"},
            _("Password:     %(password)s") % {"password": sample_password()},
            _("or as         %(others)s, with the same password") % {"others": rest},
        ]
    shown = Customer.objects.filter(is_sample=True, name=story.CUSTOMERS[story.SHOWN]).first()
    if shown:
        link = people.issue_link(customer_id=shown.pk, now=timezone.now())
        lines += [_("A customer:   %(link)s") % {"link": link_url(link)}]
    lines += ["", _("When you have seen enough: %(command)s sample remove") % {"command": command()}]
    return "\n".join(lines)
