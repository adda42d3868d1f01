"""How well texts by other people's programs are found, and whether programs that only edit are accused.

    python benchmarks/machines.py FILE [--output benchmarks/results]

FILE is what collect_machines.py writes. For each operator: how many of its texts score 50 or more, get a machine's
verdict, the right one of the three, stay undecided, and the median score; for both halves of the documents apart.
A model that learnt from FILE knows these texts: then `kinds.py` says how well each program is found without it.
Writes machines.json.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from pathlib import Path
from statistics import median
from typing import Any

from spindetect import Detector
from spindetect.findings import MACHINE_RELATIONS
from spindetect.results import Comparison
from spindetect.training.corpora import read_records

_ACCUSED = 50


def figures(judged: list[tuple[dict[str, Any], Comparison]]) -> dict[str, Any]:
    """An operator's figures: shares 0 to 1, the median score, and how often each verdict was given."""
    machines = [
        record["relation"] == found.verdict for record, found in judged if found.verdict in MACHINE_RELATIONS
    ]
    scores = {
        half: [found.score for record, found in judged if record["split"] == half] for half in ("choose", "report")
    }
    return {
        "texts": len(judged),
        "accused": round(sum(found.score >= _ACCUSED for _, found in judged) / len(judged), 3),
        **{
            f"accused_{half}": round(sum(score >= _ACCUSED for score in of_half) / max(1, len(of_half)), 3)
            for half, of_half in scores.items()
        },
        "machine": round(len(machines) / len(judged), 3),
        "right_kind": round(sum(machines) / len(machines), 3) if machines else None,
        "median_score": round(median(found.score for _, found in judged), 1),
        "verdicts": dict(Counter(found.verdict for _, found in judged).most_common()),
        "undecided": dict(Counter(item.reason for _, found in judged for item in found.undecided).most_common()),
    }


def main() -> None:
    """Judge all pairs, print a line for each operator and write the figures."""
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    options.add_argument("file", type=Path)
    options.add_argument("--output", type=Path)
    chosen = options.parse_args()
    detector = Detector.load()
    judged: dict[str, list[tuple[dict[str, Any], Comparison]]] = defaultdict(list)
    for record in read_records(chosen.file):
        judged[record["operator"]].append((record, detector.compare(record["suspect"], record["reference"])))
    found = {operator: figures(pairs) for operator, pairs in sorted(judged.items())}
    print(f"{'operator':38}{'texts':>6}{'>= 50':>7}{'machine':>9}{'kind':>6}{'median':>8}  verdicts")
    for operator, row in found.items():
        kind = "-" if row["right_kind"] is None else f"{row['right_kind']:.2f}"
        print(
            f"{operator:38}{row['texts']:6}{row['accused']:7.2f}{row['machine']:9.2f}{kind:>6}{row['median_score']:8.1f}"
            f"  {row['verdicts']} {row['undecided'] or ''}"
        )
    if chosen.output:
        text = json.dumps(found, indent=1, ensure_ascii=False) + "\n"
        (chosen.output / "machines.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
