"""Makes the pictures of the playground in docs/images from a stack that was just started.

Run `make run` in one terminal and `.venv/bin/python scripts/screenshots.py` in another. Fonts with
coloured emoji and Japanese (Debian: fonts-noto-color-emoji, fonts-noto-cjk) make them look as they
do for users.
"""

import argparse
import io
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, ViewportSize, expect, sync_playwright

IMAGES = Path(__file__).parent.parent / "docs" / "images"
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
SIZE: ViewportSize = {"width": 1200, "height": 760}
NARROW: ViewportSize = {"width": 960, "height": 800}
COLOURS = 256
"""Of a picture's palette: flat surfaces need no more, and the files stay small."""


def run(page: Page, line: str) -> None:
    """Types a command line and sends it."""
    page.get_by_test_id("composer-input").fill(line)
    page.keyboard.press("Enter")
    if page.get_by_test_id("command-form").is_visible():
        page.keyboard.press("Enter")


def answered(page: Page, text: str) -> None:
    """Waits for the message with a text, to its last picture."""
    message = page.get_by_test_id("message").filter(has_text=text).last
    expect(message.get_by_test_id("content")).to_be_visible()
    page.mouse.move(0, 0)
    page.wait_for_function("[...document.images].every(image => image.complete)")


def show_image(page: Page) -> None:
    """A public answer with an image."""
    page.locator("[data-place-id=playground]").click()
    run(page, "/qr create text:https://example.com private:false")
    answered(page, "QR code")


def show_private(page: Page) -> None:
    """Private answers."""
    page.get_by_test_id("place-dm").click()
    run(page, "/hash text:hello algorithm:sha256")
    answered(page, "SHA-256 digest")
    run(page, "/password")
    answered(page, "Your password")


def show_modal(page: Page) -> None:
    """A form over the chat."""
    run(page, "/totp")
    expect(page.get_by_test_id("modal")).to_be_visible()


def show_error(page: Page) -> None:
    """Mistakes, explained."""
    page.keyboard.press("Escape")
    page.locator("[data-place-id=tea-house]").click()
    run(page, "/base64 operation:decode text:not base64!")
    answered(page, "Please check your input")
    run(page, "/hash text:hello expected:5d41402abc4b2a76b9719d911017c593")
    answered(page, "algorithm:md5")


def show_inspector(page: Page) -> None:
    """What went over the wire."""
    page.get_by_test_id("place-private_channel").click()
    page.keyboard.press("Control+i")
    run(page, "/hash text:hello algorithm:sha256")
    answered(page, "SHA-256 digest")
    page.get_by_test_id("tab-request").click()


SCENES: dict[str, Callable[[Page], None]] = {
    "page": show_image,
    "private": show_private,
    "modal": show_modal,
    "error": show_error,
    "inspector": show_inspector,
}


def show_german(page: Page) -> None:
    """Commands, their options and an answer in another language."""
    page.keyboard.press("Control+i")
    become(page, "Ben")
    page.get_by_test_id("place-dm").click()
    page.get_by_test_id("locale").select_option("de")
    run(page, "/hash text:hallo algorithm:sha256")
    answered(page, "SHA-256-Prüfsumme")
    page.get_by_test_id("composer-input").click()
    page.keyboard.type("/pa")
    expect(page.get_by_test_id("command-list")).to_contain_text("/passwort")


def become(page: Page, name: str) -> None:
    """Acts as another user, whose direct messages are empty."""
    page.get_by_test_id("user-switch").click()
    page.get_by_role("menuitemradio", name=name).click()
    expect(page.get_by_test_id("user-switch")).to_contain_text(name)


def show_system(page: Page) -> None:
    """What a user chooses."""
    page.get_by_test_id("composer-input").fill("")
    page.get_by_test_id("locale").select_option("en-US")
    become(page, "Cleo")
    run(page, "/preferences")
    answered(page, "Your preferences")


def show_games(page: Page) -> None:
    """A game with some guesses."""
    run(page, "/wordle play mode:random")
    answered(page, "Guess 1 of 6")
    for number, word in enumerate(("crane", "moist"), 2):
        run(page, f"/wordle guess word:{word}")
        answered(page, f"Guess {number} of 6")


def show_network(page: Page) -> None:
    """Where an address is."""
    run(page, "/ip ip:1.1.1.1")
    answered(page, "1.1.1.1")


def show_ai(page: Page) -> None:
    """A conversation that goes on."""
    run(page, "/chat message:Help me plan a week in Lisbon")
    answered(page, "1 message remembered")
    page.get_by_role("button", name="Continue").last.click()
    page.get_by_test_id("modal").get_by_role("textbox").fill("And with children?")
    page.get_by_test_id("modal-submit").click()
    answered(page, "2 messages remembered")


MESSAGES: dict[str, Callable[[Page], None]] = {
    "commands-system": show_system,
    "commands-games": show_games,
    "commands-network": show_network,
    "commands-ai": show_ai,
}
"""Pictures of the newest message alone, for docs/commands.md."""


def save(picture: bytes, path: Path) -> None:
    """Writes a screenshot with a palette."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


def main() -> None:
    """Takes every scene in both themes."""
    parser = argparse.ArgumentParser(description="Pictures of the playground for the docs.")
    parser.add_argument("--url", default="http://127.0.0.1:8080", help="where the stack answers")
    parser.add_argument("--out", type=Path, default=IMAGES, help="the folder for the pictures")
    arguments = parser.parse_args()
    chromium = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if chromium is None:
        sys.exit("screenshots: no Chromium here: apt-get install chromium")
    arguments.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=SWITCHES)
        page = browser.new_page(viewport=SIZE, reduced_motion="reduce")
        page.goto(arguments.url)
        expect(page.locator("html[data-ready]")).to_be_attached()
        for name, show in SCENES.items():
            show(page)
            for theme in ("light", "dark"):
                page.emulate_media(color_scheme=theme)
                save(page.screenshot(animations="disabled"), arguments.out / f"{name}-{theme}.png")
        page.emulate_media(color_scheme="light")
        show_german(page)
        save(page.screenshot(animations="disabled"), arguments.out / "german.png")
        page.set_viewport_size(NARROW)
        for name, show in MESSAGES.items():
            show(page)
            newest = page.get_by_test_id("message").last.screenshot(animations="disabled")
            save(newest, arguments.out / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
