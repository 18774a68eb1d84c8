"""The page of what keeps an incident from happening again, and Today, as staff, as another team and as nobody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from tests.faces import Shop, actions_in, page, said, signed_in, statements
from tests.people_and_things import DAY, HOUR, NOW

from troth.cases.models import Case
from troth.incidents import actions, watching
from troth.incidents.models import Entry, Incident, Measure, Recurrence, RootCause, Watch
from troth.ledger import actions as ledger
from troth.notices.models import Cohort, Notice
from troth.people.models import Team
from troth.promises.models import Promise
from troth.words.refs import ref

pytestmark = pytest.mark.django_db
SOON = "2026-12-01T10:00"


@pytest.fixture
def shop(db: None) -> Iterator[Shop]:
    with time_machine.travel(NOW, tick=False):
        yield Shop()


@pytest.fixture
def incident(shop: Shop) -> Incident:
    times = {"happened_at": NOW - DAY, "next_word_at": NOW + HOUR, "now": NOW - HOUR}
    row = actions.begin(title="Parcels leave late", sort="late", cause="late", by=shop.sam, **times)
    actions.end(row, words="All have left.", happened_at=NOW, untold="Nobody knew.", by=shop.sam, now=NOW)
    return row


def watched(shop: Shop, incident: Incident, **values: Any) -> Watch:
    given = {"until": NOW + 30 * DAY, "cause": "late", "product": "bench", "by": shop.sam, "now": NOW}
    return actions.begin_watch(incident, **given | values)


def found(shop: Shop, incident: Incident) -> Recurrence:
    watched(shop, incident)
    shop.case(text="My bench is late and I am really angry. Where is it?", at=NOW + HOUR, now=NOW + HOUR)
    look(NOW + 2 * HOUR)
    return Recurrence.objects.get()


def look(at: Any) -> None:
    ledger.seal(now=at)
    watching.look(now=at)


def test_a_cause_is_written_down_and_refused_until_it_is_whole(shop: Shop, incident: Incident) -> None:
    sam, home = signed_in(shop.sam), f"/incidents/{incident.pk}/prevention/"
    assert "Nobody has written it down yet" in page(sam, home)

    refused = sam.post(f"{home}cause/", {"way": "five_whys", "why_1": "The van broke", "words": "Nobody looked."})
    done = sam.post(
        f"{home}cause/", {"way": "five_whys", "why_1": "The van broke", "why_2": "Rust", "words": "Nobody looked."}
    )

    assert refused.status_code == 422
    assert "Ask why once more" in refused.content.decode()
    assert "The van broke" in refused.content.decode(), "what was typed is not lost"
    assert done.status_code == 302
    assert RootCause.objects.get().plain == {"whys": ["The van broke", "Rust"]}
    sam.post(f"{home}cause/", {"way": "fishbone", "tool": "<b>No list</b>", "words": "No list."})
    shown = page(sam, home)
    assert "&lt;b&gt;No list&lt;/b&gt;" in shown
    assert "What was written before, once" in shown
    assert "Nobody looked." in page(sam, f"{home}print/")


def test_a_measure_and_a_watch_are_promised_and_the_promise_leads_back(shop: Shop, incident: Incident) -> None:
    sam, home = signed_in(shop.sam), f"/incidents/{incident.pk}/prevention/"

    refused = sam.post(
        f"{home}measures/", {"what": "Vans are serviced", "sort": "preventive", "due": "2020-01-01T10:00"}
    )
    sam.post(f"{home}measures/", {"what": "Vans are serviced", "sort": "preventive", "due": SOON, "audience": "hurt"})
    sam.post(f"{home}watch/", {"until": SOON, "cause": "late", "product": "bench", "audience": "public"})

    assert "That date has passed already." in refused.content.decode()
    measure, watch = Measure.objects.get(), Watch.objects.get()
    assert (measure.promise.what, measure.audience, watch.product) == ("Vans are serviced", "hurt", "bench")
    shown = page(sam, home)
    assert f"/promises/{measure.promise_id}/" in shown
    assert f"/promises/{watch.promise_id}/" in shown
    promised = page(sam, f"/promises/{watch.promise_id}/")
    assert f"/incidents/{incident.pk}/" in promised
    assert not {one for one in actions_in(promised) if one.endswith(("/keep/", "/move/", "/release/", "/void/"))}
    sam.post(f"{home}watch/longer/", {"until": "2026-12-24T10:00"})
    assert Promise.objects.filter(sort="not_again").count() == 2
    refused = sam.post(f"{home}watch/off/", {"reason": ""})
    assert "Say why it is watched no more" in refused.content.decode()
    sam.post(f"{home}watch/off/", {"reason": "Sold no more."})
    assert set(Promise.objects.filter(sort="not_again").values_list("state", flat=True)) == {"broken"}


def test_what_may_be_a_second_time_stands_above_all_on_today_and_is_confirmed_with_one_key(
    shop: Shop, incident: Incident
) -> None:
    recurrence = found(shop, incident)
    sam = signed_in(shop.sam)
    with time_machine.travel(NOW + 3 * HOUR, tick=False):
        today = page(sam, "/today/")
        assert today.index("Is this it again? Parcels leave late") < today.index("Answer: Parcel")
        answer = sam.post(f"/incidents/recurrences/{recurrence.pk}/", {"said": "yes", "reason": "supplier"})
        assert "For ten seconds you can take that back" in said(answer)
        assert "Undo" in page(sam, f"/incidents/{incident.pk}/prevention/")
        assert "Is this it again?" not in page(sam, "/today/")
        assert "Taken back" in said(sam.post(f"/incidents/recurrences/{recurrence.pk}/", {"said": "back"}))
        sam.post(f"/incidents/recurrences/{recurrence.pk}/", {"said": "yes"})
    with time_machine.travel(NOW + 3 * HOUR + timedelta(seconds=11), tick=False):
        look(NOW + 3 * HOUR + timedelta(seconds=11))
        today = page(sam, "/today/")
        assert today.index("It came back. Tell those who were hurt before") < today.index("Answer: Parcel")
        assert "do not know" in page(sam, f"/incidents/{incident.pk}/prevention/")
        assert "Too late" in said(sam.post(f"/incidents/recurrences/{recurrence.pk}/", {"said": "back"}))
        assert "do not know" in page(sam, f"/incidents/{incident.pk}/")


def test_something_else_is_not_asked_again_and_a_case_is_named_by_hand(shop: Shop, incident: Incident) -> None:
    recurrence = found(shop, incident)
    sam = signed_in(shop.sam)
    with time_machine.travel(NOW + 3 * HOUR, tick=False):
        assert "it is something else" in said(sam.post(f"/incidents/recurrences/{recurrence.pk}/", {"said": "no"}))
        assert "Is this it again?" not in page(sam, "/today/")
        case, watch = Case.objects.get(), Watch.objects.get()
        assert f"/incidents/again/{case.pk}/" in page(sam, f"/cases/{case.pk}/")
        assert "Parcels leave late" in page(sam, f"/incidents/again/{case.pk}/")
        answer = sam.post(f"/incidents/again/{case.pk}/", {"watch": str(watch.pk)})
        assert answer.status_code == 302
    recurrence.refresh_from_db()
    assert recurrence.state == "said"
    assert sam.post(f"/incidents/again/{case.pk}/", {"watch": "x"}).status_code == 404


def test_that_it_held_is_told_by_itself_or_with_one_key(shop: Shop, incident: Incident) -> None:
    times = {"made_at": NOW, "frozen_at": NOW}
    cohort = Cohort.objects.create(about=incident.ref, conditions={"all": []}, digest="1", **times)
    began = Notice.objects.create(about=incident.ref, cohort=cohort, sort="began", written_at=NOW, happened_at=NOW)
    began.texts.create(language="de", subject="Pakete", words="Sie kommen spät.")
    began.texts.create(language="en", subject="Parcels", words="They are late.")
    Notice.objects.filter(pk=began.pk).update(state="done", sent_at=NOW)
    team = Team.objects.create(name="Slow", heads_up_by_itself=False)
    Incident.objects.filter(pk=incident.pk).update(team=team)
    watched(shop, incident)
    after = NOW + 31 * DAY

    with time_machine.travel(after, tick=False):
        sam = signed_in(shop.sam)
        look(after)
        assert Entry.objects.filter(kind="held").count() == 0, "the team wants a person to say so"
        assert "It has not come back. Tell those who were hurt" in page(sam, "/today/")
        assert "are told" in said(sam.post(f"/incidents/{incident.pk}/prevention/held/"))
        assert "told already" in said(sam.post(f"/incidents/{incident.pk}/prevention/held/"))
        assert "Tell those who were hurt" not in page(sam, "/today/")

    held = Notice.objects.get(sort="held")
    assert (held.cohort, held.sent_at) == (cohort, after)
    assert {text.language: text.subject.split(":")[0] for text in held.texts.all()} == {
        "de": "Es ist nicht wieder vorgekommen",
        "en": "It has not happened again",
    }
    assert Entry.objects.get(kind="held").notices == [held.pk]


def test_another_closed_team_and_nobody_see_nothing_of_it(shop: Shop, incident: Incident) -> None:
    recurrence = found(shop, incident)
    closed = Team.objects.create(name="Closed", is_closed=True)
    Incident.objects.filter(pk=incident.pk).update(team=closed)
    sam = signed_in(shop.sam)

    assert sam.get(f"/incidents/{incident.pk}/prevention/").status_code == 404
    assert sam.post(f"/incidents/recurrences/{recurrence.pk}/", {"said": "yes"}).status_code == 404
    assert "Is this it again?" not in page(sam, "/today/")
    assert "Parcels leave late" not in page(sam, f"/incidents/again/{Case.objects.get().pk}/")
    assert Client().get(f"/incidents/{incident.pk}/prevention/").status_code == 302


def test_three_of_everything_take_no_more_statements_than_one(shop: Shop, incident: Incident) -> None:
    recurrence = found(shop, incident)
    given = {
        "sort": "preventive",
        "what": "Vans",
        "due": NOW + DAY,
        "audience": "hurt",
        "owner": None,
        "by": shop.sam,
        "now": NOW,
    }
    actions.take_measure(incident, **given)
    sam, home = signed_in(shop.sam), f"/incidents/{incident.pk}/prevention/"
    one, today = statements(sam, home), statements(sam, "/today/")

    for number in (2, 3):
        actions.take_measure(incident, **given)
        case = shop.case(shop.bob, text="Bench", at=NOW, now=NOW)
        Recurrence.objects.create(
            watch=recurrence.watch, case=ref("case", case.pk), why="hand", found_at=NOW, is_strong=number == 2
        )

    assert statements(sam, home) == one
    assert statements(sam, "/today/") == today <= 6
