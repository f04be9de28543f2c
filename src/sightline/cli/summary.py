"""What a run adds up to, as a table for people."""

from __future__ import annotations

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
    seen = ", ".join(f"{n} {name}" for name, n in summary.tracks.items())
    table.add_row("objects", seen or "none")
    for name, line in summary.lines.items():
        table.add_row(f"line {name}", f"{line['in']:.0f} in, {line['out']:.0f} out")
    for name, zone in summary.zones.items():
        table.add_row(f"zone {name}", _stays(zone))
    for name, zone in summary.dwell.items():
        spread = f"; half of them under {zone['median_s']:.1f} s, nine of ten {zone['p90_s']:.1f} s"
        table.add_row(f"dwell {name}", _stays(zone) + spread)
    for name, room in summary.people.items():
        table.add_row(
            f"people {name}",
            f"{room['in']:.0f} in, {room['out']:.0f} out, {room['inside']:.0f} inside now, "
            f"at most {room['peak']:.0f}",
        )
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


def _stays(zone: dict[str, float]) -> str:
    return (
        f"{zone['visits']:.0f} visits ({zone['entries']:.0f} entries, {zone['exits']:.0f} exits), "
        f"at most {zone['peak']:.0f} inside, {zone['mean']:.2f} on average, "
        f"{zone['dwell_s']:.1f} s each"
    )
