"""Readers of the training corpora, on tiny corpora that each test writes."""

import gzip
import hashlib
import json
from pathlib import Path

import pytest
from rewrites import main as keep_rewrites

from spindetect.errors import MissingCorpus
from spindetect.training import corpora
from spindetect.training.pairs import rewrites


def write(path: Path, text: str) -> Path:
    """Write ``text``, gzipped where the name says so."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


def record(**changes: str) -> str:
    fields = {"id": "1", "relation": "edited", "operator": "human", "group": "g", "containment5": 0.5}
    return json.dumps({**fields, "suspect": "a car", "reference": "an auto", **changes})


def test_pairs_come_from_both_files_and_are_repaired(tmp_path: Path) -> None:
    write(tmp_path / "pairs/pairs.jsonl.gz", record(suspect="it\ufffds \ufffdnew\ufffd") + "\n\n")
    write(tmp_path / "pairs/roundtrip_lm.jsonl", record(id="2", relation="back_translated") + "\n")
    first, second = corpora.read_pairs(tmp_path)
    assert first == corpora.LabelledPair("1", "edited", "human", "g", 'it\'s "new"', "an auto")
    assert (second.id, second.relation) == ("2", "back_translated")


def test_wild_texts_stay_as_stored(tmp_path: Path) -> None:
    write(tmp_path / "wild/pairs.jsonl", record(suspect="it\ufffds &amp;", relation="machine"))
    [pair] = corpora.read_wild(tmp_path)
    assert (pair.relation, pair.suspect) == ("machine", "it\ufffds &amp;")


def test_documents_are_lists_of_paragraphs(tmp_path: Path) -> None:
    write(tmp_path / "text/b.txt.gz", "one\ntwo\n\n\nProcter &amp; Gamble \n")
    write(tmp_path / "text/a.txt.gz", "")
    assert corpora.text_names(tmp_path) == ["a", "b"]
    assert list(corpora.read_texts(tmp_path, "b")) == [["one", "two"], ["Procter & Gamble"]]
    assert list(corpora.read_texts(tmp_path, "a")) == []


def test_spinner_lines_keep_their_order_and_lose_what_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "spinners/wp_auto_spinner_2015/treasures_en.dat"
    write(path, "car |auto\r\n|lost\r\nalone\r\ncar|wagon||\r\n")
    assert corpora.read_spinner(tmp_path, 2015) == [["car", "auto"], ["car", "wagon"]]


def test_thesaurus_gives_senses_forms_and_kin(tmp_path: Path) -> None:
    synset = {"pos": "v", "hypernyms": [], "similar": []}
    synsets = [
        {**synset, "id": "1-v", "members": ["move"]},
        {**synset, "id": "2-v", "members": ["go", "travel"], "hypernyms": ["1-v"]},
        {**synset, "id": "3-v", "members": ["fly"], "hypernyms": ["1-v"]},
    ]
    entry = {"lemma": "go", "pos": "v", "forms": ["gone", "went"], "senses": [{"synset": "2-v"}]}
    write(tmp_path / "thesaurus/oewn_synsets.jsonl.gz", "\n".join(map(json.dumps, synsets)))
    write(tmp_path / "thesaurus/oewn_entries.jsonl.gz", json.dumps(entry))
    thesaurus = corpora.read_thesaurus(tmp_path)
    assert thesaurus.senses == {"go": [("v", ("go", "travel"))]}
    assert thesaurus.forms == {"gone": "go", "went": "go"}
    assert thesaurus.kin == {"go": [("v", ("move", "fly"))]}


def test_tortured_phrases_are_expected_then_tortured(tmp_path: Path) -> None:
    phrases = [{"tortured": "Profound Learning", "correct": "deep learning "}]
    write(tmp_path / "tortured/tortured.json", json.dumps({"phrases": phrases}))
    assert corpora.read_tortured(tmp_path) == [("deep learning", "profound learning")]


def test_digest_is_sha256_of_the_bytes(tmp_path: Path) -> None:
    path = write(tmp_path / "x.txt", "abc")
    assert corpora.digest(path) == hashlib.sha256(b"abc").hexdigest()


@pytest.mark.parametrize(
    ("damaged", "repaired"),
    [
        ("Russia?s plan", "Russia's plan"),
        ("(CNN) ? Russia", "(CNN) - Russia"),
        ("possible ?candidates? for", 'possible "candidates" for'),
        ("?No,? he said.", '"No," he said.'),
        ("Fr?d?ric and S?o", "Frederic and Seo"),
        ("it\x92s \x93new\x94", "it’s “new”"),
        ("from 4\ufffd8 hours", "from 4-8 hours"),
        ("news.\n\n\ufffd\ufffd\ufffd\n\nmore", "news.\n\n---\n\nmore"),
        ("Is it? Yes. Why? Who knows?", "Is it? Yes. Why? Who knows?"),
        ("", ""),
    ],
)
def test_repair(damaged: str, repaired: str) -> None:
    assert corpora.repair(damaged) == repaired


def test_missing_file_names_it_and_the_option(tmp_path: Path) -> None:
    with pytest.raises(MissingCorpus, match=r"pairs\.jsonl\.gz.*--corpora"):
        corpora.read_pairs(tmp_path)
    with pytest.raises(MissingCorpus, match="text"):
        corpora.text_names(tmp_path)
    with pytest.raises(MissingCorpus, match=r"nothing\.bin"):
        corpora.digest(tmp_path / "nothing.bin")


def test_damaged_files_say_where_and_what(tmp_path: Path) -> None:
    wild = tmp_path / "wild/pairs.jsonl"
    write(wild, record() + "\n{oops")
    with pytest.raises(MissingCorpus, match="line 2: not JSON"):
        corpora.read_wild(tmp_path)
    write(wild, "[]")
    with pytest.raises(MissingCorpus, match="found list, expected an object"):
        corpora.read_wild(tmp_path)
    write(wild, '{"id": "1"}')
    with pytest.raises(MissingCorpus, match="no 'relation'"):
        corpora.read_wild(tmp_path)
    write(tmp_path / "tortured/tortured.json", "{}")
    with pytest.raises(MissingCorpus, match="damaged"):
        corpora.read_tortured(tmp_path)


def test_damaged_gzip_is_no_bare_error(tmp_path: Path) -> None:
    whole = gzip.compress(b"text " * 1000)
    path = write(tmp_path / "text/a.txt.gz", "")
    for broken in (whole[:20], b"not gzip"):
        path.write_bytes(broken)
        with pytest.raises(MissingCorpus, match="cannot be read"):
            list(corpora.read_texts(tmp_path, "a"))


HARBOUR = (
    "The council of Port Ellery voted on Monday to sell the old customs house to a hotel chain.\n"
    "Mayor Ruth Oyelaran said that the building had stood empty for eleven years.\n"
    "Some residents had hoped for a library, and will appeal against the sale."
)
RETOLD = (
    "A hotel chain will get Port Ellery's old customs house: councillors voted to sell it. "
    "It has been vacant for eleven years, as Mayor Ruth Oyelaran pointed out.\n\nPeople who wanted a library there "
    "are going to challenge the decision."
)


def test_rewrites_are_kept_without_the_text_that_they_are_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They come back as they were, with the excerpt; light edits and other corpora's are left out."""
    for name in ("pairs", "honest", "newsrooms"):
        write(tmp_path / f"pairs/{name}.jsonl.gz", "")
    write(tmp_path / "pairs/honest.jsonl.gz", record(id="story", reference=HARBOUR.replace("\n", "\n\n")))
    write(tmp_path / "text/news.txt.gz", f"An older one.\n\nBefore it.\n{HARBOUR}\nAfter it.\n")
    excerpt = {"reference": HARBOUR, "text": RETOLD}
    rewritten = [
        {"id": "a:1", "style": "casual", "source": "news:1", **excerpt},
        {"id": "a:2", "style": "via_welsh", "source": "story", **excerpt},
        {"id": "a:3", "style": "casual", "source": "news:1", **excerpt, "text": HARBOUR.replace("said", "told us")},
        {"id": "a:4", "style": "casual", "source": "news:0", **excerpt},
    ]
    written = write(tmp_path / "written.jsonl", "".join(json.dumps(one) + "\n" for one in rewritten))
    kept = tmp_path / "kept.jsonl.gz"
    assert keep_rewrites(["--corpora", str(tmp_path), "--output", str(kept), str(written)]) == 0
    stored = gzip.decompress(kept.read_bytes()).decode()
    assert stored.count("\n") == 3  # news:0 has no such excerpt
    assert not any(
        phrase in stored for phrase in ("Oyelaran", "customs", "eleven years", "hotel chain", "voted to sell")
    )
    monkeypatch.setattr(rewrites, "REWRITES", kept)
    casual, trip = rewrites.rewrite_examples(tmp_path)
    assert (casual.suspect, casual.reference, casual.group) == (RETOLD, HARBOUR, "news:1")
    assert (casual.relation, casual.kind) == ("llm_rewritten", "asked:casual")
    assert (trip.suspect, trip.reference, trip.group) == (RETOLD, HARBOUR, "g")
    assert (trip.relation, trip.kind) == ("back_translated", "asked_trip:via_welsh")
    (tmp_path / "text/news.txt.gz").unlink()
    assert [one.id for one in rewrites.rewrite_examples(tmp_path)] == ["a:2"]
    write(tmp_path / "pairs/honest.jsonl.gz", record(id="story", reference=HARBOUR.replace("Monday", "Friday")))
    with pytest.raises(MissingCorpus, match="story isn't the one"):
        rewrites.rewrite_examples(tmp_path)
