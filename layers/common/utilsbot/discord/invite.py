"""The address that installs the app. Source: discord-api-docs, topics/oauth2.mdx."""

from utilsbot.spec import Integration


def install_url(application_id: str, integration: Integration) -> str:
    """A link that asks for `applications.commands` and for no permission.

    Args:
        application_id: the app's snowflake.
        integration: to a server or to the user's account.
    """
    return (
        f"https://discord.com/oauth2/authorize?client_id={application_id}"
        f"&scope=applications.commands&integration_type={int(integration)}"
    )
