"""Published pictures as a video file that stays playable whatever happens to the run."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sightline.camera.privacy import Published
from sightline.camera.video_file import VideoFile
from sightline.errors import ConfigError, OutputError
from sightline.picture.opencv import opencv

_TICKS = 90_000  # a second, as MPEG counts
_KEYFRAME_S = 1  # a killed run loses what came after the last keyframe

# By suffix: the container, the encoders to choose from, best first, and the file's layout.
# A fragmented MP4 is whole after each keyframe; the hybrid form becomes a plain one when
# it is closed, which every player and editor reads.
_H264 = ("libx264", "libopenh264", "mpeg4")
_HYBRID = {"movflags": "hybrid_fragmented+frag_keyframe+empty_moov", "flush_packets": "1"}
_CLUSTERS = {"cluster_time_limit": f"{_KEYFRAME_S}000", "flush_packets": "1"}
_FORMS = {
    ".mp4": ("mp4", _H264, _HYBRID),
    ".mov": ("mov", _H264, _HYBRID),
    ".mkv": ("matroska", _H264, _CLUSTERS),
    ".webm": ("webm", ("libvpx-vp9", "libvpx"), _CLUSTERS),
}
_REALTIME = {"deadline": "realtime", "cpu-used": "8", "b": "0"}
_ENCODER_OPTIONS = {
    "libx264": {"preset": "veryfast", "crf": "22"},
    "libvpx-vp9": {**_REALTIME, "crf": "32", "row-mt": "1"},
    "libvpx": {**_REALTIME, "crf": "12", "b": "8M"},
    "libopenh264": {"b": "8M"},
    "mpeg4": {"b": "8M"},
}


class VideoWriter:
    """`write` each picture with its capture time; the time between pictures may vary.

    path  its suffix says which kind of file: .mp4, .mov, .mkv or .webm
    fps   nominal rate, for players that show one; 0 where nobody knows
    size  width and height in pixels; odd ones are made even, other pictures fitted in

    Raises ConfigError where the file cannot be made, OutputError when writing fails; what
    was written before stays playable.
    """

    def __init__(self, path: str | Path, fps: float, size: tuple[int, int]) -> None:
        import av

        self._path = path
        self._size = (size[0] + size[0] % 2, size[1] + size[1] % 2)
        self._began: int | None = None
        self._latest = -1
        self._safe = 0.0  # seconds up to which the file is whole
        self._closed = False
        container, encoders, layout = _form(path)
        self._file = VideoFile(path)
        self._container: Any = av.open(self._file, "w", format=container, options=layout)
        self._stream = _stream(self._container, encoders, fps, self._size)
        self._container.start_encoding()

    def __enter__(self) -> VideoWriter:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def write(self, picture: Published, time_ns: int) -> None:
        """Append one picture. Time that stands still or goes back is moved on by one tick."""
        import av

        frame = av.VideoFrame.from_ndarray(_i420(picture.rgb, self._size), format="yuv420p")
        if self._began is None:
            self._began = time_ns
        elapsed = (time_ns - self._began) * _TICKS // 1_000_000_000
        self._latest = max(elapsed, self._latest + 1)
        frame.pts = self._latest
        frame.time_base = Fraction(1, _TICKS)
        self._encode(frame)
        self._check()

    def close(self) -> None:
        """Write what the encoder still holds and end the file. Twice does no harm."""
        if self._closed:
            return
        self._closed = True
        if self._began is not None:
            self._encode(None)
        self._container.close()
        self._file.close()
        self._check()

    def _encode(self, frame: Any) -> None:
        for packet in self._stream.encode(frame):
            begins = float(packet.pts * packet.time_base)
            self._container.mux(packet)
            if self._file.grown():  # by all that came before this packet
                self._safe = begins

    def _check(self) -> None:
        error = self._file.error
        if error is None:
            return
        if not self._closed:
            self._closed = True
            self._container.close()
            self._file.close()
        reason = (error.strerror or str(error)).lower()
        raise OutputError(
            f"cannot go on writing the video {self._path}: {reason}; "
            f"its first {self._safe:.1f} s are whole and play"
        )


def check_video_path(path: str | Path) -> None:
    """Raise ConfigError where `VideoWriter` would, before there is a first picture."""
    _form(path)
    VideoFile(path).close()


def _form(path: str | Path) -> tuple[str, tuple[str, ...], dict[str, str]]:
    suffix = Path(path).suffix.lower()
    if suffix not in _FORMS:
        raise ConfigError(
            f"the name {str(path)!r} does not say which kind of video to write: "
            f"end it with one of {', '.join(_FORMS)}"
        )
    return _FORMS[suffix]


def _stream(container: Any, encoders: tuple[str, ...], fps: float, size: tuple[int, int]) -> Any:
    import av

    name = next((name for name in encoders if name in av.codecs_available), encoders[-1])
    rate = Fraction(fps or 25).limit_denominator(1001)
    stream = container.add_stream(name, rate=rate)
    stream.width, stream.height = size
    stream.pix_fmt = "yuv420p"
    context = stream.codec_context
    context.time_base = Fraction(1, _TICKS)
    context.max_b_frames = 0
    context.gop_size = max(1, round(rate * _KEYFRAME_S))
    # What cv2 makes of RGB: BT.601, limited range. Untagged HD would be shown as BT.709.
    context.colorspace, context.color_range = 6, 1
    context.color_primaries, context.color_trc = 1, 1
    context.options = _ENCODER_OPTIONS[name]
    return stream


def _i420(rgb: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    cv2 = opencv()
    if (rgb.shape[1], rgb.shape[0]) != size:
        rgb = _fitted(rgb, size)
    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2YUV_I420), np.uint8)


def _fitted(rgb: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    """An odd row or column is repeated; another size is scaled between dark bars."""
    cv2 = opencv()
    height, width = rgb.shape[:2]
    right, below = size[0] - width, size[1] - height
    if 0 <= right <= 1 and 0 <= below <= 1:
        return np.pad(rgb, ((0, below), (0, right), (0, 0)), mode="edge")
    scale = min(size[0] / width, size[1] / height)
    fitted = (max(1, round(width * scale)), max(1, round(height * scale)))
    canvas = np.zeros((size[1], size[0], 3), np.uint8)
    left, top = (size[0] - fitted[0]) // 2, (size[1] - fitted[1]) // 2
    canvas[top : top + fitted[1], left : left + fitted[0]] = cv2.resize(
        rgb, fitted, interpolation=cv2.INTER_AREA
    )
    return canvas
