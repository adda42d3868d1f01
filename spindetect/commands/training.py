"""Training a model and measuring one; both need the ``train`` extra."""

from __future__ import annotations

from pathlib import Path

from spindetect.commands.streams import FINE, write_output
from spindetect.errors import needed


def train(corpora: Path, output: Path, seed: int, keep: str | None = None, alone: bool = False) -> int:
    """Train a model from a folder of corpora into the folder ``output`` and return exit code 0.

    Of a model to ``keep``, only the classifier is fitted anew, or only what scores articles ``alone``.
    """
    needed("sklearn", "train a model", "train", "scikit-learn")
    from spindetect.training.train import train as run

    _say(run(corpora, output, seed, keep=keep, alone=alone))
    return FINE


def evaluate(corpora: Path, gold: Path | None, model: str, output: Path | None) -> int:
    """Measure a model on a folder of corpora, and on hand-labelled gold if given; return exit code 0."""
    needed("sklearn", "evaluate a model", "train", "scikit-learn")
    from spindetect.training.measuring.evaluate import evaluate as run

    _say(run(corpora, gold, model, output))
    return FINE


def _say(summary: object) -> None:
    """Print a summary, when there is one."""
    if summary is not None:
        write_output(f"{str(summary).rstrip()}\n")
