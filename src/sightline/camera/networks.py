"""What is to be known of a network before it is packed: asked of the engines and the families."""

from __future__ import annotations

from sightline.model.load import Model
from sightline.model.recipe import Recipe
from sightline.model.signature import Signature
from sightline.plugins import load
from sightline.postprocess.recognise import labels_of, recognise
from sightline.sensor.engines.base import TABLE, Engine


class Networks:
    """The `NetworkReader` of this installation."""

    def signature(self, model: Model) -> Signature:
        """Inputs, outputs and metadata. Raises ModelError where no runtime can load it."""
        engine: Engine = load("engine", model.format, TABLE)(model)
        return engine.signature

    def recipe(
        self, model: Model, signature: Signature, decoder: str | None, labels: tuple[str, ...]
    ) -> Recipe:
        """How the network is fed and read. Raises DecoderError, ConfigError."""
        recipe = recognise(signature, decoder)
        names = labels_of(recipe, signature, labels or None)
        return recipe.model_copy(update={"labels": names})
