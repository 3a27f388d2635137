"""Two bar charts as one SVG that reads well on light and dark."""

from collections.abc import Mapping
from html import escape

from bench.speed.figures import Row

_WIDTH, _LABEL, _BAR, _GAP = 820, 250, 18, 8
_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#24292f}.t{font-weight:600;font-size:15px}"
    ".o{fill:#5865f2}.f{fill:#8b949e}.p{fill:#c5cad3}.b{stroke:#d1242f;stroke-dasharray:4 3}"
    "@media(prefers-color-scheme:dark){text{fill:#e6edf3}.p{fill:#484f58}}"
)


def chart(rows: Mapping[str, Row]) -> str:
    """The SVG.

    Args:
        rows: what to draw, by title; a row's floor, ours and peers become bars, its budget a line.
    """
    parts, y = [], 10
    for title, row in rows.items():
        drawn, y = _bars(title, row, y)
        parts += drawn
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {y}" role="img">'
    return "\n".join([head, f"<style>{_STYLE}</style>", *parts, "</svg>", ""])


def _bars(title: str, row: Row, y: int) -> tuple[list[str], int]:
    bars = [("ours", row.ours.median, "o")]
    if row.floor:
        bars.insert(0, ("floor", row.floor.median, "f"))
    peers = sorted(row.peers.items(), key=lambda item: item[1].median)
    bars += [(name, peer.median, "p") for name, peer in peers]
    longest = min(max(value for _, value, _ in bars), 12 * row.ours.median)
    scale = (_WIDTH - _LABEL - 90) / longest
    drawn = [f'<text class="t" x="0" y="{y + 14}">{escape(title)}</text>']
    top = y = y + 26
    for name, value, kind in bars:
        cut = value > longest
        width = (longest if cut else value) * scale
        middle = y + _BAR - 5
        drawn.append(f'<text x="{_LABEL - 8}" y="{middle}" text-anchor="end">{escape(name)}</text>')
        drawn.append(
            f'<rect class="{kind}" x="{_LABEL}" y="{y}" width="{width:.0f}" height="{_BAR}"/>'
        )
        shown = f"{value:.2f}" if value < 100 else f"{value:.0f}"
        drawn.append(
            f'<text x="{_LABEL + width + 6:.0f}" y="{middle}">{shown}{" →" if cut else ""}</text>'
        )
        y += _BAR + _GAP
    if row.budget:
        x = _LABEL + row.budget * scale
        drawn.append(f'<line class="b" x1="{x:.0f}" x2="{x:.0f}" y1="{top - 4}" y2="{y - 4}"/>')
    return drawn, y + 14
