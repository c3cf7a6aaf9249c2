"""One shape for every error: ``{"error": {"code": ..., "message": ...}}``.

A code never changes, so that programs can rely on it; a message is one line for people:
what must hold, what came, what to do.
"""

import logging
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.routing import compile_path

from longshot import errors
from longshot.errors import LongshotError, one_line

_LOG = logging.getLogger("longshot.server")

CODES: dict[type[LongshotError], tuple[int, str]] = {
    errors.SettingError: (400, "setting_invalid"),
    errors.ReadingError: (400, "reading_failed"),
    errors.EmptyDocumentError: (400, "document_empty"),
    errors.ExamplesError: (400, "examples_invalid"),
    errors.ModelNotFoundError: (404, "model_not_found"),
    errors.ModelError: (503, "model_unusable"),
    errors.SavedClassifierError: (409, "classifier_of_other_version"),
    errors.OutputError: (507, "output_failed"),
    errors.MissingExtraError: (501, "extra_missing"),
    errors.NotInProjectError: (404, "not_in_project"),
    errors.ProjectBusyError: (409, "project_busy"),
    errors.ProjectError: (409, "project_unusable"),
    errors.LongshotError: (400, "request_refused"),
}
"""What each error of the library is told as; the closest class counts."""

_STATUS_CODES = {
    400: "request_invalid",
    404: "not_found",
    405: "method_not_allowed",
    413: "body_too_large",
}


class ErrorDetail(BaseModel):
    """What went wrong: a stable code, and a line for people."""

    code: str
    message: str


class ErrorBody(BaseModel):
    """The one shape of an error."""

    error: ErrorDetail


class Refused(Exception):
    """A request that is refused, and how.

    Parameters
    ----------
    status, code, message
        The status of HTTP, the stable code, and the line for people.
    headers
        Further ones for the answer.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = dict(headers or {})


def told(error: Exception) -> Refused:
    """Give any error the status, code and line that a client sees.

    What nobody foresaw is told without its text, which may hold a document's.
    """
    if isinstance(error, Refused):
        return error
    if isinstance(error, LongshotError):
        status, code = next(CODES[one] for one in type(error).__mro__ if one in CODES)
        return Refused(status, code, str(error))
    return Refused(
        500,
        "internal_error",
        f"the server must answer every request; this one failed by an error of its "
        f"own ({type(error).__name__}). Report it with the request.",
    )


def error_response(refused: Refused) -> JSONResponse:
    """Answer with an error."""
    detail = {"code": refused.code, "message": refused.message}
    # A lone surrogate of a request, quoted in a message, cannot be sent as UTF-8.
    safe = {
        key: value.encode(errors="replace").decode() for key, value in detail.items()
    }
    return JSONResponse({"error": safe}, refused.status, refused.headers)


def add_error_handlers(app: FastAPI) -> None:
    """Let every error of an app leave in the one shape."""

    async def tell(_: Request, error: Exception) -> JSONResponse:
        return error_response(told(error))

    async def tell_http(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        code = _STATUS_CODES.get(error.status_code, f"status_{error.status_code}")
        sent = error.headers or {}
        headers = {name.lower(): value for name, value in sent.items()}
        if error.status_code == 405:
            headers |= _allowed(request)
        return error_response(
            Refused(error.status_code, code, str(error.detail), headers)
        )

    async def tell_invalid(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        lines = [_invalid_line(one) for one in error.errors()[:3]]
        return error_response(Refused(422, "request_invalid", "; ".join(lines)))

    app.add_exception_handler(Refused, tell)
    app.add_exception_handler(LongshotError, tell)
    app.add_exception_handler(HTTPException, tell_http)
    app.add_exception_handler(RequestValidationError, tell_invalid)
    # What is left is told by the guard around the app, which also logs it.


def _allowed(request: Request) -> dict[str, str]:
    """Name all methods of a path; the framework names those of one of its routes."""
    for template, methods in request.app.openapi()["paths"].items():
        if compile_path(template)[0].match(request.scope["path"]):
            return {"allow": ", ".join(sorted(methods)).upper()}
    return {}


def _invalid_line(error: dict[str, Any]) -> str:
    place = ".".join(str(part) for part in error["loc"] if part != "body") or "body"
    return one_line(f"{place}: {error['msg']}")


ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorBody, "description": description}
    for status, description in {
        400: "The request cannot be carried out",
        401: "No key, or an unknown one",
        403: "The key may not do this, or the request comes from another site",
        404: "There is no such thing",
        409: "It does not fit the present state",
        413: "The body or a text is too long",
        422: "The request has not the shape that is asked for",
        429: "Too many requests wait; Retry-After says when to come again",
        500: "An error of the server's own",
        501: "An extra must be installed for this",
        503: "Not ready, or given up for taking too long",
    }.items()
}
"""What every route may answer besides its own, for OpenAPI."""
