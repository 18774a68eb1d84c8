"""Other programs that are told or asked."""

from __future__ import annotations

from dataclasses import dataclass

from troth.words.facts.fact import Fact


@dataclass(frozen=True, kw_only=True)
class WebhookMade(Fact):
    """From now on another program is told of what happens here; `about` is the webhook."""

    by: str


@dataclass(frozen=True, kw_only=True)
class WebhookChanged(Fact):
    """Where or of what it is told was changed, or whether it is told; `about` is the webhook."""

    #: Which of these, with spaces between: kinds, name, url; or one of these: secret, off, on, sent_anew.
    changed: str
    #: Who did it; empty where Troth switched it off, for nobody took what it sent.
    by: str


@dataclass(frozen=True, kw_only=True)
class WebhookRemoved(Fact):
    """That program is told nothing more; `about` is the webhook, which is gone."""

    by: str


@dataclass(frozen=True, kw_only=True)
class DeskHookMade(Fact):
    """From now on another desk may tell us what happens there; `about` is the hook it calls."""

    #: Which desk: zendesk, freshdesk, helpscout, chatwoot or zammad.
    source: str
    by: str


@dataclass(frozen=True, kw_only=True)
class DeskHookSwitched(Fact):
    """What that desk tells is taken in from now on, or refused; `about` is the hook."""

    is_on: bool
    by: str


@dataclass(frozen=True, kw_only=True)
class DraftAsked(Fact):
    """Somebody had what was said in a case sent to a language model, for a draft of an answer; `about` is the draft."""

    case: str
    #: The model, as the host calls it.
    model: str
    by: str
