"""Opening what libav can open, with nothing allowed but what this source needs."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from sightline.errors import InputError
from sightline.source.limits import MAX_PIXELS

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream

# Demuxers that read one file and no other. Playlists (hls, concat, dash, sdp) are missing on
# purpose: one of them named clip.mp4 would make libav read other files or call other hosts.
FILE_FORMATS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mpegvideo,flv,asf,ogg,gif,apng,"
    "h264,hevc,m4v,mjpeg,ivf,mxf,obu,av1,nut,dv,yuv4mpegpipe,wtv"
)

_FALLBACK_FPS = 25.0


def open_file(path: str) -> InputContainer:
    """A local recording. Raises InputError with a sentence that says what is wrong with it."""
    import av

    _check_file(path)
    options = {
        "protocol_whitelist": "file",
        "format_whitelist": FILE_FORMATS,
        "max_pixels": str(MAX_PIXELS),
    }
    try:
        return av.open(f"file:{path}", options=options)
    except (av.FFmpegError, ValueError) as error:
        if isinstance(error, av.PermissionError):
            raise InputError(f"{path}: may not be read; check its permissions") from None
        raise InputError(
            f"{path}: is not a video that can be read, or its end is missing; "
            "try it in a player, or give another file"
        ) from None


def video_stream(container: InputContainer, name: str) -> VideoStream:
    """The first moving picture in `container`, set up to be decoded on one thread.

    Cover art is not taken for one. Raises InputError where there is only sound.
    """
    from av.stream import Disposition

    streams = [
        stream
        for stream in container.streams.video
        if not stream.disposition & Disposition.attached_pic
    ]
    if not streams:
        what = "only sound" if container.streams.audio else "no pictures"
        raise InputError(f"{name}: holds {what}; give a file or stream with video")
    stream = streams[0]
    context = stream.codec_context
    if context is None:
        raise InputError(f"{name}: is in a video format that this build cannot decode")
    # A camera is one thread; more of them cost CPU time that other cameras need.
    context.thread_count = 1
    context.options = {"max_pixels": str(MAX_PIXELS)}
    return stream


def nominal_fps(stream: VideoStream) -> float:
    """What a stream says of its rate, where that is possible at all; else 25."""
    for rate in (stream.average_rate, stream.guessed_rate, stream.base_rate):
        if rate and 0.01 <= rate <= 300:
            return float(rate)
    return _FALLBACK_FPS


def _check_file(path: str) -> None:
    if not os.path.exists(path):
        raise InputError(f"{path}: there is no such file")
    if os.path.isfile(path) and os.path.getsize(path) == 0:
        raise InputError(f"{path}: is empty")
    if not os.access(path, os.R_OK):
        raise InputError(f"{path}: may not be read; check its permissions")
