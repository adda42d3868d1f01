"""How well the tool that spun a text is told: texts kept for measuring, families left out, real spun news.

    python benchmarks/tools.py --corpora CORPORA [--texts 40] [--output benchmarks/results]

Every text is spun by every simulated spinner at several rates, and the tool told with the reference and without.
Then each family's texts are judged by fingerprints that leave it out, so that it ought to be unknown. Invented
spinners are those that nothing was trained on.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from spindetect import Detector
from spindetect.findings import Result
from spindetect.scan.spinners import spinner_groups
from spindetect.score.families import FEWEST, UNKNOWN, Families
from spindetect.training.families import FAMILIES, REAL_TOOLS, family_of, find_limits, try_all
from spindetect.training.pairs.dataset import training_spinners
from spindetect.training.reference_free.texts import Text, honest_texts, spin_share, window
from spindetect.training.spinners.replacement import Exclusions
from spindetect.training.spinners.spinner import Spinner, WildSpinner, families

RATES = (0.1, 0.2, 0.4, 0.6)
_WORDS = 300
# Invented spinners from here on were never trained on.
_UNSEEN_SEEDS = range(1000, 1400)
_SPINNERS_OF_GROUPS = 10
_ARTICLES_OF_GROUPS = 300

Results = Mapping[str, Result]


def told(detector: Detector, suspect: str, reference: str | None) -> dict[str, Result]:
    """The results with and without a reference."""
    found: dict[str, Result] = {"alone": detector.score(suspect)}
    return {"compared": detector.compare(suspect, reference), **found} if reference else found


def spun_texts(
    texts: Sequence[Text], spinners: Mapping[str, Spinner], detector: Detector, rng: np.random.Generator
) -> list[tuple[str, float, Results]]:
    """Every text by every spinner, at one rate after the other: spinner, rate, results."""
    found: list[tuple[str, float, Results]] = []
    for number, text in enumerate(texts):
        for place, (name, spinner) in enumerate(sorted(spinners.items())):
            rate = RATES[(number + place) % len(RATES)]
            if made := spin_share(text, name, spinner, rate, rng, Exclusions()):
                found.append((name, rate, told(detector, made.text, text.text)))
    return found


def confusion(spun: Sequence[tuple[str, float, Results]]) -> dict[str, Any]:
    """Of each spinner's texts how many were said to be by what, at each rate, with a reference and without."""
    table: dict[str, Any] = {}
    for name, rate, results in spun:
        for way, result in results.items():
            row = table.setdefault(way, {}).setdefault(str(rate), {}).setdefault(name, Counter())
            row[_answer(result)] += 1
    return table


def _answer(result: Result) -> str:
    """What is said of a result's tool."""
    if result.family:
        return result.family
    machine = result.verdict not in ("natural", "undecided", "edited", "copied", "independent")
    return "machine, no tool named" if machine else "not called spun"


def accuracy(table: Mapping[str, Any]) -> dict[str, Any]:
    """Of the texts whose tool is told, the share told right; the two that use WordNet count as one as well."""
    figures: dict[str, Any] = {}
    for way, rates in table.items():
        for rate, rows in rates.items():
            named = [(name, answer, n) for name, row in rows.items() for answer, n in row.items() if _tells(answer)]
            whole = sum(n for _, _, n in named)
            right = sum(n for name, answer, n in named if answer == (family_of(name) or UNKNOWN))
            kindred = sum(
                n for name, answer, n in named if _kindred(answer) == _kindred(family_of(name) or UNKNOWN)
            )
            texts = sum(sum(row.values()) for row in rows.values())
            figures[f"{way} {rate}"] = {
                "texts": texts,
                "told": round(whole / texts, 4),
                "right": round(right / max(1, whole), 4),
                "right_dictionary": round(kindred / max(1, whole), 4),
            }
    return figures


def _tells(answer: str) -> bool:
    return answer in FAMILIES or answer == UNKNOWN


def _kindred(family: str) -> str:
    return "wordnet" if family == "tortured_phrases" else family


def left_out(
    spun: Sequence[tuple[str, float, Results]], known: Families, detector: Detector
) -> dict[str, dict[str, Any]]:
    """What is said of each family's texts by fingerprints without those of its dictionary."""
    figures: dict[str, dict[str, Any]] = {}
    for name, _, results in spun:
        home = family_of(name)
        if home is None:
            continue
        kept = [n for n, other in enumerate(known.names) if _kindred(other) != _kindred(home)]
        fewer = replace(
            known,
            names=tuple(known.names[n] for n in kept),
            log_chances=known.log_chances[:, kept],
        )
        for way, result in results.items():
            if result.families:
                bare: Any = replace(result, families=(), family=None)
                answer = _answer(fewer.with_family(bare, detector.model.vocabulary))
                figures.setdefault(way, {}).setdefault(name, Counter())[answer] += 1
    return figures


