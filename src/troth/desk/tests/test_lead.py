from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from html import unescape
from typing import Any

import time_machine
from django.core.cache import caches
from tests.faces import Shop, page, signed_in, statements
from tests.people_and_things import DAY, HOUR, NOW, staff

from troth.cases import actions as cases
from troth.cases.models import Case, Message
from troth.cases.rules.corrections import Field
from troth.clocks import watcher
from troth.clocks.models import Clock
from troth.desk import leading
from troth.desk.rules.sheet import SHEETS
from troth.desk.rules.windows import days_asked
from troth.incidents import actions as incidents
from troth.incidents.models import Incident
from troth.people.models import Staff, Team
from troth.promises.models import Promise

ANGRY = "This is outrageous, I am so angry and furious. I want my money back."
LATER = NOW + 5 * HOUR


def asked(who: Staff, *, team: int | None = None, now: Any = LATER, length: str = "30") -> leading.Asked:
    days = days_asked(length=length, first="", last="", now=now, zone="Europe/London")
    return leading.Asked(staff=who, days=days, team=team, now=now)


def answer(case: Case, shop: Shop, *, at: Any) -> None:
    cases.send_reply(case, staff=shop.sam, text="We look into it.", answers=[], status_after="waiting", now=at)
    cases.leave(now=at + timedelta(minutes=1))


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def told(shop: Shop, name: str, query: str = "") -> list[list[str]]:
    caches["process"].clear()
    return read(page(signed_in(shop.lea), f"/lead/{name}.csv{query}"))


