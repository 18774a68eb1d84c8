"""What an English verb can promise: classes of verbs, by what they mean for the reader.

"We'll check" commits and "we'll miss you" does not; "your refund will be paid" commits and "your account will be
locked" does not. These are differences of meaning, not of form, so they are lists. They are lists of meanings and not
of sentences seen: a verb belongs to a class because of what it says.
"""

from __future__ import annotations

_VOWELS = "aeiou"


def listed(text: str) -> frozenset[str]:
    """The words of a list, written as prose so that it stays readable."""
    return frozenset(text.split())


_DOUBLING = listed(
    "get let put set cut hit ship plan stop drop chat refer ban log sit run win tip begin grab tag flag dig plug top "
    "pop chip bin commit submit permit transfer refit fit cancel travel label"
)
_IRREGULAR = {
    "be": "been", "become": "become", "begin": "begun", "bring": "brought", "build": "built", "buy": "bought",
    "catch": "caught", "choose": "chosen", "come": "come", "cut": "cut", "deal": "dealt", "do": "done",
    "draw": "drawn", "drive": "driven", "find": "found", "fit": "fitted", "forget": "forgotten", "get": "got",
    "give": "given", "go": "gone", "have": "had", "hear": "heard", "hold": "held", "keep": "kept", "lay": "laid",
    "leave": "left", "let": "let", "lose": "lost", "make": "made", "meet": "met", "pay": "paid", "put": "put",
    "reach": "reached", "read": "read", "rewrite": "rewritten", "ring": "rung", "rebuild": "rebuilt", "run": "run",
    "say": "said", "see": "seen", "sell": "sold", "send": "sent", "resend": "resent", "set": "set", "show": "shown",
    "speak": "spoken", "take": "taken", "tell": "told", "think": "thought", "undo": "undone", "write": "written",
    "redo": "redone", "overcharge": "overcharged", "understand": "understood", "shut": "shut", "steal": "stolen",
}  # fmt: skip


def ing(verb: str) -> str:
    """The form in -ing."""
    if verb.endswith("ie"):
        return verb[:-2] + "ying"
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")) and verb != "be":
        return verb[:-1] + "ing"
    return verb + (verb[-1] if verb in _DOUBLING else "") + "ing"


def done(verb: str) -> str:
    """The past participle."""
    if verb in _IRREGULAR:
        return _IRREGULAR[verb]
    if verb.endswith("e"):
        return verb + "d"
    if verb.endswith("y") and len(verb) > 2 and verb[-2] not in _VOWELS:
        return verb[:-1] + "ied"
    return verb + (verb[-1] if verb in _DOUBLING else "") + "ed"


SERVING = listed(
    """
    act add address adjust advise amend analyse analyze answer apply approve arrange ask assess assign assist attend
    authorise authorize book bring build call cancel carry change chase check clarify clean clear close collect
    come comp compensate complete confirm connect consider contact continue cooperate correct cover create
    credit deal deliver deposit despatch dig direct discuss dispatch do drop e-mail email enable engage ensure
    escalate examine exchange expedite explain explore express extend feed file fill find finish fit fix flag
    follow forward get give go guide handle hang help hold honor honour identify improve include inform inspect
    install instruct introduce investigate issue keep launch lay let liaise link log look mail make meet mend
    message monitor move notify offer open order organise organize paint pass pay phone pick ping place pop post
    pour prepare prioritise prioritize process produce provide publish pull push put raise reach rebook
    reconnect record recover rectify redeliver redirect reduce refer refund reimburse reinstall reinstate relay
    release remedy remind remove renew repair repay repeat replace reply report repost represent reroute resend
    reset resolve respond restart restore resume retry return reverse review revise ring run scan schedule seek
    send set settle share ship show solve sort source speak start step submit supply support swap switch tackle
    take talk tell test text touch trace track transfer translate try turn unblock unlock update upgrade upload
    verify visit waive walk work write
    """
)
"""What people of a company do for a customer."""

