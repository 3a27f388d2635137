"""The playground page in headless Chromium, on a stack of its own."""

import itertools
import os
import shutil
from collections.abc import Iterator
from typing import NamedTuple

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.stack.conftest import RunningStack, running

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_people = itertools.count(310_000_000_000_000_001)

expect.set_options(timeout=20_000)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """The stack as `make run` starts it, but for a second process of each function.

    A command that an earlier test left to itself, as a conversation that goes on being written,
    then holds up nobody.
    """
    yield from running(tmp_path_factory.mktemp("page"), "--concurrency", "2")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; without one CI fails and others skip.

    A module's and not the session's: Playwright keeps an event loop running in this thread until it
    stops, and asyncio refuses another one.
    """
    path = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if path is None:
        sentence = "No Chromium here, so the page cannot be tested: apt-get install chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(sentence)
        pytest.skip(sentence)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=SWITCHES)
        yield browser
        browser.close()


class Visitor(NamedTuple):
    """Somebody new in front of the page."""

    page: Page
    user_id: str

    def run(self, line: str) -> None:
        """Types a whole command line and sends it."""
        self.page.get_by_test_id("composer-input").fill(line)
        self.page.keyboard.press("Enter")
        if self.page.get_by_test_id("command-form").is_visible():  # chosen from the list
            self.page.keyboard.press("Enter")


def newcomer(url: str) -> str:
    """The id of a user whom nobody has seen: no messages, no cooldowns."""
    user_id = str(next(_people))
    who = {"user_id": user_id, "place_id": "playground", "name": "help", "type": 1, "options": []}
    httpx.post(f"{url}/play/autocomplete", json=who, timeout=30, trust_env=False)
    return user_id


@pytest.fixture
def visitor(
    stack: RunningStack, browser: Browser, request: pytest.FixtureRequest
) -> Iterator[Visitor]:
    """A fresh page, acting as a new user; parametrize indirectly with a context's options."""
    user_id = newcomer(stack.url)
    context = browser.new_context(**getattr(request, "param", {}))
    context.add_init_script(f"localStorage['utilsbot.user'] ??= '{user_id}'")
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(stack.url)
    expect(page.locator("html[data-ready]")).to_be_attached()
    yield Visitor(page, user_id)
    context.close()
    assert problems == []
