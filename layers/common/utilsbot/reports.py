"""Reports unexpected errors to Sentry, if a DSN is configured, without anything personal.

sentry_sdk is imported only then: with its defaults it would be the most expensive import of all.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from utilsbot import __version__

if TYPE_CHECKING:
    from sentry_sdk.types import Event, Hint

Report = Callable[[BaseException, Mapping[str, str]], None]
"""Takes an exception and tags (reference, command, group)."""

_FLUSH_S = 2.0


def reporter(dsn: str) -> Report:
    """What reports an error, and waits until it is sent; nothing at all without a DSN.

    Args:
        dsn: Sentry's data source name, or "".
    """
    if not dsn:
        return _to_nobody
    import sentry_sdk

    sentry_sdk.init(
        dsn=dsn,
        release=f"utilsbot@{__version__}",
        default_integrations=False,
        auto_enabling_integrations=False,
        include_local_variables=False,
        include_source_context=False,
        max_breadcrumbs=0,
        server_name="lambda",
        before_send=_without_messages,
    )

    def report(error: BaseException, tags: Mapping[str, str]) -> None:
        sentry_sdk.capture_exception(error, tags=dict(tags))
        sentry_sdk.flush(_FLUSH_S)  # the process is frozen as soon as the handler returns

    return report


def _without_messages(event: "Event", _hint: "Hint") -> "Event":
    """An exception's message may hold what a user typed; type and frames are enough."""
    exceptions: Any = event.get("exception") or {}
    for exception in exceptions.get("values", []):
        exception["value"] = "(withheld)"
    return event


def _to_nobody(_error: BaseException, _tags: Mapping[str, str]) -> None:
    """No DSN: the log line is all there is."""
