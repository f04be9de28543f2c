"""libav's errors in words. Its own messages are not used: they may hold the whole address."""

from __future__ import annotations

from sightline.source.connection import Lost


def lost(error: Exception, silent_s: float) -> Lost:
    """Why a connection failed, given after how many seconds without data it was given up."""
    import av

    if isinstance(error, (av.HTTPUnauthorizedError, av.HTTPForbiddenError)):
        return Lost("the user name or the password is wrong or missing", hopeless=True)
    if isinstance(error, av.HTTPNotFoundError):
        return Lost("the server knows no such stream; check the path", hopeless=True)
    if isinstance(error, (av.ExitError, av.TimeoutError)):
        return Lost(f"no data for {silent_s:g} s")
    for kind, reason in _REASONS.items():
        if isinstance(error, getattr(av, kind)):
            return Lost(reason)
    return Lost("the address cannot be reached")


_REASONS = {
    "ConnectionRefusedError": "the connection was refused",
    "ConnectionResetError": "the connection was reset",
    "BrokenPipeError": "the connection was reset",
    "EOFError": "the stream ended",
    "InvalidDataError": "what it sends is not a video",
    "HTTPError": "the server answered with an error",
    "ProtocolNotFoundError": "the address leads to a protocol that is not allowed",
    "FileNotFoundError": "there is no such device",
    "PermissionError": "it may not be read; check the permissions",
    "MemoryError": "there is not enough memory",
}
