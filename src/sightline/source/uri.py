"""Names of sources: which kind one is, and how it may be written down."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote_plus

from sightline.errors import ConfigError
from sightline.plugins import names
from sightline.source.base import TABLE

IMAGE_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff"})

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s'\"<>]+")
_PLAIN_USER = re.compile(r"^[^/?#]*@")
# A password that was not percent-encoded may hold "/", "?" or "#".
_RAW_USER = re.compile(r"^[^/?#@:]+:(?!\d{1,5}(?:[/?#]|$)).*@")
# Some cameras take user and password as part of the path.
_SECRET = re.compile(r"(?i)\b(user\w*?|login\w*?|pass\w*?|pwd|token|key|secret|auth\w*?)=[^&/?]*")
_HARMLESS = re.compile(
    "action|audio|camera|channel|codec|compression|fps|height|nbr|profile|proto|quality|"
    "resolution|rotation|stream|streamtype|subtype|transport|unicast|video|videocodec|width"
)


def redact(text: str) -> str:
    """`text` with the credentials of every URL in it taken out, fit for logs and metadata.

    Names and passwords before "@" go; of the query only parameters that are known to be
    harmless keep their values.
    """
    return _URL.sub(lambda found: _without_secrets(found[0]), text)


def kind(uri: str) -> str:
    """The name in the table of sources for this URI or path. Raises ConfigError."""
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]+):", uri)
    if scheme and not Path(uri).exists():
        return _of_scheme(scheme[1].lower(), uri)
    if re.fullmatch(r"/dev/video\d+|/dev/v4l/.+", uri):
        return "usb"
    path = Path(uri)
    is_image = path.suffix.lower() in IMAGE_SUFFIXES
    if path.is_dir() or is_image or (re.search(r"[*?\[]", uri) and not path.exists()):
        return "images"
    return "file"


def local(uri: str) -> str:
    """The path that a `file://` URI or a plain path means."""
    return unquote_plus(uri.removeprefix("file://")) if uri.startswith("file://") else uri


def _of_scheme(scheme: str, uri: str) -> str:
    if scheme == "file":
        return kind(local(uri))
    scheme = {"rtsps": "rtsp", "https": "http"}.get(scheme, scheme)
    if scheme not in names("source", TABLE) or scheme == "images":
        raise ConfigError(
            f"{redact(uri)}: there is no source for {scheme}: addresses; use a file, a folder, "
            "rtsp://, http://, usb:0 or scene:"
        )
    return scheme


def _without_secrets(url: str) -> str:
    scheme, _, rest = url.partition("://")
    rest = _PLAIN_USER.sub("", _RAW_USER.sub("", rest))
    rest = rest.partition("#")[0]
    path, mark, query = rest.partition("?")
    path = _SECRET.sub(r"\1=***", path)
    return f"{scheme}://{path}{mark}{'&'.join(map(_masked, query.split('&')))}"


def _masked(parameter: str) -> str:
    key, sign, _ = parameter.partition("=")
    harmless = not parameter or _HARMLESS.fullmatch(unquote_plus(key).lower())
    return parameter if harmless else f"{key if sign else ''}{sign}***"
