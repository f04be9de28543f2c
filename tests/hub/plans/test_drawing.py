"""Of what somebody uploads only the picture is kept, and what is no picture is refused."""

import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from sightline.hub.plans.drawing import LARGEST, drawing
from sightline.hub.refused import Refused

SECRET = b"59.9139N 10.7522E"
PIXELS = (np.indices((24, 40, 3)).sum(axis=0)[..., None] * 5 % 256).astype(np.uint8).repeat(3, 3)
PICTURE = Image.fromarray(PIXELS[:, :, 0])


def saved(form: str, picture: Image.Image = PICTURE, **how: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, form, **how)
    return file.getvalue()


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(*chunks: bytes) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def header(width: int = 8, height: int = 8, *, colour: int = 0, interlace: int = 0) -> bytes:
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, interlace))


END = chunk(b"IEND", b"")
PACKED = chunk(b"IDAT", zlib.compress(bytes(8 * 9)))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_a_png_keeps_its_pixels(mode: str) -> None:
    picture = PICTURE.convert("L").convert(mode) if mode != "I;16" else Image.new(mode, (7, 5), 900)
    data = saved("PNG", picture)
    found = drawing(data)
    assert found.view.media_type == "image/png"
    assert (found.view.width, found.view.height) == picture.size
    again = Image.open(io.BytesIO(found.body))
    assert again.mode == Image.open(io.BytesIO(data)).mode
    assert again.tobytes() == Image.open(io.BytesIO(data)).tobytes()


@pytest.mark.parametrize("how", [{}, {"progressive": True}, {"restart_marker_blocks": 1}])
def test_a_jpeg_keeps_its_pixels_and_loses_where_it_was_taken(how: dict[str, object]) -> None:
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    data = saved("JPEG", exif=exif, comment=SECRET, **how) + SECRET
    assert data.count(SECRET) == 3
    found = drawing(data)
    assert SECRET not in found.body
    assert found.view.bytes == len(found.body)
    kept, came = (np.asarray(Image.open(io.BytesIO(one))) for one in (found.body, data))
    assert (kept == came).all()


def test_a_jpeg_of_four_colours_keeps_what_they_mean() -> None:
    data = saved("JPEG", PICTURE.convert("CMYK"))
    assert b"Adobe" in drawing(data).body


def test_a_png_loses_words_and_what_stands_behind_it() -> None:
    text = chunk(b"tEXt", b"Comment\0" + SECRET)
    found = drawing(png(header(), text, PACKED, chunk(b"zzZz", SECRET), END) + SECRET)
    assert SECRET not in found.body
    assert found.body == png(header(), PACKED, END)


def test_an_interlaced_png() -> None:
    packed = chunk(b"IDAT", zlib.compress(bytes(79)))  # seven passes over 8 × 8
    assert drawing(png(header(interlace=1), packed, END)).view.width == 8


BAD = {
    "nothing": b"",
    "html": b"<html>",
    "gif": b"GIF89a" + bytes(100),
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
    "large": b"\x89PNG\r\n\x1a\n" + bytes(LARGEST),
    "many pixels": png(header(12_000, 12_000), END),
    "wide": png(header(12_001, 1), END),
    "no pixels": png(header(0, 8), END),
    "no header": png(PACKED, END),
    "no picture": png(header(), END),
    "no end": png(header(), PACKED),
    "cut": png(header(), PACKED, END)[:-20],
    "changed": png(header(), PACKED, END).replace(b"IDAT", b"IDAX"),
    "kind": png(header(colour=5), PACKED, END),
    "too few": png(header(9, 9), PACKED, END),
    "too many": png(header(4, 4), PACKED, END),
    "bomb": png(header(), chunk(b"IDAT", zlib.compress(bytes(300 << 20), 1)), END),
    "behind the pixels": png(header(), chunk(b"IDAT", zlib.compress(bytes(72)) + SECRET), END),
    "jpeg cut": saved("JPEG")[:-2],
    "jpeg without pixels": b"\xff\xd8\xff\xd9",
    "jpeg of no kind": saved("JPEG").replace(b"\xff\xc0", b"\xff\xc9"),
    "jpeg of two": saved("JPEG")[:-2] + saved("JPEG")[2:],
    "jpeg damaged": saved("JPEG").replace(b"\xff\xdb", b"\x00\xdb", 1),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_drawing_is_refused_in_words(name: str) -> None:
    with pytest.raises(Refused) as refused:
        drawing(BAD[name])
    assert len(str(refused.value).split()) > 4


@given(st.sampled_from(["PNG", "JPEG"]), st.data())
def test_no_bytes_do_worse_than_be_refused(form: str, data: st.DataObject) -> None:
    whole = bytearray(saved(form))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    del whole[data.draw(st.integers(0, len(whole))) :]
    try:
        found = drawing(bytes(whole))
    except Refused:
        return
    assert drawing(found.body) == found  # what was kept is clean already
