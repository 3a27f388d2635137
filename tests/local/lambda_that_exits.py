"""A Lambda function whose process ends while it is imported."""

import os

os._exit(3)
