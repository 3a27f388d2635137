"""What the ranges of IANA's special-purpose registries are for, in words that everybody knows."""

from collections.abc import Mapping

from utilsbot.i18n import N_

# i18n: what a range of IP addresses is for; stands after "for", as in "a range for {purpose}"
_NAMES: Mapping[str, tuple[str, ...]] = {
    N_("private networks"): ("Private-Use", "Unique-Local", "Site-Local (deprecated)"),
    N_("the machine itself (loopback)"): ("Loopback", "Loopback Address"),
    N_("machines on the same link"): ("Link Local", "Link-Local Unicast"),
    N_("one's own network"): ("This network",),
    N_("broadcasts in one's own network"): ("Limited Broadcast",),
    N_("no particular machine"): ("This host on this network", "Unspecified Address"),
    N_("the inner networks of internet providers"): ("Shared Address Space",),
    N_("the metadata of cloud machines"): (
        "Cloud metadata (AWS, GCP, Azure IMDS)",
        "Cloud metadata (AWS ECS task)",
        "Cloud metadata (AWS IMDS over IPv6)",
        "Cloud metadata (Alibaba Cloud)",
        "Cloud metadata (Oracle Cloud)",
    ),
    N_("documentation and examples"): (
        "Documentation",
        "Documentation (TEST-NET-1)",
        "Documentation (TEST-NET-2)",
        "Documentation (TEST-NET-3)",
    ),
    N_("IPv4 addresses written as IPv6"): ("IPv4-mapped Address", "IPv4-Compatible (deprecated)"),
    N_("translation between IPv4 and IPv6"): ("IPv4-IPv6 Translation",),
    N_("the discovery of NAT64"): ("NAT64/DNS64 Discovery",),
    N_("IPv4 across IPv6 networks"): ("IPv4 Service Continuity Prefix",),
    N_("6to4 tunnels"): ("6to4", "Deprecated (6to4 Relay Anycast)"),
    N_("6a44 tunnels"): ("6a44-relay anycast address",),
    N_("Teredo tunnels"): ("TEREDO",),
    N_("multicast"): ("Multicast",),
    N_("multicast tunnels (AMT)"): ("AMT",),
    N_("network benchmarks"): ("Benchmarking",),
    N_("placeholders"): ("IPv4 dummy address", "Dummy IPv6 Prefix"),
    N_("traffic that is thrown away"): ("Discard-Only Address Block",),
    N_("future use"): ("Reserved", "Not assigned"),
    N_("protocols of the IETF"): ("IETF Protocol Assignments",),
    N_("the Port Control Protocol"): ("Port Control Protocol Anycast",),
    N_("TURN relays"): ("Traversal Using Relays around NAT Anycast",),
    N_("AS112 name servers"): ("AS112-v4", "AS112-v6", "Direct Delegation AS112 Service"),
    N_("the registration of services in the DNS"): (
        "DNS-SD Service Registration Protocol Anycast",
    ),
    N_("cryptographic identifiers (ORCHID)"): ("ORCHIDv2", "Deprecated (previously ORCHID)"),
    N_("identifiers of drones"): ("Drone Remote ID Protocol Entity Tags (DETs) Prefix",),
    N_("segment routing (SRv6)"): ("Segment Routing (SRv6) SIDs",),
}
_PURPOSES = {name: purpose for purpose, names in _NAMES.items() for name in names}


def purpose_of(name: str) -> str:
    """What a range is for, in English, to be translated; a name that is new to us says itself.

    Args:
        name: IANA's, or of ssrfguard's further ranges.
    """
    return _PURPOSES.get(name, name)
