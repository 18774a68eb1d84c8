"""Cases, their messages and attachments, replies on their way, and templates."""

from __future__ import annotations

from troth.cases.models.bulk import BulkAct, BulkAnswer, BulkReply, BulkStep
from troth.cases.models.case import Case
from troth.cases.models.colleagues import HandOver, Mention, Presence, SavedView
from troth.cases.models.expected import Expected
from troth.cases.models.formal import FormalReply
from troth.cases.models.learning import Correction, Learned, Rereading
from troth.cases.models.message import READ_BY, Attachment, Blob, Message
from troth.cases.models.reply import Dismissal, MachineWords, Reply, ReplyFile, Template

__all__ = [
    "READ_BY",
    "Attachment",
    "Blob",
    "BulkAct",
    "BulkAnswer",
    "BulkReply",
    "BulkStep",
    "Case",
    "Correction",
    "Dismissal",
    "Expected",
    "FormalReply",
    "HandOver",
    "Learned",
    "MachineWords",
    "Mention",
    "Message",
    "Presence",
    "Reply",
    "ReplyFile",
    "Rereading",
    "SavedView",
    "Template",
]
