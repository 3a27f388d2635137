"""What a user does in the playground page, from typing to the answer."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import Visitor
from tests.stack.conftest import RunningStack

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

DIGEST = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
PHONE = {"viewport": {"width": 390, "height": 780}, "is_mobile": True, "has_touch": True}


def answer(page: Page, text: str | re.Pattern[str] = "") -> Locator:
    """The newest message that holds a text."""
    return page.get_by_test_id("message").filter(has_text=text).last


def test_a_command_is_answered_with_a_picture(visitor: Visitor) -> None:
    """/qr create, typed as a line, shows who used it, the image and its alternative text."""
    page = visitor.page

    visitor.run("/qr create text:https://example.org/")

    message = answer(page, "QR code")
    expect(message.get_by_test_id("used")).to_contain_text("used /qr create")
    image = message.get_by_test_id("image")
    expect(image).to_have_attribute("alt", re.compile(".+"))
    expect(image).to_have_js_property("complete", True)
    assert image.evaluate("image => image.naturalWidth") > 100
    image.click()
    expect(page.get_by_test_id("lightbox")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("lightbox")).to_have_count(0)


def test_a_private_answer_is_for_one_user_and_can_be_dismissed(visitor: Visitor) -> None:
    """Only the caller sees it; dismissed, it does not come back with the next visit."""
    page = visitor.page
    visitor.run("/hash text:hello algorithm:sha256")
    expect(answer(page, DIGEST).get_by_test_id("private-line")).to_be_visible()

    page.get_by_test_id("user-switch").click()
    page.get_by_role("menuitemradio", name="Ben").click()
    expect(page.get_by_test_id("user-switch")).to_contain_text("Ben")
    expect(page.get_by_text(DIGEST)).to_have_count(0)

    page.get_by_test_id("user-switch").click()
    page.get_by_role("menuitemradio", name=f"User {visitor.user_id[-4:]}").click()
    answer(page, DIGEST).get_by_test_id("dismiss").click()
    expect(page.get_by_text(DIGEST)).to_have_count(0)
    page.keyboard.press("Alt+ArrowDown")
    page.keyboard.press("Alt+ArrowUp")
    expect(page.get_by_test_id("place-name")).to_have_text("general")
    expect(page.get_by_text(DIGEST)).to_have_count(0)


def test_a_button_edits_its_message(visitor: Visitor) -> None:
    """/password Another replaces the password in place, and keeps the focus on the button."""
    page = visitor.page
    visitor.run("/password")
    code = answer(page, "Your password").locator("pre")
    first = code.inner_text()

    answer(page, "Your password").get_by_role("button", name="Another").click()

    expect(code).not_to_have_text(first)
    expect(page.get_by_test_id("message").filter(has_text="Your password")).to_have_count(1)
    expect(page.get_by_role("button", name="Another")).to_be_focused()


def test_a_modal_asks_and_is_answered(visitor: Visitor) -> None:
    """/totp without a secret opens a form that checks itself and brings the code."""
    page = visitor.page
    visitor.run("/totp")
    modal = page.get_by_test_id("modal")
    secret = modal.get_by_label("Secret")
    expect(secret).to_be_focused()

    page.keyboard.press("Enter")
    expect(modal.get_by_text("This field is required.")).to_be_visible()
    secret.fill("JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP")
    expect(modal.get_by_text("39 / 1000")).to_be_visible()
    modal.get_by_test_id("modal-submit").click()

    expect(modal).to_have_count(0)
    expect(answer(page, "one-time code").locator("pre")).to_have_text(re.compile(r"^\d{6}$"))


def test_a_modal_closes_by_escape(visitor: Visitor) -> None:
    """Escape sends nothing and goes back to the message box."""
    page = visitor.page
    visitor.run("/totp")
    expect(page.get_by_test_id("modal")).to_be_visible()

    page.keyboard.press("Escape")

    expect(page.get_by_test_id("modal")).to_have_count(0)
    expect(page.get_by_test_id("sending")).to_have_count(0)


def test_an_error_says_what_is_wrong_and_its_reference(visitor: Visitor) -> None:
    """A mistake of the user's is explained, privately, with a reference id."""
    visitor.run("/base64 operation:decode text:%%%")

    message = answer(visitor.page, "Please check your input")
    expect(message).to_contain_text(re.compile(r"Reference \S{6,}"))
    expect(message.get_by_test_id("private-line")).to_be_visible()


def test_an_option_completes_itself(visitor: Visitor) -> None:
    """/help category offers what fits the typed letters; Tab takes it."""
    page = visitor.page
    page.keyboard.type("/help category:too")

    suggestion = page.get_by_test_id("option-panel").get_by_role("option", name="Tools")
    expect(suggestion).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(answer(page, "Tools commands")).to_contain_text("/hash")


