"""httpx clients whose addresses, which carry tokens and signatures, never reach a log."""

import logging

import httpx

CONNECT_TIMEOUT_S = 3.0
READ_TIMEOUT_S = 10.0


def new_client() -> httpx.Client:
    """A client with explicit time limits that follows no redirects."""
    timeout = httpx.Timeout(READ_TIMEOUT_S, connect=CONNECT_TIMEOUT_S)
    return httpx.Client(timeout=timeout, follow_redirects=False)


def keep_addresses_out_of_logs() -> None:
    """Silences httpx (which logs every URL at INFO) and httpcore (at DEBUG) below WARNING."""
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)


def timeout_within(left_s: float) -> httpx.Timeout:
    """Limits of one request whose phases together stay within the seconds that are left."""
    return httpx.Timeout(
        connect=min(CONNECT_TIMEOUT_S, left_s / 4),
        write=min(READ_TIMEOUT_S, left_s / 4),
        read=min(READ_TIMEOUT_S, left_s / 2),
        pool=min(CONNECT_TIMEOUT_S, left_s / 4),
    )
