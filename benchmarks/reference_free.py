"""How well an article is scored without a reference: real spun news, tools never met, people's writing.

    python benchmarks/reference_free.py --corpora CORPORA --seeds SEEDS [--output benchmarks/results]

Every general text is measured with an n-gram model that leaves its kind of text out; a tool left out is left out of
everything that is learnt. The texts are those that training keeps for measuring; the wild news wasn't trained on.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from spindetect import Detector
from spindetect.assessment import evidence_share, score_alone
from spindetect.read.article import article_from_text
from spindetect.reference_free.features import measure
from spindetect.reference_free.model import AloneModel
from spindetect.reference_free.ngrams import NGramModel
from spindetect.results import Assessment
from spindetect.score.verdict import PRIOR_LOG_ODDS
from spindetect.segment.document import segment
from spindetect.training.corpora import read_pairs, read_records, read_thesaurus
from spindetect.training.language.lexicon import SOURCES, count_spun
from spindetect.training.pairs.dataset import sample_texts, training_spinners
from spindetect.training.reference_free.exchanges import exchanges_of_thesaurus
from spindetect.training.reference_free.ngrams import count_ngrams, encode_texts, kind_of_text
from spindetect.training.reference_free.texts import (
    Text,
    honest_texts,
    learners,
    spin_share,
    training_texts,
    window,
)
from spindetect.training.reference_free.train import Learnt, fit, measure_texts
from spindetect.training.spinners.dictionaries import Lexicon
from spindetect.training.spinners.replacement import Exclusions
from spindetect.training.spinners.spinner import Spinner

EXCERPT = 300
"""Words of an excerpt, about."""
_HONEST_ROLES = ("original", "original_partial", "independent")
_OPERATORS = ("npm_thesaurus", "nlpaug", "omatic", "control_")
_TOOL_TEXTS, _SHORTEST = 150, 100
_LEFT_OUT_TEXTS = 150
_LEFT_OUT_SHARE = 0.3
# The kinds of writing that must not be called spun, by the corpora that hold them.
_PEOPLE: Mapping[str, tuple[str, ...]] = {
    "UN speeches (many by non-native speakers or translated)": ("un_general_debate",),
    "Australian radio news": ("nltk_abc",),
    "British news": ("bbc_greene2005",),
    "agency news": ("reuters21578", "reuters_c50"),
    "newsrooms around the world": ("groundnews",),
    "textbooks": (
        "openstax_american_government",
        "openstax_introduction_political_science",
        "openstax_world_history",
    ),
    "prose of 1961": ("nltk_brown",),
    "speeches from 1789 on": ("nltk_inaugural", "nltk_state_union"),
    "government prose": ("18f_blog", "digitalgov", "whitehouse_briefings"),
    "reference works": ("factbook", "wikitext2_valid_test", "wikiversions"),
    "mixed genres": ("nltk_masc", "gum", "l2r"),
    "web pages": ("pan13",),
    "students": ("clough",),
}


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Area under the ROC curve."""
    from sklearn.metrics import roc_auc_score

    labels = [1] * len(positive) + [0] * len(negative)
    return float(roc_auc_score(labels, [*positive, *negative]))


def recall_at(positive: Sequence[float], negative: Sequence[float], rate: float = 0.01) -> float:
    """Share of the positive found where at most ``rate`` of the negative are accused."""
    limit = np.sort(negative)[::-1][int(rate * len(negative))]
    return float(np.mean(np.array(positive) > limit))


