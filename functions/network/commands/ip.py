"""/ip: what is known about an IP address or a host name."""

from typing import Protocol

from functions.network.ip_report import IpInfo, IpReport, SpecialRange
from functions.network.wording import together
from utilsbot.context import Context
from utilsbot.i18n import _
from utilsbot.markdown import escape, inline_code
from utilsbot.meter import Meter
from utilsbot.reply import Colour, Embed, Field, Reply
from utilsbot.spec import Command, Cooldown, Option, Visibility

SPEC = Command(
    name="ip",
    summary="Where an IP address or a host is, whose network it belongs to, and what it is",
    options=(
        Option(
            "ip",
            "An IPv4 or IPv6 address, or a host name as example.com",
            required=True,
            min_length=1,
            max_length=2048,
        ),
    ),
    visibility=Visibility.PUBLIC_UNLESS_PRIVATE,
    cooldown=Cooldown(5, 60),
    help=(
        "Country, region, city, network owner and time zone of a public address, and whether it "
        "belongs to a data centre, a proxy or VPN, or a mobile network. Of an address for private "
        "or special use it says what the range is for; nobody outside is asked then.\n"
        "Places are estimates, often only the town of the provider. The address goes to ip-api.com "
        "(unencrypted, which is its free service) or, if that does not answer, to ipwho.is; "
        "answers are kept for a day."
    ),
    replayable=True,
    examples=("/ip ip:1.1.1.1", "/ip ip:2606:4700:4700::1111", "/ip ip:example.com"),
)


class Lookup(Protocol):
    """Looks addresses up."""

    def look_up(self, text: str, meter: Meter) -> IpReport:
        """What is known.

        Raises:
            BadInput: it is no address, or there is no such host.
            ServicesFailed: no service answered.
        """


def run(ctx: Context, *, ip: str, lookup: Lookup, meter: Meter) -> Reply:  # noqa: ARG001
    """What is known about the address that was given."""
    report = lookup.look_up(ip, meter)
    embed = _public(report, report.info) if report.info else _special(report)
    return Reply(embeds=(embed,))


def _special(report: IpReport) -> Embed:
    """An address that is not on the public internet."""
    fields = _common(report)
    text = _("It is not on the public internet, so no service knows where it is.")
    if report.special:
        fields.append(Field(_("Range"), inline_code(report.special.network), inline=True))
        text = f"{_purpose(report.special)} {text}"
    return Embed(_title(report), text, tuple(fields), Colour.WARNING)


def _purpose(special: SpecialRange) -> str:
    return _("This address is in a range for **{purpose}** ({rfc}).").format(
        purpose=escape(_(special.purpose)), rfc=special.rfc
    )


def _public(report: IpReport, info: IpInfo) -> Embed:
    flag = _flag(info.country_code)
    rows = (
        (_("Country"), f"{flag} {escape(info.country)}".strip() if info.country else ""),
        (_("Region"), escape(info.region)),
        (_("City"), escape(" ".join(part for part in (info.postal_code, info.city) if part))),
        (_("Network"), escape(_network(info))),
        (_("Owner"), escape(info.organisation)),
        (_("Provider"), escape(info.isp) if info.isp != info.organisation else ""),
        (_("Time zone"), escape(info.time_zone)),
        (_("Kind"), _kind(info)),
        (_("Map"), _map(info)),
    )
    fields = [Field(name, value, inline=True) for name, value in rows if value]
    return Embed(
        _title(report),
        fields=(*fields, *_common(report)),
        colour=Colour.PLAIN,
        footer=_("Places are estimates · source: {service}").format(service=info.provider),
    )


def _title(report: IpReport) -> str:
    return f"{report.host} → {report.address}"[:256] if report.host else report.address


def _common(report: IpReport) -> list[Field]:
    """What is said of every address."""
    fields = [Field(_("Version"), f"IPv{report.version}", inline=True)]
    if report.carried:
        meaning = (
            f" ({escape(_(report.carried_special.purpose))})" if report.carried_special else ""
        )
        fields.append(
            Field(_("Stands for"), f"{inline_code(report.carried)}{meaning}", inline=True)
        )
    if report.others:
        fields.append(Field(_("Also"), "\n".join(inline_code(other) for other in report.others)))
    return fields


def _network(info: IpInfo) -> str:
    return " ".join(part for part in (info.asn, info.as_name) if part)


def _kind(info: IpInfo) -> str:
    """What the service says of it, in words; nothing where it says nothing."""
    known = (
        (info.hosting, _("data centre")),
        (info.proxy, _("proxy, VPN or Tor exit")),
        (info.mobile, _("mobile network")),
    )
    said = [word for flag, word in known if flag]
    if said:
        words = together(said)
        return words[0].upper() + words[1:]
    everything = all(flag is False for flag, __ in known)
    return _("Neither data centre, proxy nor mobile network") if everything else ""


def _map(info: IpInfo) -> str:
    if info.latitude is None or info.longitude is None:
        return ""
    place = f"{info.latitude:.4f}/{info.longitude:.4f}"
    pin = f"mlat={info.latitude:.4f}&mlon={info.longitude:.4f}"
    return f"[OpenStreetMap](https://www.openstreetmap.org/?{pin}#map=9/{place})"


def _flag(country_code: str) -> str:
    """The country's flag, which is its two letters as regional indicators."""
    code = country_code.upper()
    if len(code) != 2 or not code.isascii() or not code.isalpha():
        return ""
    return "".join(chr(0x1F1E6 + ord(letter) - ord("A")) for letter in code)
