"""Coming in, in a real browser with an authenticator of its own: invited, by passkey, by second factor, by the company."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from tests import people_and_things as things
from tests.faces import Shop
from tests.lab.openid import CLIENT, SECRET, openid_provider
from tests.walks.browser import PASSWORD, Watched, faults, may_sign_in, photograph, served
from troth.people import staffing
from troth.people.models import SecurityEvent, Staff
from troth.people.queries import invite_token
from troth.people.rules.roles import Role

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def ada(transactional_db: None) -> Staff:
    shop = Shop()
    made = things.staff("ada@parcel.example", role="admin", team=shop.team)
    for staff in (shop.sam, made):
        may_sign_in(staff)
    return made


def with_authenticator(watched: Watched) -> Page:
    """The browser's device holds passkeys and knows its owner by touch."""
    device = watched.context.new_cdp_session(watched.page)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return watched.page


def look(page: Page, name: str) -> None:
    photograph(page, name)
    assert faults(page) == [], name


def press(page: Page, words: str) -> None:
    """By the keyboard alone."""
    page.get_by_role("button", name=words).focus()
    page.keyboard.press("Enter")


def kinds() -> list[tuple[str, str]]:
    return list(SecurityEvent.objects.order_by("pk").values_list("kind", "how"))


def test_an_invited_person_needs_no_password_ever(ada: Staff, browser: Browser) -> None:
    made = staffing.invite(address="nia@parcel.example", role=Role.ADMIN, team=None, by=ada, now=timezone.now())
    mark = "phone-dark"
    with served() as home:
        watched = Watched(browser, home, wide=False, dark=True)
        page = with_authenticator(watched)
        page.goto(f"/invite/{invite_token(made)}/")
        look(page, f"{mark}-invite")
        page.get_by_label("Your name").fill("Nia New")
        press(page, "Use a passkey instead of a password")

        expect(page.get_by_role("heading", name="Add a passkey")).to_be_visible()
        look(page, f"{mark}-passkey-add")
        page.goto("/today/")
        expect(page.get_by_role("heading", name="First, a second way")).to_be_visible()
        look(page, f"{mark}-me-owes")
        page.get_by_role("link", name="Add a passkey").click()
        press(page, "Add it")
        expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
        look(page, f"{mark}-recovery-codes")
        page.get_by_role("link", name="Back to your account").click()
        look(page, f"{mark}-me")
        page.get_by_role("button", name="Sign out", exact=True).first.click()
        page.wait_for_url("**/account/login/")
        look(page, f"{mark}-sign-in")
        press(page, "Sign in with a passkey")
        page.wait_for_url("**/today/")

        page.goto("/account/2fa/webauthn/reauthenticate/?next=/staff/")
        look(page, f"{mark}-passkey-again")
        press(page, "Use a passkey")
        page.wait_for_url(f"{home}/staff/")
        look(page, f"{mark}-staff")
        page.goto("/me/")
        page.get_by_role("link", name="Rename").click()
        look(page, f"{mark}-passkey-rename")
        page.get_by_label("What you call it").fill("Desk")
        press(page, "Save")
        expect(page.get_by_text("Desk", exact=True)).to_be_visible()
        page.get_by_role("link", name="Remove").click()
        look(page, f"{mark}-passkey-remove")
        assert watched.complaints == []

    nia = Staff.objects.get(email="nia@parcel.example")
    assert not nia.has_usable_password()
    assert ("signed_in", "mfa:webauthn") in kinds()
    assert ("factor_added", "webauthn") in kinds()


def test_a_passkey_is_asked_after_the_password_and_no_other_device_has_it(ada: Staff, browser: Browser) -> None:
    with served() as home:
        mine = Watched(browser, home)
        page = with_authenticator(mine)
        mine.sign_in(ada)
        page.goto("/account/2fa/webauthn/add/")
        page.get_by_label("Sign in with it alone").uncheck()
        press(page, "Add it")
        expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
        page.goto("/me/")
        page.get_by_role("button", name="Sign out", exact=True).first.click()
        page.get_by_label("Email").fill(ada.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="One more thing")).to_be_visible()
        look(page, "desktop-one-more-thing")
        page.goto("/today/")
        expect(page.get_by_role("heading", name="One more thing")).to_be_visible()

        press(page, "Use a passkey")
        page.wait_for_url("**/today/")
        thief = Watched(browser, home)
        other = with_authenticator(thief)
        other.goto("/account/login/")
        other.get_by_label("Email").fill(ada.email)
        other.get_by_label("Password").fill(PASSWORD)
        other.keyboard.press("Enter")
        press(other, "Use a passkey")
        expect(other.locator("[data-passkey-trouble]")).to_be_visible()
        look(other, "desktop-passkey-trouble")
        other.goto("/today/")

        expect(other.get_by_role("heading", name="One more thing")).to_be_visible()
        assert mine.complaints == []
        assert thief.complaints == []


def test_the_pages_of_an_app_and_of_codes_are_fit_for_everyone(ada: Staff, browser: Browser) -> None:
    with served() as home:
        watched = Watched(browser, home)
        watched.sign_in(ada)
        page = watched.page
        for name, path in {
            "password": "/account/password/change/",
            "once-more": "/account/reauthenticate/?next=/me/",
            "app": "/account/2fa/totp/activate/",
        }.items():
            page.goto(path)
            look(page, f"desktop-{name}")
        page.get_by_label("The six digits it shows now").fill("123456")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_be_focused()
        look(page, "desktop-app-wrong")
        assert watched.complaints == []


def test_the_company_signs_its_people_in(ada: Staff, browser: Browser) -> None:
    with (
        openid_provider() as provider,
        served(
            TROTH_OIDC_URL=provider.home,
            TROTH_OIDC_CLIENT_ID=CLIENT,
            TROTH_OIDC_CLIENT_SECRET=SECRET,
            TROTH_OIDC_NAME="Parcel ID",
        ) as home,
    ):
        watched = Watched(browser, home)
        page = watched.page
        page.goto("/account/login/")
        look(page, "desktop-sign-in-company")
        press(page, "Sign in with Parcel ID")
        page.wait_for_url("**/today/")
        provider.person = {"sub": "9", "email": "mallory@evil.example", "email_verified": True}
        other = Watched(browser, home)
        other.page.goto("/account/login/")
        press(other.page, "Sign in with Parcel ID")
        expect(other.page.get_by_role("heading", name="Nobody signs up here")).to_be_visible()

        assert watched.complaints == []
        assert other.complaints == []
    assert [asked["code_challenge_method"] for asked in provider.asked] == ["S256", "S256"]