def wild_figures(corpora: Path, detector: Detector) -> dict[str, Any]:
    """Real spun news against their originals and independent reports, and the other machine texts."""
    records = [json.loads(line) for line in (corpora / "wild" / "records.jsonl").read_text("utf-8").splitlines()]
    rng = np.random.default_rng(0)
    by_role: dict[str, list[float]] = {}
    for record in records:
        text = window(record["text"], rng, EXCERPT)
        by_role.setdefault(record["role"], []).append(detector.score(text).score)
    spun = by_role["spun"]
    honest = [score for role in _HONEST_ROLES for score in by_role[role]]
    return {
        "spun": len(spun),
        "honest": len(honest),
        "auroc": auroc(spun, honest),
        "recall_at_1_percent": recall_at(spun, honest),
        "spun_at_50": float(np.mean(np.array(spun) >= 50)),
        "honest_at_50": float(np.mean(np.array(honest) >= 50)),
        "at_50_by_role": {
            role: [int(np.sum(np.array(found) >= 50)), len(found)] for role, found in by_role.items()
        },
    }


def probabilities(
    texts: Sequence[Text], detector: Detector, learnt: Learnt, alone: AloneModel, jobs: int
) -> list[float]:
    """Scores (0 to 1) of texts, each measured without its own kind of text."""
    measured = measure_texts(texts, detector.model, learnt, alone.ranking, jobs)
    found = []
    for one in measured:
        features = measure(one.items, alone.suspicion.log_odds(one.items), one.words).features
        share = evidence_share(one.words)
        odds = share * (alone.judgement.intercept + sum(alone.judgement.parts(features).values()))
        odds += (1.0 - share) * PRIOR_LOG_ODDS
        found.append(1.0 / (1.0 + np.exp(-odds)))
    return found


def people_figures(
    honest: Sequence[Text], detector: Detector, learnt: Learnt, alone: AloneModel, jobs: int
) -> dict[str, Any]:
    """Share of each kind of people's writing that is scored 50 or more."""
    found = np.array(probabilities(honest, detector, learnt, alone, jobs))
    corpora = np.array([text.id.split(":")[0] for text in honest])
    made = learners([text for text in honest for _ in range(4)], np.random.default_rng(4))
    simulated = np.array(probabilities(made, detector, learnt, alone, jobs))
    rates: dict[str, Any] = {
        "simulated learners of English": {"texts": len(made), "at_50": float((simulated >= 0.5).mean())}
    }
    for kind, names in _PEOPLE.items():
        mine = found[np.isin(corpora, names)]
        rates[kind] = {"texts": len(mine), "at_50": float((mine >= 0.5).mean()), "highest": float(100 * mine.max())}
    return {"texts": len(found), "at_50": float((found >= 0.5).mean()), "kinds": rates}


def left_out_figures(
    corpora: Path,
    spinners: Mapping[str, Spinner],
    detector: Detector,
    everything: Learnt,
    honest: Sequence[Text],
    jobs: int,
) -> dict[str, Any]:
    """Texts spun by a source of spinners that nothing was learnt from: 300 words, 30% of content words."""
    figures = {}
    for source, (families, _) in {**SOURCES, "invented": (("wild",), 0.0)}.items():
        others = {name: spinner for name, spinner in spinners.items() if name not in families}
        rng = np.random.default_rng(1)
        learnt = everything.without(families, detector.model, rng)
        spinners_left = {**others, **learnt.spinners()}
        alone = fit(training_texts(corpora, spinners_left, rng), detector.model, learnt, {}, rng, jobs)
        long = [replace(text, text=window(text.text, rng, EXCERPT)) for text in honest]
        long = [text for text in long if len(text.text.split()) >= 0.8 * EXCERPT]
        spun = [
            made
            for place in rng.permutation(len(long))[:_LEFT_OUT_TEXTS]
            for family in families
            if (made := spin_share(long[place], family, spinners[family], _LEFT_OUT_SHARE, rng, Exclusions()))
        ]
        positive, negative = (probabilities(texts, detector, learnt, alone, jobs) for texts in (spun, long))
        figures[source] = _f1(positive, negative)
        typer.echo(f"without {source}: {figures[source]}", err=True)
    return figures


