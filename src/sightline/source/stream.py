"""Network streams: RTSP, MJPEG and other video over HTTP, HLS."""

from __future__ import annotations

from sightline.source.connection import Connection
from sightline.source.container import FILE_FORMATS
from sightline.source.libav import connect
from sightline.source.live import LiveSource
from sightline.source.uri import kind

# What a server may make libav do: speak these protocols and no others (no file:, whatever a
# redirect or a playlist says), and look at the stream for a second at most, and at no more
# than three pictures of it, to learn its rate before the first is handed over.
_PROBE = {"analyzeduration": "1000000", "fpsprobesize": "3"}
_OPTIONS = {
    "rtsp": {
        "protocol_whitelist": "rtsp,rtsps,rtp,srtp,udp,tcp,tls,crypto",
        "format_whitelist": "rtsp,sdp,mpegts,rtp",
        "rtsp_flags": "prefer_tcp",
        **_PROBE,
    },
    "http": {
        "protocol_whitelist": "http,https,httpproxy,tcp,tls,crypto",
        "format_whitelist": f"{FILE_FORMATS},mpjpeg,hls",
        **_PROBE,
    },
}


class StreamSource(LiveSource):
    """`rtsp://`, `rtsps://`, `http://` and `https://` addresses.

    What comes over HTTP with a known length is a recording: every picture is handed over at
    its own time, and its end is the end.
    """

    def connect(self) -> Connection:
        """One connection to the server. Raises Lost."""
        scheme = kind(self._config.uri)
        options = dict(_OPTIONS[scheme])
        if scheme == "http" and not self._config.redirects:
            options["max_redirects"] = "0"
        connection = connect(
            self._config.uri,
            options,
            self.counters,
            stall_s=self._config.stall_s,
            open_s=self._config.connect_timeout_s,
            finite=scheme == "http",
        )
        return self.leave_out_idle(connection)
