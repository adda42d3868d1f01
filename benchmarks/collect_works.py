"""Honest pairs of works: two people's translations, editions and plain versions, verse by verse or entry by entry.

`collected.toml` lists the works under ``works``; `collect.py` reads and cuts them.
"""

from __future__ import annotations

import ast
import gzip
import json
import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial
from html import unescape
from itertools import combinations, pairwise
from typing import Any

import numpy as np
from collect_texts import decoded, is_prose, words_of

Files = Mapping[str, bytes]
"""Files of an archive by their path."""

Part = tuple[str, list[tuple[str, str]]]
"""A chapter's or letter's name, and its units in order: the reference's and the suspect's verse or entry."""

_TAG = re.compile(r"<[^<>]*>")
_REFERENCE = re.compile(r"&Reference\[([^\[\]=]*?)(?: \w+=\w+)*\]")
_MARKED = re.compile(r"[*_`]+")


def plain(text: str) -> str:
    """A text on one line, without tags and entities.

    >>> plain("<p>Salt &amp; water</p>")
    'Salt & water'
    """
    return " ".join(unescape(_TAG.sub(" ", text)).split())


def ending(files: Files, last: str) -> bytes:
    """The file whose path ends so. Raises ``ValueError`` where there is none."""
    for path, data in files.items():
        if path.endswith(last):
            return data
    raise ValueError(f"The archive has no file that ends in {last}.")


def rotated(parts: Sequence[tuple[str, Mapping[str, list[str]]]]) -> Iterator[Part]:
    """Parts in two of their versions, another two each time, so that all versions meet."""
    for number, (name, versions) in enumerate(parts):
        meetings = [*combinations(sorted(versions), 2)]
        one, other = meetings[(number * 7) % len(meetings)]
        yield f"{name}, {one} and {other}", [*zip(versions[one], versions[other], strict=True)]


def quran(files: Files) -> Iterator[Part]:
    """Suras in two of ten people's translations, by verse; those that lean on another's are left out."""
    names = "ahmedali arberry daryabadi itani maududi pickthall qarai sahih sarwar yusufali".split()
    suras = {name: _suras(files, name) for name in names}
    parts = []
    for number in range(114):
        versions = {name: suras[name][number] for name in names}
        length = Counter(len(version) for version in versions.values()).most_common(1)[0][0]
        versions = {name: version for name, version in versions.items() if len(version) == length}
        for start in range(0, length, 25):
            parts.append(
                (f"sura {number + 1}", {name: verses[start : start + 25] for name, verses in versions.items()})
            )
    return rotated(parts)


def quran_revised(files: Files, later: Files) -> Iterator[Part]:
    """Suras in a translation and in one that revises it, by verse."""
    saheeh = [
        [plain(verse["translation"]) for verse in sura["verses"]]
        for sura in json.loads(ending(later, "dist/quran_en.json"))
    ]
    revisions = [("hilali", _suras(files, "mubarakpuri")), ("sahih", saheeh)]
    for number in range(114):
        name, revised = revisions[number % 2]
        verses = _suras(files, name)[number]
        for start in range(0, len(verses), 25):
            both = zip(verses[start : start + 25], revised[number][start : start + 25], strict=False)
            yield f"sura {number + 1}, {name}", [*both]


def _suras(files: Files, name: str) -> list[list[str]]:
    """The verses of each sura in a translation."""
    verse = re.compile(r'<aya index="\d+" text="([^"]*)"')
    suras = decoded(ending(files, f"corpora/en.{name}.xml")).split("<sura ")[1:]
    return [[plain(text) for text in verse.findall(sura)] for sura in suras]


_GITA = {
    "Swami Sivananda": "sivananda",
    "Shri Purohit Swami": "purohit",
    "Dr.S.Sankaranarayan": "sankaranarayan",
    "Swami Adidevananda": "adidevananda",
    "A.C. Bhaktivedanta Swami Prabhupada": "prabhupada",
}
_NUMBERED = re.compile(r"^[\s\d.,:–-]+")


