"""Credentials are neither shown nor lost."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sightline.hub.twin.secrets import hidden, restored

BEFORE = {
    "source": {"uri": "rtsp://admin:secret@10.0.0.5/live", "fps": 5},
    "lines": [{"name": "http://u:p@x/"}],
}


def test_they_are_hidden_wherever_they_stand() -> None:
    shown = hidden(BEFORE)
    assert shown["source"] == {"uri": "rtsp://10.0.0.5/live", "fps": 5}
    assert "secret" not in str(shown)
    assert "u:p" not in str(shown)


def test_what_comes_back_unchanged_keeps_them() -> None:
    shown = hidden(BEFORE)
    shown["source"]["fps"] = 10
    assert restored(shown, BEFORE)["source"] == {
        "uri": "rtsp://admin:secret@10.0.0.5/live",
        "fps": 10,
    }


def test_they_go_nowhere_else() -> None:
    """A password must not be led to another host by changing the rest of the URL."""
    shown = hidden(BEFORE)
    shown["source"]["uri"] = "rtsp://10.0.0.6/live"
    assert restored(shown, BEFORE)["source"]["uri"] == "rtsp://10.0.0.6/live"


leaves = st.one_of(
    st.integers(), st.text(max_size=4), st.sampled_from(["rtsp://a:b@c/d", "http://e:f@g/?token=h"])
)
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(trees)
def test_showing_and_writing_back_changes_nothing(tree: Any) -> None:
    assert restored(hidden(tree), tree) == tree
