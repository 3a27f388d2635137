"""Finding the links of a message."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.network.message_links import links_of


@pytest.mark.parametrize(
    ("content", "links"),
    [
        ("see https://a.example/x.", ["https://a.example/x"]),
        ("(https://a.example/x)", ["https://a.example/x"]),
        ("https://en.wikipedia.org/wiki/A_(b)", ["https://en.wikipedia.org/wiki/A_(b)"]),
        ("[text](https://a.example/x) more", ["https://a.example/x"]),
        ("<https://a.example/x>", ["https://a.example/x"]),
        ("||https://a.example/x||", ["https://a.example/x"]),
        ("**https://a.example/x**", ["https://a.example/x"]),
        ("`https://a.example/x`", ["https://a.example/x"]),
        ("https://a.example/x?", ["https://a.example/x"]),
        ("HTTPS://A.example", ["HTTPS://A.example"]),
        ("https://a.example https://b.example", ["https://a.example", "https://b.example"]),
        ("https://a.example https://a.example", ["https://a.example"]),
        ("ftp://a.example mailto:a@b.example example.com", []),
        ("", []),
    ],
)
def test_links_in_text_are_found_as_discord_shows_them(content: str, links: list[str]) -> None:
    """Each once, without the sentence around it."""
    assert list(links_of({"content": content})) == links


def test_links_stand_elsewhere_too() -> None:
    """In embeds, on buttons and in what was forwarded."""
    message = {
        "content": "https://a.example/1",
        "embeds": [
            {
                "url": "https://a.example/2",
                "description": "to https://a.example/3!",
                "fields": [{"name": "x", "value": "https://a.example/4"}],
            }
        ],
        "components": [
            {"type": 1, "components": [{"type": 2, "style": 5, "url": "https://a.example/5"}]}
        ],
        "message_snapshots": [{"message": {"content": "https://a.example/6"}}],
    }
    assert links_of(message) == tuple(f"https://a.example/{number}" for number in range(1, 7))


@given(
    st.dictionaries(
        st.sampled_from(["content", "embeds", "components", "message_snapshots"]),
        st.recursive(
            st.none() | st.text(max_size=20) | st.integers(),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner),
            max_leaves=8,
        ),
    )
)
def test_a_message_of_any_shape_can_be_read(message: dict[str, object]) -> None:
    """New kinds of messages appear without notice."""
    assert all(link.lower().startswith("http") for link in links_of(message))
