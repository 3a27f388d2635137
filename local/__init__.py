"""The whole stack on a laptop: AWS, functions, a stand-in Discord, its page; never deployed."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""The repository's root, which import names are paths from."""
