"""One target under atheris: `python -m fuzz.harness TARGET CORPUS… [libFuzzer's options]`."""

import sys

import atheris  # type: ignore[import-untyped]

_OURS = ["functions", "utilsbot", "html", "urllib", "json", "email", "ipaddress", "idna"]


def main() -> None:
    """Never returns: libFuzzer ends the process."""
    target = sys.argv.pop(1)
    with atheris.instrument_imports(include=_OURS):
        from fuzz.parsers import PROMISES
    atheris.Setup(sys.argv, PROMISES[target])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
