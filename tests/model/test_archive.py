"""A package's container: ordinary zip to others, one spelling only to us."""

import io
import struct
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.errors import ModelError
from sightline.model.archive import MAX_ENTRIES, pack, unpack

ENTRIES = {
    "manifest.json": b"{}",
    "checksums.txt": b"sums",
    "networks/onnx-float.onnx": bytes(range(256)) * 9,
    "selftest/0.rgb": b"",
}
NAMES = st.from_regex(r"([a-z0-9][a-z0-9._-]{0,9}/)?[a-z0-9][a-z0-9._-]{0,9}", fullmatch=True)


def zipped(write: Callable[[zipfile.ZipFile], object]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        write(archive)
    return buffer.getvalue()


@given(st.dictionaries(NAMES, st.binary(max_size=300), max_size=8))
def test_what_goes_in_comes_out_whatever_the_order(entries: dict[str, bytes]) -> None:
    archive = pack(entries)
    assert archive == pack(dict(reversed(entries.items())))
    if entries:
        assert {name: bytes(data) for name, data in unpack(archive, "p").items()} == entries


def test_every_zip_reader_understands_it() -> None:
    with zipfile.ZipFile(io.BytesIO(pack(ENTRIES))) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == list(ENTRIES)
        assert archive.read("networks/onnx-float.onnx") == ENTRIES["networks/onnx-float.onnx"]
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}


@given(st.data())
def test_a_bit_that_flips_anywhere_is_noticed(data: st.DataObject) -> None:
    archive = bytearray(pack(ENTRIES))
    at = data.draw(st.integers(0, len(archive) - 1))
    archive[at] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(ModelError, match=r"p\.slm"):
        unpack(bytes(archive), "p.slm")


@given(st.integers(0, len(pack(ENTRIES)) - 1))
def test_a_part_is_not_the_whole(length: int) -> None:
    with pytest.raises(ModelError):
        unpack(pack(ENTRIES)[:length], "p.slm")


@given(st.binary(max_size=400), st.booleans())
def test_any_bytes_are_refused_in_a_sentence(noise: bytes, begun: bool) -> None:
    with pytest.raises(ModelError):
        unpack((b"PK\x03\x04" if begun else b"") + noise, "p.slm")


@pytest.mark.parametrize(
    "write",
    [
        pytest.param(lambda z: z.writestr("manifest.json", b"{}"), id="made by another program"),
        pytest.param(
            lambda z: z.writestr("manifest.json", b"0" * 9999, zipfile.ZIP_DEFLATED), id="deflated"
        ),
        pytest.param(lambda z: z.writestr("../etc/passwd", b"x"), id="escape"),
        pytest.param(lambda z: z.writestr("/etc/passwd", b"x"), id="absolute"),
        pytest.param(lambda z: z.writestr("a\\..\\b", b"x"), id="backslash"),
        pytest.param(lambda z: z.mkdir("networks"), id="folder"),
    ],
)
def test_other_zips_are_refused(write: Callable[[zipfile.ZipFile], object]) -> None:
    with pytest.raises(ModelError, match=r"p\.slm"):
        unpack(zipped(write), "p.slm")


def test_appended_bytes_and_a_comment_are_refused() -> None:
    archive = pack(ENTRIES)
    for longer in (archive + b"x", archive[:-2] + struct.pack("<H", 3) + b"hey"):
        with pytest.raises(ModelError, match="more than its entries"):
            unpack(longer, "p.slm")


def test_the_same_name_twice_is_refused() -> None:
    one = pack({"a": b"1"})
    body = one[: one.index(b"PK\x01\x02")]
    with pytest.raises(ModelError, match="twice"):
        unpack(body + body + one[len(body) :], "p.slm")


def test_too_many_entries_are_neither_written_nor_read() -> None:
    with pytest.raises(ModelError, match="64 entries"):
        pack({f"e{n}": b"" for n in range(MAX_ENTRIES + 1)})
    one = pack({"a": b""})
    with pytest.raises(ModelError, match="more than 64"):
        unpack(one[: one.index(b"PK\x01\x02")] * 100, "p.slm")


@pytest.mark.parametrize("name", ["", "..", "a/b/c", "A", "ä", "a b", ".hidden", "a/", "x" * 101])
def test_names_that_no_package_uses_are_not_written(name: str) -> None:
    with pytest.raises(ModelError):
        pack({name: b""})
