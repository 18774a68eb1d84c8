"""Passwords of mailboxes are sealed with a key outside the database.

What seals them stands here once more, as it was on this day: a migration must give the same result whatever the code becomes.
"""

import base64
import hashlib
import os
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q


def keys():
    text = settings.TROTH_SEAL_KEY or Path(settings.TROTH_SEAL_KEY_FILE).read_text()
    secrets = [base64.b64decode(word.replace("-", "+").replace("_", "/")) for word in text.replace(",", " ").split()]
    return {hashlib.sha256(b"troth seal key\x00" + secret).hexdigest()[:8]: secret for secret in secrets}


def place(pk):
    return f"email_mailbox.password:{pk}".encode()


def seal(apps, editor):
    Mailbox = apps.get_model("email", "Mailbox")
    name, secret = next(iter(keys().items()))
    for pk, password in Mailbox.objects.exclude(password="").values_list("pk", "password"):
        nonce = os.urandom(12)
        body = nonce + AESGCM(secret).encrypt(nonce, password.encode(), place(pk))
        sealed = f"sealed:{name}:{base64.urlsafe_b64encode(body).decode()}"
        Mailbox.objects.filter(pk=pk).update(password=sealed)


def unseal(apps, editor):
    Mailbox = apps.get_model("email", "Mailbox")
    for pk, sealed in Mailbox.objects.exclude(password="").values_list("pk", "password"):
        _mark, name, body = sealed.split(":")
        raw = base64.urlsafe_b64decode(body)
        plain = AESGCM(keys()[name]).decrypt(raw[:12], raw[12:], place(pk)).decode()
        Mailbox.objects.filter(pk=pk).update(password=plain)


class Migration(migrations.Migration):
    dependencies = [
        ("email", "0002_mailbox_names"),
    ]

    operations = [
        migrations.RunPython(seal, unseal),
        migrations.AddConstraint(
            model_name="mailbox",
            constraint=models.CheckConstraint(
                condition=Q(password="") | Q(password__startswith="sealed:"),  # noqa: S106 - the mark, no password
                name="mailbox_password_is_sealed",
            ),
        ),
    ]
