"""The archive: what is added is found, a kill loses nothing committed, damage is named."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from archives import ids, records
from disguises import DISGUISES
from stories import story

from spindetect import Archive
from spindetect.align.lexical.lexicon import Entry, Lexicon
from spindetect.archive import writing
from spindetect.archive.archive import Added
from spindetect.archive.inputs import BadRecord, read_records
from spindetect.archive.records import make_record, pack
from spindetect.archive.searching import _default_model
from spindetect.archive.terms import Terms, visible_text
from spindetect.archive.words import index_words
from spindetect.commands.archive import AddOptions, add
from spindetect.commands.finding import FindOptions, find
from spindetect.errors import ArchiveBusy, InvalidArchive, SpindetectError, UnreadableArticle
from spindetect.read.article import read_article
from spindetect.segment.english import FUNCTION_WORDS

ROOT = Path(__file__).parents[1]


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.create(tmp_path / "news") as made:
        made.add(records(0, 30))
        yield made


# --- adding and finding -----------------------------------------------------------


def test_every_story_finds_itself_first(archive: Archive) -> None:
    assert [ids(archive, story(number), 1) for number in range(30)] == [[f"s{number}"] for number in range(30)]


def test_results_are_the_same_however_the_articles_came_in(tmp_path: Path, archive: Archive) -> None:
    with Archive.create(tmp_path / "other") as other:
        for at in range(0, 30, 7):
            other.add(records(at, min(30, at + 7)))
        for number in range(30):
            found, again = archive.find(story(number)), other.find(story(number))
            assert [(hit.record.id, hit.score) for hit in found] == [(hit.record.id, hit.score) for hit in again]


def test_what_is_there_is_skipped(archive: Archive) -> None:
    same_text = {"id": "another id", "text": f"\n  {story(3)}\n"}
    same_id = {"id": "s4", "text": "Quite another text."}
    assert archive.add([*records(25, 32), same_text, same_id]) == Added(added=2, known=6, changed=1)
    assert len(archive) == 32
    assert archive.text("s4") == story(4)


def test_fields_are_kept_unknown_ones_too(archive: Archive) -> None:
    fields = {
        "id": 17,
        "text": "A ferry ran aground off Tollan on Friday night.",
        "title": "Ferry aground",
        "url": "https://example.org/17",
        "published": "2026-02-03T04:05:06Z",
        "outlet": "The Tollan Post",
        "byline": "A. Writer",
        "tags": ["sea", {"depth": 4.5}],
    }
    archive.add([fields])
    record = archive.record("17")
    assert record is not None
    assert record.to_dict() == {**fields, "id": "17"}
    assert record.name == "Ferry aground (17)"


def test_without_an_id_the_url_is_it_or_else_the_text(archive: Archive) -> None:
    archive.add(
        [{"url": "https://example.org/a", "text": "The tide took the pier."}, {"text": "The pier is gone."}]
    )
    assert archive.record("https://example.org/a") is not None
    (digest,) = ids(archive, "The pier is gone.", 1)
    assert re.fullmatch("[0-9a-f]{16}", digest)


def test_bad_records_are_reported_and_the_others_added(archive: Archive) -> None:
    bad: list[BadRecord] = []
    done = archive.add([{"id": "x"}, {"id": "y", "text": " "}, *records(30, 31), {"text": 5}], report=bad.append)
    assert done == Added(added=1, unusable=3)
    assert [item.place for item in bad] == ["the record 'x'", "the record 'y'", "the record ''"]
    assert "no field 'text'; it has 'id'" in bad[0].reason
    assert "is empty" in bad[1].reason
    assert "is a int, but must be a string" in bad[2].reason


def test_removed_articles_are_gone_from_disk(archive: Archive) -> None:
    secret = pack(make_record(records(7, 8)[0]), keep_text=True)
    assert secret in archive.texts.path.read_bytes()
    assert archive.remove(["s7", "never there"]) == ["never there"]
    assert (len(archive), archive.record("s7"), archive.verify()) == (29, None, [])
    assert "s7" not in ids(archive, story(7))
    assert secret not in archive.texts.path.read_bytes()
    assert archive.add(records(7, 8)) == Added(added=1)
    assert ids(archive, story(7), 1) == ["s7"]


def test_an_article_removed_during_a_search_is_left_out(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = Archive.open(archive.path)
    found = reader.catalogue.row
    rows = [found(key) for key in (8, 8)]  # as the search sees it, before the removal
    archive.remove(["s7"])
    monkeypatch.setattr(
        reader.catalogue, "row", lambda key: rows.pop() if key == 8 and len(rows) > 1 else found(key)
    )
    assert "s7" not in ids(reader, story(7))
    assert len(rows) == 1


def test_a_text_not_kept_is_read_from_its_file(tmp_path: Path, archive: Archive) -> None:
    file = tmp_path / "kept.txt"
    file.write_text(story(40), "utf-8")
    archive.add([{"id": str(file), "text": story(40)}, {"id": "elsewhere", "text": story(41)}], keep_texts=False)
    assert ids(archive, story(41), 1) == ["elsewhere"]
    assert archive.text(str(file)) == story(40)
    with pytest.raises(SpindetectError, match="keeps no text of 'elsewhere'"):
        archive.text("elsewhere")
    file.write_text("something else", "utf-8")
    with pytest.raises(SpindetectError, match="with the text it was"):
        archive.text(str(file))


def test_empty_archives_and_empty_suspects_find_nothing(tmp_path: Path, archive: Archive) -> None:
    assert archive.find("") == archive.find("?!") == []
    with Archive.create(tmp_path / "empty") as empty:
        assert empty.find(story(1)) == []
        assert empty.verify() == []


def test_a_text_keeps_all_its_ids_and_is_known_by_the_earliest(archive: Archive) -> None:
    text = "The ferry to Tollan sank at its pier before dawn, and nobody was aboard."
    dates = {"late": "2026-03-05", "early": "2026-03-01", "undated": None}
    for id, published in dates.items():
        archive.add([{"id": id, "text": text, "published": published, "outlet": f"The {id} Post"}])
    assert len(archive) == 31
    assert [hit.record.id for hit in archive.find(text) if hit.record.text == text] == ["early"]
    assert {id: record.published for id in dates if (record := archive.record(id)) and record.text == text} == dates
    assert archive.add([{"id": "early", "text": text}]) == Added(known=1)
    assert archive.add([{"id": "early", "text": "Another text."}]) == Added(changed=1)
    assert archive.verify() == []


def test_a_text_goes_with_the_last_of_its_ids(archive: Archive) -> None:
    text = "The ferry to Tollan sank at its pier before dawn, and nobody was aboard."
    archive.add({"id": id, "text": text} for id in ("one", "two", "three"))
    assert archive.remove(["one"]) == []
    assert (archive.record("one"), archive.text("two"), archive.text("three")) == (None, text, text)
    assert (archive.find(text)[0].record.id, archive.verify()) == ("two", [])
    assert archive.remove(["three", "two"]) == []
    assert text not in {hit.record.text for hit in archive.find(text)}
    assert (len(archive), archive.index.count, archive.verify()) == (30, 30, [])


def test_an_archive_from_before_further_ids_takes_them(archive: Archive) -> None:
    archive.catalogue._all("DROP TABLE again")
    with Archive.open(archive.path) as old:
        assert old.record("another") is None
        assert ids(old, story(3), 1) == ["s3"]
        old.add([{"id": "another", "text": story(3)}])
        assert old.text("another") == story(3)


def test_one_id_is_one_id(archive: Archive) -> None:
    archive.add([{"id": id, "text": f"The pier number {id} is open."} for id in ("1", "2", "12")])
    assert archive.remove("12") == []
    assert (archive.record("12"), len(archive)) == (None, 32)
    assert archive.remove("345") == ["345"]


def test_what_is_no_record_is_told_and_the_others_added(archive: Archive) -> None:
    bad: list[BadRecord] = []
    given: list[Any] = [*records(30, 31), ("x",), *records(31, 32), {"id": "s3", "text": "Another text."}]
    assert archive.add(given, report=bad.append) == Added(added=2, unusable=1, changed=1)
    assert ["found a tuple" in bad[0].reason, bad[1].place] == [True, "'s3'"]
    with pytest.raises(TypeError, match="give a Path"):
        archive.add("feed.jsonl")  # type: ignore[arg-type]
    with pytest.raises(UnreadableArticle, match="there is no file or folder nope"):
        archive.add(Path("nope"))


def test_files_of_one_name_are_two_articles(archive: Archive, tmp_path: Path, monkeypatch: Any) -> None:
    for number, folder in enumerate(["monday", "tuesday"]):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "news.txt").write_text(story(50 + number), "utf-8")
        monkeypatch.chdir(tmp_path / folder)
        assert archive.add(Path("news.txt")) == Added(added=1)
    assert archive.text(str(tmp_path / "tuesday" / "news.txt")) == story(51)


def test_no_articles_cannot_be_asked_for(archive: Archive) -> None:
    for limit in (0, -1):
        with pytest.raises(ValueError, match=f"limit is {limit}, but must be at least 1"):
            archive.find(story(1), limit)


def test_the_command_names_what_it_did_not_add_and_makes_no_archive_for_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = tmp_path / "new"
    with pytest.raises(SpindetectError, match="there is nothing to add"):
        add(AddOptions(new, [str(tmp_path / "nosuch")]))
    assert not new.exists()
    feed = tmp_path / "feed.jsonl"
    feed.write_text("".join(json.dumps({"id": "1", "text": story(n)}) + "\n" for n in (1, 2)), "utf-8")
    new.mkdir()  # an empty folder is as good as none
    assert add(AddOptions(new, [str(feed)])) == 2
    assert "not added: '1': the archive has another text" in capsys.readouterr().err


def test_wrong_places_are_told_apart(archive: Archive, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("text", "utf-8")
    with pytest.raises(InvalidArchive, match="is a file, not an archive"):
        Archive.open(file)
    with pytest.raises(InvalidArchive, match="or an empty one"):
        Archive.create(tmp_path)
    closed = Archive.open(archive.path)
    closed.close()
    with pytest.raises(InvalidArchive, match=r"was closed\. Open it again"):
        closed.find(story(1))


# --- the words asked for ----------------------------------------------------------


def test_the_lexicon_asks_for_what_a_word_may_have_been(archive: Archive) -> None:
    archive.add([{"id": "d", "text": "The defense of the castle was weak."}])
    stems = {"defense": "defens", "protection": "protect"}
    lexicon = Lexicon(entries={("defense", "protection"): Entry(0.8, 2.0)}, stems=stems)
    assert Terms(archive.index, lexicon).of("protection") == [("defens", 0.64)]
    assert [hit.record.id for hit in archive.find_text("protection", 5, lexicon)] == ["d"]
    assert archive.find_text("protection", 5, Lexicon()) == []


OURS = sorted((ROOT / "data").rglob("*.txt"))


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """A small archive of the project's own articles: originals, their versions and other stories."""
    with Archive.create(tmp_path_factory.mktemp("ours") / "archive") as made:
        made.add([{"id": _short(path), "text": path.read_text("utf-8")} for path in OURS])
        yield made


