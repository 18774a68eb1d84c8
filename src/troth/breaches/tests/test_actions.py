"""A breach from being aware to the register: every row, every fact, what is refused, and what nobody can change any more."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from tests.people_and_things import DAY, HOUR, NOW, company, handle, new_facts, staff

from troth.breaches import actions, checks, papers, things, watcher
from troth.breaches.models import Authority, Breach, Documented, Exemption, Report, RiskDecision
from troth.breaches.queries import facts_of, rows
from troth.breaches.rules.contents import Field, Lack, Part
from troth.breaches.rules.standing import Duty, Stands, steps
from troth.ledger.replay import of_all
from troth.notices.actions import cohorts, telling
from troth.notices.models import Notice, Text
from troth.notices.rules.conditions import Every
from troth.people.models import Staff, Team
from troth.post.models import Letter
from troth.site.verify import answer

pytestmark = pytest.mark.django_db

WHOLE: dict[str, Any] = {
    "nature": "A list of customers was sent to a supplier.",
    "people": "Customers", "people_count": 214, "records": "Names and addresses", "records_count": 214,
    "contact": "Kim, privacy@parcel.example", "consequences": "Unwanted letters.", "measures": "The list was deleted.",
    "how": "By the form on its page.",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _company() -> None:
    company()


@pytest.fixture
def lea() -> Staff:
    return staff("lea@parcel.example", role="lead")


def begun(lea: Staff, **values: Any) -> Breach:
    given: dict[str, Any] = {"title": "A list went astray", "happened_at": NOW - DAY, "aware_at": NOW, "now": NOW}
    return actions.begin_with_incident(**{**given, "next_word_at": NOW + 8 * HOUR, "by": lea, **values})


def authority() -> Authority:
    return actions.put_authority(name="Office of the Commissioner", reach="https://authority.example/breach")


def agree(*, at: Any = NOW) -> None:
    """Rows, facts and checks say the same."""
    assert [one.differences for one in of_all(things.BREACH)] == []
    assert [found.wrong for check in checks.checks() for found in answer(check, now=at)] == []


def test_a_report_in_phases_keeps_what_follows_and_ends_the_clock(lea: Staff) -> None:
    breach = begun(lea)
    first = {**WHOLE, "people_count": None, "measures": "", "to_follow": ["people_count", "measures"]}

    actions.write_report(breach, values=first, by=lea, now=NOW)
    with pytest.raises(actions.Incomplete) as lacks:
        actions.send_report(breach, by=lea, now=NOW + HOUR)
    actions.write_report(breach, values={"authority": authority(), "follows_by": NOW + 5 * DAY}, by=lea, now=NOW)
    sent = actions.send_report(breach, by=lea, now=NOW + 2 * HOUR)

    assert lacks.value.missing == [Lack.FOLLOWS_BY, Lack.AUTHORITY]
    assert (breach.reported_at, breach.follows_by) == (NOW + 2 * HOUR, NOW + 5 * DAY)
    assert breach.look_again_at == NOW + 4 * DAY  # of the 72 hours nothing is left; what follows is watched
    assert sent.sent_to == "Office of the Commissioner"

    second = actions.write_report(breach, values={"to_follow": []}, by=lea, now=NOW + 3 * DAY)
    assert (second.phase, second.people, second.people_count) == (
        2,
        "Customers",
        None,
    )  # it begins as the first one ended
    with pytest.raises(actions.Incomplete) as lacks:
        actions.send_report(breach, by=lea, now=NOW + 3 * DAY)
    assert lacks.value.missing == [Field.PEOPLE_COUNT, Field.MEASURES]
    actions.write_report(breach, values={"people_count": 9, "measures": "All deleted."}, by=lea, now=NOW + 3 * DAY)
    actions.send_report(breach, by=lea, now=NOW + 3 * DAY)
    assert actions.acknowledge(sent, receipt="LfD-17", by=lea, now=NOW + 3 * DAY)
    assert not actions.acknowledge(sent, receipt="LfD-18", by=lea, now=NOW + 3 * DAY)

    assert (breach.follows_by, breach.look_again_at) == (None, None)
    told = [
        (kind, said["phase"], said["in_time"], said["to_follow"])
        for kind, said in new_facts(breach.ref)
        if "phase" in said
    ]
    assert told == [("AuthorityReported", 1, True, 2), ("AuthorityReported", 2, True, 0)]
    agree(at=NOW + 3 * DAY)


def test_late_it_says_why_and_the_fact_says_that_it_was_late(lea: Staff) -> None:
    breach, late = begun(lea), NOW + 73 * HOUR
    actions.write_report(breach, values={**WHOLE, "authority": authority()}, by=lea, now=NOW)

    with pytest.raises(actions.Incomplete) as lacks:
        actions.send_report(breach, by=lea, now=late)
    with pytest.raises(ValueError, match="left after we knew"):
        actions.send_report(breach, by=lea, now=late, sent_at=NOW - HOUR)
    actions.write_report(breach, values={"reason_for_delay": "It was a Friday."}, by=lea, now=late)
    watcher.look_ahead(now=late)
    actions.send_report(breach, by=lea, now=late)

    assert lacks.value.missing == [Lack.REASON_FOR_DELAY]
    told = dict(new_facts(breach.ref))
    assert told["AuthorityReported"]["in_time"] is False
    assert breach.missed_at == NOW + 72 * HOUR
    agree(at=late)


def test_the_clock_warns_the_owner_then_the_leads_and_says_once_what_was_missed(lea: Staff) -> None:
    sam = staff()
    breach = begun(lea, owner=sam)

    said = []
    for hours in (23, 24, 24, 48, 66, 71, 72, 72, 200):
        watcher.look_ahead(now=NOW + hours * HOUR)
        said.append(Breach.objects.get(pk=breach.pk).said)

    assert said == [0, 1, 1, 2, 3, 3, 4, 4, 4]
    told = [(kind, fields["warned"]) for kind, fields in new_facts(breach.ref) if kind.startswith("BreachDeadline")]
    assert told == [
        ("BreachDeadlineNear", sam.reference),
        ("BreachDeadlineNear", sam.reference),
        ("BreachDeadlineNear", f"{sam.reference},{lea.reference}"),
        ("BreachDeadlineMissed", f"{sam.reference},{lea.reference}"),
    ]
    letters = Letter.objects.filter(because=breach.ref).order_by("pk")
    assert [letter.to_address for letter in letters] == [sam.email] * 3 + [lea.email, sam.email, lea.email]
    assert "within 48 hours" in letters[0].subject
    assert "was not reported" in letters[5].subject
    agree(at=NOW + 200 * HOUR)


def test_a_worker_that_was_away_says_the_latest_alone_and_one_that_fails_stops_no_other(
    lea: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = begun(lea, aware_at=NOW - HOUR), begun(lea)
    real = watcher._say_clock

    def says(row: Breach, *values: Any, **named: Any) -> None:
        if row.pk == bad.pk:
            raise RuntimeError("no")
        real(row, *values, **named)

    monkeypatch.setattr(watcher, "_say_clock", says)

    watcher.look_ahead(now=NOW + 90 * HOUR)

    assert [kind for kind, _ in new_facts(good.ref)] == ["BreachAware", "BreachDeadlineMissed"]
    assert Letter.objects.filter(because=good.ref).count() == 1
    assert Breach.objects.get(pk=bad.pk).look_again_at == NOW + 90 * HOUR + watcher.PUT_OFF


def test_what_was_to_follow_is_warned_of_and_missed_once(lea: Staff) -> None:
    breach = begun(lea)
    values = {**WHOLE, "authority": authority(), "to_follow": ["records"], "follows_by": NOW + 3 * DAY}
    actions.write_report(breach, values=values, by=lea, now=NOW)
    actions.send_report(breach, by=lea, now=NOW)

    for hours in (47, 48, 49, 72, 73, 100):
        watcher.look_ahead(now=NOW + hours * HOUR)

    told = [(kind, said["what"]) for kind, said in new_facts(breach.ref) if kind.startswith("BreachDeadline")]
    assert told == [("BreachDeadlineNear", "follow"), ("BreachDeadlineMissed", "follow")]
    agree(at=NOW + 100 * HOUR)


def test_an_exemption_goes_with_its_risk_and_comes_back_with_the_clock(lea: Staff) -> None:
    breach = begun(lea)
    with pytest.raises(actions.DoesNotFit):
        actions.claim(breach, sort="no_risk", reason="It was encrypted.", by=lea, now=NOW)
    actions.decide(breach, level="none", reason="It was encrypted.", by=lea, now=NOW)
    with pytest.raises(actions.NoReason):
        actions.claim(breach, sort="no_risk", reason=" ", by=lea, now=NOW)
    actions.claim(breach, sort="no_risk", reason="It was encrypted.", by=lea, now=NOW)
    assert breach.look_again_at is None

    actions.decide(breach, level="high", reason="The key was with it.", by=lea, now=NOW + HOUR)
    assert breach.look_again_at == NOW + 24 * HOUR
    assert breach.high_since == NOW + HOUR
    with pytest.raises(actions.NeedsPublicWord):
        actions.claim(breach, sort="effort", reason="A million people.", by=lea, now=NOW)
    effort = actions.claim(
        breach, sort="effort", reason="A million people.", instead="On our front page.", by=lea, now=NOW + HOUR
    )
    with pytest.raises(actions.DoesNotFit):
        actions.claim(breach, sort="averted", reason="The key was changed.", by=lea, now=NOW)
    assert facts_of(rows().get()).is_exempt_from_telling
    assert actions.take_back_exemption(effort, reason="We have their addresses.", by=lea, now=NOW + 2 * HOUR)
    assert not actions.take_back_exemption(effort, reason="Again.", by=lea, now=NOW + 2 * HOUR)
    actions.decide(breach, level="high", reason="Still.", by=lea, now=NOW + 3 * HOUR)

    assert breach.high_since == NOW + HOUR
    assert [kind for kind, _ in new_facts(breach.ref)] == [
        "BreachAware", "RiskDecided", "ExemptionClaimed", "RiskDecided", "ExemptionClaimed", "ExemptionTakenBack", "RiskDecided",
    ]  # fmt: skip
    agree(at=NOW + 3 * HOUR)


def test_it_is_closed_once_nothing_is_asked_and_stays_in_the_register(lea: Staff) -> None:
    breach = begun(lea)
    with pytest.raises(actions.NotSettled) as left:
        actions.close(breach, by=lea, now=NOW)
    assert left.value.open == [Duty.DECIDE, Duty.REPORT, Duty.DOCUMENT]
    with pytest.raises(actions.BreachAlready):
        actions.begin(breach.incident, aware_at=NOW, by=lea, now=NOW)

    said = {"facts_said": "A list.", "effects": "None known.", "action": "Deleted."}
    assert actions.document(breach, **said, by=lea, now=NOW)
    assert actions.document(breach, **said, by=lea, now=NOW) is None
    actions.decide(breach, level="none", reason="Encrypted.", by=lea, now=NOW)
    actions.claim(breach, sort="no_risk", reason="Encrypted.", by=lea, now=NOW)
    assert actions.close(breach, by=lea, now=NOW + HOUR)
    assert not actions.close(breach, by=lea, now=NOW + HOUR)
    assert breach.look_again_at is None
    assert actions.reopen(breach, by=lea, now=NOW + 2 * HOUR)
    agree(at=NOW + 2 * HOUR)


def test_we_may_have_known_earlier_and_a_processor_tells_its_controller(lea: Staff) -> None:
    breach = begun(lea, party="processor", controller="Quill Ltd")
    with pytest.raises(actions.NoReason):
        actions.correct_aware(breach, aware_at=NOW - HOUR, reason="", by=lea, now=NOW)
    actions.correct_aware(breach, aware_at=NOW - HOUR, reason="The mail came at nine.", by=lea, now=NOW)

    assert breach.report_by == NOW + 71 * HOUR
    assert breach.look_again_at is None  # it is the controller's to report (GDPR 33(2))
    assert actions.note_controller(breach, told_at=NOW, by=lea, now=NOW)
    assert not actions.note_controller(breach, told_at=NOW, by=lea, now=NOW)
    agree()


def test_a_report_that_turns_out_to_be_late_says_why(lea: Staff) -> None:
    breach, sent_at = begun(lea, happened_at=NOW - 3 * DAY), NOW + 71 * HOUR
    actions.write_report(breach, values={**WHOLE, "authority": authority()}, by=lea, now=sent_at)
    actions.send_report(breach, by=lea, now=sent_at)
    late = {"aware_at": NOW - 2 * HOUR, "reason": "The mail came at nine.", "by": lea, "now": sent_at}

    with pytest.raises(actions.NoReasonForDelay):
        actions.correct_aware(breach, **late)  # type: ignore[arg-type]
    actions.correct_aware(breach, delay="It lay in a folder.", **late)  # type: ignore[arg-type]

    row = rows().get(pk=breach.pk)
    [told] = [one for one in steps(facts_of(row), now=sent_at) if one.duty is Duty.REPORT]
    assert (told.stands, told.was_late) == (Stands.DONE, True)
    assert papers.plain(row)["reasons_for_delay"] == ["It lay in a folder."]
    agree(at=sent_at)
    with connection.cursor() as cursor:
        cursor.execute(
            "SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE breaches_correction DISABLE TRIGGER correction_stays"
        )
        cursor.execute("UPDATE breaches_correction SET delay = ''")
    assert [one.differences for one in of_all(things.BREACH)] != []
    assert [found.wrong for check in checks.checks() for found in answer(check, now=sent_at)] != []


LETTER = {
    "subject": "Your address got out", "nature": "A list with your name and address was sent to a supplier by mistake.",
    "consequences": "You may get letters you did not ask for.", "measures": "The supplier deleted the list the same day.",
    "advice": "Tell us if you get such letters; you need do nothing else.", "contact": "Kim, privacy@parcel.example",
}  # fmt: skip


def test_the_people_concerned_are_told_whole_or_not_at_all(lea: Staff) -> None:
    breach = begun(lea)
    actions.decide(breach, level="high", reason="Birthdays.", by=lea, now=NOW)
    cohort = cohorts.draft(about=breach.incident.ref, conditions=Every(), by=lea, now=NOW)
    cohorts.add(cohort, customers=[handle().customer_id], by=lea, now=NOW)
    texts = {"en": {**LETTER, "advice": ""}, "de": {}}

    with pytest.raises(actions.LetterIncomplete):
        actions.tell(breach, by=lea, now=NOW)
    actions.write_letter(breach, texts=texts, cohort=None, by=lea, now=NOW)
    with pytest.raises(actions.LetterIncomplete) as lacks:
        actions.tell(breach, by=lea, now=NOW)
    assert lacks.value.missing == [("en", Part.ADVICE)]
    actions.write_letter(breach, texts={"en": LETTER, "de": {}}, cohort=None, by=lea, now=NOW)
    with pytest.raises(actions.NobodyChosen):
        actions.tell(breach, by=lea, now=NOW)
    assert not Notice.objects.exists()

    actions.write_letter(breach, texts={"en": LETTER, "de": {}}, cohort=cohort, by=lea, now=NOW)
    notice = actions.tell(breach, by=lea, now=NOW)
    [text] = Text.objects.filter(notice=notice)

    assert (notice.sort, notice.is_duty, notice.about) == ("breach", True, breach.incident.ref)
    assert text.subject == LETTER["subject"]
    assert all(words in text.words for part, words in LETTER.items() if part != "subject")
    assert "What you can do\nTell us" in text.words
    watcher.look_ahead(now=NOW + timedelta(seconds=9))
    assert not any(kind == "PeopleTold" for kind, _ in new_facts(breach.ref))  # it can still be taken back
    for _ in range(2):
        watcher.look_ahead(now=NOW + timedelta(seconds=10))
    assert [kind for kind, _ in new_facts(breach.ref)].count("PeopleTold") == 1
    assert Breach.objects.get().told_at == NOW
    agree()


def test_who_wants_a_second_reader_waits_for_one_and_other_words_are_read_again(lea: Staff) -> None:
    breach = begun(lea)
    cohort = cohorts.draft(about=breach.incident.ref, conditions=Every(), by=lea, now=NOW)
    cohorts.add(cohort, customers=[handle().customer_id], by=lea, now=NOW)
    team = Team.objects.create(name="Care", notices_want_second=True)
    Staff.objects.filter(pk=lea.pk).update(team=team)
    lea.refresh_from_db()
    actions.write_letter(breach, texts={"en": LETTER}, cohort=cohort, by=lea, now=NOW)

    notice = actions.tell(breach, by=lea, now=NOW)
    assert notice.state == "proposed"
    telling.second(notice, by=staff("kim@parcel.example", role="lead"), now=NOW)
    actions.write_letter(breach, texts={"en": {**LETTER, "subject": "Other words"}}, cohort=cohort, by=lea, now=NOW)
    assert actions.tell(breach, by=lea, now=NOW).sent_at is None
    telling.second(notice, by=staff("joe@parcel.example", role="lead"), now=NOW)

    assert actions.tell(breach, by=lea, now=NOW).pk == notice.pk
    assert Text.objects.get().subject == "Other words"


def test_sent_twice_it_reaches_them_once_and_stopped_in_time_nobody_was_told(lea: Staff) -> None:
    breach = begun(lea)
    cohort = cohorts.draft(about=breach.incident.ref, conditions=Every(), by=lea, now=NOW)
    cohorts.add(cohort, customers=[handle().customer_id], by=lea, now=NOW)
    actions.write_letter(breach, texts={"en": LETTER}, cohort=cohort, by=lea, now=NOW)
    notice = actions.tell(breach, by=lea, now=NOW)

    with pytest.raises(telling.NotNow):
        actions.tell(breach, by=lea, now=NOW)
    with pytest.raises(telling.NotNow):
        actions.write_letter(breach, texts={"en": LETTER}, cohort=cohort, by=lea, now=NOW)
    assert Notice.objects.count() == 1

    telling.stop(notice, by=lea, now=NOW)
    watcher.look_ahead(now=NOW + timedelta(seconds=10))
    assert Breach.objects.get().told_at is None
    assert not any(kind == "PeopleTold" for kind, _ in new_facts(breach.ref))
    actions.write_letter(breach, texts={"en": LETTER}, cohort=cohort, by=lea, now=NOW)
    assert actions.tell(breach, by=lea, now=NOW).pk != notice.pk
    agree()


def past_the_triggers(table: str, change: str) -> None:
    """As whoever owns the tables can."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE breaches_{table} DISABLE TRIGGER USER")
        cursor.execute(f"UPDATE breaches_{table} SET {change}")  # noqa: S608
        cursor.execute(f"ALTER TABLE breaches_{table} ENABLE TRIGGER USER")


