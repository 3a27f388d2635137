"""A player of Wordle in front of the page."""

import re
from typing import NamedTuple

from playwright.sync_api import Locator, Page, expect

from functions.games.wordle_game import Game, Mode
from tests.browser.conftest import Visitor
from tests.stack.conftest import RunningStack
from tests.stack.shelves import game_of


class Table(NamedTuple):
    """A player's latest board in the page."""

    visitor: Visitor
    stack: RunningStack
    mode: Mode = Mode.RANDOM

    @property
    def page(self) -> Page:
        """The page."""
        return self.visitor.page

    @property
    def messages(self) -> Locator:
        """The answers to this player; others' public ones are on the page as well."""
        name = f"User {self.visitor.user_id[-4:]}"
        return self.page.get_by_test_id("message").filter(has_text=name)

    @property
    def board(self) -> Locator:
        """The newest answer."""
        return self.messages.last

    @property
    def picture(self) -> Locator:
        """The drawn board."""
        return self.board.get_by_test_id("image")

    def begin(self, options: str = "") -> Game:
        """Types /wordle play; the game as the store has it, with its answer."""
        before = self.messages.count()
        self.visitor.run(f"/wordle play mode:{self.mode.value}{options}")
        expect(self.messages).to_have_count(before + 1)
        expect(self.button("Guess")).to_be_visible()
        return game_of(self.stack, self.visitor.user_id, self.mode)

    def button(self, name: str, board: Locator | None = None) -> Locator:
        """A button under a board."""
        return (board or self.board).get_by_role("button", name=name, exact=True)

    def press(self, name: str, board: Locator | None = None) -> None:
        """Clicks a button under a board."""
        self.button(name, board).click()

    def guess(self, word: str, board: Locator | None = None) -> None:
        """Opens the form of a board and sends it with a word."""
        self.press("Guess", board)
        self.send(word)

    def send(self, word: str) -> None:
        """Fills and sends the form that is open."""
        modal = self.page.get_by_test_id("modal")
        modal.get_by_label("Your word").fill(word)
        modal.get_by_test_id("modal-submit").click()
        expect(modal).to_have_count(0)

    def expect_guesses(self, count: int, board: Locator | None = None) -> None:
        """The board shows so many guesses."""
        picture = (board or self.board).get_by_test_id("image")
        expect(picture).to_have_attribute("alt", re.compile(rf"^Wordle board, {count} of 6"))