def _short(path: Path) -> str:
    return path.relative_to(ROOT / "data").as_posix()


@pytest.mark.parametrize("path", OURS, ids=_short)
def test_in_a_small_archive_an_article_finds_itself_and_its_original(ours: Archive, path: Path) -> None:
    found = [hit.record.id for hit in ours.find(path, 6)]
    assert found[0] == _short(path)
    changed = f"{path.read_text('utf-8')} This line was added later."  # by its words alone
    assert ours.find(changed)[0].record.id == _short(path)
    original = path.with_name("original.txt")
    if original.exists() and path.stem != "independent":
        assert _short(original) in found


def test_words_that_the_suspect_does_not_have_take_a_share_of_the_places(ours: Archive) -> None:
    text = (ROOT / "data/harbor/original.txt").read_text("utf-8")
    asked = [word for word, _ in Terms(ours.index, _default_model().lexicon).of(text)]
    own = set(index_words(text))
    supposed = [word for word in asked if word not in own]
    telling = own - set(index_words(" ".join(FUNCTION_WORDS)))
    assert {word for word in telling if ours.index.frequency(word)} <= set(asked)
    assert 0 < len(supposed) <= len(asked) / 8


def test_the_very_text_comes_first_even_without_words_to_ask_for(archive: Archive) -> None:
    archive.add([{"id": "dots", "text": "... ... !"}])
    assert [(hit.record.id, hit.score) for hit in archive.find("... ...  !")] == [("dots", 0.0)]
    hits = archive.find(story(3))
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_rare_words_come_before_common_ones(archive: Archive) -> None:
    asked = [word for word, _ in Terms(archive.index, Lexicon()).of(story(5))]
    frequencies = [archive.index.frequency(word) for word in asked]
    assert frequencies == sorted(frequencies)


