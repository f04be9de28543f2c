"""No camera moves the cursor of who reads what it said."""

import logging

import pytest

from sightline.cli.hub_log import log_to_stderr
from sightline.cli.plain import printable
from sightline.cli.remote import show

EVIL = "\x1b]52;c;aGk=\x07\x9b31m\u202eevil\r\nINFO all is well [bold]æøå[/]"
SHOWN = "�]52;c;aGk=��31m�evil��INFO all is well [bold]æøå[/]"


def test_letters_stay_and_orders_go() -> None:
    assert printable(EVIL) == SHOWN


def test_a_table(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    show([{"name": EVIL}, {"name": {EVIL: EVIL}}], {"name": "name"}, as_json=False)
    told = capsys.readouterr().out
    assert told.count(SHOWN) == 3
    assert not set(EVIL.encode()) & {0x1B, 0x07} & set(told.encode())


def test_the_hubs_log(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    before = root.level
    log_to_stderr()
    try:
        logging.getLogger("sightline.test").warning("camera %s", EVIL)
        lines = capsys.readouterr().err.splitlines()
    finally:
        root.setLevel(before)
    assert len(lines) == 1
    assert lines[0].endswith(SHOWN)
