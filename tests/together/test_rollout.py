"""Models written into five real cameras."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from programs import Site, until


def test_a_bad_model_stops_at_the_canary_and_a_good_one_goes_on(
    site: Site, pictures: Callable[..., Path], walk: Any, bright_network: Path, make_onnx: Any,
    tmp_path: Path,
) -> None:  # fmt: skip
    """Of five cameras; the model that sees nothing runs beside the old one and never instead."""
    import numpy as np

    from sightline.camera.networks import Networks
    from sightline.camera.selftest import with_selftest
    from sightline.model.importing import About, import_network

    source = str(pictures(walk))
    good = import_network(bright_network, Networks(), About(name="lamps", version="1.0.0"))
    site.ask("POST", "models", content=with_selftest(good, source, 2).to_bytes())
    blind = tmp_path / "blind.onnx"
    blind.write_bytes(make_onnx([1, 3, 64, 64], {"output": np.zeros((1, 84, 6), np.float32)}))
    about = About(name="lamps", version="2.0.0", labels=("lamp",), decoder="yolox")
    site.ask("POST", "models", content=import_network(blind, Networks(), about).to_bytes())
    agent = {"health_s": 1, "flush_s": 0.2, "at_end": "loop"}
    middle = [{"name": "middle", "points": [[0.5, 0.0], [0.5, 1.0]]}]
    names = ("one", "two", "three", "four", "five")
    for name in names:
        site.start_camera(name, source, model=str(bright_network), lines=middle, agent=agent)
    for name in names:
        until(lambda name=name: (site.health(name) or {}).get("state") == "running")
    plan = {"to": "", "canary": 1, "shadow_s": 3, "watch_s": 2, "gate": {"latency_ratio": 1000}}

    def deployed(model: str, *states: str) -> Any:
        begun = site.ask("POST", "deployments", json={**plan, "model": model}).json()
        return until(
            lambda: (d := site.get(f"deployments/{begun['id']}"))["state"] in states and d, 90
        )

    bad = deployed("lamps:2.0.0", "rolled-back", "paused", "done")
    assert bad["state"] == "rolled-back"
    story = " ".join(str(line) for line in site.all(f"deployments/{bad['id']}/log"))
    assert "agree" in story
    assert all((site.health(name) or {})["model"] != "lamps 2.0.0" for name in names)
    fine = deployed("lamps:1.0.0", "rolled-back", "paused", "done")
    assert fine["state"] == "done", site.all(f"deployments/{fine['id']}/log")
    until(lambda: all(site.health(name)["model"] == "lamps 1.0.0" for name in names))
