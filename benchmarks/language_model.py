"""What a language model adds where scoring alone is in doubt: honest texts accused and spun ones found.

    python benchmarks/language_model.py --corpora CORPORA --lm FILE [--most 40] [--fit] [--output DIR]

Each text is scored alone; those in doubt are read by the language model as well. Honest texts are of many kinds;
the tools are real programs, none of whose texts was trained on, and spinners that training simulates. With
``--fit`` the weights are fitted to these texts and written to the model's folder: what is printed then was judged
by weights that had left out the text's own tool or kind. About a second a text in doubt.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import log
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import numpy as np
import typer
from reference_free import EXCERPT, crop_words

from spindetect import Detector
from spindetect.parts import HEARING, save_parts
from spindetect.read.article import article_from_text
from spindetect.reference_free.hearing import FORMAT, HEARD, Ear, load_ear
from spindetect.reference_free.language_model import GgufModel
from spindetect.reference_free.model import Judgement
from spindetect.score.additive import ramp_matrix
from spindetect.segment.document import segment
from spindetect.training.corpora import read_records
from spindetect.training.pairs.dataset import training_spinners
from spindetect.training.reference_free.suspicion import bounded_regression
from spindetect.training.reference_free.texts import honest_texts, spin_share, texts_of_kinds, window
from spindetect.training.spinners.replacement import Exclusions

_TOOLS = ("npm_thesaurus", "nlpaug", "omatic", "control_")
_RATES = (0.15, 0.3, 0.6)
_HONEST_ROLES = ("original", "original_partial", "independent")
_FOLDS = 6
# An honest text wrongly accused weighs as much as so many spun ones missed; what holds the weights back, inverse.
_HONEST_WEIGHT, _STRENGTH = 15.0, 2.0
# Log-odds of texts in doubt: scores of 3 to 50.
_DOUBT = (-3.6, 0.0)
# Beyond this quantile a feature's value counts no more.
_MOST = 0.97
_NAMES = tuple(feature.name for feature in HEARD)


class Text(NamedTuple):
    """A text, the set it is shown in, its tool ('' for honest ones), and what is left out together with it."""

    set: str
    tool: str
    group: str
    text: str


class Scored(NamedTuple):
    """A text's log-odds without a language model, and what that made of it; None where it wasn't asked."""

    text: Text
    odds: float
    heard: list[float] | None


def texts(corpora: Path, most: int) -> Iterator[Text]:
    """At most so many texts of each set, in the order of the files."""
    counts: dict[str, int] = {}
    for one in _every(corpora):
        counts[one.set] = counts.get(one.set, 0) + 1
        if counts[one.set] <= most:
            yield one


def _every(corpora: Path) -> Iterator[Text]:
    rng = np.random.default_rng(0)
    for kind in texts_of_kinds(corpora):
        yield Text(f"kinds: {kind.unusual}", "", kind.unusual, kind.text)
    general = [one for one in honest_texts(corpora, rng) if one.held_out]
    for one in general:
        yield Text(f"general: {one.kind}", "", one.kind, one.text)
    for record in read_records(corpora / "pairs" / "newsrooms.jsonl.gz"):
        yield Text("newsrooms", "", "newsrooms", crop_words(record["suspect"]))
    for record in read_records(corpora / "pairs" / "tools.jsonl.gz"):
        if record["operator"].startswith(_TOOLS):
            honest = record["operator"].startswith("control_")
            tool = "" if honest else record["operator"].partition(":")[0]
            yield Text(record["operator"], tool, "controls" if honest else tool, crop_words(record["suspect"]))
    for record in read_records(corpora / "wild" / "records.jsonl"):
        if record["role"] in (*_HONEST_ROLES, "spun"):
            tool = "wild" if record["role"] == "spun" else ""
            yield Text(f"wild: {record['role']}", tool, "wild", window(record["text"], rng, EXCERPT))
    spinners = training_spinners(corpora, "")
    for rate in _RATES:
        for family, spinner in spinners.items():
            for place in rng.permutation(len(general)):
                cut = replace(general[place], text=window(general[place].text, rng, EXCERPT))
                if made := spin_share(cut, family, spinner, rate, rng, Exclusions()):
                    yield Text(f"{family}, {rate:.0%}", family.rstrip("0123456789"), family, made.text)


def knots_of(scored: Sequence[Scored]) -> dict[str, list[float]]:
    """From 0 to where a feature counts no more."""
    values = np.array([one.heard for one in scored])
    tops = np.maximum(np.quantile(values, _MOST, axis=0).round(4), 1e-3).tolist()
    return {name: [0.0, top] for name, top in zip(_NAMES, tops, strict=True)}


def fitted(scored: Sequence[Scored], knots: dict[str, list[float]]) -> Judgement:
    """Logistic regression of which texts were spun, given what the words say by themselves."""
    ramps = ramp_matrix(np.array([one.heard for one in scored]), [knots[name] for name in _NAMES])
    spun = np.array([bool(one.text.tool) for one in scored])
    intercept, weights = bounded_regression(
        ramps,
        spun,
        np.where(spun, 1.0, _HONEST_WEIGHT),
        np.ones(len(_NAMES)),
        _STRENGTH,
        np.array([one.odds for one in scored]),
    )
    return Judgement(intercept, knots, {name: [round(w, 4)] for name, w in zip(_NAMES, weights, strict=True)})


def part_of(text: Text) -> str:
    """What is left out together with a text: its tool, or a sixth of the kinds of honest texts."""
    return text.tool or str(int(hashlib.sha256(text.group.encode()).hexdigest()[:8], 16) % _FOLDS)


def judged(scored: Sequence[Scored], judgements: dict[str, Judgement]) -> list[float]:
    """Log-odds with the language model, by the judgement for each text's part."""

    def added(one: Scored) -> float:
        if one.heard is None:
            return 0.0
        judgement = judgements[part_of(one.text)]
        return judgement.intercept + sum(judgement.parts(dict(zip(_NAMES, one.heard, strict=True))).values())

    return [one.odds + added(one) for one in scored]


