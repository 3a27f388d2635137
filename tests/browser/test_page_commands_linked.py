"""Links to commands in /help, and whose calls the inspector shows."""

from hashlib import sha256

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

FIRST, SECOND = (sha256(text).hexdigest() for text in (b"first", b"second"))


def test_a_linked_command_is_typed_by_a_click(visitor: Visitor) -> None:
    """As on Discord: the composer holds the command, ready for its options."""
    page = visitor.page
    visitor.run("/help category:Tools")
    link = page.get_by_test_id("message").last.get_by_role("button", name="/hash", exact=True).first

    link.click()

    expect(page.get_by_test_id("command-form")).to_be_visible()
    expect(page.get_by_test_id("command-form")).to_contain_text("hash")


def test_calls_are_shown_with_their_interaction(visitor: Visitor) -> None:
    """One PATCH for a command that was deferred, and nobody else's calls."""
    page = visitor.page
    page.get_by_test_id("place-dm").click()  # where nobody else's messages are
    expect(page.get_by_test_id("message")).to_have_count(0)
    visitor.run("/hash text:first")
    expect(page.get_by_test_id("timing").last).to_contain_text("answered")
    visitor.run("/hash text:second")
    expect(page.get_by_test_id("timing")).to_have_count(2)
    expect(page.get_by_test_id("timing").last).to_contain_text("answered")

    page.get_by_test_id("timing").last.click()
    page.get_by_test_id("tab-calls").click()

    expect(page.get_by_test_id("tab-calls")).to_contain_text("1")
    expect(page.get_by_test_id("inspector-body")).to_contain_text(SECOND)
    expect(page.get_by_test_id("inspector-body")).not_to_contain_text(FIRST)
