"""Honest pairs out of packages: prose out of files, passages that answer to each other, pinned archives."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
import tomllib
from pathlib import Path

import collect
import collect_texts
import collect_works
import pytest

OPENING = [
    "The ferry leaves the old mill at six every morning; it comes back at night, when the last shift has ended.",
    "Tickets are sold on board. Children under seven and dogs travel free, bicycles pay half of the ordinary fare.",
    "In a storm the captain decides whether the boat sails; the decision is announced on the board by five.",
    "Parcels may be left with the clerk until noon, who gives a receipt and keeps them dry until they are fetched.",
    "Complaints are heard on the first Monday of a month by the committee, which answers all of them in writing.",
]
MARKDOWN = b"""# Ferry rules

| fare | price |
|------|-------|

The [ferry](ferry.md) leaves at *six*
every morning.

- Dogs travel free on board
- Bicycles pay half the fare

```sh
sail --now the old boat home
```
"""


def packed(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as tar:
        for path, data in files.items():
            entry = tarfile.TarInfo(path)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    return stream.getvalue()


def test_markdown_becomes_its_paragraphs_and_list_items() -> None:
    assert collect_texts.paragraphs_of(MARKDOWN, "ferry.md") == [
        "The ferry leaves at six every morning.",
        "Dogs travel free on board",
        "Bicycles pay half the fare",
    ]


def test_an_ending_without_a_reader_is_refused() -> None:
    with pytest.raises(ValueError, match=r"ferry\.xyz has no reader"):
        collect_texts.paragraphs_of(b"", "ferry.xyz")


def test_restructured_text_keeps_what_unknown_roles_and_notes_say() -> None:
    pytest.importorskip("docutils")
    text = (
        b"Rules\n=====\n\nThe :ferry:`boat <b>` leaves at six::\n\n    sail now old boat\n\n"
        b".. note::\n\n   Dogs travel free on board.\n\n.. quux:: left out\n\n   This part is never shown there.\n"
    )
    found = collect_texts.paragraphs_of(text, "a.rst")
    assert found == ["The boat leaves at six:", "Dogs travel free on board."]


def test_services_and_catalogues_are_read_by_what_they_describe() -> None:
    service = {"documentation": "<p>Rents boats by the hour.</p>", "operations": {}}
    service["operations"]["Rent"] = {
        "documentation": "<p>Rents one boat to a guest.</p><p>It costs one &amp; a half.</p>"
    }
    found = collect_texts.paragraphs_of(json.dumps(service).encode(), "boats.json", "service")
    assert found == ["Rents boats by the hour.", "Rents one boat to a guest.", "It costs one & a half."]
    said = "The colour{} of the boat may be chosen by the guest at the desk"
    old, new = f'{said}, which \\"honors\\" it.'.format("s"), f'{said}, which \\"honours\\" it.'.format("s")
    catalogue = f'msgid "{old}"\nmsgstr ""\n"{new}"\n\nmsgid "{said}"\nmsgstr "{said}"\n'.encode()
    assert collect_texts.paragraphs_of(catalogue, "en_GB.po", "messages") == [old.replace("\\", "")]
    assert collect_texts.paragraphs_of(catalogue, "en_GB.po", "translations") == [new.replace("\\", "")]


def test_docstrings_of_either_python_are_read_by_name() -> None:
    pytest.importorskip("docutils")
    module = b'def second():\n    """Row the boat to the mill."""\n    print "x"\n\n'
    module += b'def first(a,\n  b):\n    r"""Moor it at the pier."""\n'
    assert collect_texts.paragraphs_of(module, "boat.py") == ["Moor it at the pier.", "Row the boat to the mill."]


def test_paragraphs_answer_to_their_versions_in_order() -> None:
    revised = [OPENING[0].replace("every morning", "each day"), "Something else stands here now.", *OPENING[2:4]]
    assert collect.aligned(OPENING, revised) == [(0, 0), (2, 2), (3, 3)]
    assert collect.aligned([], OPENING) == []


def test_stretches_begin_and_end_with_paragraphs_that_both_sides_have() -> None:
    revised = [
        OPENING[0].replace("six", "seven"),
        *OPENING[1:],
        "A last line that the first version never had.",
    ]
    (found,) = collect.stretches(OPENING, revised)
    assert found.reference == "\n\n".join(OPENING)
    assert found.suspect == "\n\n".join(revised[:-1])
    assert 0 < found.changed < 0.03


def test_other_passages_make_no_stretch() -> None:
    others = [f"Nobody has seen {number} grey herons standing on this lawn since April." for number in range(9)]
    assert list(collect.stretches(OPENING, others)) == []


def test_a_pair_is_made_of_pinned_archives(tmp_path: Path) -> None:
    revised = "\n\n".join([*OPENING[:2], OPENING[2].replace("In a storm", "Whenever it storms hard"), *OPENING[3:]])
    names = {"npm:ferry@1.0.0": "\n\n".join(OPENING), "npm:ferry@2.0.0": revised}
    for name, text in names.items():
        (tmp_path / name).write_bytes(packed({"package/rules.md": text.encode(), "package/code.js": b"1"}))
    digests = {}
    for name in names:
        with pytest.raises(ValueError, match="SHA-256") as error:
            collect.archive(name, "", tmp_path)
        digests[name] = str(error.value).split("SHA-256 ")[1][:64]
    source = {"kind": "rules", "name": "ferry", "files": ["*.md"], "licence": "CC0"}
    source |= {"reference": "npm:ferry@1.0.0", "suspect": "npm:ferry@2.0.0"}
    (pair,) = collect.pairs_of(source, digests, tmp_path)
    assert pair["reference"] == "\n\n".join(OPENING)
    assert pair["suspect"] == revised
    assert (pair["group"], pair["relation"]) == ("collected/ferry", "edited")


def test_an_archive_that_is_not_the_pinned_one_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = packed({"package/rules.md": b"1"})
    answers = iter([whole[:20], whole])
    monkeypatch.setitem(collect._FETCHED_BY, "npm", lambda package, cache: next(answers))
    digest = hashlib.sha256(whole).hexdigest()
    with pytest.raises(ValueError, match=r"not [0-9a-f]{64}\. Correct collected\.toml\.$"):
        collect.archive("npm:ferry@1.0.0", digest, tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert collect.archive("npm:ferry@1.0.0", digest, tmp_path) == whole
    assert collect.archive("npm:ferry@1.0.0", digest, tmp_path) == whole  # it isn't fetched again
    with pytest.raises(ValueError, match=r"or delete .*npm:ferry@1\.0\.0\.$"):
        collect.archive("npm:ferry@1.0.0", "0" * 64, tmp_path)


def test_pairs_are_written_once_all_are_known_and_alike_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    revised = "\n\n".join([*OPENING[:2], OPENING[2].replace("In a storm", "Whenever it storms hard"), *OPENING[3:]])
    names = {"npm:ferry@1.0.0": "\n\n".join(OPENING), "npm:ferry@2.0.0": revised}
    for name, text in names.items():
        (tmp_path / name).write_bytes(packed({"package/rules.md": text.encode(), "package/code.js": b"1"}))
    pins = [f'"{name}" = "{hashlib.sha256((tmp_path / name).read_bytes()).hexdigest()}"' for name in names]
    source = """works = []
