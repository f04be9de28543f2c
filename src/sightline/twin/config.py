"""Everything configurable of one camera, as one typed tree.

The same tree is the YAML file of a stand-alone run and the schema that is published.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from sightline.analytics.crowd import CrowdConfig
from sightline.analytics.distance import DistanceConfig
from sightline.analytics.dwell import DwellConfig
from sightline.analytics.floor import GroundConfig
from sightline.analytics.hazard import HazardConfig
from sightline.analytics.heat import HeatConfig
from sightline.analytics.left import LeftConfig
from sightline.analytics.line import LineConfig
from sightline.analytics.paths import PathsConfig
from sightline.analytics.people import PeopleConfig
from sightline.analytics.queue import QueueConfig
from sightline.analytics.rules.facts import Names
from sightline.analytics.rules.grammar import RuleError
from sightline.analytics.rules.rule import Rule, RuleConfig
from sightline.analytics.rules.schedule import Schedule
from sightline.analytics.shelf import ShelfConfig
from sightline.analytics.speed import SpeedConfig
from sightline.analytics.view import ViewConfig
from sightline.analytics.zone import ZoneConfig
from sightline.errors import ConfigError, InputError
from sightline.postprocess.base import DecodeConfig
from sightline.sensor.base import SensorConfig
from sightline.source.base import SourceConfig
from sightline.track.base import TrackConfig
from sightline.twin.agent import AgentConfig, LinkConfig
from sightline.twin.placing import placed
from sightline.twin.privacy import PrivacyConfig
from sightline.wire.formats.spatial_wishes import Kind, Wish

ANALYTICS = (
    "lines", "zones", "dwell", "people", "queues", "paths", "heatmaps", "distances", "crowds",
    "speeds", "hazards", "left", "shelves",
)  # fmt: skip
"""The keys of analytics, each a tuple of configurations with names of their own."""

Format = Literal["jsonl", "packed", "mot", "coco", "spatial-analysis", "spatial-analysis-1.0"]

_NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"


class ModelConfig(BaseModel):
    """Which network, and what it does not say of itself.

    name     a package (.slm), a bare network (.onnx, .tflite), the name of a network that comes
             with Sightline or was pulled; motion (whatever moves, without a network), or truth at
             a rendered scene
    decoder  the family of its output, where the network leaves that open
    labels   a set that Sightline knows ("coco"), a text file with one name a line, or names
    require_signature  run only packages that a trusted key signed, as a camera should
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = "scene"
    decoder: str | None = None
    labels: str | tuple[str, ...] | None = None
    require_signature: bool = False


