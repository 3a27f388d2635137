"""The charts are SVG that a browser takes, and show what they were given."""

from xml.etree import ElementTree

import pytest

from bench.svg import lines, stacked

_SVG = "{http://www.w3.org/2000/svg}"


def test_a_bars_parts_fill_it() -> None:
    """Widths in proportion, names escaped."""
    root = ElementTree.fromstring(stacked("a < b", {"one": {"x": 1, "y": 3}, "two": {"x": 2}}, 3))  # noqa: S314
    widths = [
        float(r.attrib["width"]) for r in root.iter(f"{_SVG}rect") if r.attrib["height"] == "22"
    ]

    assert widths[1] == pytest.approx(3 * widths[0], abs=0.2)
    assert widths[2] == pytest.approx(2 * widths[0], abs=0.2)
    assert "a < b" in [text.text for text in root.iter(f"{_SVG}text")]
    assert len(list(root.iter(f"{_SVG}line"))) == 1


def test_curves_stay_inside() -> None:
    """Also at the ends of both axes; higher values are higher up."""
    svg = lines("t", "x", "s", {"a": [(0.1, 0.02), (10, 7)], "b": [(0.1, 1), (10, 1)]}, 3)
    root = ElementTree.fromstring(svg)  # noqa: S314
    curves = [one.attrib["points"].split() for one in root.iter(f"{_SVG}polyline")]
    points = [tuple(map(float, point.split(","))) for one in curves for point in one]

    assert all(0 <= x <= 820 and 0 <= y <= 360 for x, y in points)
    assert points[0][1] > points[1][1]
    assert points[2][1] == points[3][1]
