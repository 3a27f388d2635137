"""Discord's limits as constants, and checks that stop a payload which breaks one before it is sent.

A breach is an error of ours, not of the user: what may be long by nature (an answer, a digest of a
file) utilsbot.discord.messages splits or attaches first. Sources are files under developers/ of
discord-api-docs; "observed" marks behaviour of the API that the docs do not state.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

# resources/webhook.mdx, Execute Webhook; resources/message.mdx, Create Message and Embed Limits.
MAX_CONTENT = 2000
MAX_EMBEDS = 10
MAX_EMBED_TITLE = 256
MAX_EMBED_DESCRIPTION = 4096
MAX_EMBED_FIELDS = 25
MAX_FIELD_NAME = 256
MAX_FIELD_VALUE = 1024
MAX_EMBED_FOOTER = 2048
MAX_EMBED_AUTHOR = 256
MAX_EMBED_TOTAL = 6000
"""Characters of a message's embeds together: titles, descriptions, fields, footers, authors."""
MAX_EMBED_URL = 2048
MAX_COLOUR = 0xFFFFFF
MAX_FOLLOW_UPS_USER_INSTALL = 5
"""Follow-ups where the app is installed to the user only: error 40094."""
FLAG_EPHEMERAL = 64

# reference.mdx, Uploading Files; topics/opcodes-and-status-codes.mdx, 30015 and 40005.
MAX_FILES = 10
MAX_REQUEST_BYTES = 25 * 1024 * 1024
MAX_FILE_NAME = 1024
MAX_FILE_DESCRIPTION = 1024
IMAGE_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".gif")

# components/reference.mdx.
MAX_ROWS = 5
MAX_ROW_BUTTONS = 5
MAX_CUSTOM_ID = 100
MAX_BUTTON_LABEL = 80
MAX_BUTTON_URL = 512
MAX_SELECT_OPTIONS = 25
MAX_SELECT_TEXT = 100
MAX_SELECT_PLACEHOLDER = 150

# interactions/receiving-and-responding.mdx, Modal; components/reference.mdx, Label and Text Input.
MAX_MODAL_TITLE = 45
MAX_MODAL_INPUTS = 5
MAX_LABEL = 45
MAX_LABEL_DESCRIPTION = 100
MAX_INPUT_PLACEHOLDER = 100
MAX_INPUT_VALUE = 4000

# interactions/application-commands.mdx.
MAX_COMMAND_NAME = 32
MAX_COMMAND_DESCRIPTION = 100
MAX_COMMAND_OPTIONS = 25
MAX_CHOICES = 25
MAX_CHOICE_TEXT = 100
MAX_OPTION_TEXT = 6000
MAX_COMMAND_TOTAL = 8000
"""Characters of a slash command: names, descriptions, values, the longest localisation of each."""
MAX_NUMBER = 2**53
MAX_COMMANDS = {1: 100, 2: 15, 3: 15}
"""Global commands an app, by command type: error 30032."""

_ROW, _BUTTON, _SELECT, _TEXT_INPUT, _LABEL = 1, 2, 3, 4, 18
_LINK = 5


class LimitExceeded(ValueError):
    """A payload that Discord would refuse; names the place, never what stands there."""

    def __init__(self, path: str, problem: str) -> None:
        """Args: path: as `embeds[0].title`. problem: what is wrong, with the numbers."""
        super().__init__(f"{path or 'message'}: {problem}")
        self.path = path
        self.problem = problem


def check_length(path: str, value: object, limit: int, *, low: int = 1) -> None:
    """A text must have `low` to `limit` characters (code points).

    Raises:
        LimitExceeded: it has not, or is no text.
    """
    if not isinstance(value, str):
        raise LimitExceeded(path, "text is needed")
    if not low <= len(value) <= limit:
        raise LimitExceeded(path, f"{len(value)} characters, allowed are {low} to {limit}")


def check_count(path: str, found: int, limit: int, *, low: int = 0) -> None:
    """Raises: LimitExceeded: there are fewer than `low` or more than `limit`."""
    if not low <= found <= limit:
        raise LimitExceeded(path, f"{found} entries, allowed are {low} to {limit}")


