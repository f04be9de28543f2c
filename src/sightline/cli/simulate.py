"""`sightline simulate`: a fleet without cameras, to try a hub or to load it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer


def simulate(
    cameras: Annotated[int, typer.Option(min=1, max=20_000, help="How many.")] = 3,
    hub: Annotated[
        str, typer.Option(metavar="URL", envvar="SIGHTLINE_HUB", help="The hub they come to.")
    ] = "http://127.0.0.1:8600",
    token: Annotated[
        str, typer.Option(metavar="T", help="Lets them in: sightline hub tokens enroll --uses N.")
    ] = "",
    authority: Annotated[
        Path | None,
        typer.Option(
            metavar="ca.pem", help="Of a hub with --tls self-signed: DATA/authority/ca.pem."
        ),
    ] = None,
    people: Annotated[int, typer.Option(min=1, max=100, help="In each picture, at most.")] = 3,
    fps: Annotated[int, typer.Option(min=1, max=60, help="Pictures a second.")] = 10,
    seconds: Annotated[float, typer.Option(min=0, help="How long; 0 goes on until Ctrl-C.")] = 0,
    prefix: Annotated[str, typer.Option(help="What their names begin with.")] = "sim",
    state: Annotated[Path, typer.Option(metavar="DIR", help="Where their keys are kept.")] = Path(
        "sightline-simulation"
    ),
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing meanwhile.")] = False,
) -> None:
    """Let simulated cameras with walking people speak to a hub.

    sightline simulate --cameras 100 --token "$(sightline hub tokens enroll --uses 100 --quiet)"
    """
    import asyncio

    from sightline.hub.simulation.identity import identities
    from sightline.hub.simulation.simulation import Simulation

    names = [f"{prefix}-{number:04d}" for number in range(1, cameras + 1)]

    async def main() -> None:
        known = await identities(hub, token, names, state, authority)
        async with Simulation(known, fps, people) as simulation:
            await _follow(simulation, seconds, quiet)

    try:
        asyncio.run(main())
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


async def _follow(simulation: object, seconds: float, quiet: bool) -> None:
    import asyncio
    import time

    from sightline.hub.simulation.simulation import Simulation

    assert isinstance(simulation, Simulation)
    told, began, before = simulation.told, time.monotonic(), 0
    while not seconds or time.monotonic() - began < seconds:
        await asyncio.sleep(min(1.0, seconds or 1.0))
        rate, before = told.detections - before, told.detections
        if not quiet:
            typer.echo(
                f"{simulation.connected} of {len(simulation.cameras)} cameras connected, "
                f"{rate} detections in the last second, {told.events} events so far, "
                f"{told.acknowledged} messages acknowledged (99 % within "
                f"{1000 * _late(simulation.delays):.0f} ms), {simulation.waiting} waiting"
            )


def _late(delays: Iterable[float]) -> float:
    known = sorted(delays)
    return known[int(0.99 * len(known))] if known else 0.0