def test_a_select_changes_its_message(visitor: Visitor) -> None:
    """/help's select works by keys alone and shows the category that was chosen."""
    page = visitor.page
    visitor.run("/help")
    answer(page, "What I can do").get_by_test_id("select").focus()

    page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    page.keyboard.press("Enter")

    expect(answer(page, " commands")).to_contain_text("commands for you here")
    expect(page.get_by_text("What I can do")).to_have_count(0)


def test_places_are_apart(visitor: Visitor) -> None:
    """An answer stays where the command was used; each place has its own welcome."""
    page = visitor.page
    page.get_by_test_id("place-dm").click()
    visitor.run("/hash text:in the message private:false")
    expect(answer(page, "SHA-256 digest")).to_be_visible()

    page.get_by_test_id("place-private_channel").click()

    expect(page.get_by_test_id("place-name")).to_have_text("friends")
    expect(page.get_by_test_id("welcome")).to_be_visible()
    expect(page.get_by_text("SHA-256 digest")).to_have_count(0)


def test_the_list_of_commands_filters(visitor: Visitor) -> None:
    """A slash lists all commands in groups; letters narrow it; Escape closes it."""
    page = visitor.page
    page.keyboard.type("/")
    commands = page.get_by_test_id("command-list")
    expect(commands.get_by_role("group", name="Tools")).to_contain_text("/qr read")

    page.keyboard.type("pass")
    expect(commands.get_by_role("option")).to_have_count(1)
    expect(commands.get_by_role("option")).to_contain_text("/password")

    page.keyboard.press("Escape")
    expect(commands).to_be_hidden()


def test_keys_are_enough(visitor: Visitor) -> None:
    """Choose from the list, fill required and optional options and send, without a pointer."""
    page = visitor.page
    page.keyboard.type("/base")
    page.keyboard.press("Tab")
    expect(page.get_by_role("combobox", name="operation")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("more-options")).to_be_focused()
    page.keyboard.type("tex")
    page.keyboard.press("Tab")
    page.keyboard.type("hello")
    page.keyboard.press("Enter")

    expect(answer(page, "aGVsbG8=")).to_be_visible()
    expect(page.get_by_test_id("composer-input")).to_be_focused()


def test_typing_an_option_name_moves_on_to_it(visitor: Visitor) -> None:
    """`/hash text:… algorithm:…`, typed letter by letter, fills two options, as on Discord."""
    page = visitor.page

    page.keyboard.type("/hash text:hello algorithm:md5")

    expect(page.get_by_role("combobox", name="text")).to_have_value("hello")
    expect(page.get_by_role("combobox", name="algorithm")).to_have_value("md5")
    page.keyboard.press("Enter")
    expect(answer(page, "5d41402abc4b2a76b9719d911017c592")).to_be_visible()


def test_a_wrong_value_is_not_sent(visitor: Visitor) -> None:
    """A number outside its limits is marked with the reason; nothing leaves the page."""
    page = visitor.page

    visitor.run("/password length:4")

    expect(page.get_by_test_id("option-error")).to_have_text("This must be 8 to 128.")
    expect(page.get_by_role("combobox", name="length")).to_be_focused()
    expect(page.get_by_test_id("message").filter(has_text="Your password")).to_have_count(0)


def test_a_missing_option_is_named(visitor: Visitor) -> None:
    """A command without a required option stays in the box and points at it."""
    page = visitor.page

    visitor.run("/base64 text:abc")

    expect(page.get_by_test_id("option-error")).to_have_text("This option is needed.")
    expect(page.get_by_role("combobox", name="operation")).to_be_focused()


def test_the_last_command_comes_back(visitor: Visitor) -> None:
    """Arrow up in the empty box brings the last command with its options."""
    page = visitor.page
    visitor.run("/hash text:again")
    expect(answer(page, "SHA-256 digest")).to_be_visible()

    page.keyboard.press("ArrowUp")

    expect(page.get_by_test_id("command-name")).to_have_text("/hash")
    expect(page.get_by_role("combobox", name="text")).to_have_value("again")


def test_a_file_is_attached(visitor: Visitor, tmp_path: Path) -> None:
    """A chosen file travels with the command."""
    page = visitor.page
    file = tmp_path / "hello.txt"
    file.write_text("hello")
    page.keyboard.type("/hash file:")

    page.get_by_test_id("file-file").set_input_files(file)
    expect(page.get_by_test_id("option-file")).to_contain_text("hello.txt (5 B)")
    page.keyboard.press("Enter")

    expect(answer(page, DIGEST)).to_be_visible()


def test_a_dropped_file_offers_what_takes_it(visitor: Visitor) -> None:
    """A file on an empty box lists the commands that take one; choosing one attaches it."""
    page = visitor.page
    page.evaluate("""() => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File(["hello"], "dropped.txt", { type: "text/plain" }));
        dispatchEvent(new DragEvent("drop", { dataTransfer, cancelable: true }));
    }""")

    commands = page.get_by_test_id("command-list")
    expect(commands).to_contain_text("dropped.txt")
    commands.get_by_role("option", name="/hash").click()
    expect(page.get_by_test_id("option-file")).to_contain_text("dropped.txt (5 B)")
    page.keyboard.press("Enter")

    expect(answer(page, DIGEST)).to_be_visible()


