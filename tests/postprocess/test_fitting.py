"""A recipe that does not belong to its network shows before the first picture."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.errors import DecoderError, SightlineError
from sightline.model.recipe import Recipe
from sightline.model.signature import Signature, TensorSpec
from sightline.postprocess.base import TABLE, DecodeConfig
from sightline.postprocess.fitting import fitted_decoder
from sightline.postprocess.recognise import recognise

SSD = Signature(
    (TensorSpec("data", (1, 300, 300, 3), "uint8"),),
    tuple(
        TensorSpec(f"TFLite_Detection_PostProcess{end}", shape, "float32")
        for end, shape in (("", (1, 10, 4)), (":1", (1, 10)), (":2", (1, 10)), (":3", (1,)))
    ),
)
YOLOX = Signature(
    (TensorSpec("images", (1, 3, 416, 416), "float32"),),
    (TensorSpec("output", (1, 3549, 85), "float32"),),
)


def fit(recipe: Recipe, signature: Signature) -> None:
    fitted_decoder("net", recipe, signature, (), DecodeConfig())


@pytest.mark.parametrize("signature", [SSD, YOLOX])
def test_what_a_family_says_itself_fits(signature: Signature) -> None:
    fit(recognise(signature), signature)


@pytest.mark.parametrize("change", [{"boxes": 99}, {"boxes": "first"}, {"scores": -9}, None])
def test_parameters_that_cannot_be(change: dict[str, Any] | None) -> None:
    recipe = recognise(SSD)
    parameters = {} if change is None else {**recipe.parameters, **change}
    with pytest.raises(DecoderError, match=r"model net: recipe\.parameters: "):
        fit(recipe.model_copy(update={"parameters": parameters}), SSD)


@pytest.mark.parametrize("change", [{"width": 32}, {"layout": "nhwc"}, {"colour": "y"}])
def test_an_input_that_the_network_does_not_take(change: dict[str, Any]) -> None:
    recipe = recognise(YOLOX)
    wrong = recipe.model_copy(update={"input": recipe.input.model_copy(update=change)})
    with pytest.raises(DecoderError, match=r"model net: recipe\.input: says "):
        fit(wrong, YOLOX)


VALUES = st.integers(-3, 9) | st.floats() | st.text(max_size=5) | st.booleans()
NAMES = st.sampled_from(
    ["boxes", "classes_at", "scores", "box_order", "in_pixels", "classes", "form", "strides"]
)


@given(
    st.sampled_from(sorted(TABLE)),
    st.dictionaries(NAMES, VALUES, max_size=5),
    st.sampled_from([SSD, YOLOX]),
)
def test_any_family_with_any_parameters_fits_or_is_refused(
    family: str, parameters: dict[str, Any], signature: Signature
) -> None:
    recipe = recognise(signature).model_copy(update={"decoder": family, "parameters": parameters})
    try:
        fit(recipe, signature)
    except SightlineError:
        return


def test_an_unknown_family_is_refused() -> None:
    recipe = recognise(YOLOX).model_copy(update={"decoder": "os.system"})
    with pytest.raises(SightlineError, match=r"no decoder called 'os\.system'"):
        fit(recipe, YOLOX)