def check_unique(path: str, values: Iterable[object], what: str) -> None:
    """Raises: LimitExceeded: one of the values is there twice."""
    seen: set[object] = set()
    for value in values:
        if value in seen:
            raise LimitExceeded(path, f"the same {what} twice")
        seen.add(value)


def check_message(
    payload: Mapping[str, Any], files: Sequence[tuple[str, int]] = (), *, edit: bool = False
) -> None:
    """A message must be one that Discord takes.

    Args:
        payload: what is sent, as JSON.
        files: name and size in bytes of each upload; `attachments[].id` is its place here.
        edit: absent parts keep what the message has, so that an empty payload has something.

    Raises:
        LimitExceeded: with the first place that breaks a rule.
    """
    content, embeds = payload.get("content") or "", payload.get("embeds") or []
    check_length("content", content, MAX_CONTENT, low=0)
    rows = payload.get("components") or []
    keeps = edit and not {"content", "embeds", "components", "attachments"} <= payload.keys()
    if not (content.strip() or embeds or rows or files or payload.get("poll") or keeps):
        raise LimitExceeded("", "nothing in it (error 50006)")
    _check_files(payload, files)
    _check_embeds(embeds, {name for name, _ in files})
    check_count("components", len(rows), MAX_ROWS)
    custom_ids: list[str] = []
    for at, row in enumerate(rows):
        _check_row(f"components[{at}]", row, custom_ids)
    check_unique("components", custom_ids, "custom_id")
    mentions = payload.get("allowed_mentions") or {}
    for kind in ("users", "roles"):
        if mentions.get(kind) and kind in mentions.get("parse", ()):
            raise LimitExceeded(f"allowed_mentions.{kind}", "both in parse and as a list")


def _check_files(payload: Mapping[str, Any], files: Sequence[tuple[str, int]]) -> None:
    check_count("files", len(files), MAX_FILES)
    size = sum(size for _, size in files)
    if size > MAX_REQUEST_BYTES:
        raise LimitExceeded("files", f"{size} bytes, allowed are {MAX_REQUEST_BYTES}")
    listed = payload.get("attachments") or []
    check_unique("attachments", (entry.get("id") for entry in listed), "id")
    if files and [entry.get("id") for entry in listed] != list(range(len(files))):
        raise LimitExceeded("attachments", "must name every file, in order")
    for at, entry in enumerate(listed):
        check_length(f"attachments[{at}].filename", entry.get("filename"), MAX_FILE_NAME)
        description = entry.get("description", "")
        check_length(f"attachments[{at}].description", description, MAX_FILE_DESCRIPTION, low=0)


def _check_embeds(embeds: Sequence[Mapping[str, Any]], files: set[str]) -> None:
    check_count("embeds", len(embeds), MAX_EMBEDS)
    for at, embed in enumerate(embeds):
        _check_embed(f"embeds[{at}]", embed, files)
    total = sum(embed_size(embed) for embed in embeds)
    if total > MAX_EMBED_TOTAL:
        raise LimitExceeded("embeds", f"{total} characters, allowed are {MAX_EMBED_TOTAL}")


def _embed_texts(embed: Mapping[str, Any]) -> Iterable[tuple[str, str, int]]:
    """Each text that counts to an embed's size: where, what, and its limit."""
    yield "title", embed.get("title") or "", MAX_EMBED_TITLE
    yield "description", embed.get("description") or "", MAX_EMBED_DESCRIPTION
    yield "footer.text", (embed.get("footer") or {}).get("text") or "", MAX_EMBED_FOOTER
    yield "author.name", (embed.get("author") or {}).get("name") or "", MAX_EMBED_AUTHOR
    for at, field in enumerate(embed.get("fields") or []):
        yield f"fields[{at}].name", field.get("name") or "", MAX_FIELD_NAME
        yield f"fields[{at}].value", field.get("value") or "", MAX_FIELD_VALUE


