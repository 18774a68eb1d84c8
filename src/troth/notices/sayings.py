"""Conditions, standings and lists in words that people read."""

from __future__ import annotations

from django.utils.translation import gettext as _

from troth.notices.rules.conditions import Stands, Wrong
from troth.notices.rules.listed import Problem


def condition_words() -> dict[str, str]:
    return {
        "all": _("All of these"),
        "any": _("At least one of these"),
        "orders": _("Has an order"),
        "cases": _("Has a case"),
        "customers": _("Is a customer"),
        "handles": _("Is reached by"),
        "listed": _("Stands on a list"),
    }


def field_words() -> dict[tuple[str, str], str]:
    return {
        ("orders", "references"): _("Number of the order"),
        ("orders", "products"): _("Product"),
        ("orders", "variants"): _("Size, colour or batch"),
        ("orders", "places"): _("Place"),
        ("orders", "ordered"): _("Ordered"),
        ("orders", "promised"): _("Promised for"),
        ("orders", "delivered"): _("Delivered between"),
        ("orders", "stands"): _("How it stands"),
        ("cases", "kinds"): _("Kind"),
        ("cases", "causes"): _("Cause"),
        ("cases", "channels"): _("Which way it came"),
        ("cases", "words"): _("Words in it"),
        ("cases", "products"): _("Product named in it"),
        ("cases", "opened"): _("Opened"),
        ("cases", "incidents"): _("Part of the incident"),
        ("customers", "groups"): _("Group"),
        ("customers", "languages"): _("Language they wrote in last"),
        ("customers", "zones"): _("Time zone"),
        ("customers", "met"): _("Customer since"),
        ("handles", "kinds"): _("Which way"),
        ("handles", "domains"): _("Mail addresses at"),
        ("listed", "list"): _("List"),
    }


def field_hints() -> dict[tuple[str, str], str]:
    return {
        ("cases", "words"): _("One a line; one of them is enough. In the subject or in what the customer wrote."),
        ("cases", "products"): _("One a line; one of them is enough."),
        ("cases", "incidents"): _("Such as incident:3"),
        ("customers", "languages"): _("Such as en or de"),
        ("customers", "zones"): _("Such as Europe/Berlin"),
        ("handles", "domains"): _("The part behind the @, one a line"),
    }


def value_words() -> dict[tuple[str, str], dict[str, str]]:
    """What the values of closed lists are called."""
    return {
        ("orders", "stands"): {
            Stands.OUTSTANDING: _("still out"),
            Stands.LATE: _("late, delivered since or not"),
            Stands.DELIVERED: _("delivered"),
            Stands.CANCELLED: _("cancelled"),
        },
        ("cases", "kinds"): {
            "complaint": _("complaint"),
            "enquiry": _("enquiry"),
            "suggestion": _("suggestion"),
            "compliment": _("compliment"),
        },
        ("cases", "causes"): {
            "late": _("late"),
            "never_delivered": _("never delivered"),
            "poor_quality": _("poor quality"),
            "not_as_described": _("not as described"),
            "treated_poorly": _("treated poorly"),
            "hidden_fee": _("hidden fee"),
            "no_acknowledgement": _("no acknowledgement"),
            "safety_or_breach": _("safety or a breach"),
            "other": _("other"),
        },
        ("cases", "channels"): {
            "email": _("mail"),
            "webform": _("form"),
            "chat": _("chat"),
            "phone": _("phone"),
            "talk": _("talk"),
            "social": _("social network"),
            "api": _("another program"),
            "import": _("brought in"),
        },
        ("handles", "kinds"): {"email": _("mail"), "phone": _("phone"), "social": _("social network")},
    }


def wrong_words(wrong: Wrong) -> str:
    """What to do about a field; what a form cannot send is told in a word."""
    return {
        Wrong.NOT_A_TIME: _("Write a day and a time."),
        Wrong.ENDS_BEFORE_IT_BEGINS: _("The end must be later than the beginning."),
        Wrong.NOT_A_TEXT: _("Write at most 200 signs a line."),
        Wrong.TOO_MANY_VALUES: _("Write at most 500 lines, or upload a list."),
        Wrong.NOT_A_REFERENCE: _("Write it such as incident:3."),
        Wrong.NOT_KNOWN: _("Choose from what there is."),
        Wrong.TOO_MANY: _("There can be 50 conditions at most."),
        Wrong.TOO_DEEP: _("Groups can stand 6 deep in each other at most."),
    }.get(wrong, _("This is no condition."))


def problem_words(problem: str) -> str:
    return {
        Problem.EMPTY: _("names nobody"),
        Problem.NO_SUCH_CUSTOMER: _("we know no customer of this number"),
        Problem.NO_SUCH_ORDER: _("we know no order of this number"),
        Problem.NO_SUCH_HANDLE: _("we know nobody who is reached this way"),
        Problem.NOT_AN_ADDRESS: _("is no mail address"),
        Problem.NOBODY: _("stands for senders we could not tell"),
        Problem.FORGOTTEN: _("was forgotten, and is not written to"),
    }[Problem(problem)]


def why_words(reference: str) -> str:
    """A reference as a link says it."""
    kind, _sep, number = reference.partition(":")
    words = {
        "order": _("order %(number)s"),
        "case": _("case %(number)s"),
        "customer": _("customer %(number)s"),
        "handle": _("a way to reach them"),
        "line": _("a list"),
        "hand": _("added by hand"),
        "incident": _("incident %(number)s"),
    }
    return words.get(kind, reference) % {"number": number}
