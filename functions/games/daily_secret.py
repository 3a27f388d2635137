"""The secret of the daily words: a SecureString parameter, or locally the environment."""

from collections.abc import Callable, Mapping

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from utilsbot import settings as s
from utilsbot.clock import Clock
from utilsbot.errors import ServiceError

PARAMETER = s.Setting(
    "DAILY_WORD_PARAMETER", s.text, "SSM parameter with the secret that orders the daily words", ""
)
SECRET = s.Setting("DAILY_WORD_SECRET", s.text, "the same secret itself, for a laptop", "")
LIFE_S = 300.0
"""How long a secret that was read is trusted."""


def daily_secret(environment: Mapping[str, str], clock: Clock) -> Callable[[], bytes | None]:
    """A reader of the secret; it answers None where none is configured.

    Args:
        environment: the function's.
        clock: tells when to read again.

    Raises:
        BadSettings: a variable is wrong.
    """
    reader = s.Reader(environment)
    parameter, secret = reader.read(PARAMETER), reader.read(SECRET)
    reader.finish()
    if secret or not parameter:
        return lambda: (secret or "").encode() or None
    return _Parameter(parameter, clock).read


class _Parameter:
    """A SecureString, read when it is first needed and again after a while."""

    def __init__(self, name: str, clock: Clock) -> None:
        self._name = name
        self._clock = clock
        self._known: tuple[float, bytes] | None = None

    def read(self) -> bytes | None:
        """The secret, or None if the parameter does not exist.

        Raises:
            ServiceError: SSM did not answer or refused.
        """
        now = self._clock.monotonic()
        if self._known and now - self._known[0] < LIFE_S:
            return self._known[1]
        client = boto3.client("ssm")
        try:
            answer = client.get_parameter(Name=self._name, WithDecryption=True)
        except client.exceptions.ParameterNotFound:
            return None
        except (ClientError, BotoCoreError) as error:
            raise ServiceError(f"SSM: {type(error).__name__}") from None
        self._known = (now, answer["Parameter"]["Value"].encode())
        return self._known[1]
