"""Files that hold others: each member becomes a document of its own.

``base`` is the contract: a reader takes a path and a budget, which bounds all that one
file of a person's may unpack to, and gives members. ``archives`` are ZIP and tar,
``packed`` single files that are compressed, ``mail`` a message with its attachments,
``mailbox`` many of them, ``outlook`` the same as Outlook saves them (.msg).
"""

from longshot.reading.containers.base import Budget, Exhausted, Member, MemberReader
from longshot.reading.containers.readers import member_reader

__all__ = ["Budget", "Exhausted", "Member", "MemberReader", "member_reader"]
