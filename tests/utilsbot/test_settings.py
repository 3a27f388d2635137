"""Settings complain once, about everything, and never show a secret."""

import pytest

from functions.interactions.settings import Settings
from utilsbot import settings as s

_KEY = "ab" * 32


def test_every_bad_value_is_reported_at_once() -> None:
    """An operator sees the whole list and not one problem a deployment."""
    with pytest.raises(s.BadSettings) as caught:
        Settings.from_env(
            {"DISCORD_PUBLIC_KEY": "xyz", "DEVELOPER_IDS": "1,me", "CLOSED_BETA": "perhaps"}
        )

    told = str(caught.value)
    assert len(caught.value.problems) == 4
    for name in ("DISCORD_PUBLIC_KEY", "DEVELOPER_IDS", "CLOSED_BETA", "TABLE_NAME"):
        assert name in told


def test_good_values_become_typed_ones() -> None:
    """Two keys during a rotation, ids as a set, queues by group, blanks as not set."""
    settings = Settings.from_env(
        {
            "DISCORD_PUBLIC_KEY": f"{_KEY}, {_KEY}",
            "TABLE_NAME": "t",
            "DEVELOPER_IDS": "123456789012345678, 223456789012345678,",
            "QUEUE_URL_TOOLS": "https://sqs/1/tools",
            "QUEUE_URL_AI": "",
            "CLOSED_BETA": " ",
        }
    )

    assert settings.public_keys == (bytes.fromhex(_KEY),) * 2
    assert settings.developers == {"123456789012345678", "223456789012345678"}
    assert settings.queue_urls == {"tools": "https://sqs/1/tools"}
    assert settings.closed_beta is False


def test_a_secret_shows_itself_to_nobody() -> None:
    """repr, str and format are starred; only reveal() tells."""
    secret = s.Secret("hunter2")

    assert "hunter2" not in f"{secret!r} {secret} {[secret]}"
    assert secret.reveal() == "hunter2"
    assert secret == s.Secret("hunter2")


@pytest.mark.parametrize(
    ("parse", "raw"),
    [
        (s.flag, "maybe"),
        (s.whole_number, "-1"),
        (s.whole_number, "٣"),
        (s.snowflake, "abc"),
        (s.address, "ftp://x"),
        (s.public_keys, ""),
    ],
)
def test_a_wrong_value_ends_a_sentence(parse: object, raw: str) -> None:
    """Each parser says what the value should be."""
    with pytest.raises(ValueError, match="should"):
        parse(raw)  # type: ignore[operator]