def real_tools(corpora: Path, texts: Sequence[Text], detector: Detector, known: Families) -> dict[str, Any]:
    """What real programs' texts are said to be by, limits and leads being set without the tool that is measured."""
    spinners = training_spinners(corpora, "")
    trials = try_all(texts, spinners, corpora, detector, np.random.default_rng(5))
    figures: dict[str, Any] = {}
    for tool in sorted(REAL_TOOLS):
        fewer = replace(known, limits=find_limits(known, trials, without=tool))
        mine, limits = [trial for trial in trials if trial.spinner == tool], fewer.limits
        compared = Counter(
            fewer.named(known.fits(trial.compared), len(trial.compared), limits.compared, limits.ahead)
            for trial in mine
            if len(trial.compared) >= FEWEST
        )
        alone = Counter(
            fewer.named(
                known.fits(trial.alone, trial.chances), sum(old == "" for old, _ in trial.alone), limits.alone, {}
            )
            for trial in mine
            if trial.alone
        )
        figures[tool] = {"dictionary": REAL_TOOLS[tool] or UNKNOWN, "compared": compared, "alone": alone}
    return figures


def wild_figures(corpora: Path, detector: Detector) -> dict[str, Any]:
    """Real spun news: what its tool is said to be, with its original and without, cluster by cluster."""
    folder = corpora / "wild"
    records, pairs = (_lines(folder / f"{name}.jsonl") for name in ("records", "pairs"))
    alone: dict[str, Counter[str]] = {}
    clusters: dict[str, Counter[str]] = {}
    for record in records:
        answer = _answer(detector.score(record["text"]))
        alone.setdefault(record["role"], Counter())[answer] += 1
    compared: dict[str, Counter[str]] = {}
    for pair in pairs:
        answer = _answer(detector.compare(pair["suspect"], pair["reference"]))
        compared.setdefault(f"{pair['relation']} of {pair['reference_role']}", Counter())[answer] += 1
        if pair["relation"] == "spun" and pair["reference_role"].startswith("original"):
            clusters.setdefault(pair["group"].removeprefix("wild:"), Counter())[answer] += 1
    return {"alone": alone, "compared": compared, "spun_with_original_by_story": clusters}


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def group_figures(
    texts: Sequence[Text], wild: WildSpinner, detector: Detector, rng: np.random.Generator
) -> dict[str, Any]:
    """Articles by ten unknown spinners, on whatever topics: how many are grouped, and how many of these rightly."""
    rows, by = [], {}
    for number, place in enumerate(rng.permutation(len(texts))[:_ARTICLES_OF_GROUPS].tolist()):
        seed = _UNSEEN_SEEDS[number % _SPINNERS_OF_GROUPS]
        made = spin_share(texts[place], "wild", wild.invented(seed), 0.5, rng, Exclusions())
        if made and detector.families:
            result = detector.compare(made.text, texts[place].text)
            exchanges = detector.families.exchanges(result, detector.model.vocabulary)
            rows.append({"number": number, "family": result.family, "unknown_exchanges": exchanges})
            by[number] = seed
    groups = spinner_groups(rows)
    together = [by[one] == by[other] for one, other in combinations(groups, 2) if groups[one] == groups[other]]
    return {
        "articles": len(rows),
        "unknown": sum(row["family"] == UNKNOWN for row in rows),
        "grouped": len(groups),
        "groups": len(set(groups.values())),
        "pairs_grouped": len(together),
        "pairs_right": round(sum(together) / max(1, len(together)), 4),
    }


def main(
    corpora: Annotated[Path, typer.Option(help="The corpora's folder.")],
    output: Annotated[Path, typer.Option(help="Where to write tools.json.")] = Path("benchmarks/results"),
    texts: Annotated[int, typer.Option(help="Texts to spin, each by every spinner.")] = 160,
) -> None:
    """Measure, print and write everything."""
    detector = Detector.load()
    if detector.families is None:
        raise typer.BadParameter("the model knows no families; train it with this version")
    rng = np.random.default_rng(4)
    spinners = families(corpora, _UNSEEN_SEEDS)
    honest = [
        replace(text, text=window(text.text, rng, _WORDS)) for text in honest_texts(corpora, rng) if text.held_out
    ]
    honest = [text for text in honest if len(text.text.split()) >= 0.8 * _WORDS]
    few = [honest[place] for place in rng.permutation(len(honest))[:texts].tolist()]
    spun = spun_texts(few, spinners, detector, rng)
    table = confusion(spun)
    wild = spinners["wild"]
    figures: dict[str, Any] = {
        "signature": detector.signature,
        "texts": len(few),
        "accuracy": accuracy(table),
        "confusion": table,
        "left_out": left_out(spun, detector.families, detector),
        "real_tools": real_tools(corpora, honest, detector, detector.families),
        "wild": wild_figures(corpora, detector),
        "groups": group_figures(honest, wild, detector, rng) if isinstance(wild, WildSpinner) else {},
    }
    text = json.dumps(figures, indent=1) + "\n"
    (output / "tools.json").write_text(text, "utf-8")
    typer.echo(text)


if __name__ == "__main__":
    typer.run(main)