def gita(files: Files) -> Iterator[Part]:
    """Chapters of the Bhagavad Gita in two of five people's translations, by verse; the file lost some ``qu``."""
    verses: dict[int, list[dict[str, str]]] = {}
    for verse in json.loads(ending(files, "data/verses.json")):
        told = {
            _GITA[one["author"]]: _NUMBERED.sub("", plain(one["description"]))
            for one in verse["translations"]
            if one["language"] == "en" and one["author"] in _GITA
        }
        if len(told) == len(_GITA) and all(len(words_of(text)) >= 6 for text in told.values()):
            verses.setdefault(verse["chapter"], []).append(told)
    words = {
        word
        for chapter in verses.values()
        for verse in chapter
        for text in verse.values()
        for word in words_of(text)
    }
    damaged = {word.replace("qu", "") for word in words if "qu" in word} | {"acire", "acired", "acires", "reires"}
    chapters = {
        chapter: [one for one in all_of_it if not damaged & set(words_of(" ".join(one.values())))]
        for chapter, all_of_it in verses.items()
    }
    return rotated(
        [
            (
                f"chapter {chapter}",
                {name: [verse[name] for verse in whole[start : start + 12]] for name in _GITA.values()},
            )
            for chapter, whole in chapters.items()
            for start in range(0, len(whole), 12)
        ]
    )


def dhammapada(files: Files) -> Iterator[Part]:
    """The Dhammapada by Max Müller (1881) and by John Richards (1993); a verse ends with its number."""
    sides = []
    for name in ("alternate", "english-transl"):
        verses: dict[int, str] = {}
        for paragraph in re.split(r"\n\s*\n", decoded(ending(files, f"dhammapada-{name}.txt"))):
            found = re.fullmatch(r"(.+?)\s(\d+(?:,\s*\d+)*)\.?", plain(paragraph))
            if found:
                verses[int(found[2].split(",")[0])] = found[1]
        sides.append(verses)
    both = sorted(set(sides[0]) & set(sides[1]))
    for start in range(0, len(both), 12):
        chosen = both[start : start + 12]
        yield f"verses {chosen[0]} to {chosen[-1]}", [(sides[0][number], sides[1][number]) for number in chosen]


def hadith(*collections: Files) -> Iterator[Part]:
    """Sayings that two of four collections report, translated by two people; paired by the words in common."""
    sides = []
    for files in collections:
        told = json.loads(gzip.decompress(ending(files, ".json.gz")))["hadiths"]
        texts = dict.fromkeys(plain(f"{one['english']['narrator']} {one['english']['text']}") for one in told)
        sides.append([text for text in texts if 100 <= len(words_of(text)) <= 500])
    for left, right in combinations(sides, 2):
        for row, column in nearest(left, right):
            yield left[row][:40], [(left[row], right[column])]


def nearest(left: Sequence[str], right: Sequence[str], least: float = 0.6) -> list[tuple[int, int]]:
    """Indices of texts that are each other's nearest by rare words in common (cosine of at least ``least``)."""
    counts = [Counter(words_of(text)) for text in (*left, *right)]
    spread = Counter(word for count in counts for word in count)
    known = {word: index for index, word in enumerate(word for word, files in spread.items() if files > 1)}
    table = np.zeros((len(counts), len(known)), dtype=np.float32)
    for row, count in enumerate(counts):
        for word, times in count.items():
            if word in known:
                table[row, known[word]] = (1 + np.log(times)) * np.log(len(counts) / spread[word])
    table /= np.linalg.norm(table, axis=1, keepdims=True)
    alike = table[: len(left)] @ table[len(left) :].T
    return [
        (row, int(column))
        for row, column in enumerate(alike.argmax(axis=1))
        if alike[row, column] >= least and alike[:, column].argmax() == row
    ]