def flat(text: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def test_where_nothing_happened_it_says_so(shop: Shop) -> None:
    text = page(signed_in(shop.lea), "/lead/")

    assert "Nothing to measure yet" in text
    assert '<svg class="chart"' not in text
    assert all(len(told(shop, name)) >= 1 for name in SHEETS)


def test_answer_times_are_of_working_time_and_by_when_it_was_asked(shop: Shop) -> None:
    for hours in (1, 1, 2, 2, 3):
        answer(shop.case(), shop, at=NOW + hours * HOUR)
    evening = NOW.replace(hour=18)
    with time_machine.travel(evening, tick=False):
        for _ in range(5):
            answer(shop.case(at=evening, now=evening), shop, at=evening + 16 * HOUR)  # ten next morning: an open hour

    with time_machine.travel(NOW + DAY, tick=False):
        head, *rows = told(shop, "hours")
        _head, *kinds = told(shop, "answers")

    assert head[:3] == ["Answer", "Asked", "Median (min)"]
    assert [(row[1], row[4], row[5]) for row in rows] == [("10:00–11:00", "5", "0"), ("18:00–19:00", "5", "0")]
    assert 120 <= float(rows[0][2]) <= 125  # with the minute it was held back, rounded up by a fiftieth
    assert 60 <= float(rows[1][2]) <= 64
    assert [row[:2] + row[4:6] for row in kinds] == [["First answer", kind, "10", "0"] for kind in ("All", "Enquiries")]


def test_who_waits_is_counted_with_the_time_waited(shop: Shop) -> None:
    for _ in range(5):
        answer(shop.case(), shop, at=NOW + HOUR)
    with time_machine.travel(LATER, tick=False):
        alone = told(shop, "answers")[1]
    for _ in range(6):
        shop.case()
    with time_machine.travel(LATER, tick=False):
        beside = told(shop, "answers")[1]
        assert told(shop, "backlog")[1:3] == [["under 4 hours", "0", "0"], ["under a day", "6", "6"]]

    assert (alone[4:6], beside[4:6]) == (["5", "0"], ["5", "6"])
    assert 60 <= float(alone[2]) <= 64
    assert beside[2] == ""  # more than half wait for longer than any answer took: the median is not seen yet


def test_within_target_counts_late_answers_and_those_still_missing(shop: Shop) -> None:
    answer(shop.case(), shop, at=NOW + HOUR)
    late, missing = shop.case(), shop.case()
    due = Clock.objects.get(about=f"case:{missing.pk}", sort="first").due
    watcher.look_ahead(now=due)
    answer(late, shop, at=due + HOUR)
    with time_machine.travel(due + 3 * HOUR, tick=False):
        row = told(shop, "answers")[1]

    assert row[6] == "33.3"
    assert float(row[7]) < 33.3 < float(row[8])


def test_the_window_before_stands_beside(shop: Shop) -> None:
    before = NOW - 8 * DAY
    with time_machine.travel(before, tick=False):
        for _ in range(5):
            answer(shop.case(at=before, now=before), shop, at=before + 2 * HOUR)
    answer(shop.case(), shop, at=NOW + HOUR)
    with time_machine.travel(LATER, tick=False):
        row = told(shop, "answers", "?days=7")[1]

    assert (row[4], row[12]) == ("1", "5")
    assert 120 <= float(row[9]) <= 125


def test_the_backlog_of_each_day_is_reckoned_back(shop: Shop) -> None:
    for back in (3, 2):
        at = NOW - back * DAY
        with time_machine.travel(at, tick=False):
            first = shop.case(at=at, now=at)
            shop.case(at=at, now=at)
    answer(first, shop, at=NOW + HOUR)
    with time_machine.travel(LATER, tick=False):
        rows = told(shop, "trend", "?days=7")[1:]
        older = told(shop, "trend", "?from=2026-11-08&to=2026-11-09")[1:]
        oldest = told(shop, "oldest")[1:]

    assert [(row[1], row[2], row[3]) for row in rows[2:]] == [
        ("0", "0", "0"), ("2", "2", "0"), ("4", "2", "0"), ("4", "0", "0"), ("3", "0", "1"),
    ]  # fmt: skip
    assert older == rows[3:5]
    assert len(oldest) == 3


def test_clocks_at_risk_are_counted_by_team_and_owner_and_lead_to_the_cases(shop: Shop) -> None:
    mine, nobodys = shop.case(), shop.case()
    Case.objects.filter(pk=mine.pk).update(team=shop.team, assignee=shop.sam)
    Clock.objects.filter(sort="first").update(due=NOW + HOUR)
    Clock.objects.exclude(sort="first").update(due=NOW + 30 * DAY)
    Clock.objects.filter(about=f"case:{nobodys.pk}", sort="first").update(due=NOW - HOUR)

    rows = told(shop, "risk")[1:]
    text = page(signed_in(shop.lea), "/lead/")

    assert [row[:6] for row in rows] == [
        ["No team", "Nobody yet", "First answer", "1", "0", "0"],
        ["Care", "Sam", "First answer", "0", "1", "0"],
    ]
    assert f'href="/cases/?order=due&amp;owner={shop.sam.pk}&amp;team={shop.team.pk}"' in text


def test_reasons_for_misses_and_those_without_one(shop: Shop) -> None:
    for number, reason in enumerate(["forgot", "forgot", "supplier", ""]):
        one = shop.promise(quote=f"We will ring {number}.", what=f"ring {number}", due=NOW + HOUR)
        Promise.objects.filter(pk=one.pk).update(state="late", miss_reason=reason)
    case = shop.case()
    due = Clock.objects.get(about=f"case:{case.pk}", sort="first").due
    watcher.look_ahead(now=due)

    with time_machine.travel(due, tick=False):
        rows = told(shop, "misses")[1:]
        text = page(signed_in(shop.lea), "/lead/")

    assert rows == [
        ["We forgot", "2", "2", "0", "66.7"], ["A supplier", "1", "1", "0", "100.0"], ["Not explained yet", "2", "1", "1", ""],
    ]  # fmt: skip
    assert f'<a href="/promises/{one.pk}/">ring 3</a>' in text
    assert f'<a href="/cases/{case.pk}/">Parcel</a>' in text


def test_emotion_before_and_after_takes_staffs_word_first(shop: Shop) -> None:
    better, worse = shop.case(text=ANGRY), shop.case(text="Where is my parcel?")
    for case in (better, worse):
        answer(case, shop, at=NOW + HOUR)
    for case, text in ((better, "Thank you so much, I am really happy!"), (worse, "Well, I see.")):
        cases.open_or_join(
            handle=shop.ann, case_id=case.pk, subject="Parcel", text=text, at=NOW + 2 * HOUR, now=NOW + 2 * HOUR
        )
    last = Message.objects.filter(case=worse).latest("pk")
    cases.correct(last.pk, said={Field.EMOTIONS: ["anger"]}, by=shop.lea, now=NOW + 3 * HOUR)

    with time_machine.travel(LATER, tick=False):
        rows = told(shop, "emotions")[1:]

    assert [row[:3] for row in rows] == [
        ["Better after the answer", "1", "50.0"], ["The same", "0", "0.0"], ["Worse after the answer", "1", "50.0"],
    ]  # fmt: skip


def test_the_loud_and_the_quiet_are_compared_within_a_cause(shop: Shop) -> None:
    for number in range(10):
        loud, quiet = shop.case(text=ANGRY), shop.case(text=ANGRY)
        first = Message.objects.get(case=quiet)
        cases.correct(first.pk, said={Field.EMOTIONS: []}, by=shop.lea, now=NOW)
        for case, hours in ((loud, 1), (quiet, 3)):
            answer(case, shop, at=NOW + hours * HOUR + number * timedelta(minutes=2))
    Case.objects.update(cause="late", urgency="high")
    Case.objects.filter(pk=loud.pk).update(is_public=True)

    with time_machine.travel(NOW + DAY, tick=False):
        public, *rows = told(shop, "parity")[1:]
        text = page(signed_in(shop.lea), "/lead/")

    angry = next(row for row in rows if row[0] == "Angry, against calm" and row[1] == "Late")
    assert "not enough to say" in public[10]
    assert (angry[3], angry[5], angry[10]) == ("10", "10", "the angry are answered sooner")
    assert -140 < float(angry[8]) <= float(angry[7]) <= float(angry[9]) < -90
    assert "Angry, against calm, Late, High" in text


def test_a_closed_team_is_not_counted_for_others(shop: Shop) -> None:
    case = shop.case()
    conduct = Team.objects.create(name="Conduct", is_closed=True)
    Case.objects.filter(pk=case.pk).update(team=conduct)
    inside = staff("cal@parcel.example", role="lead", team=conduct)

    assert "Nothing to measure yet" in page(signed_in(shop.lea), "/lead/")
    assert "Conduct" not in page(signed_in(shop.lea), "/lead/")
    assert "Parcel" in page(signed_in(inside), "/lead/")
    assert page(signed_in(inside), f"/lead/?team={conduct.pk}")
    assert signed_in(shop.lea).get(f"/lead/?team={conduct.pk}").status_code == 404
    assert signed_in(shop.lea).get("/lead/?team=99999999999999999999").status_code == 404


def test_one_team_alone(shop: Shop) -> None:
    case, _other = shop.case(), shop.case()
    Case.objects.filter(pk=case.pk).update(team=shop.team)

    assert [row[1] for row in told(shop, "backlog", f"?team={shop.team.pk}")[1:]] == ["1", "0", "0", "0", "0"]


def test_how_soon_we_said_so_is_from_the_first_complaint_and_silence_is_not_fast(shop: Shop) -> None:
    def begun(number: int, sort: str, *, said_after: int | None, complained: bool = True) -> None:
        incident = incidents.begin(
            title=f"No. {number}", sort=sort, happened_at=NOW - DAY, next_word_at=NOW + 9 * DAY, by=shop.sam, now=NOW
        )
        if complained:
            Incident.objects.filter(pk=incident.pk).update(first_signal_at=NOW)
        if said_after is not None:
            words = {"kind": "began", "words": "It is so.", "happened_at": NOW, "next_word_at": NOW + 9 * DAY}
            incidents.say(incident, **words, in_public=True, by=shop.sam, now=NOW + said_after * HOUR)

    begun(1, "late", said_after=1)
    begun(2, "late", said_after=2)
    begun(3, "outage", said_after=0)
    begun(4, "outage", said_after=1, complained=False)
    assert [row[1:] for row in told(shop, "acknowledged", "?from=2026-11-11&to=2026-11-11")[1:]] == [
        ["90.0", "120.0", "2", "0", "2"], ["90.0", "120.0", "2", "0", "0"], ["", "", "0", "0", "2"],
    ]  # fmt: skip

    begun(5, "late", said_after=None)
    with time_machine.travel(LATER, tick=False):
        text = flat(page(signed_in(shop.lea), "/lead/"))
        assert [row[:5] for row in told(shop, "acknowledged")[1:]][:2] == [
            ["All", "120.0", "300.0", "3", "1"], ["Late", "120.0", "300.0", "3", "1"],
        ]  # fmt: skip
    assert "How soon we said so" in text
    Incident.objects.update(team=Team.objects.create(name="Conduct", is_closed=True))
    assert told(shop, "acknowledged")[1:] == []


def test_the_number_of_statements_stays(shop: Shop) -> None:
    lea = signed_in(shop.lea)
    shop.case()
    page(lea, "/lead/")
    first = statements(lea, "/lead/")
    for number in range(6):
        answer(shop.case(text=ANGRY), shop, at=NOW + number * HOUR)
        shop.promise(quote=f"We will ring {number}.")

    assert statements(lea, "/lead/") == first <= 8
    with_all = leading.answers, leading.backlog, leading.at_risk, leading.misses, leading.cared
    assert all(count(asked(shop.lea)) is not None for count in with_all)


def test_each_picture_has_its_table_and_its_file(shop: Shop) -> None:
    for hours in (1, 1, 2, 2, 3):
        answer(shop.case(), shop, at=NOW + hours * HOUR)
    shop.case()
    with time_machine.travel(LATER, tick=False):
        text = page(signed_in(shop.lea), "/lead/?days=7")

    pictures = re.findall(r'<svg class="chart" role="img" aria-label="([^"]+)"', text)
    assert len(pictures) == len(set(pictures)) >= 4
    assert text.count("<caption") >= len(pictures)
    assert 'href="/lead/answers.csv?days=7"' in text
    assert " style=" not in text
    assert "5 asked" not in flat(text)
    assert "6 asked" in flat(text)