def _f1(positive: Sequence[float], negative: Sequence[float]) -> dict[str, float]:
    """Detection at a score of 50, honest and spun texts counting alike, and what the best limit would give."""
    scores = np.array([*positive, *negative])

    def at(limit: float) -> float:
        recall = float(np.mean(np.array(positive) >= limit))
        false = float(np.mean(np.array(negative) >= limit))
        return 2 * recall / (1 + recall + false)

    return {
        "texts": len(positive),
        "auroc": auroc(positive, negative),
        "recall": float(np.mean(np.array(positive) >= 0.5)),
        "false": float(np.mean(np.array(negative) >= 0.5)),
        "f1": at(0.5),
        "best_f1": max(at(limit) for limit in np.unique(scores)),
        "recall_at_1_percent": recall_at(positive, negative),
    }


def restoring_figures(
    honest: Sequence[Text],
    spinners: Mapping[str, Spinner],
    detector: Detector,
    ngrams: Mapping[str, NGramModel],
    alone: AloneModel,
) -> dict[str, Any]:
    """How often the original is the first, or among the first three, of the guesses at a phrase that was spun."""
    rng = np.random.default_rng(2)
    figures: dict[str, Any] = {}
    for family, spinner in spinners.items():
        counts = dict.fromkeys(("replaced", "shown", "first", "among three", "false"), 0)
        for place in rng.permutation(len(honest))[:60]:
            text = spin_share(honest[place], family, spinner, 0.4, rng, Exclusions())
            if text:
                model = replace(alone, ngrams=ngrams[text.kind])
                document = segment(article_from_text(text.text), detector.model.vocabulary)
                _count_restored(text, score_alone(document, detector.model, model, ""), counts)
        figures[family] = counts
    return figures


def _count_restored(text: Text, report: Assessment, counts: dict[str, int]) -> None:
    """Count a text's substitutions that are shown as giveaways, and those whose original is guessed."""
    shown = {giveaway.suspect.span: giveaway for giveaway in report.giveaways if giveaway.kind != "form"}
    counts["replaced"] += len(text.edits)
    right = 0
    for edit, old in text.edits:
        giveaway = shown.get(edit.suspect)
        if giveaway is None:
            continue
        right += 1
        guesses = [guess.text.lower() for guess in giveaway.guesses]
        counts["shown"] += 1
        counts["first"] += guesses[:1] == [old.lower()]
        counts["among three"] += old.lower() in guesses
    counts["false"] += len(shown) - right


def tool_figures(
    corpora: Path, detector: Detector, ngrams: Mapping[str, NGramModel], alone: AloneModel
) -> dict[str, Any]:
    """Output of real programs on news, and honest news; each is measured without counts of its kind.

    No text of these was trained on, and of nlpaug and omatic the dictionary was; npm_thesaurus has one of its own.
    ``accused`` are the shares of honest texts that fitting found, of kinds left out.
    """

    def score(text: str, kind: str) -> float:
        model = replace(alone, ngrams=ngrams[kind]) if kind in ngrams else alone
        document = segment(article_from_text(text), detector.model.vocabulary)
        return score_alone(document, detector.model, model, "").score

    by_operator: dict[str, list[float]] = {}
    originals: dict[str, float] = {}
    for record in read_records(corpora / "pairs" / "tools.jsonl.gz"):
        kind = kind_of_text(record["group"].rpartition(":")[0])
        if record["operator"].startswith(_OPERATORS):
            found = by_operator.setdefault(record["operator"], [])
            if len(found) < _TOOL_TEXTS:
                found.append(score(crop_words(record["suspect"]), kind))
        if len(originals) < _TOOL_TEXTS and record["group"] not in originals:
            originals[record["group"]] = score(crop_words(record["reference"]), kind)
    for record in read_records(corpora / "pairs" / "newsrooms.jsonl.gz"):
        if record["group"] not in originals and len(record["suspect"].split()) >= _SHORTEST:
            originals[record["group"]] = score(crop_words(record["suspect"]), "")
    honest = list(originals.values())
    return {
        "honest": len(honest),
        "honest_at_50": float(np.mean(np.array(honest) >= 50)),
        "accused": alone.metadata["accused"],
        "tools": {
            name: {
                "texts": len(found),
                "auroc": auroc(found, honest),
                "recall_at_half_a_percent": recall_at(found, honest, 0.005),
                "at_50": float(np.mean(np.array(found) >= 50)),
            }
            for name, found in by_operator.items()
        },
    }