def plain_technical(vocabulary: Files, rules: Files) -> Iterator[Part]:
    """Example sentences of technical English and their plain versions by the writers of ASD-STE100, by letter."""
    letters: dict[str, list[tuple[str, str]]] = {}

    def seek(entry: Any, letter: str) -> None:
        if isinstance(entry, dict):
            both = entry.get("nonste_example") or [], entry.get("ste_example") or []
            letters.setdefault(letter, []).extend(zip(*both, strict=False) if len(both[0]) == len(both[1]) else ())
            for inner in entry.values():
                seek(inner, letter)
        for inner in entry if isinstance(entry, list) else ():
            seek(inner, letter)

    for line in decoded(ending(vocabulary, "/asdste100_issue9_base.jsonl")).splitlines():
        entry = json.loads(line)
        seek(entry, entry["name"][0].lower())
    for rule in json.loads(ending(rules, "/asdste100_issue9_rules.json")):
        contents = [(one["type_"], _MARKED.sub("", plain(one["data"]))) for one in rule["contents"]]
        for (kind, before), (after_kind, after) in pairwise(contents):
            if (kind, after_kind) == ("nonste_example", "ste_example"):
                letters.setdefault(f"section {rule['section']}", []).append((before, after))
    for letter, sentences in letters.items():
        units = [(before, cased(after, before)) for before, after in dict.fromkeys(sentences)]
        yield letter, [unit for unit in units if unit[0] != unit[1]]


def cased(text: str, model: str) -> str:
    """A text printed in capitals, in small letters but for the words that ``model`` has in capitals.

    >>> cased("SET THE APU SWITCH TO ON.", "The APU switch is set to ON.")
    'Set the APU switch to ON.'
    """
    if sum(sign.islower() for sign in text) > 0.2 * len(text):
        return text
    kept = {word.lower(): word for word in re.findall(r"\w+", model)[1:]}
    small = re.sub(r"\b[A-Z]+\b", lambda found: kept.get(found[0].lower(), found[0].lower()), text)
    return re.sub(r"(?:^|(?<=[.!?:] ))[a-z]", lambda found: found[0].upper(), small)


def folio(files: Files) -> Iterator[Part]:
    """Shakespeare's plays as printed in 1623 and in an edition of today's spelling, by speech."""
    others = {
        "alls_well_that_ends_well": "all_is_well_that_ends_well",
        "antony_and_cleopatra": "anthonie_and_cleopatra",
    }
    others |= {"comedy_of_errors": "comedy_of_errours", "loves_labours_lost": "loves_labour_lost"}
    others |= {"midsummer_nights_dream": "midsummer_nights_dreame", "twelfth_night": "twelfe-night"}
    others |= {"tragedy_of_titus_andronicus": "titus_andronicus"}
    for path in sorted(files):
        name = path.removeprefix("shksprdata/texts/").removesuffix("_gut.txt")
        old = files.get(f"shksprdata/texts/{others.get(name, name)}_gut_f.txt")
        if name == path or old is None:
            continue
        speeches = [*_speeches(decoded(old), _FOLIO_SPEAKER)], [*_speeches(decoded(files[path]), _SPEAKER)]
        linked = nearest(*([_old_as_new(text) for text in side] for side in speeches), least=0.55)
        ordered = [link for link, after in pairwise(linked) if link[1] < after[1]]
        units = [(speeches[0][row], speeches[1][column]) for row, column in ordered]
        yield name, [unit for unit in units if 0.75 < len(unit[0]) / len(unit[1]) < 1.33]


_FOLIO_SPEAKER = re.compile(r"^ {1,4}[1-9A-Z][\w.]{0,9}(?: [\w.]{1,8})?\. ", re.MULTILINE)
_SPEAKER = re.compile(r"^[A-Z][A-Za-z ,'’-]{1,28}\.?[ ]*\n", re.MULTILINE)
_STAGE = re.compile(r"\[[^\[\]]*\]|^(?:Enter|Exit|Exeunt|ACT|SCENE|Actus|Scena)\b.*$", re.MULTILINE)


