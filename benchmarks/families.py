"""Leave each source of spinners out of training altogether, and measure on texts spun by it.

    python benchmarks/families.py --corpora DIR [--output benchmarks/results] [--source NAME]

Trains a model without each source (tool, thesaurus, tortured and wild; or without the named one alone) into a
temporary folder, of which learning to compare takes a quarter of an hour. The others' rows in DIR stay.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

from spindetect.detector import Detector
from spindetect.training.language.lexicon import SOURCES
from spindetect.training.measuring.evaluate import held_out_examples, score_examples
from spindetect.training.measuring.figures import interval, share_reaching
from spindetect.training.pairs.dataset import LIGHTEST
from spindetect.training.train import train

LEFT_OUT = {**{name: families for name, (families, _) in SOURCES.items()}, "wild": ("wild",)}


def main() -> None:
    """Print and write a table: the family left out, the recall at a score of 50 on its texts."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpora", required=True, type=Path)
    parser.add_argument("--output", type=Path)
    parser.add_argument("--source", choices=sorted(LEFT_OUT))
    arguments = parser.parse_args()
    examples = [example for example in held_out_examples(arguments.corpora, seed=1) if example.family]
    chosen = {name: of for name, of in LEFT_OUT.items() if arguments.source in (None, name)}
    path = (arguments.output or Path()) / "families.json"
    earlier = json.loads(path.read_text("utf-8")) if arguments.output and path.exists() else []
    rows = [row for row in earlier if row["left_out"] not in chosen]
    with tempfile.TemporaryDirectory() as folder:
        for source, families in chosen.items():
            train(arguments.corpora, Path(folder) / source, without=source)
            detector = Detector.load(Path(folder) / source)
            some = [example for example in examples if example.family in families]
            scored = [row for row in score_examples(some, detector, 2) if row.words >= 100]
            spun = [row for row in scored if row.touched >= LIGHTEST]
            for which, kept in (("all", scored), (f"{LIGHTEST:.0%} of words or more", spun)):
                low, high = interval(kept, lambda found: share_reaching(found, 50))
                recall = share_reaching(kept, 50)
                rows.append({"left_out": source, "edited": which, "recall": recall,
                             "low": low, "high": high, "count": len(kept)})  # fmt: skip
                print(f"{source:12} {which:22} recall {recall:.3f} ({low:.3f} to {high:.3f}) of {len(kept)}",
                      flush=True)  # fmt: skip
            if arguments.output:
                arguments.output.mkdir(parents=True, exist_ok=True)
                path.write_text(json.dumps(rows, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
