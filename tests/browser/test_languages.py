"""The page as Discord shows it in another language, and what people decide about languages."""

from itertools import count

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visitor
from tests.stack.conftest import RunningStack
from utilsbot.i18n import COMMAND_NAME, OPTION_NAME, translated

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

_guilds = count(410_000_000_000_000_001)


def german(text: str, context: str | None = None) -> str:
    """What the bot says in German."""
    found = translated("de", text, context)
    assert found, f"no German for {text!r}"
    return found


HASH, FILE = german("hash", COMMAND_NAME), german("file", OPTION_NAME)
ALGORITHM = german("algorithm", OPTION_NAME)
DIGEST = german("{algorithm} digest").format(algorithm="SHA-256")


def answer(page: Page, text: str) -> Locator:
    """The newest message that holds a text."""
    return page.get_by_test_id("message").filter(has_text=text).last


def speak(page: Page, locale: str) -> None:
    """Sets what Discord speaks."""
    page.get_by_test_id("locale").select_option(locale)


def become(page: Page, name: str) -> None:
    """Acts as another user of the page."""
    page.get_by_test_id("user-switch").click()
    page.get_by_role("menuitemradio", name=name).click()
    expect(page.get_by_test_id("user-switch")).to_contain_text(name)


@pytest.fixture
def guild(stack: RunningStack) -> str:
    """The id of a server that nobody else uses, so that its settings concern nobody."""
    guild_id = str(next(_guilds))
    who = {"user_id": "300000000000000001", "guild_id": guild_id, "name": "help", "options": []}
    httpx.post(f"{stack.url}/play/autocomplete", json=who, timeout=30, trust_env=False)
    return guild_id


def test_commands_are_found_and_sent_in_german(visitor: Visitor) -> None:
    """Shown and typed by their German names, sent by their own, answered in German."""
    page = visitor.page
    speak(page, "de")
    page.get_by_test_id("composer-input").click()
    page.keyboard.type(f"/{HASH[:3]}")
    row = page.get_by_test_id("command-list").get_by_role("option").first
    expect(row).to_contain_text(f"/{HASH}")
    expect(row).to_contain_text(FILE)
    expect(row).to_contain_text(
        german("Compute the digest of a text or a file, or check it against one you have")
    )

    page.keyboard.press("Tab")
    page.keyboard.type(f"text:hallo {ALGORITHM}:sha256")
    pill = page.get_by_test_id("option-algorithm")
    expect(pill).to_contain_text(ALGORITHM)
    expect(page.get_by_role("combobox", name=ALGORITHM)).to_have_value("sha256")
    with page.expect_request("**/play/command") as sent:
        page.keyboard.press("Enter")

    body = sent.value.post_data or ""
    assert '"name":"hash"' in body
    assert '"name":"algorithm"' in body
    assert '"locale":"de"' in body
    expect(answer(page, DIGEST).get_by_test_id("used")).to_contain_text(f"used /{HASH}")


def test_english_names_are_understood_too(visitor: Visitor) -> None:
    """A whole line, or letter by letter; the pills then say what it is called in German."""
    page = visitor.page
    speak(page, "de")
    visitor.run("/hash text:hallo")
    expect(answer(page, DIGEST)).to_be_visible()

    page.get_by_test_id("composer-input").click()
    page.keyboard.type("/hash text:hallo algorithm:md5")

    expect(page.get_by_test_id("command-name")).to_have_text(f"/{HASH}")
    expect(page.get_by_role("combobox", name=ALGORITHM)).to_have_value("md5")


def test_the_language_is_kept_for_each_user(visitor: Visitor) -> None:
    """It outlives the page, and concerns neither others nor what is there already in their eyes."""
    page = visitor.page
    speak(page, "de")
    visitor.run("/hash text:hallo")
    expect(answer(page, DIGEST)).to_be_visible()

    page.reload()
    expect(page.get_by_test_id("locale")).to_have_value("de")
    expect(answer(page, DIGEST).get_by_test_id("used")).to_contain_text(f"/{HASH}")
    become(page, "Cleo")
    expect(page.get_by_test_id("locale")).to_have_value("en-US")
    become(page, f"User {visitor.user_id[-4:]}")
    speak(page, "en-US")

    expect(answer(page, DIGEST).get_by_test_id("used")).to_contain_text("/hash")