def _speeches(text: str, speaker: re.Pattern[str]) -> Iterator[str]:
    for speech in speaker.split(text)[1:]:
        told = plain(_STAGE.sub(" ", re.split(r"\n\s*\n", speech.lstrip("\n"))[0]))
        if len(words_of(told)) >= 12:
            yield told


def _old_as_new(text: str) -> str:
    """A rough common spelling to pair speeches by: ``u`` for ``v``, ``i`` for ``j`` and ``y``, no final ``e``."""
    table = str.maketrans("vjy", "uii")
    return " ".join(re.sub(r"(.)\1", r"\1", word.translate(table)).removesuffix("e") for word in words_of(text))


def rulebook(before: Files, after: Files) -> Iterator[Part]:
    """Spells and magic items of a game's rules, in the editions of 2014 and 2024."""
    old = _rows(ending(before, "/dnd5e-2014-en-v5.10.0.sqlite3"))
    new = {
        entry["slug"]: _REFERENCE.sub(r"\1", plain(entry.get("description") or ""))
        for path, data in after.items()
        if "/canonical/" in path and path.endswith(".json") and "slug" in (entry := json.loads(data))
    }
    for slug in sorted(set(old) & set(new)):
        text = "\n\n".join(line for line in old[slug]["desc"] if not line.startswith("|"))
        yield slug, [(_MARKED.sub("", plain(text)), new[slug])]


def _rows(database: bytes) -> dict[str, dict[str, Any]]:
    query = 'SELECT "index", data FROM spells UNION ALL SELECT "index", data FROM magic_items'
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(database)
        return {index: json.loads(data) for index, data in connection.execute(query)}


def weaknesses(before: Files, after: Files) -> Iterator[Part]:
    """Entries of the Common Weakness Enumeration in two releases, description and extended description."""
    sides = []
    for files in (before, after):
        catalog = json.loads(ending(files, "/cwe-archive.json"))["Weakness_Catalog"]["Weaknesses"]["Weakness"]
        sides.append(
            {
                one["attr"]["@_ID"]: [plain(text) for text in _strings([one.get(key) for key in _TOLD])]
                for one in catalog
            }
        )
    for number in sorted(set(sides[0]) & set(sides[1]), key=int):
        texts = ["\n\n".join(side[number]) for side in sides]
        yield f"CWE-{number}", [(texts[0], texts[1])]


_TOLD = ("Description", "Extended_Description", "Background_Details", "Potential_Mitigations")


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str) and len(words_of(value)) >= 8:
        yield value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for one in inner:
        yield from _strings(one)


def factbook(before: Files, after: Files) -> Iterator[Part]:
    """Countries' longer entries in two years of the World Factbook, in the order of its headings."""
    later = {path.rpartition("/")[2]: data for path, data in after.items() if path.count("/") >= 2}
    for path, data in sorted(before.items()):
        if path.endswith(".json") and (other := later.get(path.rpartition("/")[2])):
            old, new = (dict(_entries(json.loads(one))) for one in (data, other))
            yield path.removesuffix(".json"), [(text, new[key]) for key, text in old.items() if key in new]


def _entries(value: Any, path: str = "", least: int = 30) -> Iterator[tuple[str, str]]:
    for key, inner in value.items() if isinstance(value, dict) else ():
        if key == "text" and isinstance(inner, str) and len(words_of(inner)) >= least:
            yield path, plain(inner)
        yield from _entries(inner, f"{path}/{key.lower().replace(' - overview', ' overview')}", least)


def elements(before: Files, after: Files) -> Iterator[Part]:
    """Chemical elements in a reference work and in an encyclopedia, in the order of their numbers."""
    entry = re.compile(r"^(\w+)\nSymbol: .*\nAtomic number: .*\nAtomic weight: .*\n((?:.+\n)+)", re.MULTILINE)
    told = {name: plain(text) for name, text in entry.findall(decoded(gzip.decompress(ending(before, ".dict.dz"))))}
    other: dict[str, str] = {}
    for node in ast.walk(ast.parse(decoded(ending(after, "/table.py")))):
        given = (
            [one.value for one in getattr(node, "args", ()) if isinstance(one, ast.Constant)]
            if isinstance(node, ast.Call)
            else []
        )
        texts = [value for value in given if isinstance(value, str)]
        if texts and len(words_of(longest := max(texts, key=len))) >= 20:
            other[texts[0].lower()] = plain(longest)
    names = [name for name in other if name in told]
    for start in range(0, len(names), 5):
        chosen = names[start : start + 5]
        yield " ".join(chosen), [(told[name], other[name]) for name in chosen]


