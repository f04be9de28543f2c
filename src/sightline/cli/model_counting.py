"""How many of how many."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol


class Counted(Protocol):
    """Is told how many are done; another step may be named."""

    def __call__(self, done: int, total: int, step: str = ...) -> None: ...


@contextmanager
def counting(what: str) -> Iterator[Counted]:
    """A bar on a terminal, on standard error; nothing elsewhere. Gives what to tell it."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as Remaining

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        Remaining(compact=True),
    )
    shown = console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=not shown) as progress:
        row = progress.add_task(what, total=None)

        def tell(done: int, total: int, step: str = what) -> None:
            progress.update(row, completed=done, total=total, description=step)

        yield tell


@contextmanager
def in_steps() -> Iterator[Callable[[str, int, int], None]]:
    """The same for work in several steps: each call names the step that is under way."""
    with counting("") as progress:

        def tell(step: str, done: int, total: int) -> None:
            progress(done, total, step)

        yield tell