def test_a_long_answer_is_a_file_with_a_preview(visitor: Visitor) -> None:
    """Text files show their beginning, their size and a download."""
    page = visitor.page

    visitor.run(f"/base64 operation:encode text:{'long text ' * 450}")

    file = answer(page, "/base64").get_by_test_id("text-file").first
    expect(file.locator("code")).to_contain_text("bG9uZyB0ZXh0")
    expect(file.get_by_role("link", name=re.compile("^Download "))).to_have_attribute(
        "download", re.compile(".+")
    )


def test_the_inspector_shows_what_went_over_the_wire(visitor: Visitor) -> None:
    """Request, answer, API call, timings and log lines of the command, opened by Ctrl+I."""
    page = visitor.page
    page.keyboard.press("Control+i")
    visitor.run("/hash text:inspect me")
    expect(answer(page, "SHA-256 digest")).to_be_visible()
    body = page.get_by_test_id("inspector-body")

    expect(body).to_contain_text(re.compile(r"acknowledged in\s*\d+ ms"))
    expect(body).to_contain_text(re.compile(r"answered in\s*\d+ ms"))
    page.get_by_test_id("tab-request").click()
    expect(body).to_contain_text("inspect me")
    page.get_by_test_id("tab-callback").click()
    expect(body).to_contain_text("type: 5")
    page.get_by_test_id("tab-calls").click()
    expect(body).to_contain_text("PATCH")
    page.get_by_test_id("tab-logs").click()
    expect(body).to_contain_text("ToolsFunction")
    page.keyboard.press("Control+i")
    expect(page.get_by_test_id("inspector")).to_be_hidden()


def test_a_stack_that_does_not_answer_is_said(visitor: Visitor) -> None:
    """A command that never arrives leaves a private note instead of a hanging message."""
    page = visitor.page
    page.route("**/play/command", lambda route: route.abort())

    visitor.run("/ping")

    failure = page.get_by_test_id("failure")
    expect(failure).to_contain_text("The application did not respond")
    expect(failure).to_contain_text("not reachable")
    failure.get_by_role("button", name="Dismiss message").click()
    expect(failure).to_have_count(0)


def test_a_component_that_fails_can_be_used_again(visitor: Visitor) -> None:
    """A press that fails says so under the message, and the button works again."""
    page = visitor.page
    visitor.run("/password")
    message = answer(page, "Your password")
    page.route("**/play/component", lambda route: route.abort())

    message.get_by_role("button", name="Another").click()

    expect(message.get_by_test_id("component-error")).to_contain_text("This interaction failed")
    expect(message.get_by_role("button", name="Another")).to_be_enabled()


def test_a_page_that_cannot_sign_says_why(visitor: Visitor) -> None:
    """With a foreign key the page explains that its commands are refused."""
    page = visitor.page

    def foreign(route: Route) -> None:
        state = route.fetch().json()
        route.fulfill(json=state | {"can_sign": False, "note": "Another program signs."})

    page.route("**/play/state", foreign)
    page.reload()

    expect(page.get_by_test_id("note")).to_have_text("Another program signs.")


def test_what_others_do_appears_by_itself(visitor: Visitor, stack: RunningStack) -> None:
    """A public answer to another client's command shows up, and marks places that are not open."""
    page = visitor.page
    page.get_by_test_id("place-dm").click()
    expect(page.get_by_test_id("place-name")).to_have_text("UtilsBot+")

    stack.answer("/hash text:from elsewhere private:false")

    general = page.locator("[data-place-id=playground]")
    expect(general.get_by_label("new messages")).to_be_visible()
    general.click()
    expect(answer(page, "SHA-256 digest")).to_be_visible()


@pytest.mark.parametrize("visitor", [PHONE], indirect=True)
def test_a_phone_shows_everything(visitor: Visitor) -> None:
    """At phone width nothing is cut off sideways, and the places open as a drawer."""
    page = visitor.page
    visitor.run("/qr create text:phone")
    expect(answer(page, "QR code").get_by_test_id("image")).to_be_visible()
    width = page.evaluate("document.querySelector('#scroll').scrollWidth - innerWidth")
    assert width <= 0

    expect(page.get_by_test_id("sidebar")).to_be_hidden()
    page.get_by_test_id("open-sidebar").click()
    expect(page.get_by_test_id("sidebar")).to_be_visible()
    page.get_by_test_id("place-dm").click()
    expect(page.get_by_test_id("sidebar")).to_be_hidden()
    expect(page.get_by_test_id("place-name")).to_have_text("UtilsBot+")
