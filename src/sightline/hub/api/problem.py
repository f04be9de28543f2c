"""Every error as one shape: problem details (RFC 9457), a sentence and no traceback.

{"type": "about:blank", "title": "Not Found", "status": 404, "detail": "there is no camera 'x'",
 "request": "3f2a…"}; `errors` says which fields of a body were wrong.
"""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException

from sightline.errors import ConfigError, InputError, ModelError, OutputError, SightlineError
from sightline.hub.auth.people import TooOften
from sightline.hub.refused import Refused

_log = logging.getLogger("sightline.hub.api")

_NO_TEXT = "22021"  # PostgreSQL's number for characters that its texts cannot hold

MEDIA_TYPE = "application/problem+json"
SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "request": {"type": "string"},
        "errors": {"type": "array", "items": {"type": "object"}},
    },
}


def install(app: FastAPI) -> None:
    """Answer every error of the application in this shape."""
    app.add_exception_handler(SightlineError, _ours)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(DBAPIError, _unstorable)
    app.add_exception_handler(Exception, _unexpected)


def problem(
    request: Request, status: int, detail: str, headers: dict[str, str] | None = None, **more: Any
) -> JSONResponse:
    """One problem as an answer."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "request": getattr(request.state, "id", ""),
        **more,
    }
    return JSONResponse(body, status, headers, MEDIA_TYPE)


def _ours(request: Request, error: Exception) -> JSONResponse:
    headers = {}
    if isinstance(error, TooOften):
        headers["Retry-After"] = str(max(1, round(error.wait_s)))
    if isinstance(error, Refused):
        status = error.status
    elif isinstance(error, ConfigError | InputError | ModelError):
        status = 422
    elif isinstance(error, OutputError):
        status = 507
    else:
        _log.error("%s: %s", type(error).__name__, error)
        status = 500
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return problem(request, status, str(error), headers)


def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    wrong = [
        {"where": ".".join(str(part) for part in item["loc"]), "what": str(item["msg"])}
        for item in error.errors()
    ]
    told = "; ".join(f"{item['where']}: {item['what']}" for item in wrong[:5])
    return problem(request, 422, told or "the request cannot be meant", errors=wrong)


def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    return problem(request, error.status_code, str(error.detail), headers)


def _unstorable(request: Request, error: Exception) -> JSONResponse:
    if _NO_TEXT in str(getattr(error, "orig", "")):
        return problem(request, 422, "a text holds what cannot be stored: the character NUL")
    return _unexpected(request, error)


def _unexpected(request: Request, error: Exception) -> JSONResponse:
    # The traceback goes to the log; who asked gets a number to find it by.
    _log.exception("request %s failed", getattr(request.state, "id", ""), exc_info=error)
    return problem(request, 500, "the hub failed at this; its log tells more under this number")
