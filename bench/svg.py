"""Small charts as SVG that read well on light and dark; no library is worth two of them."""

import math
from collections.abc import Callable, Mapping, Sequence
from html import escape

_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _TOP = 820, 360, 64, 44, 34
_COLOURS = ("#5865f2", "#d1242f", "#1a7f37", "#bf8700", "#8250df", "#0a7ea4", "#8b949e")
_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#24292f}.t{font-weight:600;font-size:15px}"
    ".g{stroke:#d0d7de}.l{fill:none;stroke-width:2.5}.d{stroke:#d1242f;stroke-dasharray:4 3}"
    "@media(prefers-color-scheme:dark){text{fill:#e6edf3}.g{stroke:#3d444d}}"
)
Points = Sequence[tuple[float, float]]
_Place = Callable[[float, float], tuple[float, float]]


def _svg(parts: Sequence[str], height: float, title: str) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height:.0f}" '
        f'role="img" aria-label="{escape(title)}">'
    )
    caption = f'<text class="t" x="0" y="15">{escape(title)}</text>'
    return "\n".join([head, f"<style>{_STYLE}</style>", caption, *parts, "</svg>", ""])


def _text(x: float, y: float, words: str, anchor: str = "start") -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}">{escape(words)}</text>'


def stacked(title: str, bars: Mapping[str, Mapping[str, float]], limit: float | None = None) -> str:
    """Bars side by side, each made of parts.

    Args:
        title: above.
        bars: the parts of each bar, by name.
        limit: where a dashed line stands.
    """
    parts = list(dict.fromkeys(part for bar in bars.values() for part in bar))
    colours = dict(zip(parts, _COLOURS, strict=False))
    longest = max(sum(bar.values()) for bar in bars.values())
    label, height, gap = 150, 22, 10
    scale = (_WIDTH - label - 70) / longest
    drawn, y = _legend(colours, 36), 52.0
    for name, bar in bars.items():
        drawn.append(_text(label - 8, y + 16, name, "end"))
        x = float(label)
        for part, value in bar.items():
            width = value * scale
            drawn.append(
                f'<rect x="{x:.1f}" y="{y:.0f}" width="{width:.1f}" height="{height}" '
                f'fill="{colours[part]}"/>'
            )
            x += width
        drawn.append(_text(x + 6, y + 16, f"{sum(bar.values()):.2f}"))
        y += height + gap
    if limit is not None:
        x = label + limit * scale
        drawn.append(f'<line class="d" x1="{x:.0f}" x2="{x:.0f}" y1="46" y2="{y:.0f}"/>')
    return _svg(drawn, y + 6, title)


def lines(title: str, across: str, up: str, series: Mapping[str, Points], limit: float) -> str:
    """Curves over two logarithmic axes.

    Args:
        title: above.
        across: what the horizontal axis is.
        up: what the vertical axis is.
        series: points by name; every number above 0.
        limit: where a dashed line lies.
    """
    points = [point for one in series.values() for point in one]
    low_x, high_x = min(x for x, _ in points), max(x for x, _ in points)
    low = 10 ** math.floor(math.log10(min(y for _, y in points)))
    high = 10 ** math.ceil(math.log10(max(limit, *(y for _, y in points))))

    def place(x: float, y: float) -> tuple[float, float]:
        right = math.log(x / low_x) / math.log(high_x / low_x)
        upwards = math.log(y / low) / math.log(high / low)
        span = _HEIGHT - _BOTTOM - _TOP - 14
        return _LEFT + right * (_WIDTH - _LEFT - 20), _HEIGHT - _BOTTOM - upwards * span

    colours = dict(zip(series, _COLOURS, strict=False))
    drawn = [*_legend(colours, 36), *_grid(low, high, place, low_x)]
    ticks = [(place(x, low)[0], f"{x:g}") for x in sorted({x for x, _ in points})]
    drawn += [_text(x, _HEIGHT - _BOTTOM + 18, words, "middle") for x, words in ticks]
    drawn.append(_text(_WIDTH / 2, _HEIGHT - 6, f"{across} · up: {up}", "middle"))
    level = place(low_x, limit)[1]
    drawn.append(
        f'<line class="d" x1="{_LEFT}" x2="{_WIDTH - 20}" y1="{level:.0f}" y2="{level:.0f}"/>'
    )
    for name, one in series.items():
        way = " ".join("{:.0f},{:.0f}".format(*place(*point)) for point in one)
        drawn.append(f'<polyline class="l" stroke="{colours[name]}" points="{way}"/>')
    return _svg(drawn, _HEIGHT, title)


def _grid(low: float, high: float, place: _Place, low_x: float) -> list[str]:
    drawn = []
    for power in range(round(math.log10(low)), round(math.log10(high)) + 1):
        y = place(low_x, 10.0**power)[1]
        drawn.append(f'<line class="g" x1="{_LEFT}" x2="{_WIDTH - 20}" y1="{y:.0f}" y2="{y:.0f}"/>')
        drawn.append(_text(_LEFT - 8, y + 5, f"{10.0**power:g}", "end"))
    return drawn


def _legend(colours: Mapping[str, str], y: float) -> list[str]:
    drawn, x = [], 0.0
    for name, colour in colours.items():
        drawn.append(f'<rect x="{x:.0f}" y="{y - 10:.0f}" width="11" height="11" fill="{colour}"/>')
        drawn.append(_text(x + 16, y, name))
        x += 34 + 7.2 * len(name)
    return drawn