def embed_size(embed: Mapping[str, Any]) -> int:
    """The characters of an embed that count to MAX_EMBED_TOTAL, measured after trimming."""
    return sum(len(text.strip()) for _, text, _ in _embed_texts(embed))


def _check_embed(path: str, embed: Mapping[str, Any], files: set[str]) -> None:
    fields = embed.get("fields") or []
    for place, text, limit in _embed_texts(embed):
        low = 1 if place.startswith("fields[") else 0  # blank fields were refused for years
        check_length(f"{path}.{place}", text.strip(), limit, low=low)
    check_count(f"{path}.fields", len(fields), MAX_EMBED_FIELDS)
    pictures = {key: (embed.get(key) or {}).get("url") or "" for key in ("image", "thumbnail")}
    if not (embed_size(embed) or any(pictures.values())):
        raise LimitExceeded(path, "nothing to show (observed: 50035 BASE_TYPE_REQUIRED)")
    if not 0 <= embed.get("color", 0) <= MAX_COLOUR:
        raise LimitExceeded(f"{path}.color", "not within 0 to 0xFFFFFF")
    _check_url(f"{path}.url", embed.get("url") or "", MAX_EMBED_URL)
    for key, url in pictures.items():
        if url.startswith("attachment://"):
            _check_picture_file(f"{path}.{key}.url", url.removeprefix("attachment://"), files)
        else:
            _check_url(f"{path}.{key}.url", url, MAX_EMBED_URL)


def _check_picture_file(path: str, name: str, files: set[str]) -> None:
    if name not in files:
        raise LimitExceeded(path, "names a file that is not sent along")
    # reference.mdx, Using Attachments within Embeds: anything else is renamed or not shown.
    if not name.isascii() or not name.replace("-", "").replace(".", "").replace("_", "").isalnum():
        raise LimitExceeded(path, "a file name of ASCII letters, digits, _, - and . is needed")
    if not name.lower().endswith(IMAGE_SUFFIXES):
        raise LimitExceeded(path, "not a jpg, png, webp or gif")


def _check_url(path: str, url: str, limit: int) -> None:
    check_length(path, url, limit, low=0)
    if url and not url.lower().startswith(("https://", "http://")):
        raise LimitExceeded(path, "not an http(s) address")


def _check_row(path: str, row: Mapping[str, Any], custom_ids: list[str]) -> None:
    if row.get("type") != _ROW:  # the others need IS_COMPONENTS_V2, which we do not set
        raise LimitExceeded(path, "only action rows may stand here")
    parts = row.get("components") or []
    check_count(f"{path}.components", len(parts), MAX_ROW_BUTTONS, low=1)
    if len(parts) > 1 and any(part.get("type") != _BUTTON for part in parts):
        raise LimitExceeded(path, "up to 5 buttons or a single select")
    for at, part in enumerate(parts):
        here = f"{path}.components[{at}]"
        if part.get("type") == _BUTTON:
            _check_button(here, part)
        elif part.get("type") == _SELECT:
            _check_select(here, part)
        else:
            raise LimitExceeded(here, "neither a button nor a string select")
        if "custom_id" in part:
            check_length(f"{here}.custom_id", part["custom_id"], MAX_CUSTOM_ID)
            custom_ids.append(part["custom_id"])


def _check_button(path: str, button: Mapping[str, Any]) -> None:
    check_length(f"{path}.label", button.get("label") or "", MAX_BUTTON_LABEL, low=0)
    if not (button.get("label") or button.get("emoji")):
        raise LimitExceeded(path, "needs a label or an emoji")
    if button.get("style") == _LINK:
        check_length(f"{path}.url", button.get("url"), MAX_BUTTON_URL)
        _check_url(f"{path}.url", button["url"], MAX_BUTTON_URL)
    if ("custom_id" in button) is (button.get("style") == _LINK):
        raise LimitExceeded(path, "a custom_id, or style 5 and a url")


