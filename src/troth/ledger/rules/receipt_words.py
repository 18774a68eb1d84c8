"""What a receipt, format 1, says in words: one table, read by the format, the command and the page; pure.

These sentences are part of the format, as bytes are: a receipt is checked by writing its head anew, so whatever is changed here
makes receipts wrong that are in people's hands. A better sentence is a new format, and this table stays beside it. A kind of
fact that is not in the table has a head too, in general words (`receipt_head.py`), and keeps that one.
"""

from __future__ import annotations

from typing import Any, Final

_TIMES: Final = [["happened_at", "Happened"], ["recorded_at", "Recorded"]]
_ABOUT: Final = [["about", "About"], ["customer", "Customer"]]

#: For each kind: what it is called, its first line (by the value of a field where there is one), and its rows. A row is the
#: name of a field and what it is called; `words.` stands before what is opened, and a row without a value is left out.
KINDS: Final[dict[str, dict[str, Any]]] = {
    "PromiseMade": {
        "noun": "promise",
        "title": "A promise was made.",
        "by": "state",
        "titles": {
            "armed": "A promise was made that waits for its condition.",
            "proposed": "Words were found that may be a promise.",
        },
        "rows": [
            ["words.what", "Promised"],
            ["words.condition", "On condition"],
            ["words.quote", "In the words"],
            ["first_due", "By"],
            ["strength", "Worded as"],
            *_ABOUT,
            ["said_at", "Said"],
            ["recorded_at", "Recorded"],
        ],
    },
    "PromiseOpened": {
        "noun": "entry",
        "title": "The promise holds: what it waited for has come.",
        "rows": [["first_due", "By"], *_ABOUT, *_TIMES],
    },
    "PromiseMoved": {
        "noun": "new date",
        "title": "A new date was given for the promise.",
        "rows": [
            ["from_due", "Was due"],
            ["to_due", "Now due"],
            ["count", "Moves so far"],
            ["reason", "Reason"],
            *_ABOUT,
            *_TIMES,
        ],
    },
    "PromiseKept": {
        "noun": "entry",
        "title": "The promise was kept.",
        "rows": [["due", "By"], ["done_at", "Done"], *_ABOUT, *_TIMES],
    },
    "PromiseLate": {
        "noun": "entry",
        "title": "The promise is late.",
        "by": "told",
        "titles": {
            "yes": "The promise is late; the customer had been told before the date.",
            "no": "The promise is late, and the customer had not been told before the date.",
        },
        "rows": [["due", "By"], *_ABOUT, *_TIMES],
    },
    "PromiseBroken": {
        "noun": "entry",
        "title": "The promise was broken.",
        "by": "reason",
        "titles": {
            "not_done": "The promise was broken: it was not done.",
            "third_move": "The promise was broken: it was moved for the third time.",
            "said_so": "The promise was broken, as the company says itself.",
            "happened_again": "The promise was broken: it happened again.",
            "erased": "The promise was broken: the company forgot the customer without being asked.",
        },
        "rows": [["due", "By"], *_ABOUT, *_TIMES],
    },
    "PromiseDoneLate": {
        "noun": "entry",
        "title": "What was promised was done after its date.",
        "rows": [["due", "By"], ["done_at", "Done"], *_ABOUT, *_TIMES],
    },
    "PromiseReleased": {
        "noun": "entry",
        "title": "The customer let the company off the promise.",
        "rows": [["reason", "Reason"], *_ABOUT, *_TIMES],
    },
    "PromiseVoided": {
        "noun": "entry",
        "title": "The promise was taken off the record: it had been recorded by mistake.",
        "rows": [["reason", "Reason"], *_ABOUT, *_TIMES],
    },
    "MissExplained": {
        "noun": "entry",
        "title": "The company said why the promise was missed.",
        "rows": [["reason", "Reason"], *_ABOUT, *_TIMES],
    },
    "TellingSent": {
        "noun": "notice",
        "title": "Word about the promise was sent to the customer.",
        "by": "telling",
        "titles": {
            "heads_up": "Word was sent to the customer that the date may not be kept.",
            "move": "Word of a new date was sent to the customer.",
            "late_notice": "Word was sent to the customer that the promise is late.",
            "new_date": "Word of a new date was sent to the customer, after the old one had passed.",
        },
        "rows": [["words.words", "In the words"], ["due", "Was due"], *_ABOUT, *_TIMES],
    },
    "CustomerTold": {
        "noun": "entry",
        "title": "The customer was told.",
        "by": "before_due",
        "titles": {
            "yes": "Word about the promise reached the customer before the date.",
            "no": "Word about the promise reached the customer after the date.",
        },
        "rows": [["due", "Was due"], ["delivered_at", "Delivered"], ["in_time", "In good time"], *_ABOUT, *_TIMES],
    },
    "VerdictGiven": {
        "noun": "verdict",
        "title": "The customer gave a verdict on the promise.",
        "by": "kept",
        "titles": {
            "yes": "The customer says that the promise was kept.",
            "no": "The customer says that the promise was not kept.",
        },
        "rows": [*_ABOUT, *_TIMES],
    },
    "CustomerErased": {
        "noun": "entry",
        "title": "What was kept about a customer was erased.",
        "by": "because",
        "titles": {
            "asked": "What was kept about a customer was erased, as the customer asked.",
            "decided": "What was kept about a customer was erased, as the company decided.",
            "restored": "What a backup had brought back about a customer was erased again.",
        },
        "rows": [*_ABOUT, *_TIMES],
    },
}

