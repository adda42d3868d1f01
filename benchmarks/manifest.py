"""Renew the manifest of a model's folder, after a part of another model was copied there by hand.

    python benchmarks/manifest.py [FOLDER]

By default the shipped model's. Training and the other savers write it themselves. That the parts go together is
checked when they are loaded: a part that belongs to other arrays is still refused.
"""

from __future__ import annotations

import sys
from pathlib import Path

from spindetect.model import find_model
from spindetect.parts import MANIFEST, renew
from spindetect.scorer import Scorer
from spindetect.settings import Settings


def main(folder: Path) -> None:
    """Renew it, load all parts, and print it."""
    renew(folder)
    scorer = Scorer.load(folder)
    print(scorer.alone.signature, scorer.families is not None, scorer.signature)
    print((folder / MANIFEST).read_text("utf-8"))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else find_model(Settings().model))
