"""What programs call, and what the page is served by.

Enters: HTTP requests. Leaves: answers as JSON, streams of events, the page. Whatever is
decided or encoded is the library's; this folder reads requests, holds them to limits,
lets those that arrive together be encoded together, and gives errors one shape.

In reading order: ``settings`` are all limits, ``app`` puts everything together,
``access`` decides who is let in, ``errors`` is the one shape of an error, ``routes``
are what can be asked, ``shared`` what they share: ``encoding`` turns texts into vectors
and decisions for many requests at once, ``jobs`` runs what takes long, ``uploads``
reads files, ``open_projects`` finds what a project keeps, ``metrics`` and ``observing``
tell how it goes. ``serving`` listens; ``projects`` and ``page`` are for people who
label.
"""

from longshot.server.settings import ServerSettings

__all__ = ["ServerSettings"]
