# /// script
# requires-python = ">=3.11"
# dependencies = ["better-profanity==0.7.0", "wordfreq==3.1.1"]
# ///
"""Builds the games' word lists; functions/games/words/README.md has sources and licences.

    uv run --no-project scripts/build_words.py

It takes SCOWL from Debian's package (`apt-get download scowl`) and the npm package `cuss`
(`npm pack cuss`), so it needs apt-get, dpkg-deb and npm; `--scowl` and `--cuss` name folders where
they are unpacked already. The lists are committed: running it again gives the same bytes.
"""

import argparse
import re
import subprocess
import tempfile
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

OUTPUT = Path(__file__).parents[1] / "functions" / "games" / "words"
CUSS = "cuss@2.2.0"
VARIANTS = ("american", "australian", "british", "canadian", "english")
LENGTH = 5
MAX_GUESS_LEVEL = 80
"""SCOWL's levels: 35 small, 50 medium, 60 default of spell checkers, 70 large, 80 huge."""
MAX_ANSWER_LEVEL = 50
NAME_LEVEL = 35
"""Words above it that are names as well (kylie) are no answers; below, they are words (grace)."""
MIN_ANSWER_ZIPF = 2.95
"""wordfreq's Zipf scale: 3 is once in a million words, 6 once in a thousand."""
_WORD = re.compile(r"[a-z]{3,5}")


def main() -> None:
    """Writes answers.txt and guesses.txt."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scowl", type=Path, help="unpacked Debian package scowl")
    parser.add_argument("--cuss", type=Path, help="unpacked npm package cuss")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        scowl = arguments.scowl or _debian_package("scowl", Path(scratch))
        cuss = arguments.cuss or _npm_package(CUSS, Path(scratch))
        lists = scowl / "usr" / "share" / "dict" / "scowl"
        levels, common = _scowl(lists)
        names = _names(lists)
        (OUTPUT / "LICENSE-SCOWL.txt").write_bytes(
            (scowl / "usr" / "share" / "doc" / "scowl" / "copyright").read_bytes()
        )
        ratings = _cuss(cuss)
    profane = _profane()
    five = {word: level for word, level in levels.items() if len(word) == LENGTH}
    guesses = {word for word, level in five.items() if not _offends(word, level, ratings, profane)}
    unclean = profane | {word for word, rating in ratings.items() if rating >= 1}
    common -= {word for word in names if levels.get(word, 0) > NAME_LEVEL}
    answers = {word for word in common & guesses - unclean if _is_answer(word, levels)}
    _write("answers.txt", answers)
    _write("guesses.txt", guesses - answers)
    print(f"{len(answers)} answers, {len(guesses)} accepted guesses (answers included)")  # noqa: T201


def _debian_package(name: str, scratch: Path) -> Path:
    subprocess.run(["apt-get", "download", name], cwd=scratch, check=True)  # noqa: S603, S607
    (package,) = scratch.glob(f"{name}_*.deb")
    subprocess.run(["dpkg-deb", "-x", package, scratch / name], check=True)  # noqa: S603, S607
    return scratch / name


def _npm_package(name: str, scratch: Path) -> Path:
    subprocess.run(["npm", "pack", "--silent", name], cwd=scratch, check=True)  # noqa: S603, S607
    (package,) = scratch.glob("*.tgz")
    subprocess.run(["tar", "xzf", package], cwd=scratch, check=True)  # noqa: S603, S607
    return scratch / "package"


def _scowl(folder: Path) -> tuple[dict[str, int], set[str]]:
    """Each word's smallest level, and those that every variant of English spells so."""
    levels: dict[str, int] = {}
    common: set[str] = set()
    for path in sorted(folder.glob("*-words.*")):
        variant, level = path.name.partition("-")[0], int(path.suffix[1:])
        if variant not in VARIANTS or level > MAX_GUESS_LEVEL:
            continue
        for word in path.read_text(encoding="latin-1").split():
            if _WORD.fullmatch(word):
                levels[word] = min(level, levels.get(word, level))
                if variant == "english":
                    common.add(word)
    return levels, common


def _names(folder: Path) -> set[str]:
    kinds = ("*-proper-names.*", "*-upper.*")
    paths = [p for kind in kinds for p in folder.glob(kind) if int(p.suffix[1:]) <= 50]
    return {word.lower() for path in paths for word in path.read_text("latin-1").split()}


def _cuss(folder: Path) -> dict[str, int]:
    """Words by how surely they are an insult: 0 unlikely, 1 maybe, 2 likely."""
    source = (folder / "index.js").read_text(encoding="utf-8")
    return {word: int(rating) for word, rating in re.findall(r"^\s+(\w+): (\d)", source, re.M)}


def _profane() -> set[str]:
    return set((files("better_profanity") / "profanity_wordlist.txt").read_text().split())


def _offends(word: str, level: int, ratings: dict[str, int], profane: set[str]) -> bool:
    """Whether even a guess should not show it: surely an insult, and little else."""
    return ratings.get(word) == 2 and (word in profane or level > 50)


def _is_answer(word: str, levels: dict[str, int]) -> bool:
    from wordfreq import zipf_frequency

    return (
        levels[word] <= MAX_ANSWER_LEVEL
        and zipf_frequency(word, "en") >= MIN_ANSWER_ZIPF
        and not any(levels.get(stem, 99) <= MAX_ANSWER_LEVEL for stem in _stems(word))
    )


def _stems(word: str) -> list[str]:
    """What the word is an inflection of, if that is a word: too many answers would end alike."""
    if word.endswith(("ies", "ied")):
        return [word[:-1], word[:-2], word[:-3] + "y"]
    if word.endswith("ves"):
        return [word[:-1], word[:-3] + "f", word[:-3] + "fe"]
    if word.endswith("es") or (word.endswith("ed") and not word.endswith("eed")):
        return [word[:-1], word[:-2]]
    return [word[:-1]] if word.endswith("s") and not word.endswith("ss") else []


def _write(name: str, words: Iterable[str]) -> None:
    (OUTPUT / name).write_text("".join(f"{word}\n" for word in sorted(words)), encoding="ascii")


if __name__ == "__main__":
    main()
