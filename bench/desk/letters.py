"""The letters that come in, the same for every side; and the words that are looked for."""

from __future__ import annotations

from email.message import EmailMessage

WORD = "hinge"
ASKED = "Hello,\n\nI ordered a table two weeks ago. Can you tell me where it is, and when it will come?"
REPLY = "Thank you for writing. It is on its way: we sent it this morning, and you need do nothing more."


def letter(number: int) -> bytes:
    """As people write: plain and HTML, from somebody known."""
    made = EmailMessage()
    made["From"] = f"Ann Archer <customer{number % 500 + 1}@example.net>"
    made["To"] = "support@parcel.example"
    made["Subject"] = f"Where is parcel {number}?"
    made["Message-ID"] = f"<desk{number}.{id(made)}@example.net>"
    made.set_content(
        "Hello,\n\nI ordered a table two weeks ago and was told it would be here by Tuesday. It is not. Can you\n"
        "tell me where it is, and when it will come? I am rather annoyed, to be honest.\n\nKind regards\nAnn\n"
    )
    made.add_alternative("<p>Hello, I ordered a <b>table</b> two weeks ago.</p>", subtype="html")
    return made.as_bytes()
