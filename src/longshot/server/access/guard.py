"""Who is let in, and how much may come: checked before any route sees a request.

With keys, every request needs one. Without, the server listens on loopback only, and a
web page must still not reach it: by DNS rebinding a page of ``evil.example`` can send
requests whose address is 127.0.0.1, but its ``Host`` stays ``evil.example``; and a form
or script of another site can send requests whose answer it never sees, but browsers
tell their ``Origin`` or ``Sec-Fetch-Site`` (https://fetch.spec.whatwg.org and
https://w3c.github.io/webappsec-fetch-metadata). Programs send neither.
"""

import base64
import binascii
from collections.abc import Sequence
from urllib.parse import urlsplit

from fastapi.exceptions import HTTPException
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from longshot.server.access.keys import Key, hash_of
from longshot.server.errors import Refused, error_response
from longshot.server.settings import ServerSettings, is_loopback

OPEN_PATHS = ("/health", "/ready", "/")
"""What anyone may see: whether the server is up, and where the page is."""

PAGE_PATH = "/page/"
"""The page's own files, which hold no data; it asks for a key where one is needed."""

READING_POSTS = (
    "/v1/classify",
    "/v1/explain",
    "/v1/similar",
    "/v1/embeddings",
    "/embed",
    "/predict",
    "/similarity",
    "/zero-shot-classification",
)
"""What changes nothing though it is a POST; all others need the right to write."""

_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")

# The page runs its own scripts only, and no other site may show it in a frame.
_HEADERS = {
    "content-security-policy": "default-src 'self'; img-src 'self' data: blob:; "
    "style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}


class Guard:
    """Lets in what may come in, around an app.

    Parameters
    ----------
    app
        What is guarded.
    settings
        The limits.
    keys
        Who may come in; nobody is asked where there is none.
    """

    def __init__(
        self, app: ASGIApp, settings: ServerSettings, keys: Sequence[Key]
    ) -> None:
        self._app = app
        self._most_bytes = settings.most_body_bytes
        self._most_upload_bytes = settings.most_upload_bytes
        self._has_keys = settings.keys_file is not None
        self._keys = {one.hash: one for one in keys}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it with why not."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            self._check(scope)
            bounded = self._bounded(Headers(scope=scope), receive)
        except Refused as refused:
            await error_response(refused)(scope, receive, _with_headers(send))
            return
        await self._app(scope, bounded, _with_headers(send))

    def _check(self, scope: Scope) -> None:
        headers, path = Headers(scope=scope), scope["path"]
        is_open = path in OPEN_PATHS or path.startswith(PAGE_PATH)
        is_safe = scope["method"] in _SAFE_METHODS
        if self._has_keys:
            if not (is_open and is_safe):
                key = self._check_key(headers, needs_write(scope["method"], path))
                # Who labels something stands in the project's log by this name.
                scope.setdefault("state", {})["who"] = key.name
            return
        _check_host(headers)
        _check_site(headers, may_be_led_to=is_open and is_safe)

    def _check_key(self, headers: Headers, must_write: bool) -> Key:
        given = _key_of(headers)
        asks = {"www-authenticate": "Bearer"}
        if given is None:
            raise Refused(
                401,
                "key_missing",
                "a request must carry an API key; this one carries none. Send it as "
                '"Authorization: Bearer KEY".',
                asks,
            )
        key = self._keys.get(hash_of(given))
        if key is None:
            raise Refused(
                401,
                "key_unknown",
                "the API key must be one of this server's; it is not. Ask for one, "
                "or make one with `longshot keys add`.",
                asks,
            )
        if must_write and key.rights != "write":
            raise Refused(
                403,
                "key_cannot_write",
                f"the API key must have the right to write for this; that of "
                f"{key.name} reads only. Use another key.",
            )
        return key

    def _bounded(self, headers: Headers, receive: Receive) -> Receive:
        """Count what comes, and stop where it is more than may come."""
        # Uploaded files go to disk as they come; all else is held in memory.
        is_upload = headers.get("content-type", "").startswith("multipart/form-data")
        most = self._most_upload_bytes if is_upload else self._most_bytes
        option = "--most-upload-bytes" if is_upload else "--most-body-bytes"
        too_large = (
            f"a request's body must have at most {most:,} bytes; this one has more. "
            f"Send it in parts, or raise {option}."
        )
        told = headers.get("content-length", "")
        if told.isdecimal() and int(told) > most:
            raise Refused(413, "body_too_large", too_large)
        n_bytes = 0

        async def counted() -> Message:
            nonlocal n_bytes
            message = await receive()
            n_bytes += len(message.get("body", b""))
            if n_bytes > most:
                raise HTTPException(413, too_large)
            return message

        return counted


def needs_write(method: str, path: str) -> bool:
    """Tell whether a request may change something, so that its key must write.

    Examples
    --------
    >>> needs_write("POST", "/v1/embeddings"), needs_write("DELETE", "/v1/jobs/1")
    (False, True)
    """
    if method in _SAFE_METHODS or path in READING_POSTS:
        return False
    # Label Studio's base address may name a project before what is asked for.
    is_suggestion = path.startswith("/label-studio/") and path.endswith("/predict")
    return not is_suggestion


def _key_of(headers: Headers) -> str | None:
    """Take the key from where clients put it; Label Studio sends user and password."""
    scheme, _, value = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() == "basic":
        try:
            pair = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return None
        return pair.partition(":")[2]
    return headers.get("x-api-key")


def _check_host(headers: Headers) -> None:
    host = headers.get("host", "")
    if not is_loopback(_name_of(host)):
        raise Refused(
            403,
            "host_not_allowed",
            f"without keys, the server must be called by the name of this computer "
            f"(127.0.0.1 or localhost); got {host or 'no Host'}. Use that name, or "
            "give keys.",
        )


def _check_site(headers: Headers, *, may_be_led_to: bool) -> None:
    """Refuse what a page of another site sends; a link to the page may be followed."""
    site = headers.get("sec-fetch-site", "none")
    led_to = may_be_led_to and headers.get("sec-fetch-mode") == "navigate"
    is_foreign = site not in ("none", "same-origin") and not led_to
    origin = headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != headers.get("host", ""):
        is_foreign = True
    if is_foreign:
        raise Refused(
            403,
            "cross_site",
            "without keys, requests of web pages must come from the server's own page; "
            f"this one comes from {origin or 'another site'}. Give keys.",
        )


def _name_of(host: str) -> str:
    """Take the port from a ``Host``: ``[::1]:8000`` and ``localhost:8000``."""
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0]


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sending
