"""The rescue's Lambda handler."""

import os

from functions.rescue.ports import build_rescue

RESCUE = build_rescue(os.environ)
handle = RESCUE.handle
