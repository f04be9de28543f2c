"""Pictures that lie in files of their own: one, a folder of them, or a glob."""

from __future__ import annotations

import glob
import re
from collections.abc import Generator, Iterator
from itertools import chain
from pathlib import Path
from time import perf_counter_ns
from types import TracebackType

import numpy as np

from sightline.errors import InputError
from sightline.picture import Frame, Picture
from sightline.picture.opencv import opencv
from sightline.picture.rgb import RgbPicture
from sightline.source.base import SourceConfig, SourceCounters, SourceInfo
from sightline.source.image_size import image_size
from sightline.source.limits import MAX_PIXELS
from sightline.source.stills import unrelated
from sightline.source.uri import IMAGE_SUFFIXES, local
from sightline.wire.messages import Event

_NOMINAL_FPS = 25.0


class ImageSource:
    """Images in the natural order of their names: frame2.jpg stands before frame10.jpg.

    Files of images carry no time, so `fps` does not thin them out: it says how far apart
    they were taken (25 a second where it is not given). Sizes may differ from one to the next.
    """

    info: SourceInfo

    def __init__(self, config: SourceConfig) -> None:
        self.counters = SourceCounters()
        self.busy = False
        self._closed = False
        self._config = config
        self._fps = config.fps or _NOMINAL_FPS

    def __enter__(self) -> ImageSource:
        """Finds the files and decodes the first picture. Raises InputError where there is none."""
        uri = local(self._config.uri)
        paths = find_images(uri)
        self._all = self._read(paths)
        opening: list[Frame | Event] = []
        for item in self._all:
            opening.append(item)
            if isinstance(item, Frame):
                picture = item.picture
                break
        else:
            raise InputError(f"{uri}: no file there could be read as an image")
        self._opening = opening
        size = picture.width, picture.height
        self.info = SourceInfo(*size, self._fps, False, len(paths), self._stills(paths))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._all.close()

    def close(self) -> None:
        """End `frames` after the picture at hand; may be called from any thread."""
        self._closed = True

    def frames(self) -> Iterator[Frame | Event]:
        """Every image; source.corrupt in place of one that cannot be decoded; source.ended."""
        for item in chain(self._opening, self._all):
            if self._closed:
                return
            yield item

    def _stills(self, paths: list[Path]) -> bool:
        """As the configuration says; who gives a rate has a film; else as they look."""
        if self._config.stills is not None:
            return self._config.stills
        return self._config.fps is None and unrelated(paths)

    def _read(self, paths: list[Path]) -> Generator[Frame | Event]:
        good = time_ns = 0
        for sequence, path in enumerate(paths):
            time_ns = round(sequence * 1e9 / self._fps)
            begun = perf_counter_ns()
            picture = _decode(path)
            if picture is None:
                self.counters.corrupt += 1
                yield self._event("source.corrupt", time_ns, file=path.name)
                continue
            good += 1
            yield Frame(picture, time_ns, sequence, perf_counter_ns() - begun, name=path.name)
        yield self._event("source.ended", time_ns, pictures=good)

    def _event(self, kind: str, time_ns: int, **data: object) -> Event:
        return Event(kind, time_ns, name=self._config.uri, data=data)


def find_images(uri: str) -> list[Path]:
    """The image files that a path, a folder or a glob means. Raises InputError for none."""
    path = Path(uri)
    if path.is_dir():
        found = [item for item in path.iterdir() if not item.name.startswith(".")]
    elif path.exists():
        found = [path]
    elif glob.has_magic(uri):
        found = [Path(item) for item in glob.glob(uri, recursive=True)]
    else:
        raise InputError(f"{uri}: there is no such file")
    images = [item for item in found if item.suffix.lower() in IMAGE_SUFFIXES and item.is_file()]
    if not images:
        raise InputError(f"{uri}: holds no image (looked for {', '.join(sorted(IMAGE_SUFFIXES))})")
    if path.is_file() and path.stat().st_size == 0:
        raise InputError(f"{uri}: is empty")
    return sorted(images, key=_natural)


def _decode(path: Path) -> Picture | None:
    cv2 = opencv()
    try:
        data = path.read_bytes()
    except OSError:
        return None
    size = image_size(data)
    if size is None or not 0 < size[0] * size[1] <= MAX_PIXELS:
        return None
    try:
        pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error:
        return None
    if pixels is None:
        return None
    return RgbPicture(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB, dst=pixels))


def _natural(path: Path) -> list[tuple[int, str]]:
    parts = re.split(r"(\d+)", str(path))
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]
