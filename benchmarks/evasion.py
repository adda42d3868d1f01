"""Try to evade: do to spun articles what hides them, to honest ones the same, and see where the score breaks.

    python benchmarks/evasion.py --corpora DIR [--output benchmarks/results] [--jobs N]

Spun are held-out articles, each spun whole by one family of spinners (invented ones that training never
drew among them), the examples in data/ and the spun pairs of DIR/wild; honest the pairs of DIR/wild that
people made and held-out edited, copied and independent pairs. Only the suspect is changed. Writes
evasion.json and a picture of the curves, evasion.png.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from evasions import EVASIONS, SPLICES, Subject, paragraphs

from spindetect.detector import Detector
from spindetect.findings import MACHINE_RELATIONS
from spindetect.results import Comparison
from spindetect.training.measuring.evaluate import wild_examples
from spindetect.training.pairs.dataset import articles, held_out, real_examples
from spindetect.training.pairs.stitch import crop
from spindetect.training.spinners.spinner import Spinner, families

ROOT = Path(__file__).resolve().parent.parent
ARTICLES_PER_CORPUS = 80
SPUN_EACH = 10  # of each family
HONEST_EACH = 25  # held-out pairs of each honest relation
RATE = 0.7  # of the words that the spinner knows
WORDS = 400
UNSEEN_SPINNERS = range(300, 400)
STRENGTHS = (0.1, 0.25, 0.5, 0.75, 0.9)
EVERY = (0.5, 2 / 3, 0.8, 0.9)  # verbatim: only every second, third, fifth, tenth sentence is spun


class Pair(NamedTuple):
    """A subject and the reference to compare its suspect with."""

    subject: Subject
    reference: str
    spun: bool


class Row(NamedTuple):
    """What became of the spun and of the honest pairs at one strength of one evasion."""

    evasion: str
    strength: float
    spun: int
    spun_told: float  # share of the scores at 50 or more
    spun_named: float  # share with a machine verdict
    spun_median: float
    honest: int
    honest_accused: int  # scores at 50 or more
    honest_newly: int  # of these, those under 50 before
    honest_most: float


def spun_pairs(corpora: Path, foreign: Sequence[tuple[str, str]]) -> Iterator[Pair]:
    """Held-out articles, each spun by one family; then real ones, which can't be spun anew."""
    rng = np.random.default_rng(0)
    spinners = families(corpora, wild_seeds=UNSEEN_SPINNERS)
    homes = [text for _, text in foreign]
    for number in range(SPUN_EACH * len(spinners)):
        spinner = spinners[sorted(spinners)[number % len(spinners)]]
        original = crop(homes[number], WORDS, rng)
        spin = _spinning(spinner, number)
        second = spin(crop(homes[-1 - number], WORDS, rng))
        yield Pair(Subject(spin(original), original, _others(homes, original), second, spin), original, True)
    real = [(path.read_text("utf-8"), path.with_name("original.txt").read_text("utf-8"))
            for path in sorted((ROOT / "data").glob("*/spun.txt"))]  # fmt: skip
    real += [(one.suspect, one.reference) for one in wild_examples(corpora) if one.relation == "spun"]
    for number, (suspect, reference) in enumerate(real):
        second = real[(number + 5) % len(real)][0]
        yield Pair(Subject(suspect, reference, _others(homes, reference), second), reference, True)


def _spinning(spinner: Spinner, seed: int) -> Callable[[str], str]:
    """Spins any text with the same luck whenever it is asked."""
    return lambda text: spinner.spin(text, np.random.default_rng(seed), RATE).text


def _others(homes: Sequence[str], text: str) -> list[str]:
    """Paragraphs of other articles, enough to bury a text in."""
    return [one for home in homes if home[:100] != text[:100] for one in paragraphs(home) if len(one.split()) > 15]