def test_suggestions_and_menus_are_german(visitor: Visitor) -> None:
    """What an option completes to, choices, and the commands in a message's menu."""
    page = visitor.page
    tools, summarise = german("Tools"), german("Summarise", COMMAND_NAME)
    speak(page, "de")
    page.get_by_test_id("composer-input").click()
    page.keyboard.type(f"/{german('help', COMMAND_NAME)} {german('category', OPTION_NAME)}:")
    page.get_by_test_id("option-panel").get_by_role("option", name=tools).click()
    page.keyboard.press("Enter")
    # "Tools commands" follows the language's own grammar, so only the word is sought.
    expect(answer(page, tools)).to_contain_text("/hash")

    visitor.run("/version")
    message = page.get_by_test_id("message").filter(has=page.get_by_text("/version")).last
    message.hover()
    message.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name=summarise).click()

    expect(page.get_by_test_id("used").filter(has_text=f"used {summarise}").last).to_be_visible()


@pytest.mark.parametrize(("locale", "spoken"), [("es-419", "es-ES"), ("en-GB", ""), ("pl", "")])
def test_other_languages_fall_back(visitor: Visitor, locale: str, spoken: str) -> None:
    """To Spain's Spanish or to English, in names as in answers."""
    page = visitor.page
    name = translated(spoken, "hash", COMMAND_NAME) or "hash"
    title = (translated(spoken, "{algorithm} digest") or "{algorithm} digest").format(
        algorithm="SHA-256"
    )
    speak(page, locale)

    visitor.run("/hash text:x")

    expect(answer(page, title).get_by_test_id("used")).to_contain_text(f"used /{name}")


def test_a_preferred_language_goes_before_discords(visitor: Visitor) -> None:
    """Answers are German from then on, while Discord's own words stay English."""
    page = visitor.page

    visitor.run("/preferences language:de")
    expect(answer(page, german("Remembered"))).to_be_visible()
    visitor.run("/hash text:hallo")

    expect(answer(page, DIGEST).get_by_test_id("used")).to_contain_text("used /hash")


def test_an_admin_decides_for_a_server(visitor: Visitor, guild: str) -> None:
    """/settings: a command off is refused to others, and answers are private, within 30 s."""
    page = visitor.page
    page.reload()
    become(page, "Ada")
    page.locator(f"[data-place-id='{guild}']").click()
    visitor.run("/settings")
    settings = answer(page, "Settings of this server")
    settings.get_by_role("combobox", name="Commands that are off here").click()
    page.get_by_test_id("select-list").get_by_role("option", name="/hash").click()
    page.keyboard.press("Escape")
    changed = answer(page, "Last changes")
    expect(changed).to_contain_text("commands off")
    changed.get_by_role("button", name="Only private answers").click()
    expect(changed).to_contain_text("Only the caller sees them")

    become(page, "Ben")
    refusal = page.get_by_text("This server's administrators switched it off here").first
    for _ in range(15):  # until the front door reads the settings anew
        visitor.run("/hash text:x")
        expect(page.get_by_test_id("sending")).to_have_count(0)
        if refusal.is_visible():
            break
        page.wait_for_timeout(2000)
    expect(refusal).to_be_visible()
    visitor.run("/version")

    said = page.get_by_test_id("message").filter(has=page.get_by_text("/version")).last
    expect(said.get_by_test_id("private-line")).to_be_visible()


def test_settings_are_offered_to_admins_only(visitor: Visitor) -> None:
    """As Discord does by the permission that the command asks for."""
    page = visitor.page
    page.get_by_test_id("composer-input").fill("/settings")
    expect(page.get_by_test_id("command-list")).to_contain_text("/wordle settings")
    offered = page.get_by_test_id("command-list").get_by_role("option", name="For server admins")
    expect(offered).to_have_count(0)

    become(page, "Ada")
    page.get_by_test_id("composer-input").fill("/settings")

    expect(offered).to_have_count(1)
