"""Small news stories made to order, each with names and numbers of its own."""

from __future__ import annotations

import random

_SYLLABLES = "bar cor dal fen gor hal kel lom mar nor pel ros tam vel wen zor".split()
_SENTENCES = (
    "{a} council voted on Tuesday to spend {n} million crowns on the harbour at {b}.",
    "The mayor, {c} {d}, said that the old quay had been closed to lorries since the spring of {y}.",
    "Fishermen from {b} had asked for a new pier after storms sank {m} boats last winter.",
    "“We can't wait for another season,” said {e} {f}, who has worked there for {k} years.",
    "The engineers of {g} are to begin dredging before the end of the month.",
    "A first plan, drawn up by {h}, was turned down by the regional assembly.",
    "Opponents fear that the noise will drive away the seals that rest near {i}.",
    "The cost has risen by {k} per cent since the survey, according to the ministry in {j}.",
    "Work on the road between {a} and {i} is expected to take {m} weeks.",
    "The next hearing takes place in {j}, where {c} {d} will present the figures.",
)


def story(number: int) -> str:
    """A story of about 150 words; another number gives another one."""
    rng = random.Random(number)
    names = {key: "".join(rng.sample(_SYLLABLES, 3)).capitalize() for key in "abcdefghij"}
    figures = {
        "n": rng.randint(3, 90),
        "y": rng.randint(1990, 2020),
        "m": rng.randint(5, 40),
        "k": rng.randint(4, 30),
    }
    chosen = [_SENTENCES[0], *rng.sample(_SENTENCES[1:], 8)]
    return " ".join(sentence.format(**names, **figures) for sentence in chosen)
