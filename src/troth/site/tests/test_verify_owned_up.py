"""The checker where a company owned up: a clean story, and each thing that can be wrong of what went wrong is seen."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest
from django.db import transaction

from troth.site import verify
from troth.site.tests.living import Found, tampered
from troth.site.tests.owned_up import END, checks, own_up

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def owned_up(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """The story told once for all tests here, and undone after them."""
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        own_up()
        yield
        transaction.set_rollback(True)


def test_a_house_that_owned_up_is_clean(owned_up: None) -> None:
    assert verify.findings(now=END) == []


def again(table: str, where: str, **changes: str) -> str:
    """The same row once more, changed in this."""
    said = ", ".join(f"'{name}', {value}" for name, value in changes.items())
    new = f"jsonb_populate_record(one, jsonb_build_object({said}))"
    return f"INSERT INTO {table} SELECT ({new}).* FROM {table} AS one WHERE {where}"  # noqa: S608 - our own words


TAMPERINGS = {
    # Incidents
    "an incident that nobody began": (
        again("incidents_incident", "state = 'watching'", id="999", public_id="gen_random_uuid()", state="'ended'"),
        {("I8", "incident"), ("I11", "incident")},
    ),
    "the next word of another": (
        "UPDATE incidents_incident SET next_word_id = (SELECT min(id) FROM promises_promise) WHERE state = 'open'",
        {("I11", "incident")},
    ),
    "said sooner than it was": (
        "UPDATE incidents_incident SET said_at = said_at - interval '5 minutes' WHERE said_at IS NOT NULL",
        {("I11", "incident")},
    ),
    "an end that nobody told": (
        "DELETE FROM incidents_entry WHERE untold <> ''",
        {("I11", "incident")},
    ),
    "an end stopped on its way": (
        "UPDATE notices_notice SET state = 'stopped' WHERE sort = 'ended'",
        {("I11", "incident")},
    ),
    "complained of only later": (
        "UPDATE incidents_incident SET first_signal_at = first_signal_at + interval '1 hour'",
        {("I11", "incident")},
    ),
    # That they do not happen again
    "watched for longer than was promised": (
        "UPDATE incidents_watch SET until = until + interval '1 day' WHERE state = 'watching'",
        {("I11", "watch")},
    ),
    "watched by nothing": (
        "UPDATE incidents_incident SET state = 'watching' WHERE state = 'ended'",
        {("I11", "incident")},
    ),
    "a watch that is over and goes on": (
        "UPDATE incidents_watch SET ended_at = until WHERE state = 'watching'",
        {("I11", "watch")},
    ),
    "a watch let go of in silence": (
        "UPDATE incidents_watch SET state = 'called_off', ended_at = until WHERE state = 'watching';"
        "UPDATE incidents_incident SET state = 'ended' WHERE state = 'watching'",
        {("I5", "promise"), ("I11", "watch")},
    ),
    "a second time of which nothing comes": (
        again(
            "incidents_recurrence",
            "true",
            id="999",
            state="'said'",
            watch_id="(SELECT id FROM incidents_watch WHERE state = 'watching')",
        ),
        {("I12", "recurrence")},
    ),
    "a watch that nobody ends": (
        "UPDATE incidents_watch SET until = begun_at + interval '1 hour' WHERE state = 'watching'",
        {("I11", "watch"), ("I12", "watch")},
    ),
    "a watch broken by nothing": (
        "UPDATE incidents_recurrence SET state = 'dismissed'",
        {("I11", "watch")},
    ),
    "those hurt before hear nothing": (
        "UPDATE incidents_watch SET ended_at = ended_at + interval '1 day' WHERE state = 'broken'",
        {("I11", "incident")},
    ),
    "what was found and done is gone": (
        "DELETE FROM incidents_rootcause; DELETE FROM incidents_measure",
        {("I8", "rootcause"), ("I8", "measure")},
    ),
    "a watch that nobody began": (
        again(
            "incidents_watch",
            "state = 'broken'",
            id="999",
            state="'called_off'",
            promise_id="(SELECT min(id) FROM promises_promise)",
        ),
        {("I8", "watch"), ("I11", "watch")},
    ),
    # Personal data
    "a breach that nobody knew of": (
        again(
            "breaches_breach",
            "true",
            id="999",
            incident_id="(SELECT min(id) FROM incidents_incident)",
            high_since="NULL",
        ),
        {("I8", "breach")},
    ),
    "a risk that is no longer high": (
        "UPDATE breaches_breach SET high_since = NULL",
        {("I11", "breach")},
    ),
    "the watcher of breaches sleeps": (
        "UPDATE breaches_breach SET look_again_at = aware_at",
        {("I12", "breach")},
    ),
    "an hour more than the law gives": (
        "UPDATE breaches_breach SET report_by = report_by + interval '1 hour'",
        {("I5", "breach")},
    ),
    "a breach closed in silence": (
        "UPDATE breaches_breach SET closed_at = report_by",
        {("I11", "breach")},
    ),
    "a report that left half": (
        "UPDATE breaches_report SET people_count = NULL",
        {("I11", "report")},
    ),
    # Notices
    "a member passed by": (
        "DELETE FROM notices_recipient WHERE id = (SELECT min(id) FROM notices_recipient)",
        {("I13", "member")},
    ),
    "told, and not to be told": (
        "UPDATE notices_member SET standing = 'excluded', reason = 'x', excluded_at = added_at",
        {("I13", "recipient")},
    ),
    "two letters of one notice": (
        "UPDATE post_letter SET because = 'notice:' || (SELECT min(id) FROM notices_notice) WHERE because LIKE 'notice:%'",
        {("I3", "letter")},
    ),
    "told by no letter": (
        "UPDATE notices_recipient SET letter_id = NULL",
        {("I4", "recipient")},
    ),
    "a letter's end that nobody heard of": (
        "UPDATE notices_recipient SET state = 'queued'",
        {("I12", "recipient")},
    ),
    "a notice that nobody begins to tell": (
        "UPDATE notices_notice SET state = 'sending', made_up_to = 0",
        {("I12", "notice")},
    ),
    "told by hand by nobody": (
        "UPDATE notices_recipient SET state = 'by_hand'",
        {("I8", "recipient")},
    ),
    # The public page
    "subscribers who wait": (
        "UPDATE status_announcement SET done_at = NULL",
        {("I3", "incident")},
    ),
    "subscribers who never hear of the end": (
        "DELETE FROM status_written WHERE announcement_id = (SELECT max(id) FROM status_announcement WHERE about LIKE 'incident:%')",
        {("I3", "incident")},
    ),
    "a yes taken back by nobody": (
        "UPDATE status_subscriber SET confirmed_at = NULL",
        {("I8", "subscriber")},
    ),
    "planned work with a word cut out": (
        "DELETE FROM status_plannedversion WHERE number = 1",
        {("I11", "planned")},
    ),
}


@cache
def found_after(what: str) -> frozenset[Found]:
    """Asked once for all tests here."""
    return tampered(TAMPERINGS[what][0], now=END)


@pytest.mark.parametrize("what", TAMPERINGS)
def test_each_thing_that_is_wrong_is_seen(owned_up: None, what: str) -> None:
    assert {(invariant, thing) for invariant, thing, _wrong in found_after(what)} == TAMPERINGS[what][1]


def test_every_check_is_seen_to_fail_at_least_once(owned_up: None) -> None:
    """As in the story of an ordinary month, in the rooms that only this one lives in."""
    found = {wrong for what in TAMPERINGS for _invariant, _thing, wrong in found_after(what)}

    assert found >= {check.wrong for check in checks()}
