"""Cuts symbols and debugging data off the shared libraries of a folder. Called by build-artefact.

Wheels carry them (5 of the 6 parts of PyNaCl's library), and the dynamic loader reads none of it:
it follows the program headers, whose segments lie in front. What comes behind the last segment
goes, with the section headers that described it. Written out, because `strip` knows only the
processors that it was built for, and not every machine has one.
"""

import struct
import sys
from pathlib import Path

_MAGIC = b"\x7fELF\x02\x01"
"""64 bits, little-endian: what both of Lambda's architectures use."""
_HEADER_SIZE = 64
_PROGRAM_HEADERS_AT, _SECTION_HEADERS_AT, _COUNTS_AT = 32, 40, 54
_SEGMENT_OFFSET_AT, _SEGMENT_SIZE_AT = 8, 32


def stripped(library: bytes) -> bytes:
    """A shared library without symbols and debugging data; anything else unchanged.

    Source: the ELF-64 object file format, "ELF header" and "Program header table".
    """
    if not library.startswith(_MAGIC):
        return library
    (table,) = struct.unpack_from("<Q", library, _PROGRAM_HEADERS_AT)
    entry_size, count = struct.unpack_from("<HH", library, _COUNTS_AT)
    end = max(_HEADER_SIZE, table + entry_size * count)
    for at in range(table, table + entry_size * count, entry_size):
        (offset,) = struct.unpack_from("<Q", library, at + _SEGMENT_OFFSET_AT)
        (size,) = struct.unpack_from("<Q", library, at + _SEGMENT_SIZE_AT)
        end = max(end, offset + size)
    kept = bytearray(library[:end])
    struct.pack_into("<Q", kept, _SECTION_HEADERS_AT, 0)
    struct.pack_into("<HHH", kept, _COUNTS_AT + 4, 0, 0, 0)
    return bytes(kept)


def main(folder: Path) -> None:
    """Strips every library below a folder in place."""
    for path in folder.rglob("*.so*"):
        if path.is_file() and not path.is_symlink():
            library = path.read_bytes()
            less = stripped(library)
            if len(less) < len(library):
                path.write_bytes(less)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
