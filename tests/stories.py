"""Small news stories made to order, each with names, numbers and events of its own."""

from __future__ import annotations

import random

_SYLLABLES = "bar cor dal fen gor hal kel lom mar nor pel ros tam vel wen zor".split()
_WHO = (
    "the council of {a}|the ferry company {b}|farmers near {a}|{c}, a teacher from {b},|two judges in {a}"
    "|the miners' union|the weather office in {b}|a choir from {a}|{c} and her brother|the editor of the Courier"
    "|students of the {b} academy|the bank's director, {c},|a fisherman named {c}|doctors at the {a} clinic"
).split("|")
_DID = (
    "has asked for {n} new lanterns|will rebuild the mill|turned down a plan worth {n} crowns|found {n} coins"
    "|repaired the old bridge by hand|voted against the toll|opened a school for {n} children|sold {n} sheep"
    "|planted {n} oaks|cancelled the regatta|wrote a letter of {n} pages|measured the glacier again"
    "|closed the tunnel to lorries|counted {n} cranes on the marsh|painted the station red|lost the appeal"
).split("|")
_WHERE = (
    "on the road to {a}|below the castle|beside the quarry at {b}|in front of the {a} town hall|across the bay"
    "|near the border|at the foot of Mount {b}|under the viaduct|along the {a} canal|behind the granary"
).split("|")
_WHEN = (
    "on Tuesday|before the harvest|after {n} days of rain|since the spring|in the year of the flood|at dawn"
    "|while the lifts stood still|for the {n}th time|as the fair began|during a power cut|on the eve of the vote"
).split("|")


def story(number: int) -> str:
    """A story of about 150 words; another number gives another one."""
    rng = random.Random(number)
    names = ["".join(rng.sample(_SYLLABLES, 3)).capitalize() for _ in range(6)]

    def sentence() -> str:
        parts = " ".join(rng.choice(options) for options in (_WHO, _DID, _WHERE, _WHEN))
        a, b, c = rng.sample(names, 3)
        said = parts.format(a=a, b=b, c=f"{rng.choice(names)} {c}", n=rng.randint(3, 900))
        return f"{said[0].upper()}{said[1:]}."

    return " ".join(sentence() for _ in range(9))
