"""Every column that can hold words or bytes: erased by the room named here, or holding nothing personal, and why not.

A column that is missing here fails `tests/house/test_columns.py`, so nobody adds one without asking what becomes of it when a
person is forgotten. Numbers, times and truth values are left out: alone they tell of nobody once the words, the addresses and
the key of the customer are gone (GDPR recital 26). `tests/privacy` shows that what is said here to be erased is.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Erased:
    """Gone with the person. *by* is the room whose `erasing.py` does it; *how* says what is not simply emptied."""

    by: str
    how: str = ""


@dataclass(frozen=True)
class Nothing:
    """Holds nothing about a customer, *because* of what it is."""

    because: str


Said = Erased | Nothing

OURS = Nothing("one of a closed list of words of ours")
REFERENCE = Nothing("a reference: a word of ours and a number")
STAFF = Nothing("it tells of people who work here, not of customers")
HOST = Nothing("the host set it up so")
HASH = Nothing("a commitment under a salt that is erased, or a hash of such commitments")
VERSION = Nothing("the name of a version of ours")
OWN_WORDS = Nothing("what we say of something that went wrong, to everybody it hit alike; nobody is named in it")
FRAMEWORK = Nothing("a name of the framework's own")

OF_BREACH = Nothing(
    "what was written down of a breach, or sent to many alike: its pages say to name nobody, and GDPR 33(5) obliges to keep it"
)

COLUMNS: dict[str, dict[str, Said]] = {
    # people
    "people_customer": {
        "name": Erased("people"),
        "pseudonym": Erased("people", "another is drawn, so that what was handed out under the old one leads nowhere"),
        "zone": Erased("people"),
        "group": Erased("people"),
    },
    "people_handle": {
        "kind": OURS,
        "address": Erased("people", "the row goes: the address is free for a new customer"),
    },
    "people_merge": {"moved": Nothing("numbers of customers")},
    "people_link": {
        "nonce": Erased("people", "another is drawn and the link is revoked: a link in an old letter opens nothing"),
        "about": REFERENCE,
    },
    "people_once": {
        "actor": REFERENCE,
        "name": Nothing("a program's own name for a request; let go of after a week"),
        "digest": Nothing("SHA-256 of a whole request; let go of after a week"),
        "body": Erased(
            "people", "an answer that names the person or a case of theirs becomes one that says it is gone"
        ),
    },
    "people_allowance": {"key": Nothing("a keyed digest of who knocked, let go of within minutes")},
    "people_securityevent": {
        "kind": OURS,
        "about": REFERENCE,
        "how": Nothing("a few words of ours; nothing typed goes in"),
        "origin": Nothing(
            "the neighbourhood of a network address of somebody who works here; let go of after 400 days"
        ),
    },
    "people_company": {"name": HOST, "factors": OURS},
    "people_calendar": {"name": HOST, "plain": HOST},
    "people_team": {"assigns": OURS, "name": HOST},
    "people_staff": {"password": STAFF, "email": STAFF, "name": STAFF, "role": OURS, "zone": STAFF},
    "people_invite": {"address": STAFF, "role": OURS, "nonce": STAFF},
    "people_key": {"name": HOST, "scopes": OURS, "prefix": HOST, "digest": HOST},
    # breaches: GDPR 33(5) obliges to keep them for the authority
    "breaches_authority": {"name": HOST, "reach": HOST},
    "breaches_breach": {"party": OURS, "controller": HOST, "countries": OF_BREACH},
    "breaches_correction": {"salt": HASH, "reason": OF_BREACH, "delay": OF_BREACH},
    "breaches_documented": {"salt": HASH, "facts": OF_BREACH, "effects": OF_BREACH, "action": OF_BREACH},
    "breaches_riskdecision": {"salt": HASH, "level": OURS, "reason": OF_BREACH},
    "breaches_exemption": {
        "salt": HASH,
        "sort": OURS,
        "reason": OF_BREACH,
        "instead": OF_BREACH,
        "taken_back_why": OF_BREACH,
    },
    "breaches_report": {
        "salt": HASH,
        "nature": OF_BREACH,
        "people": OF_BREACH,
        "records": OF_BREACH,
        "contact": OF_BREACH,
        "consequences": OF_BREACH,
        "measures": OF_BREACH,
        "to_follow": OURS,
        "reason_for_delay": OF_BREACH,
        "sent_to": HOST,
        "how": OF_BREACH,
        "receipt": HOST,
    },
    "breaches_peopleletter": {"texts": OF_BREACH},
    # clocks
    "clocks_policy": {"plain": HOST},
    "clocks_terms": {"digest": HOST, "plain": HOST},
    "clocks_clock": {
        "about": REFERENCE,
        "sort": OURS,
        "state": OURS,
        "terms_id": HOST,
        "marks": Nothing("times at which it stopped and went on"),
        "spent": Nothing("a span of time"),
        "miss_reason": OURS,
    },
    # orders
    "orders_order": {
        "reference": Erased("orders", "another takes its place, made of the order's own number"),
        "product": Erased("orders"),
        "variant": Erased("orders"),
        "place": Erased("orders"),
        "amount": Erased("orders"),
        "currency": Erased("orders"),
        "cancelled_by": OURS,
    },
    "orders_upload": {
        "name": HOST,
        "raw": Erased("orders", "a file goes once it is brought in; one that was only looked at goes whole"),
        "columns": HOST,
        "state": OURS,
        "refusals": Erased("orders", "why rows were refused names what stood in them: of all files it goes"),
    },
    # remedies
    "remedies_policy": {"plain": HOST},
    "remedies_offering": {
        "about": REFERENCE,
        "sort": OURS,
        "amount": OWN_WORDS,
        "currency": OURS,
        "what": OWN_WORDS,
        "customers": Nothing("numbers of customers"),
    },
    "remedies_remedy": {
        "public_id": Nothing("random, and the name of the remedy alone"),
        "about": REFERENCE,
        "sort": OURS,
        "state": OURS,
        "amount": Nothing("a sum, by which we account for what we owed and gave"),
        "currency": OURS,
        "what": Erased("remedies"),
        "words_salt": Erased("remedies"),
        "proof_reference": Erased("remedies", "that something proves it stays"),
        "proof_note": Erased("remedies"),
        "reason": Erased("remedies"),
        "standard": HOST,
        "occasion": REFERENCE,
    },
    # inbox
    "inbox_arrival": {
        "channel": OURS,
        "outside_id": Erased(
            "inbox", "a mailbox's own number for a letter stays, so that it is not fetched again; another's name goes"
        ),
        "digest": Erased("inbox"),
        "digest_salt": Erased("inbox"),
        "source": Erased("inbox"),
        "state": OURS,
        "message_id": Erased("inbox"),
        "same_digest": Erased("inbox"),
        "message_ref": REFERENCE,
        "problem": Erased("inbox"),
        "refers_to": Erased("inbox"),
    },
    # cases
    "cases_case": {
        "subject": Erased("cases"),
        "kind": OURS,
        "cause": OURS,
        "status": OURS,
        "channel": OURS,
        "told": Nothing("a time we told, and of how many measured answers it was drawn"),
        "emotion": Erased("cases"),
        "urgency": Erased("cases"),
        "incident": REFERENCE,
        "outside_id": Erased("cases"),
    },
    "cases_message": {
        "direction": OURS,
        "channel": OURS,
        "text": Erased("cases"),
        "quoted": Erased("cases"),
        "html": Erased("cases"),
        "message_id": Erased("cases"),
        "source": REFERENCE,
        "reading": Erased("cases", "only which version read it stays"),
    },
    "cases_correction": {
        "field": OURS,
        "read": Nothing("values of closed lists and how sure they were; the words they were read in go"),
        "version": VERSION,
        "said": Nothing("values of closed lists"),
    },
    "cases_learned": {
        "version": VERSION,
        "plain": Nothing("sums over many messages by numbers that words are hashed to; no word stands in it"),
        "comparison": Nothing("shares and counts"),
    },
    "cases_rereading": {"version": VERSION},
    "cases_attachment": {
        "name": Erased("cases", "the row goes"),
        "content_type": Erased("cases", "the row goes"),
        "blob_id": Erased("cases", "the row goes"),
        "seen_as": OURS,
        "content_id": Erased("cases", "the row goes"),
    },
    "cases_replyfile": {
        "blob_id": Erased("cases", "the row goes"),
        "name": Erased("cases", "the row goes"),
        "seen_as": OURS,
    },
    "cases_blob": {
        "digest": Erased("cases", "the row goes, where nobody else's attachment has the same bytes"),
        "content": Erased("cases", "the row goes, where nobody else's attachment has the same bytes"),
    },
    "cases_reply": {
        "text": Erased("cases", "the row goes, but for one that was sent"),
        "answers": Erased("cases"),
        "status_after": OURS,
        "state": OURS,
        "problem": Erased("cases"),
        "checks": Nothing("names of checks of ours"),
        "formal": Nothing("values of closed lists"),
    },
    "cases_formalreply": {
        "formal": OURS,
        "decision": OURS,
        "found": OURS,
        "ticked": OURS,
        "missing": OURS,
        "without": OURS,
    },
    "cases_dismissal": {"check_name": OURS},
    "cases_expected": {"kind": OURS, "pace": OURS, "span": Nothing("how long answers took, of many cases together")},
    "cases_machinewords": {"text": Erased("cases", "the row goes")},
    # drafting
    "drafting_draft": {
        "state": OURS,
        "model": HOST,
        "text": Erased("drafting", "the row goes"),
        "problem": Erased("drafting", "the row goes"),
    },
    "drafting_understood": {"place": HOST},
    "cases_savedview": {
        "name": Nothing("a name that staff give to a choice of cases"),
        "filters": Nothing(
            "values of closed lists, numbers and days; words that are looked for stay as staff typed them"
        ),
    },
    "cases_bulkact": {"changes": Nothing("values of closed lists and numbers; a note is written about many")},
    "cases_bulkstep": {"state": OURS, "before": OURS, "after": OURS, "reason": OURS},
    "cases_bulkanswer": {
        "text": Nothing("written to be sent to many"),
        "answers": Nothing("the sentences of that text, and their dates"),
        "status_after": OURS,
    },
    "cases_bulkreply": {
        "state": OURS,
        "text": Erased("cases"),
        "reason": OURS,
        "about": Erased("cases"),
    },
    "cases_handover": {"cases": Nothing("numbers of cases"), "promises": Nothing("numbers of promises")},
    "cases_presence": {"writes": OURS},
    "cases_template": {
        "name": Nothing("written to be sent to many"),
        "text": Nothing("written to be sent to many"),
    },
    # imports
    "imports_moving": {
        "source": OURS,
        "name": HOST,
        "path": HOST,
        "options": HOST,
        "state": OURS,
        "progress": Nothing("counts"),
        "report": Nothing("counts; what it quotes of an export is let go of after a month, with the export"),
        "account": Nothing("counts"),
        "problem": Nothing("a sentence of ours about a file"),
    },
    "imports_trouble": {
        "file": Nothing("a name in an export; let go of after a month, with the export"),
        "reason": Nothing("a sentence of ours about a line of an export; let go of after a month, with the export"),
    },
    "imports_hook": {"source": OURS, "name": HOST, "secret": HOST},
    "imports_call": {
        "key": Nothing("the number of a delivery, or a hash of it; let go of after a month"),
        "body": Nothing("emptied as soon as it is read; what cannot be read is let go of after a month"),
        "state": OURS,
        "problem": Nothing("a sentence of ours; let go of after a month"),
    },
    "imports_moved": {
        "key": Nothing("a number of another desk's: it stays, so that an older export does not bring the person back"),
        "status": OURS,
    },
    # notices
    "notices_cohort": {
        "about": REFERENCE,
        "name": Nothing("a name that staff give to those whom something concerns"),
        "conditions": Nothing(
            "values of closed lists, names of products and places, and times; words that are looked for stay as staff typed them"
        ),
        "digest": HASH,
    },
    "notices_member": {
        "address": Erased("notices"),
        "salt": Erased("notices"),
        "mark": HASH,
        "name": Erased("notices"),
        "why": REFERENCE,
        "standing": OURS,
        "reason": Erased("notices", "a dash stands there instead"),
    },
    "notices_upload": {
        "name": Nothing("a name that staff give to a list"),
        "digest": Nothing("SHA-256 of a whole file"),
    },
    "notices_notice": {
        "public_id": Nothing("random, and the name of the notice alone"),
        "about": REFERENCE,
        "sort": OURS,
        "state": OURS,
    },
    "notices_text": {
        "language": OURS,
        "subject": Nothing("written to be sent to many"),
        "words": Nothing("written to be sent to many"),
    },
    "notices_recipient": {
        "state": OURS,
        "carrier": OURS,
        "address": Erased("notices"),
        "domain": Erased("notices"),
        "tried": Erased("notices"),
        "note": Erased("notices"),
    },
    "notices_line": {
        "address": Erased("notices"),
        "name": Erased("notices"),
        "said": Erased("notices"),
        "problem": OURS,
    },
    # promises
    "promises_promise": {
        "public_id": Nothing("random, and the name of the promise alone"),
        "sort": OURS,
        "strength": OURS,
        "speaker": OURS,
        "state": OURS,
        "what": Erased("promises", "the word “Erased” stands there instead"),
        "condition": Erased("promises"),
        "source_quote": Erased("promises"),
        "words_salt": Erased("promises"),
        "source": REFERENCE,
        "about": REFERENCE,
        "zone": Nothing("the zone of the company or the team that said the date"),
        "reason": Erased("promises"),
        "miss_reason": OURS,
    },
    "promises_telling": {"kind": OURS, "words": Erased("promises"), "words_salt": Erased("promises")},
    # post
    "post_letter": {
        "key": Nothing("a word of ours, references and times"),
        "to_address": Erased("post"),
        "envelope_from": Nothing("our own address"),
        "message_id": Nothing("random, and a signed number of the case; made by us"),
        "subject": Erased("post"),
        "raw": Erased("post"),
        "because": REFERENCE,
        "state": OURS,
        "last_reply": Erased("post"),
        "bounce_reason": Erased("post"),
        "encloses": REFERENCE,
    },
    "post_attempt": {"answer": OURS, "reply": Erased("post")},
    # incidents
    "incidents_incident": {
        "public_id": Nothing("random, and the name of the incident alone"),
        "title": OWN_WORDS,
        "sort": OURS,
        "severity": OURS,
        "state": OURS,
        "cause": OURS,
        "product": OWN_WORDS,
        "place": OWN_WORDS,
        "components": HOST,
        "first_signal": REFERENCE,
    },
    "incidents_entry": {"kind": OURS, "words": OWN_WORDS, "notices": REFERENCE, "untold": OWN_WORDS},
    "incidents_draft": {
        "kind": OURS,
        "texts": OWN_WORDS,
        "cohorts": REFERENCE,
        "untold": OWN_WORDS,
        "given_back": STAFF,
    },
    "incidents_rootcause": {"way": OURS, "plain": OWN_WORDS, "words": OWN_WORDS},
    "incidents_measure": {"sort": OURS, "audience": OURS},
    "incidents_watch": {
        "state": OURS,
        "audience": OURS,
        "cause": OURS,
        "product": OWN_WORDS,
        "place": OWN_WORDS,
        "reason": OWN_WORDS,
    },
    "incidents_recurrence": {"case": REFERENCE, "message": REFERENCE, "why": OURS, "state": OURS, "miss_reason": OURS},
    # hooks
    "hooks_endpoint": {
        "name": HOST,
        "url": HOST,
        "kinds": OURS,
        "secret": HOST,
        "old_secret": HOST,
        "once": HOST,
        "off_because": OURS,
    },
    "hooks_delivery": {
        "message_id": Nothing("random, made by us"),
        "kind": OURS,
        "state": OURS,
        "last_said": Erased("hooks"),
    },
    # ledger
    "ledger_entry": {
        "kind": OURS,
        "about": REFERENCE,
        "customer": REFERENCE,
        "payload": Erased("ledger", "nothing is changed in it: the customer's key, which alone opens it, is destroyed"),
        "commit": HASH,
        "leaf_hash": HASH,
    },
    "ledger_tile": {"hashes": HASH},
    "ledger_checkpoint": {"root": HASH, "note": HASH},
    "ledger_cosignature": {"witness": HOST, "line": Nothing("a signature over a head of the log")},
    # record
    "record_kindofday": {"kind": OURS},
    "record_witnessstate": {"witness": HOST, "problem": Nothing("what a witness answered about a head of the log")},
    # status
    "status_component": {"name": HOST, "former": HOST, "description": HOST, "group": HOST},
    "status_place": {"name": HOST, "former": HOST, "description": HOST},
    "status_planned": {"public_id": Nothing("random, and the name of planned work alone")},
    "status_plannedversion": {
        "title": Nothing("written for the public"),
        "words": Nothing("written for the public"),
        "components": Nothing("numbers of components"),
        "places": Nothing("numbers of places"),
    },
    "status_subscriber": {
        "address": Erased("status"),
        "nonce": Nothing("random, made by us; once the address is gone its link opens a page that says so"),
        "components": Nothing("numbers of components"),
        "places": Nothing("numbers of places"),
    },
    "status_announcement": {"item": REFERENCE, "about": REFERENCE},
    # privacy
    "privacy_request": {"answer": OURS, "words": Erased("privacy")},
    "privacy_hold": {"reason": OURS, "words": Erased("privacy")},
    "privacy_erasure": {
        "customers": Nothing("numbers of customers"),
        "because": OURS,
        "gone": Nothing("how many rows of which kind"),
        "problem": Nothing("why it waits, in words of ours"),
    },
    # channels and site
    "email_mailbox": {
        "name": HOST,
        "address": HOST,
        "host": HOST,
        "tls": OURS,
        "user": HOST,
        "password": HOST,
        "folder": HOST,
        "trusted_authserv_id": HOST,
        "last_problem": Nothing("what a mail server answered to signing in and looking for letters; no letter's words"),
    },
    "chat_site": {"key": HOST, "name": HOST, "origins": HOST},
    "chat_talk": {
        "nonce": Nothing("random, made by us; it opens nothing once the customer is erased"),
        "origin": Nothing("which of the company's own sites"),
    },
    "site_beat": {"worker": HOST, "lane": OURS},
    "site_cache": {
        "cache_key": Nothing("digests of who tried to sign in; let go of within the hour"),
        "value": Nothing("the times of tries to sign in"),
    },
    # what is not ours
    "django_session": {
        "session_key": Nothing("random"),
        "session_data": Erased(
            "people", "a customer's session goes; from one of staff what tells of the customer goes"
        ),
    },
    # search: triggers keep it, so that what goes from a message, a case or a promise goes from here in the same moment
    "search_passage": {
        "ref": REFERENCE,
        "sort": OURS,
        "tongue": OURS,
        "words": Erased("cases", "the row goes with the words it is made of, a promise's with what promises erases"),
    },
    "search_behind": {"sort": OURS},
    "django_content_type": {"app_label": FRAMEWORK, "model": FRAMEWORK},
    "django_migrations": {"app": FRAMEWORK, "name": FRAMEWORK},
    "auth_group": {"name": FRAMEWORK},
    "auth_permission": {"name": FRAMEWORK, "codename": FRAMEWORK},
    "account_emailaddress": {"email": STAFF},
    "account_emailconfirmation": {"key": STAFF},
    "mfa_authenticator": {"type": OURS, "data": STAFF},
    "socialaccount_socialaccount": {"provider": HOST, "uid": STAFF, "extra_data": STAFF},
    "socialaccount_socialapp": {
        "provider": HOST,
        "name": HOST,
        "client_id": HOST,
        "secret": HOST,
        "key": HOST,
        "provider_id": HOST,
        "settings": HOST,
    },
    "socialaccount_socialtoken": {"token": STAFF, "token_secret": STAFF},
    "usersessions_usersession": {"ip": STAFF, "session_key": STAFF, "user_agent": STAFF, "data": STAFF},
}