def figures(scored: Sequence[Scored], after: Sequence[float]) -> dict[str, Any]:
    """For each set: texts, those in doubt, those at 50 or more and those found at 0.5% of honest ones."""
    odds = np.array([[one.odds for one in scored], after])
    honest = np.array([not one.text.tool for one in scored])
    limits = np.sort(odds[:, honest], axis=1)[:, ::-1][:, int(0.005 * honest.sum())]
    sets: dict[str, list[int]] = {"all honest": np.flatnonzero(honest).tolist()}
    for place, one in enumerate(scored):
        sets.setdefault(one.text.set, []).append(place)
    return {
        name: {
            "texts": len(rows),
            "in_doubt": sum(scored[row].heard is not None for row in rows),
            "at_50": [int((odds[which, rows] >= 0.0).sum()) for which in (0, 1)],
            "above_limit": [int((odds[which, rows] > limits[which]).sum()) for which in (0, 1)],
        }
        for name, rows in sets.items()
    }


def main(
    corpora: Annotated[Path, typer.Option(help="The corpora's folder.")],
    lm: Annotated[Path, typer.Option(help="A GGUF file.")],
    output: Annotated[Path, typer.Option(help="Where to write language_model.json.")] = Path("benchmarks/results"),
    most: Annotated[int, typer.Option(help="Texts of each set.")] = 40,
    fit: Annotated[bool, typer.Option(help="Fit the weights to these texts, and write them.")] = False,
) -> None:
    """Score every text, let the language model read those in doubt, print and write what changes."""
    detector = Detector.load()
    folder = Path(detector.model.metadata["folder"])
    language_model = GgufModel.load(lm)
    nothing = Judgement(0.0, {}, {})
    ear = (
        Ear(language_model, *_DOUBT, nothing)
        if fit
        else load_ear(folder, language_model, detector.model.vocabulary)
    )
    scored = []
    for text in texts(corpora, most):
        document = segment(article_from_text(text.text), detector.model.vocabulary)
        chance = detector.score(document.article).probability
        odds = log(chance) - log(1.0 - chance)
        heard = ear.features(document, odds)
        scored.append(Scored(text, odds, [heard[name] for name in _NAMES] if heard else None))
    parts = {part_of(one.text) for one in scored}
    judgements = dict.fromkeys(parts, ear.judgement)
    if fit:
        doubtful = [one for one in scored if one.heard]
        knots = knots_of(doubtful)
        judgements = {part: fitted([one for one in doubtful if part_of(one.text) != part], knots) for part in parts}
        found = fitted(doubtful, knots)
        record = {
            "format": FORMAT,
            "lowest": ear.lowest,
            "highest": ear.highest,
            **vars(found),
            "fitted_to": {"texts": len(doubtful), "lm": language_model.signature[1:]},
        }
        save_parts(folder, {HEARING: record})
    text = json.dumps({"lm": ear.signature[1:], **figures(scored, judged(scored, judgements))}, indent=1) + "\n"
    (output / "language_model.json").write_text(text, "utf-8")
    typer.echo(text)


if __name__ == "__main__":
    typer.run(main)
