"""The network group: IP addresses, links and screenshots, behind one guarded client."""

COMMANDS = ("expand_links", "ip", "screenshot", "unshorten")