_TERM = re.compile(
    r'^id: (\S+)\nname: (.+)\n(?:[^\n\[].*\n)*?def: "((?:[^"\\\n]|\\.)*)"(?=.*\n(?:[^\n\[].*\n)*)', re.MULTILINE
)


def _terms(files: Files, last: str) -> Iterator[tuple[str, str, str]]:
    """Identifier, name and definition of an ontology's terms; definitions of under eight words are left out."""
    for identifier, name, text in _TERM.findall(decoded(ending(files, last))):
        if len(words_of(told := plain(text.replace("\\", "").replace("_", " ")))) >= 8:
            yield identifier, name.lower(), told


def definitions(before: str, after: str, *archives: Files) -> Iterator[Part]:
    """An ontology's definitions that were revised between two releases, given as the endings of their files."""
    sides = [
        {identifier: text for identifier, _, text in _terms(files, last)}
        for files, last in ((archives[0], before), (archives[-1], after))
    ]
    told = [(text, sides[1][key]) for key, text in sides[0].items() if sides[1].get(key, text) != text]
    for start in range(0, len(told), 12):
        yield f"revisions from {start}", told[start : start + 12]


def defined_twice(diseases: Files, phenotypes: Files) -> Iterator[Part]:
    """One term's definitions by the editors of two ontologies."""
    sides = [
        {name: text for _, name, text in _terms(files, last)}
        for files, last in ((diseases, "/DiseaseOntology_2019.03.07.obo"), (phenotypes, "/hp.obo"))
    ]
    both = sorted(set(sides[0]) & set(sides[1]))
    for start in range(0, len(both), 6):
        names = both[start : start + 6]
        yield ", ".join(names[:2]), [(sides[0][name], sides[1][name]) for name in names]


def forms(files: Files) -> Iterator[Part]:
    """Two countries' short entries under the same headings of the World Factbook, a form filled in anew."""
    countries = [(path, data) for path, data in sorted(files.items()) if path.endswith(".json") and "/" in path]
    for (path, data), (other, after) in zip(countries[::2], countries[1::2], strict=False):
        sides = [dict(_entries(json.loads(one), least=4)) for one in (data, after)]
        shared = [
            key
            for key in sides[0]
            if key in sides[1] and is_prose(sides[0][key]) and len(words_of(sides[0][key])) < 60
        ]
        names = [key.rpartition("/")[2].capitalize() for key in shared]
        told = [tuple(f"{name}: {side[key]}" for side in sides) for name, key in zip(names, shared, strict=True)]
        yield (
            f"{path.removesuffix('.json')} and {other.removesuffix('.json')}",
            [(one, two) for one, two in told][:40],
        )


_DESCRIBED = re.compile(r'\bdesc: "((?:[^"\\\n]|\\.)*)",\s*shortDesc: "((?:[^"\\\n]|\\.)*)"')
_ENTRY = re.compile(r'^ {2,6}(\w+): \{$|^ {4,8}desc: "((?:[^"\\\n]|\\.)*)"', re.MULTILINE)


def condensed(files: Files) -> Iterator[Part]:
    """A game's moves, abilities and items: what they do at length, and its short form by the same editors."""
    found = dict.fromkeys(_DESCRIBED.findall(decoded(ending(files, "build/index.js"))))
    pairs = [(plain(long), plain(short)) for long, short in found if long != short]
    told = [pair for pair in pairs if len(words_of(pair[1])) >= 6]
    for start in range(0, len(told), 12):
        yield f"entries from {start}", told[start : start + 12]


