"""One file over HTTP, of which size and SHA-256 are known beforehand.

What has come stays in `<file>.part`, and every further attempt, of this run or a later one,
asks for the rest only. Nothing gets the file's own name before its checksum fits.
"""

from __future__ import annotations

import hashlib
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sightline.errors import DownloadError, MissingExtra, OutputError

if TYPE_CHECKING:
    import httpx
    from tenacity import RetryCallState

Progress = Callable[[int, int], None]  # bytes so far, bytes in all

_LOOPBACK = {"127.0.0.1", "::1", "localhost"}
_AGAIN = {408, 425, 429, 500, 502, 503, 504}


class _Cut(Exception):
    """This attempt ended early; the next one may come further."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for a server, in seconds.

    tries  attempts in a row that bring not one byte before giving up
    """

    connect: float = 10.0
    silence: float = 20.0
    tries: int = 5
    pause: float = 0.5
    longest_pause: float = 20.0


PATIENT = Patience()


def download(
    url: str,
    path: Path,
    *,
    sha256: str,
    size: int,
    progress: Progress = lambda done, total: None,
    patience: Patience = PATIENT,
    token: Callable[[], str] | None = None,
    trust: ssl.SSLContext | None = None,
) -> None:
    """Fetch `url` into `path`, resuming what an earlier attempt left.

    token  proof of who asks, made for each request; then no redirect is followed
    trust  whom to believe under TLS, in place of the system's authorities

    https only, also after redirects; plain http only to this machine itself.
    Raises DownloadError (unreachable, refused, other bytes than promised), OutputError.
    """
    try:
        import httpx
        import tenacity
    except ImportError:
        raise MissingExtra("downloading a network", "camera") from None

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        transfer = _Transfer(url, path.with_name(f"{path.name}.part"), size, progress)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror}") from None
    again = tenacity.Retrying(
        retry=tenacity.retry_if_exception_type(_Cut),
        wait=tenacity.wait_random_exponential(patience.pause, patience.longest_pause),
        stop=transfer.has_come_no_further_in(patience.tries),
        reraise=True,
    )
    timeout = httpx.Timeout(patience.silence, connect=patience.connect)
    plain = urlsplit(url).hostname if urlsplit(url).scheme == "http" else None

    def look_over(request: httpx.Request) -> None:
        _check_address(request.url, plain)
        if token is not None:
            request.headers["Authorization"] = f"Bearer {token()}"

    try:
        with httpx.Client(
            timeout=timeout,
            follow_redirects=token is None,
            event_hooks={"request": [look_over]},
            verify=True if trust is None else trust,
        ) as client:
            again(transfer.attempt, client)
            if transfer.digest() != sha256 and transfer.resumed:
                transfer.forget()
                again(transfer.attempt, client)
        if transfer.digest() != sha256:
            transfer.forget()
            raise DownloadError(
                f"{url}: sent other bytes than those known under this name (the SHA-256 differs); "
                "nothing was kept"
            )
        transfer.part.replace(path)
    except _Cut as cut:
        raise DownloadError(f"{url}: {cut}") from None
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror}") from None


def _check_address(url: httpx.URL, plain: str | None) -> None:
    if url.scheme == "https" or (url.scheme == "http" and url.host == plain in _LOOPBACK):
        return
    raise DownloadError(f"{url}: only https is fetched, or http from this machine itself")


class _Transfer:
    """The state between attempts: the part on disk, and the server's mark of its version."""

    def __init__(self, url: str, part: Path, size: int, progress: Progress) -> None:
        self.url, self.part, self.size, self._progress = url, part, size, progress
        self.resumed = self._have() > 0
        self._version = ""
        self._best_attempt = 0
        self._best = self._have()

    def has_come_no_further_in(self, tries: int) -> Callable[[RetryCallState], bool]:
        """For tenacity: give up after `tries` attempts in a row without a new byte."""

        def hopeless(state: RetryCallState) -> bool:
            if self._have() > self._best:
                self._best, self._best_attempt = self._have(), state.attempt_number
            return state.attempt_number - self._best_attempt >= tries

        return hopeless

    def attempt(self, client: httpx.Client) -> None:
        """Ask for what is missing and append it. Raises _Cut when it ended early."""
        import httpx

        if self._have() > self.size:
            self.forget()
        if self._have() == self.size:
            return
        try:
            with client.stream("GET", self.url, headers=self._headers()) as response:
                self._receive(response)
        except httpx.TooManyRedirects:
            raise DownloadError(f"{self.url}: is redirected in circles") from None
        except (httpx.TimeoutException, httpx.TransportError) as error:
            raise _Cut(_reason(error)) from None
        if self._have() < self.size:
            raise _Cut(f"ended after {self._have()} of {self.size} bytes")

    def _headers(self) -> dict[str, str]:
        headers = {"Accept-Encoding": "identity", "User-Agent": "sightline"}
        if have := self._have():
            headers["Range"] = f"bytes={have}-"
            if self._version:
                headers["If-Range"] = self._version
        return headers

    def _receive(self, response: httpx.Response) -> None:
        have = self._have()
        if response.status_code in _AGAIN:
            raise _Cut(f"answered {response.status_code}")
        if response.status_code == 416:
            self.forget()
            raise _Cut("has no such part")
        if response.status_code not in (200, 206):
            raise DownloadError(f"{self.url}: answered {response.status_code}; it is not there")
        goes_on = response.status_code == 206
        if goes_on and not response.headers.get("Content-Range", "").startswith(f"bytes {have}-"):
            self.forget()
            raise _Cut("sent another part than was asked for")
        tag = response.headers.get("ETag", "")
        self._version = "" if tag.startswith("W/") else tag
        with self.part.open("ab" if goes_on else "wb") as file:
            done = file.tell()
            for chunk in response.iter_raw():
                done += len(chunk)
                if done > self.size:
                    file.close()
                    self.forget()
                    raise DownloadError(f"{self.url}: sends more than its {self.size} bytes")
                file.write(chunk)
                self._progress(done, self.size)

    def digest(self) -> str:
        with self.part.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def forget(self) -> None:
        """Begin anew next time."""
        self.resumed, self._version, self._best = False, "", 0
        self.part.unlink(missing_ok=True)

    def _have(self) -> int:
        with suppress(FileNotFoundError):
            return self.part.stat().st_size
        return 0


def _reason(error: Any) -> str:
    import httpx

    if isinstance(error, httpx.ConnectTimeout | httpx.ConnectError):
        return "cannot be reached"
    if isinstance(error, httpx.TimeoutException):
        return "fell silent"
    return "broke off"
