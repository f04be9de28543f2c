"""What a rule is put together from: text that the hub understands, and that is known again."""

from typing import Any

import pytest

from sightline.hub.alerts.rules import FleetRule

VALUES = {"n": "3.5", "span": "10 min", "place": 'bay "2"', "danger": "hazard.running"}


@pytest.fixture
def phrases(script: Any) -> Any:
    return lambda function, argument=None: script("alerts/phrases.js", function, argument)


def test_every_phrase_writes_what_the_hub_takes_and_knows_it_again(phrases: Any) -> None:
    function = """(module, values) => Object.keys(module.PHRASES).map((key) => {
      const text = module.written(key, values);
      return [key, module.slotsOf(key), text, module.read(text)];
    })"""
    told = phrases(function, VALUES)
    assert len(told) == 9
    for key, slots, text, again in told:
        FleetRule("one", text).built()
        assert again == {"key": key, "values": {slot: VALUES[slot] for slot in slots}}


def test_its_usual_values_make_a_rule(phrases: Any) -> None:
    function = """(module) => Object.entries(module.PHRASES).map(([key, { usual }]) =>
      module.written(key, { place: "door", ...usual }))"""
    for text in phrases(function):
        FleetRule("one", text).built()


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("health.fps<5 for 1min", "slow"),
        ("  queue( 'till' ).waiting > 4 for 90 s ", "waiting"),
        ("offline() for 5 min and time in hours", None),
        ('offline("front") for 5 min', None),
        ("not health.fps < 5 for 1 min", None),
        ('event("line.crossed", line="door") or offline()', None),
    ],
    ids=["without blanks", "with blanks", "and", "one camera", "not", "or"],
)
def test_only_what_a_phrase_could_have_written_is_known(
    phrases: Any, text: str, key: str | None
) -> None:
    FleetRule("one", text.replace("and time in hours", "and health.fps > 1")).built()
    found = phrases("(module, text) => module.read(text)", text)
    assert (found and found["key"]) == key
