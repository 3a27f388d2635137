"""moto in server mode, one request at a time.

DynamoDB checks a condition and writes in one step. moto does so only as long as no other thread is
at it: under its own threaded server twelve parallel conditional writes let one too many through.

All servers of a process share what they hold, so each AWS that is to be empty is a process:

    python -m local.moto_server

Prints its address when it answers.
"""

import sys
import threading
from collections.abc import Iterable
from typing import Any

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import BaseWSGIServer, make_server


class OneAtATime:
    """A WSGI application whose requests wait for each other; long polls do not hold the others."""

    def __init__(self) -> None:
        self._moto = DomainDispatcherApplication(create_backend_app)
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """One request."""
        if "ReceiveMessage" in environ.get("HTTP_X_AMZ_TARGET", ""):
            return self._moto(environ, start_response)  # type: ignore[no-any-return]
        with self._lock:
            return list(self._moto(environ, start_response))


def moto_server() -> BaseWSGIServer:
    """A server on a free port of loopback, not yet serving (`server_port` tells)."""
    return make_server("127.0.0.1", 0, OneAtATime(), threaded=True)


if __name__ == "__main__":
    server = moto_server()
    sys.stdout.write(f"http://127.0.0.1:{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()