FEELING = listed(
    """
    admit agree appreciate assume believe benefit bet celebrate cheer cherish count cry depend deserve die disagree
    doubt drink enjoy expect
    fail fear feel forget hate hear hope imagine know lack like lose love mean miss need notice owe own prefer realise
    realize recall regret remember require root say struggle suffer suppose suspect think treasure trust understand value
    wait want welcome win wish wonder worry zip apologise apologize
    """
)
"""What one feels, thinks or undergoes: nobody promises it."""

ARRIVING = listed(
    """
    appear arrive clear come follow hit land reach resume return ship show go drop reflect ring call phone contact email
    write reply respond receive continue
    """
)
"""What things (a parcel, a refund, an answer) do when a promise about them is kept."""

HARMING = listed(
    """
    affect bill bother chase charge cost debit deduct delay delete disable disclose disconnect disturb expire fine
    forfeit forget impact increase interrupt invoice lapse limit lock lose penalise penalize reject restrict rise sell
    share suspend take terminate withdraw
    """
)
"""What a customer fears: "will" announces it and does not promise it; "will not" promises."""

ENDING = listed("end expire close renew cost lapse cease increase stop rise fall fail shut change vary differ depend")
"""What is announced of a thing rather than promised: "your subscription will renew on Friday"."""

MECHANICAL = listed(
    """
    ask base bill block charge close count consider cut deactivate debit decline deduct delay delete
    deny disable disconnect display disrupt erase expect expire find fine forfeit impact affect increase invoice know
    limit list lock log lose mark miss need note offset overwrite penalise prompt redirect reject remember require reset
    restrict save see seize show sign store suspend sync take terminate use wipe withhold void
    """
)
"""What a program, a rule or a machine does to a thing: facts and mishaps, not promises."""

RUNNING = listed(
    "auto-renew calculate detect disappear display download fit install load log play restart run save "
    "sync turn vanish work change"
)
"""What machines, trains and offers do by themselves."""

HAPPENING = listed(
    """
    become begin board depart dock fly get happen have kick-off launch leave match occur open reopen restart roll start
    stay take travel
    """
)
"""What can be said of a thing and a date."""

TOLD = listed(
    """
    buy choose click come copy drop enter hand hit jot make mention name nip nominate pick plug pop press quote reboot
    register reinstall return say scan snap stand stop subscribe swing tap tick type unplug use vote wear
    """
)
"""What a reader is told to do, beside what we do for them."""

LEADING = listed(
    """
    allow amaze ask direct expect force lead leave let log make need present prompt remind require see show sign stick
    surprise take tempt use want
    """
)
"""What is done to a reader by a page, a rule or a turn of speech; everything else done to them is promised."""

LOOKING = listed("check confirm dig find investigate look review see speak talk ask try take have")
"""What is only a first step towards doing anything; "let me check" alone promises little."""


def _inverse(verbs: frozenset[str]) -> dict[str, str]:
    """From each form in -ing and each past participle back to its verb."""
    forms = {form: verb for verb in sorted(verbs) for form in (ing(verb), done(verb))}
    return forms | {
        form.replace("ll", "l"): verb for form, verb in forms.items() if verb.endswith("el")
    }  # as Americans do


_KNOWN = SERVING | FEELING | ARRIVING | HARMING | ENDING | MECHANICAL | LEADING | LOOKING | TOLD | HAPPENING
_LEMMAS = _inverse(_KNOWN)


def lemma(form: str) -> str:
    """The verb of a form in -ing or a past participle; the form itself if it is no verb of ours."""
    return _LEMMAS.get(form, form)


def is_participle(word: str) -> bool:
    """Is this a past participle, as far as its letters show?"""
    return word in _PARTICIPLES or (word.endswith(("ed", "en")) and len(word) > 4 and word not in _NO_PARTICIPLES)


_PARTICIPLES = frozenset(done(verb) for verb in _KNOWN) | frozenset(_IRREGULAR.values())
_NO_PARTICIPLES = listed(
    "interested excited pleased delighted thrilled bored tired disappointed honoured honored surprised amazed impressed "
    "annoyed worried concerned relieved indeed blessed often seven eleven green kitchen wooden golden between keen"
)