#: What verifying says. `{name}` is filled in; the keys are the codes that programs go by.
SENTENCES: Final[dict[str, str]] = {
    # It holds.
    "stood": "This {noun} stood in the record {origin} as entry {entry} when the record had {size}; nothing in it was"
    " changed since.",
    "opened": "The words on it are the words that were put on record.",
    "unopened": "Its words are not on this receipt; only that they were put on record is.",
    "trusted": "The record's head is signed with a key that is trusted here: {key}",
    "of_one_piece": "It was checked with the key that it names itself. That proves that it is of one piece, not whose key it is."
    " Get the key from elsewhere, such as {origin}/keys or an earlier receipt, and compare: {key}",
    "witnessed": "The witness {name} saw this head of the record on {at}.",
    "witness_trusted": "The witness {name}, whose key is trusted here, saw this head of the record on {at}.",
    "witness_absent": "The witness {name}, whose key is trusted here, has not signed this head of the record.",
    "same_head": "The head that you gave is the very head of this receipt.",
    "still_there": "The record had {now} when it was asked, and begins with the very {size} that this receipt was made"
    " from: none of them was changed, taken out or put in since.",
    "grew_unproven": "The head that you gave is of a later record, of {now}, signed with the same key. A head alone does"
    " not show whether that record still holds this entry: ask the record itself, with its address.",
    "earlier": "The head that you gave is of an earlier record, of {now}; it says nothing about this receipt.",
    # It does not.
    "too_long": "This is too long to be a receipt.",
    "not_text": "This is no text in UTF-8, as every receipt is: another file, or one that was stored in another way.",
    "breaks": "Line {line} does not end as the other lines do: the file was changed there, or put together from two.",
    "no_tail": "This is no receipt, or not all of it: no line in it is “c2sp.org/tlog-proof@v1”, with which the proof begins.",
    "proof": "The proof is damaged: between the line “c2sp.org/tlog-proof@v1” and the empty line after it something was changed"
    " or lost.",
    "note": "The head of the record, below the proof, is damaged: something in it was changed or lost.",
    "extra": "The line that begins with “extra” does not hold what opens the sealed fact: something in it was changed or lost.",
    "keys": "The keys named above the proof are not, one for one, the keys of the signatures at the end.",
    "key": "Line {line} names no key, or a letter of it was changed.",
    "foreign_key": "The key in line {line} is of {name}, and not of the record {origin}.",
    "signature": "The signature of {name} is wrong: the head of the record was changed after it was signed, or the signature was.",
    "key_unknown": "The head of the record is not signed with a key that is trusted here. It names this one: {key}",
    "path": "The sealed fact does not lead to the head of the record: the fact, its times, its place or the path was changed,"
    " or it never stood there.",
    "words": "The words are not those that were put on record: they were changed, or belong to another entry.",
    "line": "Line {line} says “{said}”, but the record says “{sealed}”.",
    "line_missing": "Line {line} is missing. The record says there: “{sealed}”.",
    "line_added": "Line {line} says “{said}”, but the record says nothing there.",
    "head_damaged": "The head of the record that you gave is damaged, or is none.",
    "head_of_other": "The head that you gave is of another record, {name}; this receipt is from {origin}.",
    "head_unsigned": "The head that you gave is not signed with the key that this receipt was checked with. If the record has"
    " changed its key since, give the new one too.",
    "fork": "The head that you gave and the head of this receipt are of the same size, both are signed, and they differ: the"
    " record was rewritten, or shows different people different histories. Keep both files, for they prove it.",
    "cut": "The record has {now} now, and had {size} when this receipt was made: its end was cut off. Keep this receipt"
    " and the head, for they prove it.",
    "rewritten": "The record has {now} now, but does not begin with the {size} that this receipt was made from: it was"
    " rewritten, or the proof that it gave of this is wrong. Keep this receipt and the head.",
}  # fmt: skip

#: All of it, for a program that is not ours.
TABLE: Final[dict[str, Any]] = {"kinds": KINDS, "sentences": SENTENCES}
