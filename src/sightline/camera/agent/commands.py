"""What a camera does once because its hub asks: each command once, whatever comes twice."""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from sightline.errors import SightlineError
from sightline.wire.control import Command, Result

_log = logging.getLogger(__name__)
_REMEMBERED = 256

Verb = Callable[[Command], Awaitable[Any]]


class Commands:
    """Knows the verbs; answers by `say`."""

    def __init__(self, verbs: Mapping[str, Verb], say: Callable[[Result], None]) -> None:
        self._verbs, self._say = verbs, say
        self._answers: OrderedDict[str, Result | None] = OrderedDict()

    async def obey(self, command: Command) -> None:
        """Do it and tell what came of it."""
        if command.id in self._answers:
            answer = self._answers[command.id]
            if answer is not None:
                self._say(answer)
            return
        self._answers[command.id] = None
        while len(self._answers) > _REMEMBERED:
            self._answers.popitem(last=False)
        result = await self._done(command)
        self._answers[command.id] = result
        self._say(result)

    async def _done(self, command: Command) -> Result:
        verb = self._verbs.get(command.name)
        if command.expires_ns and time.time_ns() > command.expires_ns:
            return Result(command.id, False, error="it came too late")
        if verb is None:
            known = ", ".join(sorted(self._verbs))
            return Result(command.id, False, error=f"no such command; there are {known}")
        _log.info("command %s", command.name)
        try:
            return Result(command.id, True, await verb(command))
        except (SightlineError, TimeoutError) as error:
            return Result(command.id, False, error=str(error) or "it took too long")
        except Exception as error:
            _log.warning("command %s failed: %s: %s", command.name, type(error).__name__, error)
            return Result(command.id, False, error=f"it failed: {type(error).__name__}")
