"""Mounts the dashboard into the hub's web application.

The page is a shell and native ES modules; it talks to the hub only through `/api/v1`, with
the rights of whoever is signed in. Nothing is inline and nothing comes from elsewhere, so
the content security policy can forbid all that is not ours.
"""

from __future__ import annotations

from html import escape

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from sightline.web.assets import assets, needed

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob: data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types default",
    )
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
_FOR_EVER = "public, max-age=31536000, immutable"
_PAGES = (
    "/", "/wall", "/cameras/{name}", "/cameras/{name}/edit", "/analytics", "/events", "/alerts",
    "/models", "/deployments", "/deployments/{id}", "/fleet", "/settings", "/settings/{part}",
    "/plans", "/plans/{name}", "/login", "/setup", "/welcome",
)  # fmt: skip


def mount(app: FastAPI) -> None:
    """Serve the dashboard's pages and files from `app`; the hub's own routes go before it."""
    page = _page(assets().version)

    async def shell() -> HTMLResponse:
        return HTMLResponse(page, headers={**_HEADERS, "Cache-Control": "no-cache"})

    async def asset(version: str, path: str, request: Request) -> Response:
        found = assets().files.get(path) if version == assets().version else None
        if found is None:
            return PlainTextResponse("there is no such file", 404, headers=_HEADERS)
        headers = {**_HEADERS, "Cache-Control": _FOR_EVER, "Vary": "Accept-Encoding"}
        packs = "gzip" in request.headers.get("accept-encoding", "")
        if packs and found.packed is not None:
            headers["Content-Encoding"] = "gzip"
            return Response(found.packed, media_type=found.media_type, headers=headers)
        return Response(found.content, media_type=found.media_type, headers=headers)

    async def icon() -> Response:
        return Response(
            assets().files["icon.svg"].content, media_type="image/svg+xml", headers=_HEADERS
        )

    for path in _PAGES:
        app.add_api_route(path, shell, include_in_schema=False)
    app.add_api_route("/assets/{version}/{path:path}", asset, include_in_schema=False)
    app.add_api_route("/favicon.ico", icon, include_in_schema=False)
    app.router.default = _lost(page, app.router.default)


def _lost(page: str, otherwise: ASGIApp) -> ASGIApp:
    """What nobody answers: a person's browser gets the page that says so, all else a problem."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        asked = scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
        ours = asked and not scope["path"].startswith(("/api/", "/assets/"))
        if ours and "text/html" in Headers(scope=scope).get("accept", ""):
            headers = {**_HEADERS, "Cache-Control": "no-cache"}
            await HTMLResponse(page, 404, headers=headers)(scope, receive, send)
        else:
            await otherwise(scope, receive, send)

    return answer


def _page(version: str) -> str:
    base = f"/assets/{escape(version)}"
    # Fetched side by side, instead of one after the other as each import is met.
    first = dict.fromkeys([*needed("app.js"), *needed("pages/overview.js")])
    preloads = "".join(f'<link rel="modulepreload" href="{base}/{name}">' for name in first)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Sightline</title>
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="{base}/icon.svg" type="image/svg+xml">
<link rel="manifest" href="{base}/sightline.webmanifest">
<link rel="stylesheet" href="{base}/style.css">
{preloads}
<script src="{base}/theme.js"></script>
<script type="module" src="{base}/app.js"></script>
</head>
<body>
<noscript>The dashboard draws in the browser and needs JavaScript.</noscript>
</body>
</html>
"""
