import numpy as np
import pytest

from sightline.camera.draw.typeface import Typeface, blend


@pytest.mark.parametrize("pixels", [9, 12, 22, 40])
def test_text_fits_its_mask(pixels: int) -> None:
    typeface = Typeface(pixels)
    for text in ("person #12", "ÄÖgjpq|", "3 in · 2 out"):
        mask = typeface.mask(text)
        assert mask.shape[0] == typeface.height
        assert mask.max() > 200
        assert mask[0].max() < 128, "cut off above"
        assert mask[-1].max() < 128, "cut off below"
    assert typeface.width("wide text") > typeface.width("text") > typeface.width("")


def test_names_in_any_script_have_ink() -> None:
    typeface = Typeface(20)
    for text in ("入口", "Straßenecke", "вход", "#1"):
        assert typeface.mask(text).any()


def test_without_outline_fonts_there_are_strokes(monkeypatch: pytest.MonkeyPatch) -> None:
    """OpenCV 4 knows no outline fonts."""
    import cv2

    monkeypatch.delattr(cv2, "FontFace")
    typeface = Typeface(20)
    assert typeface.mask("person #12").any()
    assert typeface.mask("3 in · 2 out").any()
    assert typeface.mask("入口").shape[0] == typeface.height


def test_a_mask_is_drawn_once() -> None:
    typeface = Typeface(20)
    assert typeface.mask("person") is typeface.mask("person")


@pytest.mark.parametrize(("x", "y"), [(-3, -3), (8, 8), (-50, 2), (50, 50), (2, 2)])
def test_what_is_outside_the_picture_is_cut(x: int, y: int) -> None:
    rgb = np.zeros((10, 10, 3), np.uint8)
    blend(rgb, np.full((4, 4), 255, np.uint8), x, y, (10, 20, 30))
    expected = np.zeros((10, 10, 3), np.uint8)
    expected[max(0, y) : max(0, y + 4), max(0, x) : max(0, x + 4)] = (10, 20, 30)
    assert (rgb == expected).all()


def test_half_a_mask_is_half_the_colour() -> None:
    rgb = np.full((1, 1, 3), 100, np.uint8)
    blend(rgb, np.full((1, 1), 128, np.uint8), 0, 0, (200, 100, 0))
    assert np.abs(rgb[0, 0].astype(int) - (150, 100, 50)).max() <= 1
