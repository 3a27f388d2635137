"""Wordle in the playground page, from the first guess to the statistics."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from functions.games.wordle_game import Mode
from functions.games.wordle_words import answers
from tests.browser.conftest import Visitor
from tests.browser.wordle_table import Table
from tests.stack.conftest import RunningStack
from tests.stack.shelves import game_of, shelf_of, wrong_words

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

NARROW = {"viewport": {"width": 400, "height": 860}}
THEMES = [NARROW | {"color_scheme": theme} for theme in ("light", "dark")]


@pytest.fixture
def table(visitor: Visitor, stack: RunningStack) -> Table:
    """Somebody new who wants to play."""
    return Table(visitor, stack)


def test_a_game_is_won_shared_and_counted(table: Table) -> None:
    """Two guesses by button and form; then the grid for all, without letters, and the figures."""
    game = table.begin()
    (wrong,) = wrong_words(game, 1)
    expect(table.board).to_contain_text("Guess 1 of 6")
    table.guess(wrong)
    table.expect_guesses(1)
    expect(table.picture).to_have_attribute("alt", re.compile(f"Guess 1, {wrong.upper()}: "))

    table.guess(game.answer.upper())  # capitals are no other word

    expect(table.board).to_contain_text(f"Magnificent! {game.answer.upper()} in 2 guesses.")
    expect(table.board).to_contain_text("Played 1 · won 100%")
    expect(table.button("Guess")).to_have_count(0)
    board = table.messages.nth(0)
    table.press("Share", board)
    grid = table.messages.filter(has_text="2/6")
    expect(grid).to_contain_text("🟩🟩🟩🟩🟩")
    expect(grid.get_by_test_id("private-line")).to_have_count(0)
    shown = grid.get_by_test_id("content").inner_text()
    assert game.answer not in shown.lower()
    assert wrong not in shown.lower()

    table.press("Statistics", board)
    chart = table.messages.filter(has_text="Wordle statistics")
    expect(chart.get_by_test_id("image")).to_have_attribute("alt", re.compile(r"1 in 2\. 0 lost"))
    expect(chart.get_by_test_id("image")).to_have_js_property("complete", True)
    assert chart.get_by_test_id("image").evaluate("image => image.naturalWidth") == 748
    expect(chart).to_contain_text("1 (100%)")


def test_a_game_is_lost(table: Table) -> None:
    """The sixth wrong guess ends it and says the word; the next game has another one."""
    game = table.begin()

    for number, word in enumerate(wrong_words(game, 6), 1):
        table.guess(word)
        table.expect_guesses(number)

    expect(table.board).to_contain_text(f"Not this time. The word was {game.answer.upper()}.")
    expect(table.board).to_contain_text("Played 1 · won 0%")
    table.press("New random game")
    table.expect_guesses(0)
    assert game_of(table.stack, table.visitor.user_id).answer != game.answer


def test_giving_up_says_first_that_it_counts(table: Table) -> None:
    """The question can be answered with no; yes counts a loss and shows the word."""
    game = table.begin()
    table.press("Give up")
    expect(table.board).to_contain_text("Give up? It counts as a loss")
    table.press("Keep playing")
    expect(table.board).to_contain_text("Guess 1 of 6")
    assert not shelf_of(table.stack, table.visitor.user_id).stats.played

    table.press("Give up")
    expect(table.board).to_contain_text("It counts as a loss")
    table.press("Give up")

    expect(table.board).to_contain_text(f"Given up. The word was {game.answer.upper()}.")
    stats = shelf_of(table.stack, table.visitor.user_id).stats
    assert (stats.played, stats.won) == (1, 0)


def test_hard_mode_explains_what_is_missing(table: Table) -> None:
    """By letter and place, and the guess is not used up."""
    game = table.begin(" hard:true")
    expect(table.board).to_contain_text("hard mode")
    place, letter = 2, game.answer[2]
    hint = next(w for w in answers() if w != game.answer and w[:3].endswith(letter)
                and not set(w[:2]) & set(game.answer))  # fmt: skip
    unused = next(word for word in answers() if word[place] != letter)
    table.guess(hint)
    table.expect_guesses(1)

    table.guess(unused)

    expect(table.board).to_contain_text(
        f"Hard mode: guess 1 put {letter.upper()} at its place: letter {place + 1} has to be "
        f"{letter.upper()}, not {unused[place].upper()}. It cost nothing; try another."
    )
    table.expect_guesses(1)
    table.guess(game.answer)
    expect(table.board).to_contain_text("in 2 guesses")


def test_what_is_no_word_and_what_was_tried_cost_nothing(table: Table) -> None:
    """Both are named in a note, by the form and by /wordle guess; the board stays as it was."""
    game = table.begin()
    (wrong,) = wrong_words(game, 1)

    table.guess("zzzzz")
    expect(table.board).to_contain_text("ZZZZZ is not on this game's word list. It cost nothing")
    table.guess("ab1de")
    expect(table.board).to_contain_text("A guess is one English word of 5 letters")
    table.expect_guesses(0)
    table.guess(wrong)
    table.expect_guesses(1)
    table.guess(wrong)
    expect(table.board).to_contain_text(f"You have tried {wrong.upper()} already.")
    table.visitor.run("/wordle guess word:zzzzz")

    expect(table.board.get_by_test_id("used")).to_contain_text("/wordle guess")
    expect(table.board).to_contain_text("ZZZZZ is not on this game's word list.")
    table.expect_guesses(1)


def test_the_daily_game_is_played_once_a_day(visitor: Visitor, stack: RunningStack) -> None:
    """A second call goes on with it, a third one shows that it is over, counted once."""
    table = Table(visitor, stack, Mode.DAILY)
    game = table.begin()
    today = datetime.now(UTC).date()
    assert game.id == today.isoformat()
    (wrong,) = wrong_words(game, 1)
    table.guess(wrong)
    table.expect_guesses(1)

    assert table.begin().answer == game.answer
    table.expect_guesses(1)
    table.guess(game.answer)
    expect(table.board).to_contain_text("in 2 guesses")
    visitor.run("/wordle play")

    expect(table.messages).to_have_count(3)
    expect(table.board).to_contain_text(f"{game.answer.upper()} in 2 guesses.")
    expect(table.board).to_contain_text("Played 1 · won 100% · daily streak 1")
    expect(table.board).to_contain_text("Next daily word in ")
    expect(table.button("Guess")).to_have_count(0)
    stats = shelf_of(stack, visitor.user_id).stats
    assert (stats.played, stats.won, stats.scores) == (1, 1, {2: 1})


def test_everybody_has_the_same_daily_word_and_sees_a_public_board_blurred(
    visitor: Visitor, stack: RunningStack
) -> None:
    """Somebody else's word of the day is mine, so what is posted for all gives nothing away."""
    table = Table(visitor, stack, Mode.DAILY)
    game = table.begin(" private:false")
    table.guess(game.answer)
    expect(table.board).to_contain_text("Genius!")
    expect(table.board.locator(".spoiler")).not_to_have_count(0)

    stack.answer("/wordle play", "--as", "300000000000000003")

    assert game_of(stack, "300000000000000003", Mode.DAILY).answer == game.answer


