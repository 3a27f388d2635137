"""The adapters that this group's commands are given, by the names of their parameters."""

from functions.tools.digests import Digests
from functions.tools.one_time_codes import OneTimeCodes
from functions.tools.passwords import Passwords
from functions.tools.qr_image import QrImages
from functions.tools.source import Files


def build_ports(downloader: Files) -> dict[str, object]:
    """Every port of the group; Pillow and the like are imported when a command first needs them.

    Args:
        downloader: fetches what users attach.
    """
    return {
        "files": downloader,
        "digests": Digests(),
        "passwords": Passwords(),
        "codes": OneTimeCodes(),
        "qr_images": QrImages(),
    }
