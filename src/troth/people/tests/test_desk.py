"""The pages of those who say who works here, and everybody's own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from tests import people_and_things as things
from tests.faces import Shop, page, said, signed_in, statements
from tests.people_and_things import NOW, letters

from troth.people import staffing
from troth.people.models import Company, Invite, SecurityEvent, Staff
from troth.people.queries import invite_token
from troth.people.rules.roles import Factors, Role
from troth.site.settings import EMAIL_BACKEND as OUR_BACKEND  # pytest-django puts its own in the place of it

GOOD = "three words in a row"
OLD = NOW - timedelta(hours=1)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1"


@pytest.fixture(autouse=True)
def _as_it_runs(db: None, settings: Any) -> None:
    settings.EMAIL_BACKEND = OUR_BACKEND
    cache.clear()


@pytest.fixture
def ada(shop: Shop) -> Staff:
    for one in (shop.sam, shop.lea, shop.aud):
        one.password = "some hash"
        one.save()
    return things.staff("ada@parcel.example", role="admin", password=GOOD)


def typed_in(email: str, password: str = GOOD, user_agent: str = FIREFOX) -> Client:
    """A browser in which somebody typed address and password."""
    browser = Client(headers={"user-agent": user_agent})
    answer = browser.post("/account/login/", {"login": email, "password": password})
    assert answer.status_code == 302, answer.content.decode()
    return browser


def is_in(browser: Client) -> bool:
    return browser.get("/today/").status_code == 200


# Staff


def test_an_admin_sees_who_works_here_and_who_is_invited(shop: Shop, ada: Staff) -> None:
    browser = signed_in(ada)
    staffing.invite(address="new@parcel.example", role=Role.LEAD, team=shop.team, by=ada, now=NOW)

    text = page(browser, "/staff/")

    for words in ("Sam", "lea@parcel.example", "Auditor", "Care", "new@parcel.example", "by Ada"):
        assert words in text
    assert "No second factor yet: Ada." in text


def test_the_list_takes_as_many_statements_for_many_as_for_few(shop: Shop, ada: Staff) -> None:
    browser = signed_in(ada)
    few = statements(browser, "/staff/")
    for number in range(5):
        things.staff(f"s{number}@parcel.example", team=shop.team)
        staffing.invite(address=f"n{number}@parcel.example", role=Role.AGENT, team=shop.team, by=ada, now=NOW)

    assert statements(browser, "/staff/") == few
    assert few <= 8


def test_an_invitation_goes_out_again_and_is_withdrawn(shop: Shop, ada: Staff) -> None:
    browser = signed_in(ada)
    sent = {"address": "new@parcel.example", "role": "lead", "team": str(shop.team.pk)}

    first = browser.post("/staff/invite/", sent)
    [made] = Invite.objects.all()
    again = browser.post(f"/staff/invites/{made.pk}/again/")
    gone = browser.post(f"/staff/invites/{made.pk}/withdraw/")

    assert "A letter is on its way to new@parcel.example." in said(first)
    assert "Another letter is on its way." in said(again)
    assert "The invitation is withdrawn" in said(gone)
    assert letters() == [("new@parcel.example", "Your account at Parcel & Co")] * 2


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"address": "nonsense"}, 422),
        ({"address": "sam@parcel.example"}, 422),
        ({"role": "owner"}, 404),
        ({"team": "99"}, 404),
    ],
)
def test_what_no_form_of_ours_sends_invites_nobody(ada: Staff, changed: dict[str, str], status: int) -> None:
    answer = signed_in(ada).post(
        "/staff/invite/", {"address": "n@parcel.example", "role": "agent", "team": "", **changed}
    )

    assert answer.status_code == status
    assert Invite.objects.count() == 0


@pytest.mark.parametrize(
    "path", ["invite/", "factors/", "receipts/", "{sam}/change/", "{sam}/close/", "{sam}/reopen/", "{sam}/sign-out/"]
)
def test_each_of_it_needs_an_admin_who_just_showed_it(shop: Shop, ada: Staff, path: str) -> None:
    where = "/staff/" + path.format(sam=shop.sam.pk)
    sent = {"address": "n@parcel.example", "role": "admin", "team": "", "factors": "everyone", "receipts": "no"}

    stale = signed_in(ada, shown_at=OLD).post(where, sent)
    lead = signed_in(shop.lea).post(where, sent)

    assert stale.headers["Location"].startswith("/account/reauthenticate/")
    assert lead.status_code == 403
    shop.sam.refresh_from_db()
    assert (shop.sam.role, shop.sam.is_active, Invite.objects.count()) == ("agent", True, 0)
    assert Company.objects.get().encloses_receipts


def test_a_field_that_is_not_in_the_form_changes_nothing(shop: Shop, ada: Staff) -> None:
    more = {"email": "mallory@evil.example", "password": "x", "is_active": "", "owes_factor": "on", "name": "M"}
    before = Staff.objects.filter(pk=shop.sam.pk).values("email", "password", "is_active", "owes_factor", "name").get()

    signed_in(ada).post(f"/staff/{shop.sam.pk}/change/", {"role": "lead", "team": "", **more})

    after = Staff.objects.filter(pk=shop.sam.pk).values("email", "password", "is_active", "owes_factor", "name").get()
    assert after == before
    assert Staff.objects.get(pk=shop.sam.pk).role == "lead"


def test_the_last_admin_is_told_why_not(ada: Staff) -> None:
    browser = signed_in(ada)

    for path, sent in (("close", {}), ("change", {"role": "agent", "team": ""})):
        answer = browser.post(f"/staff/{ada.pk}/{path}/", sent)

        assert answer.status_code == 409
        assert "Make somebody else an admin first." in answer.content.decode()
    assert is_in(browser)


def test_whose_account_is_closed_is_out_at_once_and_stays_out(shop: Shop, ada: Staff) -> None:
    shop.sam.set_password(GOOD)
    shop.sam.save()
    browser = typed_in(shop.sam.email)
    assert is_in(browser)

    signed_in(ada).post(f"/staff/{shop.sam.pk}/close/")

    assert not is_in(browser)
    signed_in(ada).post(f"/staff/{shop.sam.pk}/reopen/")
    assert not is_in(browser)  # the session is gone, not asleep
    assert is_in(typed_in(shop.sam.email))


# One's own account


def test_everybody_sees_where_they_are_signed_in_and_ends_one(ada: Staff) -> None:
    here, lost = typed_in(ada.email), typed_in(ada.email, user_agent=SAFARI)

    text = page(here, "/me/")
    [other] = UserSession.objects.filter(session_key=lost.session.session_key)
    ended = here.post(f"/me/sessions/{other.pk}/end/")

    assert "Firefox on Linux" in text
    assert "Safari on iPhone" in text
    assert "127.0.0.1" in text
    assert "Signed out there." in said(ended)
    assert (is_in(here), is_in(lost)) == (True, False)


def test_nobody_ends_what_is_not_theirs(shop: Shop, ada: Staff) -> None:
    theirs = typed_in(ada.email)
    [session] = UserSession.objects.all()

    signed_in(shop.sam).post(f"/me/sessions/{session.pk}/end/")

    assert is_in(theirs)


def test_all_others_end_at_once(ada: Staff) -> None:
    here, *others = [typed_in(ada.email) for _ in range(3)]

    here.post("/me/sessions/end/")

    assert is_in(here)
    assert [is_in(other) for other in others] == [False, False]
    assert SecurityEvent.objects.filter(kind="session_ended", how="all others").count() == 1


def test_an_admin_signs_somebody_out_everywhere(shop: Shop, ada: Staff) -> None:
    shop.sam.set_password(GOOD)
    shop.sam.save()
    two = [typed_in(shop.sam.email) for _ in range(2)]

    signed_in(ada).post(f"/staff/{shop.sam.pk}/sign-out/")

    assert [is_in(one) for one in two] == [False, False]


def test_a_new_password_ends_every_other_session(ada: Staff) -> None:
    here, other = typed_in(ada.email), typed_in(ada.email)

    changed = here.post(
        "/account/password/change/",
        {"oldpassword": GOOD, "password1": "four words in one row", "password2": "four words in one row"},
    )

    assert changed.status_code == 302
    assert (is_in(here), is_in(other)) == (True, False)
    assert letters() == [(ada.email, "Your password was changed")]


# Receipts in letters


def test_admin_switches_the_receipts_off_and_on_again(shop: Shop, ada: Staff) -> None:
    browser = signed_in(ada)

    browser.post("/staff/receipts/", {"receipts": "no"})
    off = Company.objects.get().encloses_receipts
    browser.post("/staff/receipts/", {"receipts": "no"})
    browser.post("/staff/receipts/", {"receipts": "yes"})
    nonsense = browser.post("/staff/receipts/", {"receipts": "maybe"})

    assert (off, Company.objects.get().encloses_receipts, nonsense.status_code) == (False, True, 404)
    noted = SecurityEvent.objects.filter(kind="settings_changed").order_by("pk").values_list("staff_id", "how")
    assert list(noted) == [(ada.pk, "no receipts go with letters"), (ada.pk, "receipts go with letters")]
    assert "prove what was promised" in page(browser, "/staff/")


# Second factors owed


def test_who_owes_a_second_factor_is_led_to_it_before_anything_else(shop: Shop, ada: Staff) -> None:
    browser = signed_in(ada)

    browser.post("/staff/factors/", {"factors": "admins"})

    assert Company.objects.get().factors == Factors.ADMINS
    for path in ("/today/", "/staff/", f"/staff/{shop.sam.pk}/"):
        assert browser.get(path).headers["Location"] == "/me/"
    assert browser.post("/staff/factors/", {"factors": "nobody"}).headers["Location"] == "/me/"
    assert "First, a second way to show that it is you" in page(browser, "/me/")
    assert browser.get("/account/2fa/totp/activate/").status_code == 200
    assert is_in(signed_in(shop.sam))
    Authenticator.objects.create(user=ada, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})
    staffing.settle_factors(ada.pk)
    assert is_in(browser)


# The two links


def invitation(ada: Staff) -> str:
    made = staffing.invite(address="new@parcel.example", role=Role.AGENT, team=None, by=ada, now=NOW)
    return f"/invite/{invite_token(made)}/"


def test_an_invited_person_makes_their_account_and_is_in(ada: Staff) -> None:
    where, browser = invitation(ada), Client()
    assert "Ada invites you to work with the customers of Parcel &amp; Co." in page(browser, where)

    answer = browser.post(where, {"name": "Nia New", "password": GOOD, "zone": "Europe/Paris", "way": "password"})

    assert answer.headers["Location"] == "/me/"
    nia = Staff.objects.get(email="new@parcel.example")
    assert (nia.name, nia.role, nia.zone) == ("Nia New", "agent", "Europe/Paris")
    assert is_in(browser)
    assert "It was used already." in page(Client(), where, 410)
    assert Client().post(where, {"name": "M", "password": GOOD}).status_code == 410
    late = SecurityEvent.objects.filter(kind="invite_refused")
    assert list(late.values_list("about", "how")) == [(f"invite:{Invite.objects.get().pk}", "taken")] * 2


def test_by_passkey_the_account_has_no_password_and_leads_to_the_passkey_first(ada: Staff) -> None:
    browser = Client()

    answer = browser.post(invitation(ada), {"name": "Nia New", "way": "passkey"})

    assert answer.headers["Location"] == "/account/2fa/webauthn/add/"
    assert not Staff.objects.get(email="new@parcel.example").has_usable_password()
    assert browser.get("/account/2fa/webauthn/add/").status_code == 200
    assert browser.get("/today/").headers["Location"] == "/me/"


@pytest.mark.parametrize(
    "sent", [{"password": "short"}, {"password": ""}, {"password": "new@parcel.example"}, {"name": " \u202e "}]
)
def test_what_is_no_account_uses_nothing_up(ada: Staff, sent: dict[str, str]) -> None:
    where = invitation(ada)

    answer = Client().post(where, {"name": "Nia", "password": GOOD, "way": "password", **sent})

    assert answer.status_code == 422
    assert "needs your attention" in answer.content.decode() or "need your attention" in answer.content.decode()
    assert Client().get(where).status_code == 200


def test_looking_changes_nothing_however_often(ada: Staff) -> None:
    where = invitation(ada)

    assert {Client().get(where).status_code for _ in range(10)} == {200}
    assert Invite.objects.get().taken_at is None


def test_links_cannot_be_tried_out_and_one_opens_no_page_of_the_other(ada: Staff) -> None:
    where = invitation(ada)

    assert Client().get(where.replace("/invite/", "/set-up/")).status_code == 403
    statuses = [Client().get(f"/invite/1.x~{number}/").status_code for number in range(25)]
    assert statuses[:15] == [403] * 15
    assert statuses[-1] == 429
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        assert Client().get(where).status_code == 200


def test_a_fresh_installation_is_set_up_by_its_link(db: None) -> None:
    with time_machine.travel(NOW, tick=False):
        made = staffing.make_set_up_link(now=NOW)
        where, browser = f"/set-up/{invite_token(made)}/", Client()
        sent = {
            "company": "Harbour & Pine", "zone": "Europe/London", "country": "GB",
            "name": "Ada Whitlock", "email": "ada@pine.example", "password": GOOD,
        }  # fmt: skip
        assert "Let us begin" in page(browser, where)
        assert browser.post(where, {**sent, "country": "XX"}).status_code == 422
        assert browser.post(where, {**sent, "company": " "}).status_code == 422
        assert browser.post(where, {**sent, "email": "nonsense"}).status_code == 422
        assert (Company.objects.count(), Staff.objects.count()) == (0, 0)

        answer = browser.post(where, sent)

        assert answer.headers["Location"] == "/me/"
        assert (Company.objects.get().name, Staff.objects.get().role) == ("Harbour & Pine", "admin")
        assert "As an admin you say who may do what." in page(browser, "/me/")
        assert Client().get(where).status_code == 410
        assert browser.get(settings.LOGIN_REDIRECT_URL).status_code == 200