def test_another_users_click_is_refused(table: Table) -> None:
    """A public board has one player; the answer to others is theirs alone and says whose it is."""
    game = table.begin(" private:false")
    page, user_id = table.page, table.visitor.user_id
    page.get_by_test_id("user-switch").click()
    page.get_by_role("menuitemradio", name="Ben").click()
    expect(page.get_by_test_id("user-switch")).to_contain_text("Ben")

    table.press("Give up")

    refusal = page.get_by_test_id("message").filter(has_text="This belongs to").last
    expect(refusal).to_contain_text("Type /wordle play to get your own.")
    expect(refusal.get_by_test_id("private-line")).to_be_visible()
    expect(page.get_by_text("It counts as a loss")).to_have_count(0)
    assert game_of(table.stack, user_id) == game


def test_an_old_message_still_answers(table: Table) -> None:
    """A form that others overtook is not played; a game that is gone gives way to the latest."""
    game = table.begin()
    table.begin()
    old, new = table.messages.nth(0), table.messages.nth(1)
    first, second = wrong_words(game, 2)
    table.guess(first, new)
    table.expect_guesses(1, new)
    table.guess(second, old)
    expect(old).to_contain_text(f"{second.upper()} was not played: its form was opened for guess 1")
    table.expect_guesses(1, old)

    table.guess(game.answer, new)
    expect(new).to_contain_text("in 2 guesses")
    table.press("New random game", new)
    expect(table.messages).to_have_count(3)
    table.guess(second, old)

    expect(old).to_contain_text("That game is over and gone; this is your latest one.")
    table.expect_guesses(0, old)
    assert not game_of(table.stack, table.visitor.user_id).guesses


def test_who_prefers_text_gets_text(table: Table) -> None:
    """The choice is remembered; the board is squares and letters, and no picture."""
    table.visitor.run("/wordle settings board:text palette:contrast")
    expect(table.board).to_contain_text("Saved: board text, palette contrast.")
    game = table.begin()

    table.guess(game.answer)

    expect(table.board).to_contain_text("🟧🟧🟧🟧🟧")
    expect(table.board).to_contain_text(" ".join(game.answer.upper()))
    expect(table.picture).to_have_count(0)


@pytest.mark.parametrize("visitor", THEMES, indirect=True, ids=["light", "dark"])
def test_the_board_fits_a_phone(
    visitor: Visitor, stack: RunningStack, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """At 400 pixels nothing is cut off, in both themes; the pictures are kept to be looked at."""
    table = Table(visitor, stack)
    game = table.begin()
    for number, word in enumerate(wrong_words(game, 3), 1):
        table.guess(word)
        table.expect_guesses(number)
    picture = table.picture
    expect(picture).to_have_js_property("complete", True)

    shown = picture.bounding_box()

    assert shown
    assert shown["x"] >= 0
    assert shown["x"] + shown["width"] <= 400
    assert shown["width"] >= 250  # a tile is then 30 pixels wide or more
    assert table.page.evaluate("document.documentElement.scrollWidth") <= 400
    dark = table.page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    name = f"wordle-{'dark' if dark else 'light'}.png"
    table.page.screenshot(path=tmp_path_factory.getbasetemp() / name)
