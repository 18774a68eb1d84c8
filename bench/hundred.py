"""A hundred real conversations as real mail through the running product, while its processes are killed at random.

python -m bench.hundred --file conversations.jsonl [--count 100] [--seed 3]

Each customer has a mailbox and writes by SMTP (Postfix to Dovecot); what they say next answers our acknowledgement, at its signed
address. `troth run` and two more workers, under the real supervisor, take it in. An agent reads each case on its page and sends
the firm's own reply through the form, promises found in it answered as the page asks. All the while workers and pages are killed
by SIGKILL. In the end each conversation is one case with every turn once, and each customer has had exactly one reply.

A line of the file is one conversation: `dialogContent`, a list of turns with `client` and `message`, and the firm's reply in
`agentURL.url_utterance`.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import random
import re
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass
from email.message import EmailMessage
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import psycopg
from tests.lab.mail import MailLab
from tests.lab.product import Product

CSRF = "a" * 32
#: The product holds automatic letters back above sixty a minute.
SECONDS_BETWEEN_LETTERS = 1.1
GIVE_UP_SECONDS = 1200


@dataclass
class Conversation:
    """One customer, what they say, and what the firm answered."""

    number: int
    turns: list[str]
    reply: str
    said: int = 0

    @property
    def address(self) -> str:
        return f"customer-{self.number}@example.test"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--file", type=Path, required=True)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=3)
    given = parser.parse_args()
    chance = random.Random(given.seed)
    conversations = chosen(given.file, given.count, chance)
    lab = MailLab(more=[each.address for each in conversations])
    product = Product(
        settings={
            "TROTH_SMTP_HOST": lab.host,
            "TROTH_MAIL_ARCHIVE": "archive@troth.test",
            "TROTH_UNDO_SECONDS": "2",
        },
        workers=3,
    )
    try:
        lab.start()
        product.environment["TROTH_SMTP_PORT"] = str(lab.smtp_port)
        product.start()
        product.furnish(
            password=lab.password,
            mailboxes=[("support", lab.host, lab.imap_port), ("archive", lab.host, lab.imap_port)],
        )
        sys.exit(0 if run(lab, product, conversations, chance) else 1)
    finally:
        product.remove()
        lab.stop()


def chosen(file: Path, count: int, chance: random.Random) -> list[Conversation]:
    """*count* conversations, a third of them of several turns where there are so many."""
    found = []
    for line in file.read_text().splitlines():
        row = json.loads(line)
        turns = [turn["message"] for turn in row["dialogContent"] if turn.get("client") and turn["message"].strip()]
        reply = row["agentURL"]["url_utterance"].strip()
        if turns and reply:
            found.append((turns, reply))
    longer = [each for each in found if len(each[0]) > 1]
    single = [each for each in found if len(each[0]) == 1]
    some = chance.sample(longer, min(len(longer), count // 3))
    every = some + chance.sample(single, count - len(some))
    chance.shuffle(every)
    return [Conversation(number, turns, reply) for number, (turns, reply) in enumerate(every)]


def run(lab: MailLab, product: Product, conversations: list[Conversation], chance: random.Random) -> bool:
    ended = threading.Event()
    killed: Counter[str] = Counter()
    killer = threading.Thread(target=kill, args=(product, chance, killed, ended))
    customers = threading.Thread(target=speak, args=(lab, conversations, ended))
    began = time.monotonic()
    killer.start()
    customers.start()
    try:
        answered = answer(product, conversations, until=began + GIVE_UP_SECONDS)
    finally:
        ended.set()
        killer.join()
        customers.join()
    seconds = time.monotonic() - began
    rest = settle(product)
    return told(lab, product, conversations, answered=answered, killed=killed, seconds=seconds, rest=rest)


def kill(product: Product, chance: random.Random, killed: Counter[str], ended: threading.Event) -> None:
    """A worker, or now and then the pages, every few seconds."""
    while not ended.wait(chance.uniform(1, 4)):
        kind = chance.choice(["worker", "worker", "worker", "web"])
        alive = product.processes(kind)
        if alive:
            product.kill(chance.choice(alive))
            killed[kind] += 1


def speak(lab: MailLab, conversations: list[Conversation], ended: threading.Event) -> None:
    """Every customer's first words, and the next ones in answer to our acknowledgement once it is there."""
    for each in conversations:
        if ended.wait(SECONDS_BETWEEN_LETTERS):
            return
        write(lab, each, to="support@troth.test", answering="")
        each.said = 1
    while waiting := [each for each in conversations if each.said < len(each.turns)]:
        for each in waiting:
            if ended.wait(0.1):
                return
            received = lab.letters(each.address)
            if received:
                write(lab, each, to=received[0]["Reply-To"].addresses[0].addr_spec, answering=received[0]["Message-ID"])
                each.said += 1