[[sources]]
kind = "rules"
name = "ferry"
reference = "npm:ferry@1.0.0"
suspect = "npm:ferry@2.0.0"
files = ["*.md"]
licence = "CC0"
"""
    output, table = tmp_path / "collected" / "people.jsonl.gz", tmp_path / "table.toml"
    call = ["collect.py", "--cache", str(tmp_path), "--output", str(output), "--table", str(table)]
    monkeypatch.setattr("sys.argv", call)
    table.write_text("\n".join([source, "[archives]", pins[0]]), "utf-8")
    with pytest.raises(ValueError, match="SHA-256"):
        collect.main()
    assert not output.exists()
    table.write_text("\n".join([source, "[archives]", *pins]), "utf-8")
    collect.main()
    first = output.read_bytes()
    collect.main()
    (record,) = map(json.loads, gzip.decompress(first).decode().splitlines())
    assert record["id"] == "collected-rules-000" and output.read_bytes() == first


def test_partners_are_found_under_another_folder_and_ending_or_by_name() -> None:
    paths = ["doc/a.txt", "doc/b.txt"], ["docs/a.rst", "docs/c.rst"]
    moved = {"folders": ["doc/", "docs/"], "files": ["doc/*.txt"]}
    assert list(collect.matched(*paths, moved)) == [("doc/a.txt", "docs/a.rst")]
    assert list(collect.matched(*paths, {"files": ["doc/b.txt > docs/c.rst"]})) == [("doc/b.txt", "docs/c.rst")]


def test_chosen_stretches_run_from_little_to_much_changed() -> None:
    found = [(f"{number}.md", collect.Stretch("", "", number / 100)) for number in range(3, 60)]
    taken = [stretch.changed for _, stretch in collect.chosen(found, 4)]
    assert taken == sorted(taken) and len(set(taken)) == 4
    assert taken[0] < 0.2 and taken[-1] > 0.45


def test_every_source_of_the_table_is_pinned() -> None:
    table = tomllib.loads(collect.TABLE.read_text("utf-8"))
    for source in table["sources"]:
        for side in ("reference", "suspect"):
            assert len(table["archives"][source[side]]) == 64, source[side]
        assert source["files"] and source["licence"] and source["kind"].isidentifier()


def test_every_work_of_the_table_is_pinned_and_read() -> None:
    table = tomllib.loads(collect.TABLE.read_text("utf-8"))
    assert {work["kind"] for work in table["works"]} == set(collect_works.READERS)
    for work in table["works"]:
        assert all(len(table["archives"][name]) == 64 for name in work["archives"]), work["kind"]
        assert work["relation"] in {"edited", "translated", "independent"} and work["licence"]


def test_verses_in_a_row_make_stretches_of_both_sides() -> None:
    verses = [
        (f"Verse {number} tells of the old mill.", f"In {number} the mill is told of.") for number in range(60)
    ]
    first, *others = collect.cut(verses, " ")
    assert first.reference.startswith("Verse 0 tells of the old mill. Verse 1")
    assert first.suspect.startswith("In 0 the mill is told of. In 1") and first.suspect.count("In ") == 18
    assert [stretch.reference.split()[1] for stretch in others] == ["18", "44"]
    assert list(collect.cut(verses[:11], " ")) == []  # 77 words


def test_a_work_becomes_pairs_that_name_their_part(tmp_path: Path) -> None:
    verses = [f"{opening} " * 3 + f"{number}" for number, opening in enumerate(OPENING, 1)]
    files = {
        "usr/dhammapada-alternate.txt": "\n\n".join(verses).encode(),
        "usr/dhammapada-english-transl.txt": "\n\n".join(verses)
        .replace("ferry", "boat")
        .replace("the ", "")
        .encode(),
    }
    name = "apt:mill=1"
    (tmp_path / name).write_bytes(data := packed(files))
    work = {"kind": "dhammapada_translators", "relation": "translated", "archives": [name], "licence": "CC0"}
    pairs = list(collect.works_of(work, {name: hashlib.sha256(data).hexdigest()}, tmp_path))
    assert [pair["group"] for pair in pairs] == ["collected/dhammapada_translators/verses 1 to 5"] * 2
    assert pairs[0]["reference"].startswith(OPENING[0]) and pairs[0]["suspect"].startswith(
        "The boat leaves old mill"
    )


def test_capitals_become_small_letters_but_for_what_the_model_has_in_capitals() -> None:
    assert (
        collect_works.cased("SET THE APU TO ON. DO A TEST.", "The APU is set to ON.")
        == "Set the APU to ON. Do a test."
    )
    assert collect_works.cased("Set the APU to ON.", "The APU is on.") == "Set the APU to ON."


def test_texts_are_paired_with_their_nearest_or_not_at_all() -> None:
    others = [
        "A heron stands on the lawn.",
        OPENING[3].replace("clerk", "keeper"),
        OPENING[0].replace("mill", "wharf"),
    ]
    assert collect_works.nearest(OPENING, others) == [(0, 2), (3, 1)]


def test_revised_definitions_answer_to_each_other() -> None:
    term = '[Term]\nid: X:{}\nname: mill\ndef: "A building in which {} is ground between two heavy stones." [a]\n\n'
    sides = [
        {f"o/{side}.obo": "".join(term.format(n, side if n else "corn") for n in (0, 1)).encode()}
        for side in ("old", "new")
    ]
    ((part, units),) = collect_works.definitions("/old.obo", "/new.obo", *sides)
    assert units == [
        tuple(f"A building in which {side} is ground between two heavy stones." for side in ("old", "new"))
    ]
    assert part == "revisions from 0"


def test_nothing_of_the_texts_is_kept() -> None:
    assert not [path for path in collect.TABLE.parent.glob("collected*") if path.suffix == ".gz"]
