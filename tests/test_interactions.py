"""The tests' own interactions are ones that Discord could send."""

from tests.interactions import (
    GUILD_ID,
    NOW,
    USER_ID,
    attachment,
    command_interaction,
    component_interaction,
    modal_interaction,
    parsed,
)
from utilsbot.discord.interaction import InteractionType


def test_a_command_in_a_guild_has_a_member() -> None:
    """Guild, member and permissions are there, and no user beside the member."""
    body = command_interaction("hash", options={"text": "hello"})
    found = parsed(body)
    assert found.user.id == USER_ID
    assert found.guild_id == GUILD_ID
    assert found.member_permissions is not None
    assert found.created_at == NOW
    assert "user" not in body


def test_a_command_in_a_dm_has_a_user() -> None:
    """Outside guilds there is a user and neither member nor guild."""
    body = command_interaction("hash", guild_id=None, user_install=True)
    found = parsed(body)
    assert found.user.id == USER_ID
    assert found.guild_id is None
    assert found.user_install_only
    assert body.keys().isdisjoint({"member", "guild", "guild_id", "guild_locale"})


def test_a_file_of_an_option_is_resolved() -> None:
    """The option carries the id, and `resolved` the attachment."""
    body = command_interaction("hash", attachments={"file": attachment("a.bin", 3)})
    (option,) = body["data"]["options"]
    found = parsed(body).attachment(option["value"])
    assert found is not None
    assert (found.filename, found.size) == ("a.bin", 3)


def test_components_and_forms_have_their_own_types() -> None:
    """A press is of type 3, with the message that it is on; a form is of type 5."""
    press = parsed(component_interaction("password/again"))
    assert press.type is InteractionType.MESSAGE_COMPONENT
    assert press.owner_id == USER_ID
    form = parsed(modal_interaction("totp/secret", {"secret": "x"}))
    assert form.type is InteractionType.MODAL_SUBMIT
