"""The pages: guided to the end by what is missing, with nothing typed lost; and the papers, read back."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader
from tests.people_and_things import HOUR, company, handle, staff

from troth.breaches import actions
from troth.breaches.models import Authority, Breach, Exemption, PeopleLetter, Report
from troth.notices.actions import cohorts
from troth.notices.models import Notice
from troth.notices.rules.conditions import Every
from troth.people.models import Staff

pytestmark = pytest.mark.django_db
HOSTILE = "Łukasz \u202eevil</p><script>alert(1)</script> (Tj) 漢"


@pytest.fixture
def lea() -> Staff:
    company()
    return staff("lea@parcel.example", role="lead")


@pytest.fixture
def desk(lea: Staff) -> Client:
    client = Client()
    client.force_login(lea)
    return client


def field(at: Any) -> str:
    return at.strftime("%Y-%m-%dT%H:%M")  # London keeps UTC in winter, and a test in summer is an hour early at most


def begun(lea: Staff, **values: Any) -> Breach:
    now = timezone.now()
    given: dict[str, Any] = {"title": "A list went astray", "happened_at": now - 3 * HOUR, "aware_at": now - 2 * HOUR}
    return actions.begin_with_incident(**{**given, "next_word_at": now + 8 * HOUR, "by": lea, "now": now, **values})


def words_of(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content), strict=True).pages).split())


def test_from_the_first_minute_to_the_paper(desk: Client, lea: Staff) -> None:
    now = timezone.now()
    wrong = desk.post("/breaches/new/", {"title": HOSTILE, "party": "processor", "aware_at": "never"})
    assert wrong.status_code == 422
    assert "72 hours run from there" in wrong.content.decode()
    assert "&lt;script&gt;" in wrong.content.decode()  # what was typed is there, and is no command

    begun_ = desk.post(
        "/breaches/new/",
        {"title": HOSTILE, "party": "controller", "got_out": "1", "aware_at": field(now - 5 * HOUR),
         "happened_at": field(now - 30 * HOUR), "next_word_at": field(now + 24 * HOUR)},
    )  # fmt: skip
    breach = Breach.objects.get()
    assert begun_.headers["Location"] == f"/breaches/{breach.pk}/"
    desk.post("/breaches/authorities/", {"name": "Urząd Ochrony", "reach": "https://authority.example"})

    form = {"nature": HOSTILE, "contact": "Kim", "people_count": "about ten", "send": "1"}
    page = desk.post(f"/breaches/{breach.pk}/report/", form)
    assert page.status_code == 422
    assert "Write a number" in page.content.decode()
    assert not Report.objects.exists()
    page = desk.post(f"/breaches/{breach.pk}/report/", {**form, "people_count": "1,214"})
    assert page.status_code == 422
    assert "Choose the authority" in page.content.decode()
    assert Report.objects.get().people_count == 1214  # kept, though it could not be sent
    follow = {f"follows_{name}": "1" for name in ("people", "records", "records_count", "consequences", "measures")}
    whole = {**form, **follow, "people_count": "1 214", "how": "By its form", "authority": Authority.objects.get().pk,
             "follows_by": field(now + timedelta(days=6)), "sent_at": field(now)}  # fmt: skip
    sent = desk.post(f"/breaches/{breach.pk}/report/", whole)
    assert sent.status_code == 302, sent.content.decode()
    report = Report.objects.get()
    assert (report.phase, report.sent_to, len(report.to_follow)) == (1, "Urząd Ochrony", 5)
    desk.post(f"/breaches/{breach.pk}/report/{report.pk}/receipt/", {"receipt": "DKN-5131"})

    paper = desk.get(f"/breaches/{breach.pk}/report/{report.pk}.pdf")
    assert paper.headers["Content-Type"] == "application/pdf"
    text = words_of(paper.content)
    for part in (
        "Urząd Ochrony",
        "1,214",
        "DKN-5131",
        "Not yet known; it follows",
        "Łukasz evil</p><script>",
        "[U+6F22]",
    ):
        assert part in text
    whole_file, register = (
        words_of(desk.get(path).content) for path in (f"/breaches/{breach.pk}/file.pdf", "/breaches/register.pdf")
    )
    assert "We became aware; 72 hours run" in whole_file
    assert "phase 1" in whole_file
    assert "Not decided yet" in register
    plain = json.loads(desk.get("/breaches/register.json").content)["breaches"][0]
    assert (plain["reports"][0]["receipt"], plain["title"]) == ("DKN-5131", HOSTILE.replace("  ", " "))


def test_decided_exempted_taken_back_and_closed_on_the_page(desk: Client, lea: Staff) -> None:
    breach = begun(lea)
    page = f"/breaches/{breach.pk}/"
    assert "Choose how high" in desk.post(f"{page}decide/", {"reason": "x"}).content.decode()
    assert desk.post(f"{page}decide/", {"level": "none", "reason": " "}).status_code == 422
    assert desk.post(f"{page}decide/", {"level": "none", "reason": "Encrypted."}).status_code == 302
    assert (
        desk.post(f"{page}exempt/", {"sort": "effort", "why": "Typed and kept"})
        .content.decode()
        .count("Typed and kept")
    )
    assert desk.post(f"{page}exempt/", {"sort": "no_risk", "why": "Encrypted."}).status_code == 302
    assert "Not closed yet" in desk.post(f"{page}close/", follow=True).content.decode()
    desk.post(f"{page}document/", {"facts": "A list.", "effects": "None.", "action": "Deleted."})
    assert "can be closed" in desk.get("/breaches/").content.decode()
    desk.post(f"{page}close/")
    assert Breach.objects.get().closed_at
    assert "Open it again" in desk.get(page).content.decode()
    desk.post(f"{page}reopen/")
    desk.post(f"{page}exempt/{Exemption.objects.get().pk}/back/", {"back_why": "The key was found."})
    desk.post(f"{page}aware/", {"aware_at": field(timezone.now() - 4 * HOUR), "aware_why": "The mail came at six."})

    shown = desk.get(page).content.decode()
    assert "The key was found." in shown
    assert "The mail came at six." in shown
    assert "Tell the authority, or say why not" in shown
    assert Breach.objects.get().closed_at is None


def test_the_letter_refuses_to_go_half_and_keeps_what_was_typed(desk: Client, lea: Staff) -> None:
    breach = begun(lea)
    actions.decide(breach, level="high", reason="Birthdays.", by=lea, now=timezone.now())
    cohort = cohorts.draft(about=breach.incident.ref, conditions=Every(), by=lea, now=timezone.now())
    cohorts.add(cohort, customers=[handle().customer_id], by=lea, now=timezone.now())
    form = {
        "en-subject": "Your address got out", "en-nature": "A list with your address got out.",
        "en-consequences": "Letters you did not ask for.", "en-measures": "The list was deleted.", "en-contact": "Kim at our office.",
        "cohort": str(cohort.pk), "send": "1",
    }  # fmt: skip

    page = desk.post(f"/breaches/{breach.pk}/letter/", form)
    assert page.status_code == 422
    assert "What they can do" in page.content.decode()
    assert PeopleLetter.objects.get().texts["en"]["subject"] == "Your address got out"
    assert not Notice.objects.exists()

    assert (
        desk.post(f"/breaches/{breach.pk}/letter/", {**form, "en-advice": "Tell us if you get any."}).status_code == 302
    )
    assert Notice.objects.get().sort == "breach"


def test_whom_it_does_not_concern_sees_nothing_of_it(lea: Staff) -> None:
    breach = begun(lea)
    for role, expected in (("agent", 403), ("auditor", 200)):
        other = Client()
        other.force_login(staff(f"{role}@parcel.example", role=role))
        assert {other.get(f"/breaches/{breach.pk}/").status_code, other.get("/breaches/").status_code} == {expected}
        assert other.post(f"/breaches/{breach.pk}/close/").status_code == 403
