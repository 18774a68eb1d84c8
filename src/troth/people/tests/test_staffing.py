"""Invitations, roles, closed accounts, second factors owed: what is true afterwards, and what is refused."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import connection
from tests import people_and_things as things
from tests.faces import Shop
from tests.people_and_things import NOW, letters, text_of

from troth.people import staffing
from troth.people.actions import StaffThereAlready
from troth.people.models import Invite, SecurityEvent, Staff
from troth.people.queries import InviteGone, NoSuchLink, invite_token, invite_url, open_invite
from troth.people.rules.addresses import NotAnAddress
from troth.people.rules.invites import INVITE_LIFE, SET_UP_LIFE, InviteState
from troth.people.rules.roles import Factors, Role
from troth.post.models import Letter
from troth.site.settings import EMAIL_BACKEND as OUR_BACKEND  # pytest-django puts its own in the place of it

GOOD = "three words in a row"


@pytest.fixture(autouse=True)
def _by_our_post(settings: Any) -> None:
    settings.EMAIL_BACKEND = OUR_BACKEND


@pytest.fixture
def ada(shop: Shop) -> Staff:
    return things.staff("ada@parcel.example", role="admin")


def invited(by: Staff, address: str = "new@parcel.example", **values: Any) -> Invite:
    return staffing.invite(address=address, **{"role": Role.LEAD, "team": None, "by": by, "now": NOW, **values})


def take(found: Invite, **values: Any) -> Staff:
    said = {"name": "Nia New", "password": GOOD, "zone": "Europe/London", "now": NOW}
    return staffing.take_invite(found, **{**said, **values})


def events() -> list[tuple[str, str]]:
    return list(SecurityEvent.objects.order_by("pk").values_list("kind", "about"))


def test_an_invitation_is_a_letter_and_becomes_one_account(shop: Shop, ada: Staff) -> None:
    made = invited(ada, "New@Parcel.example", team=shop.team)

    came = take(open_invite(invite_token(made), now=NOW))

    assert letters() == [("new@parcel.example", "Your account at Parcel & Co")]
    assert f"\n\n{invite_url(made)}\n\n" in text_of(Letter.objects.get())
    assert invite_url(made).startswith(f"{settings.TROTH_URL}/invite/")
    assert (came.email, came.name, came.role, came.team, came.is_active, came.owes_factor) == (
        "new@parcel.example", "Nia New", "lead", shop.team, True, False,
    )  # fmt: skip
    assert came.check_password(GOOD)
    made.refresh_from_db()
    assert (made.taken_at, made.staff) == (NOW, came)
    assert events() == [("staff_invited", f"invite:{made.pk}"), ("invite_taken", f"invite:{made.pk}")]


def test_it_works_once(ada: Staff) -> None:
    made = invited(ada)
    take(made)

    with pytest.raises(InviteGone) as gone:
        open_invite(invite_token(made), now=NOW)
    with pytest.raises(InviteGone):  # the page was open in two tabs
        take(made, name="Mallory")

    assert gone.value.state is InviteState.TAKEN
    assert Staff.objects.filter(name="Mallory").count() == 0


def test_it_lives_three_days_to_the_second(ada: Staff) -> None:
    made = invited(ada)
    last = NOW + INVITE_LIFE - timedelta(seconds=1)

    assert timedelta(hours=72) == INVITE_LIFE
    assert open_invite(invite_token(made), now=last) == made
    with pytest.raises(InviteGone) as gone:
        open_invite(invite_token(made), now=NOW + INVITE_LIFE)
    with pytest.raises(InviteGone):
        take(made, now=NOW + INVITE_LIFE)
    assert gone.value.state is InviteState.EXPIRED


def test_sent_again_only_the_newer_letter_counts_and_it_lives_anew(ada: Staff) -> None:
    made = invited(ada)
    before = invite_token(made)
    later = NOW + INVITE_LIFE + timedelta(days=30)

    assert staffing.invite_again(made.pk, by=ada, now=later)

    made.refresh_from_db()
    with pytest.raises(InviteGone) as gone:
        open_invite(before, now=later)
    assert gone.value.state is InviteState.REPLACED
    assert open_invite(invite_token(made), now=later) == made
    assert len(letters()) == 2


def test_withdrawn_it_opens_nothing_and_cannot_be_sent_again(ada: Staff) -> None:
    made = invited(ada)

    assert staffing.withdraw_invite(made.pk, by=ada, now=NOW)

    with pytest.raises(InviteGone) as gone:
        open_invite(invite_token(made), now=NOW)
    assert gone.value.state is InviteState.WITHDRAWN
    assert not staffing.withdraw_invite(made.pk, by=ada, now=NOW)
    assert not staffing.invite_again(made.pk, by=ada, now=NOW)


def test_invited_twice_only_the_second_letter_counts(ada: Staff) -> None:
    first = invited(ada)
    second = invited(ada, role=Role.AGENT)

    with pytest.raises(InviteGone):
        take(first)
    assert take(second).role == "agent"


def test_who_works_here_is_not_invited_nor_what_is_no_address(shop: Shop, ada: Staff) -> None:
    with pytest.raises(StaffThereAlready):
        invited(ada, "SAM@parcel.example")
    with pytest.raises(NotAnAddress):
        invited(ada, "new@parcel.example\nBcc: all@parcel.example")

    assert (Invite.objects.count(), letters()) == (0, [])


@pytest.mark.parametrize("token", ["", "0", "None", "1", "1.", "1.x~y", "~", "-1.x~x", "9" * 40 + ".x~x"])
def test_made_up_tokens_open_nothing(ada: Staff, token: str) -> None:
    invited(ada)

    with pytest.raises(NoSuchLink):
        open_invite(token, now=NOW)


def test_a_changed_token_opens_nothing(ada: Staff) -> None:
    token = invite_token(invited(ada))

    for at in range(len(token)):
        other = "x" if token[at] != "x" else "y"
        with pytest.raises(NoSuchLink):
            open_invite(token[:at] + other + token[at + 1 :], now=NOW)


def test_without_a_password_another_way_in_is_owed(ada: Staff) -> None:
    came = take(invited(ada), password=None)

    assert came.owes_factor
    Authenticator.objects.create(user=came, type="webauthn", data={})
    staffing.settle_factors(came.pk)
    assert not Staff.objects.get(pk=came.pk).owes_factor


# The first admin


def set_up(found: Invite, **values: Any) -> Staff:
    said = {"company": "Parcel & Co", "zone": "Europe/London", "name": "Ada", "email": "ada@parcel.example"}
    return staffing.set_up(found, **{**said, "password": GOOD, "now": NOW, **values})


@pytest.mark.django_db
def test_the_first_admin_comes_by_a_link_that_works_once_for_a_day() -> None:
    made = staffing.make_set_up_link(now=NOW)

    with pytest.raises(InviteGone):
        set_up(made, now=NOW + SET_UP_LIFE)
    came = set_up(made)

    assert invite_url(made).startswith(f"{settings.TROTH_URL}/set-up/")
    assert (came.role, came.email, came.zone) == ("admin", "ada@parcel.example", "Europe/London")
    with pytest.raises(InviteGone):
        set_up(made, email="mallory@parcel.example")
    with pytest.raises(StaffThereAlready):
        staffing.make_set_up_link(now=NOW)


@pytest.mark.django_db
def test_once_somebody_runs_it_the_printed_link_is_dead() -> None:
    made = staffing.make_set_up_link(now=NOW)
    things.company()
    things.staff("ada@parcel.example", role="admin")

    with pytest.raises(InviteGone):
        set_up(made, email="mallory@parcel.example")
    assert list(Staff.objects.values_list("email", flat=True)) == ["ada@parcel.example"]


@pytest.mark.django_db
def test_another_link_replaces_the_one_before() -> None:
    before = staffing.make_set_up_link(now=NOW)

    staffing.make_set_up_link(now=NOW)

    with pytest.raises(InviteGone):
        set_up(before)


# Roles, leaving, coming back


def test_a_role_changes_and_the_change_is_on_record(shop: Shop, ada: Staff) -> None:
    assert staffing.change_role(shop.sam.pk, role=Role.ADMIN, team=None, by=ada, now=NOW)
    assert not staffing.change_role(shop.sam.pk, role=Role.ADMIN, team=None, by=ada, now=NOW)

    shop.sam.refresh_from_db()
    assert (shop.sam.role, shop.sam.team) == ("admin", None)
    [event] = SecurityEvent.objects.all()
    assert (event.kind, event.about, event.how) == ("role_changed", f"staff:{shop.sam.pk}", "agent to admin")


def test_the_last_admin_stays_one(shop: Shop, ada: Staff) -> None:
    with pytest.raises(staffing.LastAdmin):
        staffing.change_role(ada.pk, role=Role.AGENT, team=None, by=ada, now=NOW)
    with pytest.raises(staffing.LastAdmin):
        staffing.close_account(ada.pk, by=ada, now=NOW)

    assert staffing.change_role(ada.pk, role=Role.ADMIN, team=shop.team, by=ada, now=NOW)
    things.staff("eve@parcel.example", role="admin", is_active=False)  # a closed account runs nothing
    with pytest.raises(staffing.LastAdmin):
        staffing.close_account(ada.pk, by=ada, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_two_admins_cannot_take_each_other_down_at_once() -> None:
    things.company()
    for _round in range(5):
        Staff.objects.filter(role="admin").update(role="agent")
        pair = [things.staff(f"{name}{_round}@parcel.example", role="admin") for name in ("ada", "bo")]
        begin, refused = threading.Barrier(2), []

        def demote(who: Staff, by: Staff, begin: threading.Barrier, refused: list[Staff]) -> None:
            begin.wait(timeout=30)
            try:
                staffing.change_role(who.pk, role=Role.AGENT, team=None, by=by, now=NOW)
            except staffing.LastAdmin:
                refused.append(who)
            finally:
                connection.close()

        both = [threading.Thread(target=demote, args=(who, by, begin, refused)) for who, by in (pair, pair[::-1])]
        for thread in both:
            thread.start()
        for thread in both:
            thread.join(timeout=30)

        assert len(refused) == 1
        assert Staff.objects.filter(role="admin", is_active=True).count() == 1


def test_a_closed_account_opens_again_as_it_was(shop: Shop, ada: Staff) -> None:
    assert staffing.close_account(shop.lea.pk, by=ada, now=NOW)
    assert not staffing.close_account(shop.lea.pk, by=ada, now=NOW)
    assert not Staff.objects.get(pk=shop.lea.pk).is_active

    assert staffing.open_account(shop.lea.pk, by=ada, now=NOW)
    assert not staffing.open_account(shop.lea.pk, by=ada, now=NOW)

    lea = Staff.objects.get(pk=shop.lea.pk)
    assert (lea.is_active, lea.role) == (True, "lead")
    assert [kind for kind, _about in events()] == ["account_closed", "account_opened"]


# Second factors


@pytest.mark.parametrize(
    ("factors", "owing"),
    [(Factors.NOBODY, set()), (Factors.ADMINS, {"Ada"}), (Factors.EVERYONE, {"Ada", "Sam", "Lea"})],
)
def test_who_must_have_a_second_factor_owes_it_until_it_is_there(
    shop: Shop, ada: Staff, factors: Factors, owing: set[str]
) -> None:
    Staff.objects.update(password="x")
    Authenticator.objects.create(user=shop.aud, type="totp", data={})
    Authenticator.objects.create(user=shop.sam, type="recovery_codes", data={})

    staffing.require_factors(factors, by=ada, now=NOW)

    assert set(Staff.objects.filter(owes_factor=True).values_list("name", flat=True)) == owing


def test_a_promotion_can_bring_the_duty_and_the_switch_takes_it_away(shop: Shop, ada: Staff) -> None:
    Staff.objects.update(password="x")
    staffing.require_factors(Factors.ADMINS, by=ada, now=NOW)

    staffing.change_role(shop.sam.pk, role=Role.ADMIN, team=None, by=ada, now=NOW)

    assert Staff.objects.get(pk=shop.sam.pk).owes_factor
    assert staffing.require_factors(Factors.NOBODY, by=ada, now=NOW)
    assert not staffing.require_factors(Factors.NOBODY, by=ada, now=NOW)
    assert not Staff.objects.filter(owes_factor=True).exists()
