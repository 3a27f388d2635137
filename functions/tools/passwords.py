"""Draws passwords and passphrases with the system's random numbers."""

import secrets
from collections.abc import Sequence


class Passwords:
    """The port that /password is given; loads the word list for the first passphrase."""

    def __init__(self) -> None:
        """Loads nothing yet."""
        self._words: tuple[str, ...] = ()

    def characters(self, length: int, alphabets: Sequence[str]) -> str:
        """A password that has a character of every alphabet.

        Drawn again as a whole until it does: putting one of each in place and filling up, the usual
        way, makes some passwords likelier than others.
        """
        alphabet = "".join(alphabets)
        while True:
            drawn = "".join(secrets.choice(alphabet) for _ in range(length))
            if all(any(letter in one for letter in drawn) for one in alphabets):
                return drawn

    def passphrase(self, words: int, separator: str) -> str:
        """Words of the list, each drawn for itself."""
        listed = self.words()
        return separator.join(secrets.choice(listed) for _ in range(words))

    def words(self) -> tuple[str, ...]:
        """The EFF's long list (2016) less its four words with a hyphen, which separates too."""
        if not self._words:
            from xkcdpass.xkcd_password import generate_wordlist  # only passphrases need it

            listed = generate_wordlist("eff-long", min_length=1, max_length=99, valid_chars="[a-z]")
            self._words = tuple(sorted(listed))
        return self._words
