"""Post: letters out.

A letter's bytes are fixed when it is queued; after that only its state moves, but that receipts may be put into it just before it
leaves. The room knows how to send a letter once and only once (docs/run/mail.md), when to try again and when to say that it cannot
know. How bytes travel is a carrier's business, named in TROTH_CARRIER; which receipts there are is known to what TROTH_ENCLOSURES
names; what a letter is about stays a reference such as "case:3", which this room never follows.
"""