def explained_twice(game: Files, players: Files) -> Iterator[Part]:
    """A game's moves and abilities as the game and as its players' data explain them."""
    explained: dict[str, str] = {}
    entry = ""
    for name, text in _ENTRY.findall(decoded(ending(players, "build/index.js"))):
        if text:
            explained.setdefault(entry, plain(text))
        entry = name or entry
    told = [
        (plain(one["description"]), explained[name])
        for path, data in sorted(game.items())
        if re.search(r"/(?:moves|abilities)/[^/]+\.json$", path)
        and (one := json.loads(data)).get("description")
        and (name := re.sub(r"\W", "", one["name"])) in explained
    ]
    for start in range(0, len(told), 12):
        yield f"entries from {start}", told[start : start + 12]


def functions(before: str, after: str, *archives: Files) -> Iterator[Part]:
    """Functions of one name in two libraries, documented by either's authors; patterns say which files are read."""
    sides = [_documented(files, pattern) for files, pattern in zip(archives, (before, after), strict=True)]
    both = sorted(set(sides[0]) & set(sides[1]))
    for start in range(0, len(both), 8):
        names = both[start : start + 8]
        yield ", ".join(names[:2]), [(sides[0][name], sides[1][name]) for name in names]


def _documented(files: Files, pattern: str) -> dict[str, str]:
    """What functions and methods do and take, by their names: no examples, references and markup."""
    told: dict[str, str] = {}
    for path in sorted(path for path in files if re.search(pattern, path)):
        for node in ast.walk(ast.parse(decoded(files[path]))):
            if isinstance(node, ast.FunctionDef) and node.name[0] != "_" and (said := ast.get_docstring(node)):
                text = _ROLE.sub(r"\1", _UNDERLINED.sub("\n\n", _REST.split(said)[0]).replace("``", ""))
                if (
                    is_prose(text := plain(re.sub(r"[*`\\]+", "", text)))
                    and len(words_of(text)) >= 15
                    and not re.search(r"%\(|\{\w+\}", text)
                ):
                    told.setdefault(node.name, text)
    return told


_REST = re.compile(r"^\s*(?:Examples?|See Also|References|Notes?|Raises|\.\. \w+::|>>> )(?:\W|$)", re.MULTILINE)
_UNDERLINED = re.compile(r"^\s*(?:\w+\n\s*-{3,}|Args:|Returns:)\s*$", re.MULTILINE)
_ROLE = re.compile(r":\w+(?::\w+)*:`~?(?:[\w.]*\.)?(\w+)`")


_OLD_OBO, _NEW_OBO = "Os/{}_2014.10.13.obo", "Os/{}_2019.01.29.obo"
READERS: dict[str, Callable[..., Iterator[Part]]] = {
    **{
        "quran_translators": quran,
        "quran_revised": quran_revised,
        "gita_translators": gita,
        "dhammapada_translators": dhammapada,
        "hadith_translators": hadith,
        "shakespeare_folio": folio,
    },
    **{"plain_technical": plain_technical, "rulebook_editions": rulebook, "weaknesses_revised": weaknesses},
    **{"factbook_years": factbook, "elements_two_authors": elements, "condensed_by_editors": condensed},
    **{"country_forms": forms, "defined_twice": defined_twice, "explained_twice": explained_twice},
    "phenotypes_revised": partial(definitions, _NEW_OBO.format("HumanPhenotypeOntology"), "/hp.obo"),
    "diseases_revised": partial(
        definitions, _OLD_OBO.format("DiseaseOntology"), _NEW_OBO.format("DiseaseOntology")
    ),
    "functions_twice": partial(functions, r"^numpy/(?:core|lib|linalg|fft)/\w+\.py$", r"^cupy/_?\w+/\w+\.py$"),
    "methods_adapted": partial(
        functions, r"^pandas/core/(?:generic|frame|series)\.py$", r"koalas/(?:generic|frame|series)\.py$"
    ),
}
