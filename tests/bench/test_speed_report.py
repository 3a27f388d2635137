"""bench.speed: what is written about measurements, and what is measured at all."""

import json
import re
import sys
from contextlib import nullcontext
from pathlib import Path
from xml.etree import ElementTree

import pytest
from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from bench.speed import __main__ as program
from bench.speed import cold, commands, graph, samples, warm
from bench.speed.chart import chart
from bench.speed.figures import Row, exact, figure
from bench.speed.price import price_row
from bench.speed.subjects import ADAPTERS, NODE_PEERS, PYTHON_PEERS, ROOT
from cli.pricing.measured import load
from cli.pricing.report import report
from cli.pricing.template import fixed


def test_a_result_has_exactly_the_keys_that_readers_rely_on() -> None:
    """Issue 9 names them; a budget decides `met`, and without one it is null."""
    row = Row("m", figure([1, 2, 3]), "ms", exact(1), {"peer": exact(4)}, budget=1.5)

    assert row.result() == {
        "metric": "m",
        "ours": 2,
        "floor": 1,
        "peers": {"peer": 4},
        "unit": "ms",
        "budget": 1.5,
        "met": False,
    }
    assert Row("m", exact(1), "ms").result()["met"] is None
    assert json.dumps(row.result())


def test_the_money_budget_is_a_row_of_the_report() -> None:
    """Design §6's 5 USD, with the price that docs/costs.md shows, and met only if that says so."""
    budget = report(load(), fixed())["budget"]
    result = price_row().result()

    assert result["metric"] == "price, tools (/hash)"
    assert result["budget"] == budget["limit"] == 5
    assert result["ours"] == pytest.approx(budget["now"], abs=0.005)
    assert result["floor"] == pytest.approx(budget["floor"], abs=0.005)
    assert result["met"] is budget["met"]


def test_make_bench_shows_the_money_budget(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside the others; nothing else is measured here."""
    (tmp_path / "floor").mkdir()
    (tmp_path / "floor" / ".ready").touch()
    shown: list[Row] = []
    other = Row("m", exact(1), "ms")
    monkeypatch.setattr(sys, "argv", ["make bench", "--quick"])
    monkeypatch.setattr(program, "PEERS", tmp_path)
    monkeypatch.setattr(program, "missing", list)
    monkeypatch.setattr(program, "aws_stub", lambda _: nullcontext(""))
    monkeypatch.setattr(program, "_code", str)
    monkeypatch.setattr(program, "_sizes", list)
    monkeypatch.setattr(program, "show", shown.extend)
    monkeypatch.setattr(graph, "front_door", lambda *_, **__: ([], other))
    for part in (warm, cold, commands):
        monkeypatch.setattr(part, "rows", lambda *_, **__: [])

    program.main()

    assert shown == [other, price_row()]


def test_a_figure_is_the_median_with_its_quartiles() -> None:
    """One wild value moves neither."""
    assert figure([1, 2, 3, 4, 1000])[:] == (3, 2, 4)
    assert figure([11, 12, 13], less=10).median == 2


def test_the_chart_is_an_image_whatever_the_names() -> None:
    """Names are escaped, and a bar that is far too long is cut and says so."""
    row = Row("m", exact(1), "ms", exact(0.5), {"a <b> & c": exact(500)}, budget=2)

    root = ElementTree.fromstring(chart({"Title": row}))  # noqa: S314

    assert root.tag.endswith("svg")
    assert any("→" in (text.text or "") for text in root.iter())


def test_every_sample_is_signed_and_every_refusal_is_not() -> None:
    """Otherwise something else than the work would be timed."""
    key = VerifyKey(bytes.fromhex(samples.PUBLIC_KEY))
    for request, right in ((samples.ping(), True), (samples.refused(), False)):
        message = request.headers["x-signature-timestamp"] + request.body
        try:
            key.verify(message.encode(), bytes.fromhex(request.headers["x-signature-ed25519"]))
            good = True
        except BadSignatureError:
            good = False
        assert good is right


def test_every_peer_has_an_adapter_and_locked_requirements() -> None:
    """Each is installed from hashes into an environment of its own."""
    locked = ROOT / "scripts" / "requirements" / "peers"
    for name, adapter in PYTHON_PEERS.items():
        assert (ADAPTERS / f"{adapter}.py").is_file()
        text = (locked / f"{name.partition(' ')[0]}.txt").read_text()
        pins = re.findall(r"^[a-z0-9].*==", text, re.MULTILINE)
        assert pins
        assert text.count("--hash=sha256:") >= len(pins)
    lock = json.loads((Path(ROOT) / "bench/speed/node/package-lock.json").read_text())
    for name in NODE_PEERS:
        assert (ADAPTERS / "node" / f"{name}.mjs").is_file()
        assert lock["packages"][f"node_modules/{name}"]["integrity"]
