"""The promises that `make fuzz` hunts for, on its corpus and on what it has found."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fuzz
from fuzz.parsers import PROMISES

_CORPUS = Path(fuzz.__file__).parent / "corpus"
_INPUTS = sorted(path for path in _CORPUS.glob("*/*"))


@pytest.mark.parametrize("path", _INPUTS, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_every_kept_input_keeps_its_promise(path: Path) -> None:
    """Seeds, and inputs that once broke the promise (`found-…`)."""
    PROMISES[path.parent.name](path.read_bytes())


@pytest.mark.parametrize("name", PROMISES)
@settings(max_examples=60)
@given(data=st.one_of(st.binary(max_size=200), st.text(max_size=80).map(str.encode)))
def test_any_bytes_keep_the_promise(name: str, data: bytes) -> None:
    """A short look without coverage; `make fuzz` looks for longer."""
    PROMISES[name](data)


def test_every_target_has_seeds_and_every_folder_a_target() -> None:
    """The runner's list and the corpus belong together."""
    assert {path.parent.name for path in _INPUTS} == set(PROMISES)


def test_the_corpus_stays_small() -> None:
    """It is in everybody's clone: seeds and findings, not what a run collects."""
    assert len(_INPUTS) < 150
    assert sum(path.stat().st_size for path in _INPUTS) < 200_000
