"""Secrets from SSM Parameter Store: read when first needed, kept for a while, never shown.

Powertools does the reading, decrypting and keeping; each function may read only its own parameters.
"""

from typing import Protocol

from utilsbot.errors import ServiceError
from utilsbot.settings import Secret

KEPT_S = 300
"""How long a value is trusted, and so how long a changed key takes to arrive."""


class SecretReader(Protocol):
    """Reads secrets by name."""

    def read(self, name: str) -> Secret:
        """The secret.

        Raises:
            ServiceError: it could not be read; the text names the parameter and nothing else.
        """


class ParameterStore:
    """SecureString parameters of AWS Systems Manager."""

    def read(self, name: str) -> Secret:
        """As SecretReader.

        Args:
            name: the parameter's whole name, as `/utilsbot/screenshotone-key`.
        """
        # Powertools' parameters bring boto3's whole SSM client: only for who has a secret to read.
        from aws_lambda_powertools.utilities.parameters import get_parameter
        from aws_lambda_powertools.utilities.parameters.exceptions import GetParameterError

        try:
            return Secret(get_parameter(name, decrypt=True, max_age=KEPT_S))
        except GetParameterError as error:
            reason = type(error.__context__ or error).__name__
            raise ServiceError(f"parameter {name}: {reason}") from None