def test_boilerplate_and_disguises_are_seen_through() -> None:
    article = read_article("The dеfense budget rose.\n\nLeave a Reply")  # a Cyrillic "е"
    assert visible_text(article).strip("\x00\n") == "The defense budget rose."


@pytest.mark.parametrize("name", DISGUISES)
def test_a_disguised_suspect_finds_what_the_plain_one_finds(ours: Archive, name: str) -> None:
    text = (ROOT / "data/harbor/spun.txt").read_text("utf-8")
    disguised = DISGUISES[name](text, np.random.default_rng(1), 0.5)
    asked, plain = _asked_for(ours, disguised), _asked_for(ours, text)
    assert len(asked & plain) >= 0.9 * len(plain)
    found = [hit.record.id for hit in ours.find(disguised, 4)]
    assert found[0] == "harbor/spun.txt" and "harbor/original.txt" in found


def _asked_for(archive: Archive, text: str) -> set[str]:
    model = _default_model()
    seen = visible_text(read_article(text), model.vocabulary.knows)
    return {word for word, _ in Terms(archive.index, model.lexicon).of(seen)}


# --- one writer, many readers -----------------------------------------------------


def test_a_second_writer_is_told(archive: Archive) -> None:
    def meanwhile() -> Iterator[dict[str, Any]]:
        yield from records(30, 31)
        assert (len(archive), archive.record("s30")) == (30, None)
        with pytest.raises(ArchiveBusy, match="being written to by another process"):
            Archive.open(archive.path).add(records(50, 51))
        assert archive.find(story(3))[0].record.id == "s3"

    assert archive.add(meanwhile()) == Added(added=1)
    assert archive.add(records(50, 51)) == Added(added=1)