def _check_select(path: str, select: Mapping[str, Any]) -> None:
    options = select.get("options") or []
    check_count(f"{path}.options", len(options), MAX_SELECT_OPTIONS, low=1)
    for at, option in enumerate(options):
        check_length(f"{path}.options[{at}].label", option.get("label"), MAX_SELECT_TEXT)
        check_length(f"{path}.options[{at}].value", option.get("value"), MAX_SELECT_TEXT)
        description = option.get("description") or ""
        check_length(f"{path}.options[{at}].description", description, MAX_SELECT_TEXT, low=0)
    check_unique(f"{path}.options", (option["value"] for option in options), "value")
    placeholder = select.get("placeholder") or ""
    check_length(f"{path}.placeholder", placeholder, MAX_SELECT_PLACEHOLDER, low=0)
    low, high = select.get("min_values", 1), select.get("max_values", 1)
    if not (0 <= low <= high and 1 <= high <= len(options)):
        raise LimitExceeded(path, f"{low} to {high} values of {len(options)} options")
    if sum(1 for option in options if option.get("default")) > high:
        raise LimitExceeded(f"{path}.options", "more defaults than max_values")


def check_modal(payload: Mapping[str, Any]) -> None:
    """A modal (the data of a callback of type 9) must be one that Discord takes.

    Raises:
        LimitExceeded: with the first place that breaks a rule.
    """
    check_length("title", payload.get("title"), MAX_MODAL_TITLE)
    check_length("custom_id", payload.get("custom_id"), MAX_CUSTOM_ID)
    labels = payload.get("components") or []
    check_count("components", len(labels), MAX_MODAL_INPUTS, low=1)
    for at, label in enumerate(labels):
        _check_label(f"components[{at}]", label)
    names = [label["component"]["custom_id"] for label in labels]
    check_unique("components", names, "custom_id")


def _check_label(path: str, label: Mapping[str, Any]) -> None:
    if label.get("type") != _LABEL:
        raise LimitExceeded(path, "only Labels may stand here")
    check_length(f"{path}.label", label.get("label"), MAX_LABEL)
    description = label.get("description") or ""
    check_length(f"{path}.description", description, MAX_LABEL_DESCRIPTION, low=0)
    inner, here = label.get("component") or {}, f"{path}.component"
    check_length(f"{here}.custom_id", inner.get("custom_id"), MAX_CUSTOM_ID)
    if inner.get("type") == _TEXT_INPUT:
        _check_text_input(here, inner)
    elif inner.get("type") == _SELECT:
        _check_select(here, inner)
        if inner.get("required", True) and inner.get("min_values") == 0:
            raise LimitExceeded(f"{here}.min_values", "0 although an answer is required")
    else:
        raise LimitExceeded(here, "neither a text input nor a string select")


def _check_text_input(path: str, field: Mapping[str, Any]) -> None:
    if field.get("style") not in (1, 2):
        raise LimitExceeded(f"{path}.style", "1 or 2 is needed")
    low, high = field.get("min_length", 0), field.get("max_length", MAX_INPUT_VALUE)
    if not (0 <= low <= high and 1 <= high <= MAX_INPUT_VALUE):
        raise LimitExceeded(path, f"min_length {low}, max_length {high}")
    check_length(f"{path}.value", field.get("value") or "", high, low=0)
    placeholder = field.get("placeholder") or ""
    check_length(f"{path}.placeholder", placeholder, MAX_INPUT_PLACEHOLDER, low=0)


def check_choices(choices: Sequence[Mapping[str, Any]], path: str = "choices") -> None:
    """Choices, of an option or as the answer to an autocomplete, must be ones that Discord takes.

    Raises:
        LimitExceeded: with the first place that breaks a rule.
    """
    check_count(path, len(choices), MAX_CHOICES)
    for at, choice in enumerate(choices):
        check_length(f"{path}[{at}].name", choice.get("name"), MAX_CHOICE_TEXT)
        value = choice.get("value")
        if isinstance(value, str):
            check_length(f"{path}[{at}].value", value, MAX_CHOICE_TEXT)
        elif value is None or not -MAX_NUMBER <= value <= MAX_NUMBER:
            raise LimitExceeded(f"{path}[{at}].value", "text or a number within 2**53 is needed")
