"""Looks IP addresses and host names up: the cache first, then one service after the other."""

from collections.abc import Sequence

from functions.network.calls import Calls
from functions.network.failures import Attempt, ProviderFailed, ServicesFailed, attempt_at
from functions.network.guard.addresses import IpAddress, carried_ipv4, special_range
from functions.network.guard.failures import Refusal, Unresolved
from functions.network.guard.links import BadLink, parse_host, parse_link, shown
from functions.network.guard.resolver import Resolver
from functions.network.ip_providers import IpProvider, MustPause
from functions.network.ip_report import IpInfo, IpReport, SpecialRange
from utilsbot.clock import Clock
from utilsbot.errors import BadInput
from utilsbot.i18n import N_, _
from utilsbot.meter import Meter
from utilsbot.store.budget import Budgets
from utilsbot.store.cache import Cache

PROVIDER_S = 5.0
"""Seconds for one service, its second try included."""
RESOLVE_S = 4.0
CACHE_S = 24 * 3600
_KIND = "ip"
_MOST_OTHERS = 8


class IpLookup:
    """Answers /ip."""

    def __init__(
        self,
        providers: Sequence[IpProvider],
        *,
        resolver: Resolver,
        calls: Calls,
        cache: Cache,
        budgets: Budgets,
        clock: Clock,
    ) -> None:
        """Args: providers: in the order in which they are asked."""
        self._providers = providers
        self._resolver = resolver
        self._calls = calls
        self._cache = cache
        self._budgets = budgets
        self._clock = clock

    def look_up(self, text: str, meter: Meter) -> IpReport:
        """What is known about an address or a host name.

        Args:
            text: an IP address in any spelling, a host name, or a whole web address.
            meter: notes the calls.

        Raises:
            BadInput: it is none of these, or there is no such host.
            ServicesFailed: no service answered.
            StoreError: the store does not answer.
        """
        host = _host(text)
        addresses = self._addresses(host, meter)
        chosen = addresses[0]
        special = _special(chosen)
        carried = carried_ipv4(chosen)
        return IpReport(
            address=str(chosen),
            version=chosen.version,
            host=shown(host) if str(chosen) != host else "",
            others=tuple(str(address) for address in addresses[1 : 1 + _MOST_OTHERS]),
            special=special,
            carried=str(carried) if carried else "",
            carried_special=_special(carried) if carried else None,
            info=None if special else self._info(str(chosen), meter),
        )

    def _addresses(self, host: str, meter: Meter) -> list[IpAddress]:
        try:
            return self._resolver.addresses(host, 80, meter.left_s(RESOLVE_S))
        except Refusal:
            raise BadInput(
                _(
                    "`{host}` is a name for use within one's own network; no public service knows "
                    "it."
                ).format(host=shown(host)),
                option="ip",
            ) from None
        except Unresolved as error:
            raise BadInput(error.told(_("{problem}.")), option="ip") from None

    def _info(self, address: str, meter: Meter) -> IpInfo:
        known = self._cache.get(_KIND, address)
        if known is not None:
            return IpInfo.from_json(known)
        attempts: list[Attempt] = []
        for provider in self._providers:
            try:
                info = self._ask(provider, address, meter)
            except ProviderFailed as error:
                attempts.append(attempt_at(provider.name, error))
                continue
            self._cache.put(_KIND, address, info.to_json(), CACHE_S)
            return info
        raise ServicesFailed(
            _("Nothing was found out about `{address}`:").format(address=address),
            tuple(attempts),
            _("Please try again in a minute."),
        )

    def _ask(self, provider: IpProvider, address: str, meter: Meter) -> IpInfo:
        """One service, unless it is in a pause; its wish for a pause is kept for all instances."""
        until = self._budgets.paused_until(provider.api)
        if until is not None:
            why = N_("{service} asked us not to call it until {moment}")
            moment = f"<t:{-int(-until // 1)}:T>"
            raise ProviderFailed(why, word="paused", blames_it=False, moment=moment)
        try:
            answer = self._calls.call(
                provider.api,
                lambda left_s: provider.look_up(address, left_s),
                meter,
                budget_s=PROVIDER_S,
            )
        except MustPause as error:
            self._budgets.pause(provider.api, self._clock.now() + error.pause_s)
            raise
        if answer.pause_s:
            self._budgets.pause(provider.api, self._clock.now() + answer.pause_s)
        return answer.info


def _host(text: str) -> str:
    """The host that somebody means: a bare address, a name, or the host of a web address."""
    text = text.strip()
    try:
        if "/" in text or "@" in text:
            return parse_link(text).host
        return parse_host(text.removeprefix("[").removesuffix("]"))
    except BadLink as error:
        advice = _(
            "Give an IP address as `1.1.1.1` or `2606:4700:4700::1111`, or a host name as "
            "`example.com`."
        )
        raise BadInput(f"{error} {advice}", option="ip") from None


def _special(address: IpAddress) -> SpecialRange | None:
    found = special_range(address)
    return SpecialRange(*found) if found else None