@pytest.mark.parametrize(
    ("table", "change", "is_refused"),
    [
        ("report", "measures = 'nothing'", True),
        ("report", "sent_at = sent_at - interval '80 hours'", True),
        ("riskdecision", "level = 'none'", True),
        ("documented", "facts = ''", True),
        ("exemption", "reason = 'other'", True),
        ("breach", "report_by = report_by + interval '24 hours'", False),
        ("breach", "missed_at = report_by", False),
        ("breach", "high_since = NULL", False),
        ("breach", "reported_at = NULL", False),
        ("breach", "aware_at = aware_at - interval '1 hour', report_by = report_by - interval '1 hour'", False),
    ],
)
def test_what_was_said_stays_or_is_found(lea: Staff, table: str, change: str, is_refused: bool) -> None:
    breach = begun(lea)
    actions.decide(breach, level="high", reason="Addresses and birthdays.", by=lea, now=NOW)
    actions.claim(breach, sort="averted", reason="Changed at once.", by=lea, now=NOW)
    actions.document(breach, facts_said="a", effects="b", action="c", by=lea, now=NOW)
    actions.write_report(breach, values={**WHOLE, "authority": authority()}, by=lea, now=NOW)
    actions.send_report(breach, by=lea, now=NOW)
    agree()

    if is_refused:
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE breaches_{table} SET {change}")  # noqa: S608
    past_the_triggers(table, change)

    assert [one.reference for one in of_all(things.BREACH)] == [breach.ref]
    for model in (RiskDecision, Documented, Exemption, Report):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {model._meta.db_table}")  # noqa: S608