def honest_pairs(corpora: Path, foreign: Sequence[tuple[str, str]]) -> Iterator[Pair]:
    """Real altered news that people made, then held-out honest pairs."""
    homes = [text for _, text in foreign]
    chosen = [one for one in wild_examples(corpora) if one.relation not in (*MACHINE_RELATIONS, "machine")]
    rest = [
        one
        for one in real_examples(corpora)
        if one.held_out and min(map(_length, (one.suspect, one.reference))) > 99
    ]
    for relation in ("copied", "edited", "independent"):
        some = [one for one in rest if one.relation == relation]
        order = np.random.default_rng(0).permutation(len(some))[:HONEST_EACH]
        chosen += [some[place] for place in order]
    for number, one in enumerate(chosen):
        second = chosen[(number + len(chosen) // 2) % len(chosen)].suspect
        yield Pair(Subject(one.suspect, one.reference, _others(homes, one.reference), second), one.reference, False)


def _length(text: str) -> int:
    return len(text.split())


def changed(pairs: Sequence[Pair], evasion: str, strength: float) -> list[tuple[str, str]]:
    """The suspects after the evasion, each with its reference."""
    act = (EVASIONS | SPLICES)[evasion]
    return [
        (act(pair.subject, np.random.default_rng(seed), strength), pair.reference)
        for seed, pair in enumerate(pairs)
    ]


def compared(detector: Detector, texts: Sequence[tuple[str, str]], jobs: int) -> list[Comparison]:
    """The comparisons, in order; the first error ends the run."""
    found = []
    for result in detector.compare_many(texts, jobs):
        if not isinstance(result, Comparison):
            raise result
        found.append(result)
    return found


def rows_of(detector: Detector, pairs: Sequence[Pair], jobs: int) -> Iterator[Row]:
    """A row for each evasion and strength, the plain texts first."""
    plain = compared(detector, [(pair.subject.suspect, pair.reference) for pair in pairs], jobs)
    for evasion in (*EVASIONS, *SPLICES):
        able = [place for place, pair in enumerate(pairs) if evasion in EVASIONS or pair.subject.spin]
        chosen, before = [pairs[place] for place in able], [plain[place] for place in able]
        yield _row(evasion, 0.0, chosen, before, before)
        for strength in EVERY if evasion == "sentences left verbatim" else STRENGTHS:
            after = compared(detector, changed(chosen, evasion, strength), jobs)
            yield _row(evasion, strength, chosen, before, after)


def _row(
    evasion: str, strength: float, pairs: Sequence[Pair], before: Sequence[Comparison], after: Sequence[Comparison]
) -> Row:
    spun = [one for pair, one in zip(pairs, after, strict=True) if pair.spun]
    honest = [(one.score, was.score) for pair, one, was in zip(pairs, after, before, strict=True) if not pair.spun]
    accused = [was for score, was in honest if score >= 50]
    return Row(
        evasion=evasion,
        strength=round(strength, 3),
        spun=len(spun),
        spun_told=round(statistics.mean(one.score >= 50 for one in spun), 4),
        spun_named=round(statistics.mean(one.verdict in MACHINE_RELATIONS for one in spun), 4),
        spun_median=round(statistics.median(one.score for one in spun), 2),
        honest=len(honest),
        honest_accused=len(accused),
        honest_newly=sum(was < 50 for was in accused),
        honest_most=round(max((score for score, _ in honest), default=0.0), 1),
    )


def draw(rows: Sequence[Row], path: Path) -> None:
    """A curve for each evasion: the share of spun articles still told, the median score, the honest accused."""
    from matplotlib.figure import Figure

    names = list(dict.fromkeys(row.evasion for row in rows))
    figure = Figure(figsize=(10.5, 9.0))
    grid = figure.subplots(3, 3, sharey=True).flat
    for axes, name in zip(grid, names, strict=True):
        some = [row for row in rows if row.evasion == name]
        across = [100 * row.strength for row in some]
        axes.plot(across, [100 * row.spun_told for row in some], marker="o", label="spun scoring 50 or more, %")
        axes.plot(across, [row.spun_median for row in some], linestyle="--", label="spun, median score")
        if some[0].honest:
            axes.plot(across, [100 * row.honest_accused / row.honest for row in some], marker="x", color="C3",
                      label="honest scoring 50 or more, %")  # fmt: skip
        axes.set_title(name, fontsize=10)
        axes.set_ylim(-3, 103)
        axes.grid(alpha=0.3)
    figure.supxlabel("strength of the evasion: share of the suspect changed, foreign, missing or verbatim, %")
    figure.legend(*figure.axes[0].get_legend_handles_labels(), loc="upper center", ncols=3)
    figure.tight_layout(rect=(0, 0, 1, 0.96))
    figure.savefig(path, dpi=100, metadata={"Software": None})


def main() -> None:
    """Print a line for each evasion and strength; write the figures and the picture."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpora", required=True, type=Path)
    parser.add_argument("--output", type=Path)
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    detector = Detector.load()
    foreign = [item for item in articles(options.corpora, ARTICLES_PER_CORPUS) if held_out(item[0])]
    foreign = [foreign[place] for place in np.random.default_rng(0).permutation(len(foreign))]
    pairs = [*spun_pairs(options.corpora, foreign), *honest_pairs(options.corpora, foreign)]
    rows = []
    print(f"{'evasion':26} strength   spun: 50+  named median      honest: 50+ (newly)   most")
    for row in rows_of(detector, pairs, options.jobs):
        rows.append(row)
        spun = f"{row.spun_told:11.3f} {row.spun_named:6.3f} {row.spun_median:6.1f} of {row.spun:3}"
        honest = f"{row.honest_accused:6} ({row.honest_newly}) of {row.honest:3} {row.honest_most:6.1f}"
        print(f"{row.evasion:26} {row.strength:8.2f} {spun} {honest}", flush=True)
    if options.output:
        options.output.mkdir(parents=True, exist_ok=True)
        text = json.dumps([row._asdict() for row in rows], indent=1)
        (options.output / "evasion.json").write_text(text + "\n", "utf-8")
        draw(rows, options.output / "evasion.png")


if __name__ == "__main__":
    main()
