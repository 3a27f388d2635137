"""Takes screenshots: checks the address, minds the operator's bill, asks service after service."""

from collections.abc import Callable, Sequence
from typing import Protocol

from functions.network.calls import Calls
from functions.network.failures import (
    Attempt,
    NoImage,
    ProviderFailed,
    ServicesFailed,
    attempt_at,
)
from functions.network.guard.failures import GuardError
from functions.network.guard.links import BadLink, Link, parse_link
from functions.network.shot_providers import PageFailed, ShotProvider
from functions.network.shots import Picture, Shot, ShotOptions
from utilsbot.errors import BadInput, NotConfigured, StoreError, UserError
from utilsbot.i18n import _, ngettext, number
from utilsbot.meter import Meter
from utilsbot.store.budget import Budgets

BUDGET = "screenshot"
"""The name of the allowance, whichever service takes the picture."""
FIRST_S = 26.0
"""Seconds for the first service."""
NEXT_S = 12.0
"""Seconds for each further one."""
RESOLVE_S = 4.0
LEASE_S = 60.0


class Checker(Protocol):
    """Says whether an address may be opened."""

    def check(self, link: Link, timeout_s: float) -> object:
        """Connects to nothing.

        Raises:
            GuardError: it may not, or leads nowhere.
        """


class Screenshots:
    """Answers /screenshot."""

    def __init__(
        self,
        providers: Sequence[ShotProvider],
        *,
        checker: Checker,
        calls: Calls,
        budgets: Budgets,
        daily_limit: int,
        at_once: int,
    ) -> None:
        """Args: providers: those that are set up, in the order in which they are asked."""
        self._providers = providers
        self._checker = checker
        self._calls = calls
        self._budgets = budgets
        self._daily_limit = daily_limit
        self._at_once = at_once

    def take(
        self, text: str, options: ShotOptions, meter: Meter, *, owner: str, limit_bytes: int
    ) -> Shot:
        """A picture of a page.

        Args:
            text: the address, as somebody typed it.
            options: how.
            meter: notes the calls.
            owner: the interaction's id.
            limit_bytes: how large the file may be.

        Raises:
            NotConfigured: no service is set up.
            BadInput: the address may not be opened, or the page cannot be.
            UserError: the day's allowance is spent, or too many are being taken.
            ServicesFailed: no service delivered.
            StoreError: the store does not answer, so nothing is spent.
        """
        if not self._providers:
            raise NotConfigured(_("Taking screenshots"))
        link = self._checked(text, meter)
        slot = self._budgets.occupy(BUDGET, owner, places=self._at_once, lease_s=LEASE_S)
        if slot is None:
            raise _busy(self._at_once)
        try:
            if not self._budgets.spend(BUDGET, self._daily_limit):
                raise _used_up(self._daily_limit, self._budgets.starts_again_at())
            return self._spent(link, options, meter, limit_bytes)
        finally:
            self._quietly(lambda: self._budgets.leave(slot))

    def _spent(self, link: Link, options: ShotOptions, meter: Meter, limit_bytes: int) -> Shot:
        """The picture; what came to nothing is given back to the day's allowance."""
        try:
            return self._picture(link, options, meter, limit_bytes)
        except BaseException:
            self._quietly(lambda: self._budgets.give_back(BUDGET))
            raise

    def _checked(self, text: str, meter: Meter) -> Link:
        """The services would refuse inner addresses too; but they need not learn of them."""
        try:
            link = parse_link(text)
            self._checker.check(link, meter.left_s(RESOLVE_S))
        except BadLink as error:
            raise BadInput(str(error), option="url") from None
        except GuardError as error:
            told = error.told(_("No screenshot: {problem}."))
            raise BadInput(told, option="url") from None
        return link

    def _picture(self, link: Link, options: ShotOptions, meter: Meter, limit_bytes: int) -> Shot:
        attempts: list[Attempt] = []
        for place, provider in enumerate(self._providers):
            budget_s = NEXT_S if place else FIRST_S
            try:
                picture = self._ask(provider, link, options, meter, budget_s)
                return _shot(link, picture, limit_bytes)
            except PageFailed as error:
                told = _("No screenshot of `{host}`: {problem}.")
                raise BadInput(told.format(host=link.shown_host, problem=error)) from None
            except (ProviderFailed, NoImage) as error:
                attempts.append(attempt_at(provider.name, error))
        raise ServicesFailed(
            _("No screenshot of `{host}` could be taken:").format(host=link.shown_host),
            tuple(attempts),
            _("Please try again in a minute."),
        )

    def _ask(
        self,
        provider: ShotProvider,
        link: Link,
        options: ShotOptions,
        meter: Meter,
        budget_s: float,
    ) -> Picture:
        return self._calls.call(
            provider.api,
            lambda left_s: provider.take(link.url, options, left_s),
            meter,
            budget_s=budget_s,
        )

    def _quietly(self, tidy: Callable[[], object]) -> None:
        """Tidying up never fails a command: the lease ends by itself, the day does too."""
        try:
            tidy()
        except StoreError:
            return


def _busy(at_once: int) -> UserError:
    told = ngettext(
        "{count} screenshot is being taken right now, which is as many as this bot takes at once. "
        "Please try again in half a minute.",
        "{count} screenshots are being taken right now, which is as many as this bot takes at "
        "once. Please try again in half a minute.",
        at_once,
    )
    return UserError(told.format(count=at_once), title=_("Busy"))


def _used_up(limit: int, starts_again_at: int) -> UserError:
    told = _(
        "Today's {count} screenshots, which everybody shares, are used up. New ones start {moment}."
    )
    return UserError(
        told.format(count=number(limit), moment=f"<t:{starts_again_at}:R>"),
        title=_("Used up for today"),
    )


def _shot(link: Link, picture: Picture, limit_bytes: int) -> Shot:
    from functions.network.images import fit  # Pillow: once there is a picture

    fitted = fit(picture.content, limit_bytes)
    return Shot(
        host=link.shown_host,
        url=link.url,
        provider=picture.provider,
        content=fitted.content,
        suffix=fitted.suffix,
        content_type=fitted.content_type,
        width=fitted.width,
        height=fitted.height,
        dark=picture.dark,
        scaled_percent=fitted.scaled_percent,
        cut_at=fitted.cut_at,
    )
