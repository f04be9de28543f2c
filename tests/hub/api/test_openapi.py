"""Requests of every shape that the OpenAPI document allows, and of many that it does not."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
import schemathesis
from hubrun import RunningHub, running_hub
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.generation.modes import GenerationMode

CALM = settings(
    max_examples=8, deadline=None, derandomize=True, database=None,
    phases=[Phase.generate], suppress_health_check=list(HealthCheck),
)  # fmt: skip


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHub]:
    with running_hub(tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.mark.parametrize("mode", GenerationMode)
def test_no_request_breaks_the_hub(hub: RunningHub, mode: GenerationMode) -> None:
    document = schemathesis.openapi.from_url(f"{hub.url}/api/v1/openapi.json")
    tried = 0
    for found in document.get_all_operations():
        operation = found.ok()

        @CALM
        @given(case=operation.as_strategy(generation_mode=mode))
        def check(case: Any) -> None:
            # A token of its own each time: one of the routes makes tokens worthless.
            headers = {"Authorization": f"Bearer {hub.token('admin')}"}
            answer = case.call(headers=headers, timeout=20)
            assert answer.status_code < 500, (case, answer.text)
            if answer.status_code >= 400:
                [kind] = answer.headers["content-type"]
                assert kind == "application/problem+json", (case, answer.text)

        with suppress(Unsatisfiable):  # a route that takes nothing cannot be given it wrongly
            check()
            tried += 1
    assert tried > 20
