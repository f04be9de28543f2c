"""What a run adds up to, as a table for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from rich.table import Table

from sightline.wire.summary import Summary


def summary_table(summary: Summary) -> Table:
    """One row a line, a zone, a number that matters."""
    table = Table(title=f"{summary.camera}: {summary.source}", title_justify="left", box=None)
    table.add_column(style="bold")
    table.add_column()
    left_out = {"dropped": summary.dropped, "skipped": summary.skipped, "corrupt": summary.corrupt}
    lost = "".join(f", {n} {what}" for what, n in left_out.items() if n)
    table.add_row(
        "pictures", f"{summary.frames} in {summary.seconds:.1f} s, {summary.fps:.1f} a second{lost}"
    )
    told = ("pictures with", summary.pictures) if summary.pictures else ("objects", summary.tracks)
    table.add_row(told[0], ", ".join(f"{n} {name}" for name, n in told[1].items()) or "none")
    for name, line in summary.lines.items():
        bars = summary.bounds.get("lines", {}).get(name, {})
        ways = ", ".join(f"{line[way]:.0f} {way}{_bar(bars, way)}" for way in ("in", "out"))
        table.add_row(f"line {name}", ways)
    for name, zone in summary.zones.items():
        table.add_row(f"zone {name}", _stays(zone, summary.bounds.get("zones", {}).get(name, {})))
    for name, zone in summary.dwell.items():
        spread = f"; half of them under {zone['median_s']:.1f} s, nine of ten {zone['p90_s']:.1f} s"
        bars = summary.bounds.get("dwell", {}).get(name, {})
        table.add_row(f"dwell {name}", _stays(zone, bars) + spread)
    for name, room in summary.people.items():
        bars = summary.bounds.get("people", {}).get(name, {})
        table.add_row(
            f"people {name}",
            f"{room['in']:.0f} in{_bar(bars, 'in')}, {room['out']:.0f} out{_bar(bars, 'out')}, "
            f"{room['inside']:.0f} inside now{_bar(bars, 'inside')}, "
            f"at most {room['peak']:.0f}",
        )
    for row in _questions(summary):
        table.add_row(*row)
    stages = " · ".join(f"{stage} {ms:.2f}" for stage, ms in summary.stages_ms.items())
    table.add_row("ms a picture", stages)
    return table


def comparison(summary: Summary) -> Table:
    """What the camera counted beside what the scene knows, and by how much they differ."""
    table = Table(title="counted, and true", title_justify="left", box=None)
    for heading, side in (("", "left"), ("camera", "right"), ("truth", "right"), ("off", "right")):
        table.add_column(heading, justify=side)  # type: ignore[arg-type]
    truth = summary.truth or {}
    for kind, counted in (("line", summary.lines), ("zone", summary.zones)):
        known = truth.get(f"{kind}s", {})
        for name, numbers in counted.items():
            for what, true in known.get(name, {}).items():
                mine = numbers.get(what, 0)
                row = (f"{kind} {name}: {what.replace('_s', ', s')}", mine, true, mine - true)
                table.add_row(row[0], *(f"{value:.4g}" for value in row[1:3]), f"{row[3]:+.3g}")
    return table


def _questions(summary: Summary) -> Iterator[tuple[str, str]]:
    for name, queue in summary.queues.items():
        bars = summary.bounds.get("queues", {}).get(name, {})
        expected = f"; who joins now waits {queue['expected_s']:.0f} s"
        yield (
            f"queue {name}",
            f"{queue['waiting']:.0f} wait now, at most {queue['longest']:.0f}; "
            f"{queue['served']:.0f} served{_bar(bars, 'served')} after {queue['wait_s']:.1f} s"
            f"{_bar(bars, 'wait_s', 1)}, "
            f"{queue['gave_up']:.0f} gave up" + (expected if queue["expected_s"] >= 0 else ""),
        )
    for name, paths in summary.paths.items():
        ways = [f"{way} {n:.0f}" for way, n in paths.items() if way != "trips"][:5]
        yield f"paths {name}", ", ".join([f"{paths['trips']:.0f} trips", *ways])
    for name, heat in summary.heatmaps.items():
        where = f"{heat['share']:.1%} of it around ({heat['x']:.2f}, {heat['y']:.2f})"
        yield f"heat map {name}", f"{heat['seconds']:.0f} s of presence, {where}"
    for name, near in summary.distances.items():
        yield (
            f"distance {name}",
            f"{near['pairs']:.0f} pairs too close, {near['seconds']:.0f} s in all, nearest "
            f"{near['nearest_m']:.1f} m",
        )
    for name, crowd in summary.crowds.items():
        yield (
            f"crowd {name}",
            f"{crowd['present']:.0f} now, at most {crowd['peak']:.0f}; together at most "
            f"{crowd['largest_ever']:.0f}, {crowd['gatherings']:.0f} unusual gatherings",
        )
    for name, speed in summary.speeds.items():
        yield (
            f"speed {name}",
            f"half of the time under {speed['median']:.1f} m/s, at most {speed['max']:.1f}; "
            f"too fast {speed['over']:.0f} times",
        )
    for name, rule in summary.rules.items():
        now = ", now as well" if rule["active"] else ""
        yield f"rule {name}", f"raised {rule['raised']:.0f} times{now}"


Bars: TypeAlias = Mapping[str, tuple[float, float]]


def _stays(zone: dict[str, float], bars: Bars) -> str:
    return (
        f"{zone['visits']:.0f} visits{_bar(bars, 'visits')}; {zone['entries']:.0f} entries"
        f"{_bar(bars, 'entries')}, {zone['exits']:.0f} exits{_bar(bars, 'exits')}; "
        f"at most {zone['peak']:.0f} inside, {zone['mean']:.2f} on average{_bar(bars, 'mean', 2)}, "
        f"{zone['dwell_s']:.1f} s each{_bar(bars, 'dwell_s', 1)}"
    )


def _bar(bars: Bars, what: str, digits: int = 0) -> str:
    """Between what a number truly is, in brackets; nothing where that is unknown or certain."""
    low, high = bars.get(what, (0.0, 0.0))
    return f" ({low:.{digits}f} to {high:.{digits}f})" if low < high else ""
