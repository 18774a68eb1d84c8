"""A passkey alone lets in only whom the key itself has recognised, by finger, face or number; the key here is of software."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from base64 import urlsafe_b64encode
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.cache import cache
from django.test import Client
from fido2.cose import ES256
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData
from tests import people_and_things as things
from tests.faces import Shop, page
from tests.people_and_things import NOW

from troth.people.models import Staff

GOOD = "three words in a row"
PRESENT, VERIFIED, NEW = (
    AuthenticatorData.FLAG.USER_PRESENT,
    AuthenticatorData.FLAG.USER_VERIFIED,
    AuthenticatorData.FLAG.ATTESTED,
)
LOGIN, SECOND = "/account/2fa/webauthn/login/", "/account/2fa/authenticate/"


def text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


class SoftKey:
    """What a security key does, for one person at one place."""

    def __init__(self, owner: Staff) -> None:
        self.id, self.owner = secrets.token_bytes(16), owner
        self.secret = ec.generate_private_key(ec.SECP256R1())
        self.place = hashlib.sha256(b"testserver").digest()
        public = ES256.from_cryptography_key(self.secret.public_key())  # type: ignore[no-untyped-call]
        made = AttestedCredentialData.create(b"\0" * 16, self.id, public)
        whole = AuthenticatorData.create(self.place, PRESENT | NEW, 0, made)
        response = {
            "clientDataJSON": text(self._said("webauthn.create", "")),
            "attestationObject": text(bytes(AttestationObject.create("none", whole, {}))),
        }
        credential = {"id": text(self.id), "rawId": text(self.id), "type": "public-key", "response": response}
        Authenticator.objects.create(
            user=owner, type=Authenticator.Type.WEBAUTHN, data={"name": "A key", "credential": credential}
        )

    @staticmethod
    def _said(kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": "http://testserver"}).encode()

    def answer(self, options: Any, *, flags: AuthenticatorData.FLAG) -> str:
        """What is posted when its owner touches it."""
        said = self._said("webauthn.get", options["publicKey"]["challenge"])
        signed = bytes(AuthenticatorData.create(self.place, flags, 1))
        signature = self.secret.sign(signed + hashlib.sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        response = {
            "clientDataJSON": text(said),
            "authenticatorData": text(signed),
            "signature": text(signature),
            "userHandle": text(user_pk_to_url_str(self.owner).encode()),
        }
        return json.dumps({"id": text(self.id), "rawId": text(self.id), "type": "public-key", "response": response})


@pytest.fixture(autouse=True)
def _nobody_tried_yet(db: None) -> None:
    cache.clear()


def who_is_in(browser: Client) -> str:
    return str(browser.session.get("_auth_user_id", "nobody"))


def asked_at_the_front(browser: Client) -> Any:
    return browser.get(LOGIN, headers={"x-requested-with": "XMLHttpRequest"}).json()["request_options"]


def asked_as_second_factor(browser: Client) -> Any:
    [data] = re.findall(r'<script id="js_data" type="application/json">(.*?)</script>', page(browser, SECOND))
    return json.loads(data)["request_options"]


@pytest.fixture
def ada(shop: Shop) -> Staff:
    return things.staff("ada@parcel.example", role="admin", password=GOOD)


@pytest.mark.parametrize(("flags", "let_in"), [(PRESENT, False), (PRESENT | VERIFIED, True)])
def test_a_key_alone_lets_in_whom_it_recognised(ada: Staff, flags: AuthenticatorData.FLAG, let_in: bool) -> None:
    key, browser = SoftKey(ada), Client()

    browser.post(LOGIN, {"credential": key.answer(asked_at_the_front(browser), flags=flags)})

    assert who_is_in(browser) == (str(ada.pk) if let_in else "nobody")


def test_beside_the_password_a_touch_is_enough(ada: Staff) -> None:
    key, browser = SoftKey(ada), Client()
    browser.post("/account/login/", {"login": ada.email, "password": GOOD})

    browser.post(SECOND, {"credential": key.answer(asked_as_second_factor(browser), flags=PRESENT)})

    assert who_is_in(browser) == str(ada.pk)


def test_a_colleague_who_finds_a_key_does_not_get_in_by_a_question_meant_for_themselves(ada: Staff) -> None:
    """What is asked beside a password asks for a touch only; answered at the front it would let a finder in."""
    ben = things.staff("ben@parcel.example", password=GOOD)
    SoftKey(ben)
    found, browser = SoftKey(ada), Client()
    browser.post("/account/login/", {"login": ben.email, "password": GOOD})

    asked = asked_as_second_factor(browser)
    with time_machine.travel(NOW + timedelta(minutes=16), tick=False):  # and their own sign-in is forgotten
        browser.post(LOGIN, {"credential": found.answer(asked, flags=PRESENT)})

    assert who_is_in(browser) == "nobody"
