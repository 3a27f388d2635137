"""Follows a link from redirect to redirect, every hop through the guarded client."""

from typing import Protocol
from urllib.parse import urljoin

from functions.network.expansion import MAX_HOPS, End, Expansion, Hop
from functions.network.guard.client import Fetched
from functions.network.guard.failures import GuardError, Refusal, TookTooLong, Unresolved
from functions.network.guard.links import BadLink, Link, follow, parse_link
from functions.network.page import Page, read_page
from utilsbot.errors import BadInput
from utilsbot.i18n import DEFAULT, _
from utilsbot.meter import Meter
from utilsbot.store.cache import Cache

API = "unshorten"
"""Its name in the log and in ApiUsage; every hop is a call."""
HOP_S = 6.0
CHAIN_S = 20.0
"""Seconds for one chain."""
CACHE_S = 600
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_DEAD = frozenset({404, 410})


class Client(Protocol):
    """The guarded client."""

    def fetch(self, method: str, link: Link, timeout_s: float) -> Fetched:
        """One answer.

        Raises:
            GuardError: nothing was fetched.
        """


class Chains:
    """Expands links."""

    def __init__(self, client: Client, cache: Cache) -> None:
        """Args: cache: shared by all instances."""
        self._client = client
        self._cache = cache

    def expand(
        self, text: str, meter: Meter, *, option: str | None = None, language: str = DEFAULT
    ) -> Expansion:
        """Where a link leads.

        Args:
            text: the address, as somebody typed it.
            meter: notes the calls and knows the time that is left.
            option: what to name if the address is not acceptable.
            language: the reader's, because the sentences in what is found are kept with it.

        Raises:
            BadInput: the address may not be opened at all; nothing was sent.
        """
        try:
            link = parse_link(text)
        except BadLink as error:
            raise BadInput(str(error), option=option) from None
        asked = f"{language} {link.url}"
        known = self._cache.get(API, asked)
        if known is not None:
            return Expansion.from_json(known)
        deadline = meter.now() + meter.left_s(CHAIN_S)
        expansion = self._follow(link, meter, deadline)
        expansion = expansion._replace(warnings=_warnings(expansion.hops))
        if expansion.end not in {End.SILENT, End.ERROR, End.NO_HOST}:  # what may be better soon
            self._cache.put(API, asked, expansion.to_json(), CACHE_S)
        return expansion

    def _follow(self, link: Link, meter: Meter, deadline: float) -> Expansion:
        hops: list[Hop] = []
        seen: set[str] = set()
        while True:
            seen.add(link._replace(fragment="").url)
            hops.append(Hop(link.url, link.shown_host))
            try:
                answer = self._ask(link, meter, deadline)
            except GuardError as error:
                return Expansion(tuple(hops), _end_of(error), error.why)
            hops[-1] = hops[-1]._replace(status=answer.status)
            if answer.status not in _REDIRECTS or answer.location is None:
                return _final(tuple(hops), answer)
            try:
                link = follow(link, answer.location)
            except BadLink as error:
                why = _("it redirects to an address: {problem}").format(problem=error)
                return Expansion(tuple(hops), End.REFUSED, why)
            if link._replace(fragment="").url in seen:
                hops.append(Hop(link.url, link.shown_host))
                return Expansion(tuple(hops), End.LOOP)
            if len(hops) > MAX_HOPS:
                hops.append(Hop(link.url, link.shown_host))
                return Expansion(tuple(hops), End.TOO_MANY)

    def _ask(self, link: Link, meter: Meter, deadline: float) -> Fetched:
        """HEAD, then GET where that is no redirect: for the title, and some answer HEAD wrongly."""
        try:
            answer = self._fetch("HEAD", link, meter, deadline)
            if answer.status in _REDIRECTS and answer.location is not None:
                return answer
        except (Refusal, Unresolved, TookTooLong):
            raise
        except GuardError:  # the connection broke: some servers do that to a HEAD
            pass
        return self._fetch("GET", link, meter, deadline)

    def _fetch(self, method: str, link: Link, meter: Meter, deadline: float) -> Fetched:
        left_s = min(HOP_S, deadline - meter.now())
        if left_s <= 0:
            raise TookTooLong(_("the whole chain took too long"))
        with meter.call(API) as call:
            try:
                answer = self._client.fetch(method, link, left_s)
            except GuardError as error:
                call.fail(error.word)
                raise
            call.outcome = str(answer.status)
        return answer


def _warnings(hops: tuple[Hop, ...]) -> tuple[str, ...]:
    from functions.network.link_warnings import chain_warnings  # a megabyte of Unicode's tables

    return chain_warnings(hops)


def _end_of(error: GuardError) -> End:
    if isinstance(error, Refusal):
        return End.REFUSED
    return End.NO_HOST if isinstance(error, Unresolved) else End.SILENT


def _final(hops: tuple[Hop, ...], answer: Fetched) -> Expansion:
    page = read_page(answer.content_type, answer.body) if answer.body else Page()
    end = End.PAGE
    if answer.status in _DEAD:
        end = End.DEAD
    elif answer.status >= 400:
        end = End.ERROR
    forwards_to = urljoin(hops[-1].url, page.forwards_to) if page.forwards_to else ""
    if not forwards_to.startswith(("http://", "https://")) or forwards_to == hops[-1].url:
        forwards_to = ""
    return Expansion(hops, end, title=page.title, forwards_to=forwards_to[:1000])
