"""`make audit` never passes for what nobody has looked up."""

from typing import Any

import pytest

from scripts.audit import verdict

Json = dict[str, Any]


def _answer(**packages: list[str] | None) -> Json:
    """pip-audit's JSON: the vulnerabilities by package, None where it was not looked up."""
    entries: list[Json] = []
    for name, found in packages.items():
        if found is None:
            entries.append({"name": name, "skip_reason": "not found on PyPI"})
        else:
            vulns = [{"id": id_} for id_ in found]
            entries.append({"name": name, "version": "1.0", "vulns": vulns})
    return {"dependencies": entries, "fixes": []}


def test_all_looked_up_and_nothing_known_is_fine() -> None:
    """By either service."""
    assert verdict([_answer(a=[], b=[])]) == 0
    assert verdict([_answer(a=None, b=[]), _answer(a=[], b=None)]) == 0


@pytest.mark.parametrize("answers", [[], [_answer(a=None)], [_answer(a=[], b=None)], [_answer()]])
def test_what_was_not_looked_up_is_no_pass(
    answers: list[Json], capsys: pytest.CaptureFixture[str]
) -> None:
    """No service, a mirror that knows no vulnerabilities, or a part of the packages only."""
    assert verdict(answers) == 3
    assert "NOT DONE" in capsys.readouterr().out


def test_a_vulnerability_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    """Whichever service knows it, and whatever else could not be looked up."""
    assert verdict([_answer(a=["PYSEC-1"], b=None), _answer(a=["GHSA-2"])]) == 1
    assert "a 1.0: GHSA-2, PYSEC-1" in capsys.readouterr().out