def test_readers_see_commits_when_they_refresh(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "_BATCH_ARTICLES", 5)
    reader = Archive.open(archive.path)
    seen: list[tuple[int, bool]] = []

    def meanwhile() -> Iterator[dict[str, Any]]:
        for record in records(100, 112):
            yield record
            seen.append((len(reader), ids(reader, story(100), 1) == ["s100"]))

    archive.add(meanwhile())
    assert [count for count, _ in seen] == [30] * 4 + [35] * 5 + [40] * 3
    assert not any(found for _, found in seen)
    reader.refresh()
    assert ids(reader, story(100), 1) == ["s100"]


def test_an_error_in_the_middle_leaves_what_was_committed(archive: Archive) -> None:
    def broken() -> Iterator[dict[str, Any]]:
        yield from records(30, 35)
        raise RuntimeError("the feed went away")

    with pytest.raises(RuntimeError):
        archive.add(broken())
    assert (len(archive), archive.verify()) == (30, [])
    assert archive.add(records(30, 35)) == Added(added=5)
    assert archive.verify() == []


def test_an_archive_that_cannot_be_written_to_is_read_all_the_same(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.close()
    monkeypatch.setattr(os, "access", lambda *_: False)
    with Archive.open(archive.path) as reader:
        reader.refresh()
        assert (len(reader), ids(reader, story(3), 1), reader.verify()) == (30, ["s3"], [])
        with pytest.raises(InvalidArchive, match="permission was denied"):
            reader.add(records(30, 31))


# --- kills ------------------------------------------------------------------------

# Adds stories in small batches, naming each committed count in a file, until it is killed.
_ADDING = """
import sys
from pathlib import Path
from spindetect import Archive
from spindetect.archive import writing
from archives import ids, records
from stories import story
writing._BATCH_ARTICLES = 7
commit = writing.Writing.commit
def told(self):
    commit(self)
    Path(sys.argv[2]).write_text(str(self._catalogue.count()))
writing.Writing.commit = told
print("ready", flush=True)
Archive.open(sys.argv[1]).add({"id": f"s{n}", "text": story(n)} for n in range(4000))
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no SIGKILL on Windows")
@pytest.mark.slow
def test_kills_lose_nothing_committed_and_double_nothing(tmp_path: Path) -> None:
    path, told = tmp_path / "news", tmp_path / "told"
    Archive.create(path).close()
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])}
    moments = random.Random(5)
    for _ in range(6):
        command = [sys.executable, "-c", _ADDING, str(path), str(told)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as adding:
            assert adding.stdout is not None
            assert adding.stdout.readline() == b"ready\n"
            time.sleep(moments.uniform(0.02, 0.5))
            adding.send_signal(signal.SIGKILL)
        with Archive.open(path) as archive:
            assert len(archive) >= (int(told.read_text() or 0) if told.exists() else 0)
            assert all(archive.record(f"s{number}") for number in range(len(archive)))
    with Archive.open(path) as archive:
        count = len(archive)
        assert archive.add(records(0, count + 20)) == Added(added=20, known=count)
        assert archive.verify() == []
        assert archive.index.count == len(archive) == count + 20
        assert ids(archive, story(count + 10), 1) == [f"s{count + 10}"]


@pytest.mark.parametrize("step", ["texts", "index", "catalogue"])
def test_a_kill_between_any_two_steps_of_a_commit(archive: Archive, tmp_path: Path, step: str) -> None:
    copy = tmp_path / "copy"

    def killed(*_: object) -> None:
        shutil.copytree(
            archive.path, copy, ignore=shutil.ignore_patterns(".tmp*")
        )  # tantivy is merging  # what is on disk at this moment
        raise RuntimeError("killed")

    patched = {"texts": "_index.commit", "index": "_catalogue.commit", "catalogue": "_begin"}[step]
    with pytest.MonkeyPatch.context() as patch:
        begun: list[writing.Writing] = []
        original = writing.Writing.add

        def add(self: writing.Writing, record: Any, keep: bool) -> Any:
            if not begun:
                begun.append(self)
                owner, _, name = patched.rpartition(".")
                patch.setattr(getattr(self, owner) if owner else self, name, killed, raising=True)
            return original(self, record, keep)

        patch.setattr(writing.Writing, "add", add)
        with pytest.raises(RuntimeError, match="killed"):
            archive.add(records(30, 33))
    with Archive.open(copy) as reopened:
        committed = 33 if step == "catalogue" else 30
        assert len(reopened) == committed
        assert all(hit.record.id != "s31" for hit in reopened.find(story(31))) == (step != "catalogue")
        assert reopened.add(records(25, 35)) == Added(added=35 - committed, known=committed - 25)
        assert (reopened.verify(), reopened.index.count) == ([], 35)


def test_a_removal_cut_short_is_finished_by_the_next_writer(archive: Archive, tmp_path: Path) -> None:
    secret = pack(make_record(records(7, 8)[0]), keep_text=True)
    copy = tmp_path / "copy"
    with pytest.MonkeyPatch.context() as patch:
        erase = writing.Writing._erase

        def killed(self: writing.Writing) -> None:
            if self._catalogue.erasures():
                shutil.copytree(archive.path, copy, ignore=shutil.ignore_patterns(".tmp*"))  # tantivy is merging
                raise RuntimeError("killed")
            erase(self)

        patch.setattr(writing.Writing, "_erase", killed)
        with pytest.raises(RuntimeError, match="killed"):
            archive.remove(["s7"])
    with Archive.open(copy) as reopened:
        assert "s7" not in ids(reopened, story(7))
        reopened.add([])
        assert (len(reopened), reopened.index.count, reopened.verify()) == (29, 29, [])
        assert secret not in reopened.texts.path.read_bytes()


def test_info_counts_and_measures(archive: Archive) -> None:
    info = archive.info()
    assert info.articles == 30
    assert info.text_bytes == archive.texts.path.stat().st_size > 0
    assert json.dumps(info.index_bytes + info.catalogue_bytes)


def test_a_field_that_is_no_number_is_null_in_json(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    feed, suspect = tmp_path / "feed.jsonl", tmp_path / "suspect.txt"
    text = "The harbour master of Corby closed the quay to tankers."
    feed.write_text(f'{{"id": "1", "text": "{text}", "views": 1e999, "shares": NaN}}\n')
    suspect.write_text(text)
    with Archive.create(tmp_path / "news") as made:
        made.add(read_records(feed))
    find(FindOptions(tmp_path / "news", str(suspect), format="json"))
    [hit] = json.loads(capfdbinary.readouterr().out, parse_constant=pytest.fail)
    assert hit["id"] == "1" and hit["views"] is None and hit["shares"] is None
