"""The generated pages say what the code says, and every page is in the site's menu."""

from pathlib import Path

import pytest
import yaml

from scripts.docs_pages import DOCS, pages


@pytest.mark.parametrize("name", sorted(pages()))
def test_generated_pages_are_current(name: str) -> None:
    """`make docs` was run after the last change of a spec, a setting or an option."""
    assert (DOCS / name).read_text() == pages()[name]


def _listed(menu: object) -> set[str]:
    if isinstance(menu, str):
        return {menu}
    parts = menu if isinstance(menu, list) else list(menu.values())  # type: ignore[attr-defined]
    return set().union(*map(_listed, parts))


def test_every_page_is_in_the_menu() -> None:
    """A page that nobody can find does not exist; the decisions are found through their list."""
    menu = yaml.safe_load((DOCS.parent / "mkdocs.yml").read_text())["nav"]
    found = {str(path.relative_to(DOCS)) for path in DOCS.glob("*.md")}

    assert found | {"decisions/README.md"} == _listed(menu)


def test_every_decision_is_listed() -> None:
    """The list of decisions names each record."""
    folder = Path(DOCS / "decisions")
    listed = (folder / "README.md").read_text()

    assert [path.name for path in folder.glob("0*.md") if path.name not in listed] == []
