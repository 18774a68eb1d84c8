"""The public pages and feeds: what they tell, and that nobody can tell from them who asked."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from django.test import Client
from icalendar import Calendar
from tests.faces import page, statements
from tests.people_and_things import NOW

from troth.incidents import actions as incidents
from troth.status.feeds import ATOM
from troth.status.models import Component, Planned, PlannedVersion
from troth.status.tests import story
from troth.status.tests.story import DAY, HOUR

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW)]
A = f"{{{ATOM}}}"


def plan(**values: object) -> Planned:
    planned = Planned.objects.create()
    said = {"title": "New tills", "words": "The shop closes early.", "from_at": NOW + DAY, "until": NOW + DAY + HOUR}
    PlannedVersion.objects.create(planned=planned, number=1, said_at=NOW - DAY, **{**said, **values})
    return planned


def test_an_empty_page_says_so() -> None:
    story.things.company()

    shown = page(Client(), "/status/")

    assert "Nothing is wrong that we know of" in shown
    assert "Nothing is planned that you would notice." in shown
    assert "Parcel &amp; Co" in shown


def test_what_is_wrong_stands_first_with_both_times_and_the_next_word() -> None:
    story.parts()
    story.incident()

    shown = page(Client(), "/status/")

    assert "Something is badly disturbed" in shown
    assert shown.count("Badly disturbed") >= 2  # the component, and how bad the incident is
    for moment in ("11 Nov 2026, 08:00 GMT", "11 Nov 2026, 09:00 GMT", "Thu 12 Nov 2026, 08:00 GMT"):
        assert moment in shown
    assert "From the first complaint" not in shown
    assert "Of 1 incident we spoke before anybody complained." in shown


def test_words_put_otherwise_stay_to_be_read_and_the_feed_keeps_the_id() -> None:
    story.parts()
    begun = story.incident(said="A few vans stand still.")
    before = story.feed()
    incidents.change_words(begun.entries.get(), words="Every van stands still.", by=None, now=NOW)

    shown = page(Client(), f"/status/incidents/{begun.public_id}/")
    after = story.feed()

    assert "Every van stands still." in shown
    assert "<del>A few vans stand still.</del>" in shown
    old, new = before.find(f"{A}entry"), after.find(f"{A}entry")
    assert old is not None
    assert new is not None
    assert old.findtext(f"{A}id") == new.findtext(f"{A}id")
    assert (old.findtext(f"{A}updated"), new.findtext(f"{A}updated")) == (
        "2026-11-11T09:00:00Z",
        "2026-11-11T10:00:00Z",
    )
    assert new.findtext(f"{A}published") == "2026-11-11T09:00:00Z"


def test_what_is_for_staff_alone_is_nowhere() -> None:
    story.parts()
    begun = story.incident(at=NOW - DAY)
    incidents.say(begun, kind="note", words="Grumblefish did it.", happened_at=NOW, by=None, now=NOW)
    incidents.say(
        begun, kind="update", words="Told to Grumblefish alone.", happened_at=NOW, by=None, now=NOW,
        next_word_at=NOW + DAY, untold="Nothing new for anybody.",
    )  # fmt: skip
    secret = incidents.begin(
        title="Grumblefish", sort="other", happened_at=NOW, next_word_at=NOW + DAY, by=None, now=NOW,
        components=["Shop"],
    )  # fmt: skip
    browser = Client()

    paths = (
        "",
        "history/",
        "history/2026-11/",
        f"incidents/{begun.public_id}/",
        "feed.atom",
        "planned.ics",
        "status.json",
    )
    for path in paths:
        answer = browser.get(f"/status/{path}")
        assert answer.status_code == 200
        assert "Grumblefish" not in answer.content.decode()
        assert not answer.cookies
        assert answer["Cache-Control"].startswith("public, max-age=30")
        again = browser.get(f"/status/{path}", HTTP_IF_NONE_MATCH=answer["ETag"])
        assert (again.status_code, again.content) == (304, b"")
        assert "Cookie" not in answer.get("Vary", "")
    assert browser.get(f"/status/incidents/{secret.public_id}/").status_code == 404
    assert browser.get("/status/history/2031-01/").status_code == 404
    assert browser.post("/status/").status_code == 405


def test_a_component_follows_its_incidents_through_a_new_name_to_the_end() -> None:
    shop, _deliveries, _place = story.parts()
    begun = story.incident(components=["shop"], place="Leeds")
    Component.objects.filter(pk=shop.pk).update(name="Shops", former=["Shop"])

    def standings() -> dict[str, str]:
        told = json.loads(Client().get("/status/status.json").content)
        return {one["name"]: one["standing"] for one in (*told["components"], *told["places"])}

    assert standings() == {"Shops": "major", "Deliveries": "well", "Leeds": "major"}
    story.end(begun, at=NOW)
    assert standings() == {"Shops": "well", "Deliveries": "well", "Leeds": "well"}
    shown = page(Client(), "/status/")
    assert "Nothing is wrong that we know of" in shown
    assert "Badly disturbed: 11 Nov. Nothing was told of on 89 days." in shown
    assert "Undisturbed for 99.907 % of 90 days (n = 1 incident)." in shown


def test_planned_work_is_a_calendar_and_what_is_called_off_stays_in_it() -> None:
    shop, _deliveries, place = story.parts()
    long_words = "We put in new tills, and while we do the shop takes cash alone. " * 5
    one = plan(words=long_words, components=[shop.pk], places=[place.pk])
    PlannedVersion.objects.create(
        planned=one, number=2, title="New tills; later, sorry", words=long_words, said_at=NOW,
        from_at=NOW + 2 * DAY, until=NOW + 2 * DAY + HOUR, components=[shop.pk], places=[place.pk],
    )  # fmt: skip
    other = plan(title="Power cut")
    Planned.objects.filter(pk=other.pk).update(cancelled_at=NOW)

    answer = Client().get("/status/planned.ics")

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    lines = answer.content.split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    events = {str(event["uid"]).split("@")[0]: event for event in Calendar.from_ical(answer.content).walk("VEVENT")}
    first, second = events[str(one.public_id)], events[str(other.public_id)]
    assert (first["sequence"], first["status"]) == (1, "CONFIRMED")
    assert first.decoded("dtstart") == datetime(2026, 11, 13, 10, tzinfo=UTC)
    assert b"DTSTART:20261113T100000Z" in lines
    assert str(first["description"]).startswith(long_words)
    assert (second["sequence"], second["status"]) == (1, "CANCELLED")
    shown = page(Client(), "/status/")
    assert "<del>New tills: We put in" in shown
    assert "Called off." in shown


def test_months_follow_each_other_without_a_gap() -> None:
    story.parts()
    begun = story.incident("In spring", at=datetime(2026, 8, 31, 22, tzinfo=UTC))
    story.end(begun, at=datetime(2026, 9, 1, 9, tzinfo=UTC))
    browser = Client()

    for month, there in (("2026-11", False), ("2026-10", False), ("2026-09", True), ("2026-08", True)):
        assert ("In spring" in page(browser, f"/status/history/{month}/")) is there
    assert "Earlier month" not in page(browser, "/status/history/2026-08/")
    assert "No incident was told of in this month." in page(browser, "/status/history/")


def test_the_feed_is_what_rfc_4287_wants() -> None:
    story.parts()
    story.incident("Vans & <vans>", said="No van left.\x0b Sorry.")
    plan()

    answer = Client().get("/status/feed.atom")

    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = story.feed()
    assert feed.tag == f"{A}feed"
    once = ("id", "title", "updated")
    assert all(len(feed.findall(f"{A}{name}")) == 1 for name in once)
    assert feed.findtext(f"{A}author/{A}name") == "Parcel & Co"
    links = [(link.get("rel"), link.get("href")) for link in feed.findall(f"{A}link")]
    assert links == [("self", "http://localhost:8000/status/feed.atom"), ("alternate", "http://localhost:8000/status/")]
    entries = feed.findall(f"{A}entry")
    assert [entry.findtext(f"{A}title") for entry in entries] == ["Vans & <vans>: It began", "Planned work: New tills"]
    for entry in entries:
        assert all(len(entry.findall(f"{A}{name}")) == 1 for name in (*once, "published", "content"))
        content = entry.find(f"{A}content")
        assert content is not None
        assert content.get("type") == "text"
        assert [link.get("rel") for link in entry.findall(f"{A}link")] == ["alternate"]
        for name in ("updated", "published"):
            assert datetime.fromisoformat(entry.findtext(f"{A}{name}") or "").tzinfo
        assert (entry.findtext(f"{A}id") or "").startswith("urn:uuid:")
    newest = max(entry.findtext(f"{A}updated") or "" for entry in entries)
    assert feed.findtext(f"{A}updated") == newest
    assert len({entry.findtext(f"{A}id") for entry in entries}) == 2


def test_many_incidents_cost_no_more_questions_than_one() -> None:
    story.parts()
    story.incident()
    one = statements(Client(), "/status/")
    for number in range(3):
        begun = story.incident(f"Number {number}", at=NOW - 3 * DAY)
        story.update(begun, "Nearly there.", at=NOW - 2 * DAY)
        plan()

    assert statements(Client(), "/status/") == one