def write(lab: MailLab, conversation: Conversation, *, to: str, answering: str) -> None:
    letter = EmailMessage()
    letter["From"] = conversation.address
    letter["To"] = to
    letter["Subject"] = f"Conversation {conversation.number}"
    letter["Message-ID"] = f"<{conversation.number}.{conversation.said}@example.test>"
    if answering:
        letter["In-Reply-To"] = answering
    letter.set_content(conversation.turns[conversation.said])
    lab.send(letter, sender=conversation.address, to=to)


def answer(product: Product, conversations: list[Conversation], *, until: float) -> int:
    """Answer each case once all its customer had to say is in it; how many were answered."""
    left = {each.address: each for each in conversations}
    while left and time.monotonic() < until:
        with contextlib.suppress(psycopg.Error):
            for case, customer, turns in complete(product):
                if (
                    customer in left
                    and turns == len(left[customer].turns)
                    and send(product, case, left[customer].reply)
                ):
                    del left[customer]
        time.sleep(0.5)
    return len(conversations) - len(left)


def complete(product: Product) -> list[tuple[int, str, int]]:
    """Cases, whose they are, and how many messages they have."""
    return product.rows(
        """
        SELECT message.case_id, min(handle.address), count(*)
        FROM cases_message AS message JOIN people_handle AS handle ON handle.id = message.handle_id
        WHERE message.direction = 'inbound' GROUP BY message.case_id
        """
    )  # type: ignore[return-value]


def send(product: Product, case: int, words: str) -> bool:
    """Read the case's page, and send *words* as its answer, with an answer for every promise found in them.

    Where the pages were killed meanwhile, it is done again later, as anybody would: the same words are one reply.
    """
    try:
        status, page = product.page(f"/cases/{case}/")
        if status != 200:
            return False
        last = re.search(r'name="last_message" value="(\d+)"', page)
        said = {"body": words, "last_message": last[1] if last else "", "csrfmiddlewaretoken": CSRF}
        status, found = product.page(f"/cases/{case}/read/", form=urlencode(said), csrf=CSRF)
        if status != 200:
            return False
        status, _page = product.page(f"/cases/{case}/reply/", form=urlencode(said | promises(found)), csrf=CSRF)
    except (OSError, http.client.HTTPException):
        return False
    return status == 302


def promises(found: str) -> dict[str, str]:
    """Every promise found is recorded, with the first date offered where it has none."""
    said: dict[str, str] = {}
    for name, quote in re.findall(r'name="quote-([0-9a-f]+-\d+)" value="([^"]*)"', found):
        said |= {f"quote-{name}": unescape(quote), f"keep-{name}": "1"}
        offered = re.search(rf'name="due-{name}" value="([^"]+)"', found)
        if offered:
            said[f"due-{name}"] = unescape(offered[1])
    return said


def settle(product: Product, *, seconds: float = 180) -> int:
    """How much was still under way when nothing moved any more, or after *seconds*."""
    until = time.monotonic() + seconds
    rest = 1
    while rest and time.monotonic() < until:
        time.sleep(1)
        rest = product.count(
            """
            SELECT (SELECT count(*) FROM inbox_arrival WHERE state = 'waiting')
                 + (SELECT count(*) FROM post_letter WHERE state IN ('queued', 'sending', 'data'))
                 + (SELECT count(*) FROM cases_reply WHERE state = 'held')
            """
        )
    time.sleep(2)  # what Postfix still holds
    return rest


def told(
    lab: MailLab,
    product: Product,
    conversations: list[Conversation],
    *,
    answered: int,
    killed: Counter[str],
    seconds: float,
    rest: int,
) -> bool:
    """Print what became of them; whether everything is as it must be."""
    wrong_cases = wrong_replies = 0
    cases: dict[str, list[int]] = {}
    for _case, customer, turns in complete(product):
        cases.setdefault(customer, []).append(turns)
    replies = acknowledged = 0
    for each in conversations:
        wrong_cases += cases.get(each.address) != [len(each.turns)]
        letters = lab.letters(each.address)
        automatic = sum("Auto-Submitted" in letter for letter in letters)
        replies += len(letters) - automatic
        acknowledged += automatic
        wrong_replies += (len(letters) - automatic, automatic) != (1, 1)
    found = product.findings()
    tries = product.count("SELECT count(*) FROM post_attempt")
    verified = product.count("SELECT count(*) FROM post_letter WHERE verified")
    turns = sum(len(each.turns) for each in conversations)
    print(
        f"{len(conversations)} conversations, {turns} letters in, {answered} answered by the agent in {seconds:.0f} s"
    )
    print(f"killed: {killed['worker']} times a worker, {killed['web']} times the pages")
    print(
        f"acknowledgements {acknowledged}, replies {replies}, tries to send {tries}, settled by the archive {verified}"
    )
    print(f"conversations not in exactly one case: {wrong_cases}")
    print(f"customers without exactly one acknowledgement and one reply: {wrong_replies}")
    print(f"still under way: {rest}")
    print(f"found wrong by `troth verify-state`: {len(found)}")
    for one in found:
        print(f"  {one['invariant']} {one['wrong']} {one['refs']}")
    return answered == len(conversations) and not (wrong_cases or wrong_replies or rest or found)


if __name__ == "__main__":
    main()