def crop_words(text: str) -> str:
    """The first `EXCERPT` words of a text, its lines kept."""
    found = list(re.finditer(r"\S+", text))
    return text[: found[EXCERPT].start()] if len(found) > EXCERPT else text


def speed_figures(texts: Sequence[Text], detector: Detector) -> dict[str, float]:
    """Articles of 500 words scored a second, on one core, reading and segmenting included."""
    long = [" ".join(text.text.split()[:500]) for text in texts if len(text.text.split()) >= 450][:100]
    detector.score(long[0])
    times = []
    for text in long:
        begin = time.perf_counter()
        detector.score(text)
        times.append(time.perf_counter() - begin)
    return {
        "texts": len(long),
        "median_ms": 1000 * float(np.median(times)),
        "a_second": 1.0 / float(np.median(times)),
    }


def main(
    corpora: Annotated[Path, typer.Option(help="The corpora's folder.")],
    seeds: Annotated[Path, typer.Option(help="The folder of the seed articles.")],
    output: Annotated[Path, typer.Option(help="Where to write reference_free.json.")] = Path("benchmarks/results"),
    jobs: int = 2,
    left_out: Annotated[
        bool, typer.Option(help="Also train without each source of spinners (half an hour).")
    ] = False,
) -> None:
    """Measure, print and write everything."""
    detector = Detector.load()
    alone = detector.alone
    spinners = training_spinners(corpora, "")
    rng = np.random.default_rng(0)
    figures: dict[str, Any] = {"signature": alone.signature, "wild": wild_figures(corpora, detector)}
    figures["seeds"] = {path.name[:3]: detector.score(path).score for path in sorted(seeds.glob("0*.txt"))}
    honest = [text for text in honest_texts(corpora, rng) if text.held_out]
    figures["speed"] = speed_figures(honest, detector)
    texts = encode_texts(corpora, detector.model.vocabulary, jobs, alone.ngrams.more)
    learnt = Learnt(texts, count_ngrams(texts), {}, {}, alone.slots, {"": alone.supposed}, {"": alone.table})
    figures["people"] = people_figures(honest, detector, learnt, alone, jobs)
    kinds = {text.kind for text in honest}
    ngrams = {kind: learnt.ngrams.model(kind) for kind in kinds}
    figures["restoring"] = restoring_figures(honest, spinners, detector, ngrams, alone)
    figures["tools"] = tool_figures(corpora, detector, ngrams, alone)
    figures["others"] = {
        relation: float(np.mean([detector.score(text).score >= 50 for text in _machine(corpora, relation)]))
        for relation in ("back_translated", "llm_rewritten")
    }
    typer.echo(json.dumps(figures), err=True)  # what follows takes long
    if left_out:
        spun = count_spun(spinners, sample_texts(corpora, rng), detector.model.vocabulary, rng)
        around = exchanges_of_thesaurus(Lexicon(read_thesaurus(corpora)), texts.words)
        everything = replace(learnt, spun=spun, around=around)
        figures["left_out"] = left_out_figures(corpora, spinners, detector, everything, honest, jobs)
    text = json.dumps(figures, indent=1) + "\n"
    (output / "reference_free.json").write_text(text, "utf-8")
    typer.echo(text)


def _machine(corpora: Path, relation: str, most: int = 300) -> list[str]:
    pairs = [pair for pair in read_pairs(corpora) if pair.relation == relation and len(pair.suspect.split()) >= 90]
    rng = np.random.default_rng(3)
    return [window(pairs[i].suspect, rng, EXCERPT) for i in rng.permutation(len(pairs))[:most]]


if __name__ == "__main__":
    typer.run(main)