class OutputConfig(BaseModel):
    """What is written, and where. "-" is standard output.

    metadata  a file, its kind by the suffix: .jsonl, .slp (packed), .txt (MOT), .json (COCO)
    format    of the metadata where the suffix does not say it
    video     an annotated video: .mp4, .mov, .mkv, .webm
    preview   the newest annotated picture, twice a second: .jpg, .png
    summary   what the run added up to, as JSON
    state     what the analytics remember: a run that finds it goes on where the last one stopped
    quiet     no progress and no table
    spatial_analysis  which of its events that format writes of each line and zone, and how often
              (of a name that is not here: all)

    With several cameras each file carries its camera's name: out.jsonl becomes
    out-<camera>.jsonl, unless the path says where with {camera}.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    metadata: str | None = None
    format: Format | None = None
    video: str | None = None
    preview: str | None = None
    summary: str | None = None
    state: str | None = None
    quiet: bool = False
    spatial_analysis: dict[str, dict[Kind, Wish]] = Field(default_factory=dict)


class CameraConfig(BaseModel):
    """One camera: where its pictures come from, what looks at them, what is asked of them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(default="camera", pattern=_NAME)
    source: SourceConfig
    model: ModelConfig = ModelConfig()
    sensor: SensorConfig = SensorConfig()
    detect: DecodeConfig = DecodeConfig()
    track: TrackConfig = TrackConfig()
    lines: tuple[LineConfig, ...] = ()
    zones: tuple[ZoneConfig, ...] = ()
    dwell: tuple[DwellConfig, ...] = ()
    people: tuple[PeopleConfig, ...] = ()
    queues: tuple[QueueConfig, ...] = ()
    paths: tuple[PathsConfig, ...] = ()
    heatmaps: tuple[HeatConfig, ...] = ()
    distances: tuple[DistanceConfig, ...] = ()
    crowds: tuple[CrowdConfig, ...] = ()
    speeds: tuple[SpeedConfig, ...] = ()
    rules: tuple[RuleConfig, ...] = ()
    schedules: dict[str, Schedule] = Field(default_factory=dict)
    ground: GroundConfig | None = None
    hazards: tuple[HazardConfig, ...] = ()
    left: tuple[LeftConfig, ...] = ()
    shelves: tuple[ShelfConfig, ...] = ()
    view: ViewConfig = ViewConfig()
    privacy: PrivacyConfig = PrivacyConfig()
    output: OutputConfig = OutputConfig()
    agent: AgentConfig = AgentConfig()
    link: LinkConfig = LinkConfig()
    max_frames: int | None = Field(default=None, gt=0)

    @field_validator("source", mode="before")
    @classmethod
    def _source_as_text(cls, value: Any) -> Any:
        return {"uri": value} if isinstance(value, str) else value

    @field_validator("model", mode="before")
    @classmethod
    def _model_as_text(cls, value: Any) -> Any:
        return {"name": value} if isinstance(value, str) else value

    @field_validator(*ANALYTICS, "rules")
    @classmethod
    def _names_differ(cls, value: tuple[Any, ...]) -> tuple[Any, ...]:
        names = [item.name for item in value]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise ValueError(f"two share the name {sorted(twice)[0]!r}; give each its own")
        return value

    @model_validator(mode="after")
    def _floor_is_known_where_it_counts(self) -> CameraConfig:
        metric: list[Any] = [*self.distances, *self.speeds, *(c for c in self.crowds if c.density)]
        if metric and self.ground is None:
            raise ValueError(
                f"{metric[0].name!r} counts in metres, and nobody said where they are: give "
                "`ground`, which `sightline calibrate` finds"
            )
        self.placed()
        return self

    @model_validator(mode="after")
    def _rules_can_be_meant(self) -> CameraConfig:
        for rule in self.rules:
            try:
                Rule(rule.when, self.rule_names(), until=rule.until)
            except RuleError as error:
                raise ValueError(f"rule {rule.name!r}: {error}") from None
        return self

    def rule_names(self) -> Names:
        """What rules may name."""
        places = {kind: frozenset(one.name for one in getattr(self, kind)) for kind in ANALYTICS}
        return Names(places, schedules=self.schedules, cameras=frozenset(), health=frozenset())

    def placed(self) -> CameraConfig:
        """The same with every place in fractions of the picture, those in metres too."""
        return placed(self, self.ground.ground() if self.ground else None)


def parse_config(tree: dict[str, Any], origin: str) -> CameraConfig:
    """A tree of plain values, validated. Raises ConfigError naming each key that is wrong."""
    try:
        return CameraConfig.model_validate(tree)
    except ValidationError as error:
        raise ConfigError(f"{origin}: {in_words(error)}") from None


def read_tree(path: Path) -> dict[str, Any]:
    """The plain values of a YAML or .json file, not validated yet.

    Raises InputError, ConfigError.
    """
    kind = "JSON" if path.suffix.lower() == ".json" else "YAML"
    try:
        text = path.read_text(encoding="utf-8-sig")
        tree = json.loads(text) if kind == "JSON" else yaml.safe_load(text)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())
        raise ConfigError(f"{path}: is not {kind}: {reason}") from None
    if not isinstance(tree, dict):
        raise ConfigError(f"{path}: holds no keys; a camera's configuration begins with 'source:'")
    return tree


def in_words(error: ValidationError) -> str:
    """What is wrong with which keys, as one sentence."""
    return "; ".join(
        f"{'.'.join(map(str, item['loc'])) or 'configuration'}: {_sentence(item)}"
        for item in error.errors(include_url=False)
    )


def _sentence(item: Any) -> str:
    message = str(item["msg"]).removeprefix("Value error, ")
    if item["type"] == "extra_forbidden":
        return "there is no such key"
    if item["type"] == "missing":
        return "is missing"
    given = item["input"]
    plain = isinstance(given, (str, int, float, bool)) and item["type"] != "value_error"
    return f"{message[0].lower()}{message[1:]}" + (f" (not {given!r})" if plain else "")
