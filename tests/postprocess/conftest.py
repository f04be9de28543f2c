"""What a network says of itself, in one line."""

from collections.abc import Callable

import pytest

from sightline.model.signature import Signature, TensorSpec

MakeSignature = Callable[..., Signature]


@pytest.fixture(scope="session")
def make_signature() -> MakeSignature:
    """make_signature((1, 3, 64, 64), output=(1, 84, 7), notes={...}, dtype="uint8", extra=True)."""

    def make(
        picture: tuple[int | None, ...],
        notes: dict[str, str] | None = None,
        dtype: str = "float32",
        *,
        sized: bool = False,
        **outputs: tuple[int | None, ...],
    ) -> Signature:
        inputs = [TensorSpec("images", picture, dtype)]
        if sized:
            inputs.append(TensorSpec("orig_target_sizes", (None, 2), "int64"))
        told = tuple(TensorSpec(name, shape, "float32") for name, shape in outputs.items())
        return Signature(tuple(inputs), told, notes or {})

    return make
