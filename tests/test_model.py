"""Model folders: saving, loading, and refusing what is damaged or unknown."""

from __future__ import annotations

import hashlib
import io
import itertools
import json
import os
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from spindetect import Detector, SpindetectError
from spindetect import model as loading
from spindetect.align.lexical.lexicon import Entry
from spindetect.errors import InvalidModel
from spindetect.model import FORMAT, find_model, load_model, pack, save_beside, save_model
from spindetect.parts import MANIFEST, PARTS, Parts, renew, save_parts
from spindetect.reference_free.model import load_alone
from spindetect.retrieve.direction import load_leaning
from spindetect.score.additive import Logit
from spindetect.score.classifier import TOLD_APART, Classifier, Explained
from spindetect.score.families import load_families
from spindetect.score.features import FEATURE_NAMES, OF_MACHINE, OF_REUSE, OF_TRANSLATION
from spindetect.settings import Settings

WORDS = ["the", "mill", "dam"]


def small_classifier() -> Classifier:
    knots = dict.fromkeys(FEATURE_NAMES, (0.0, 1.0))
    answers = OF_MACHINE, OF_REUSE, OF_TRANSLATION
    machine, reuse, translation = (Logit(-1.0, dict.fromkeys(names, (0.5,))) for names in answers)
    explained = [Explained(one, dict.fromkeys(one.weights, 0.0)) for one in (machine, reuse)]
    return Classifier(knots, explained[0], explained[1], translation, dict.fromkeys(TOLD_APART, machine))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A tiny model, whole and loadable."""
    arrays = pack(
        WORDS,
        np.array([0.0, 7.0, 99.0], dtype=np.float32),
        np.array([[1, 0], [3, 4], [0, 0]], dtype=np.int8),
        {"went": "go"},
        {("mill", "plant"): Entry(0.8, 2.0), ("the dam", "it"): Entry(0.2, -1.5)},
        {"green light": "idiom", "strong tea": "collocation"},
    )
    metadata = {"name": "tiny", "version": "1"}
    save_model(tmp_path / "tiny", metadata, arrays, small_classifier())
    return tmp_path / "tiny"


def refusal(folder: Path) -> str:
    with pytest.raises(InvalidModel) as caught:
        load_model(str(folder))
    assert isinstance(caught.value, SpindetectError)
    return str(caught.value)


def test_what_was_saved_comes_back(folder: Path) -> None:
    model = load_model(str(folder))
    assert model.name == "tiny" and model.metadata["format"] == FORMAT
    assert model.classifier == small_classifier()
    assert model.vocabulary["mill"].surprisal == 7.0
    assert model.vocabulary["dam"].surprisal == 12.0  # never more than an unseen word's
    assert model.vocabulary["went"].stem == "go"
    assert model.lexicon.association("mill", "plant") == pytest.approx(0.8, abs=1 / 255)
    assert model.lexicon.entries["the dam", "it"].evidence == -1.5
    assert model.lexicon.expressions == {"green light": "idiom", "strong tea": "collocation"}
    assert model.lexicon.relatedness(0, 1) == pytest.approx(0.6)
    assert model.lexicon.relatedness(1, 1) == pytest.approx(1.0)
    assert model.lexicon.relatedness(1, 2) == model.lexicon.relatedness(-1, 1) == 0.0
    assert model.lexicon.reference_phrases == {"the dam"} and model.lexicon.suspect_phrases == frozenset()


def test_saving_twice_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "again")
    packed = (folder / "lexicon.npz").read_bytes()
    with np.load(folder / "lexicon.npz", allow_pickle=False) as arrays:
        save_model(folder, {"name": "tiny", "version": "1"}, dict(arrays), small_classifier())
    assert (folder / "lexicon.npz").read_bytes() == packed
    assert (folder / "model.json").read_bytes() == (tmp_path / "again" / "model.json").read_bytes()


def test_the_signature_changes_with_the_parameters(folder: Path) -> None:
    before = load_model(str(folder)).signature
    assert before.startswith("tiny:1:")
    edit(folder, lambda data: data["classifier"]["machine"].update(intercept=-1.5))
    assert load_model(str(folder)).signature != before


def test_a_missing_model_says_where_it_was_looked_for_and_what_to_do(tmp_path: Path) -> None:
    for name in (str(tmp_path / "nowhere"), "no-such-model", str(tmp_path)):
        with pytest.raises(InvalidModel, match=r"model\.json") as caught:
            load_model(name)
        assert name in str(caught.value) and "Give a model's folder" in str(caught.value)


def edit(folder: Path, change: Callable[[Any], object]) -> None:
    data = json.loads((folder / "model.json").read_text("utf-8"))
    change(data)
    (folder / "model.json").write_text(json.dumps(data), "utf-8")
    renew(folder)


def set_at(*path: str, value: Any) -> Callable[[Path], None]:
    def change(data: Any) -> None:
        for key in path[:-1]:
            data = data[key]
        data[path[-1]] = value

    return lambda folder: edit(folder, change)


def remove(*path: str) -> Callable[[Path], None]:
    def change(data: Any) -> None:
        for key in path[:-1]:
            data = data[key]
        del data[path[-1]]

    return lambda folder: edit(folder, change)


def rewrite_lexicon(content: Callable[[bytes], bytes], digest_too: bool = True) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        packed = content((folder / "lexicon.npz").read_bytes())
        (folder / "lexicon.npz").write_bytes(packed)
        if digest_too:
            set_at("lexicon", "sha256", value=hashlib.sha256(packed).hexdigest())(folder)

    return change


def without_array(name: str, **others: Any) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        with np.load(folder / "lexicon.npz", allow_pickle=False) as arrays:
            kept = {key: arrays[key] for key in arrays.files if key != name} | others
        np.savez_compressed(folder / "lexicon.npz", **kept)
        rewrite_lexicon(lambda packed: packed)(folder)

    return change


def with_head(head: bytes) -> Callable[[Path], None]:
    """A lexicon the head of whose first array says something else, as Python's literals."""

    def change(_: bytes) -> bytes:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as members:
            members.writestr("words.npy", b"\x93NUMPY\x01\0" + len(head).to_bytes(2, "little") + head)
        return stream.getvalue()

    return rewrite_lexicon(change)


DAMAGE: dict[str, Callable[[Path], object]] = {
    "no lexicon": lambda folder: (folder / "lexicon.npz").unlink(),
    "lexicon is a folder": lambda folder: ((folder / "lexicon.npz").unlink(), (folder / "lexicon.npz").mkdir()),
    "truncated lexicon": rewrite_lexicon(lambda packed: packed[: len(packed) // 2]),
    "empty lexicon": rewrite_lexicon(lambda packed: b""),
    "corrupt lexicon": rewrite_lexicon(lambda packed: packed[:200] + b"\0" * 200 + packed[400:]),
    "not a zip": rewrite_lexicon(lambda packed: b"\x80\x04K\x01."),
    "digest mismatch": rewrite_lexicon(lambda packed: packed + b" ", digest_too=False),
    "array missing": without_array("pairs"),
    "array of another length": without_array("rarity", rarity=np.zeros(2, dtype=np.float32)),
    "array of floats for bytes": without_array("vectors", vectors=np.zeros((3, 2))),
    "surprisal not finite": without_array("rarity", rarity=np.array([0.0, np.nan, 1.0], dtype=np.float32)),
    "vectors in three dimensions": without_array("vectors", vectors=np.zeros((3, 2, 2), dtype=np.int8)),
    "knots not finite": without_array("unseen", unseen=np.array([[0.0, np.inf]])),
    "encrypted": rewrite_lexicon(
        lambda packed: re.sub(b"(PK\x01\x02....)\x00", lambda found: found[1] + b"\x01", packed, flags=re.S)
    ),
    "array of objects": without_array("rarity", rarity=np.array([{}, {}, {}], dtype=object)),
    "texts not UTF-8": without_array("words", words=np.array([255, 10, 254, 10, 253], dtype=np.uint8)),
    "a head that doesn't end": with_head(b"{'descr': ("),
    "a head of a type that is none": with_head(b"{'descr': '3)u1', 'fortran_order': False, 'shape': (1,)}"),
    "a head of brackets": with_head(b"(" * 9_000),
    "a head of a terabyte": with_head(b"{'descr': '|u1', 'fortran_order': False, 'shape': (1000000000000,)}"),
    "unknown expression kind": without_array("expression_kinds", expression_kinds=np.array([7, 0], dtype=np.uint8)),
    "vectors of fewer words": without_array("vectors", vectors=np.zeros((1, 2), dtype=np.int8)),
    "model.json not JSON": lambda folder: (folder / "model.json").write_text('{"format": 1'),
    "model.json empty": lambda folder: (folder / "model.json").write_text(""),
    "model.json a list": lambda folder: (folder / "model.json").write_text("[]"),
    "model.json not UTF-8": lambda folder: (folder / "model.json").write_bytes(b'{"name": "\xff\xfe"}'),
    "no format": remove("format"),
    "another format": set_at("format", value=FORMAT + 1),
    "no name": remove("name"),
    "no version": remove("version"),
    "no classifier": remove("classifier"),
    "no relation": remove("classifier", "relations", "spun"),
    "feature missing": remove("classifier", "knots", FEATURE_NAMES[0]),
    "unknown feature": set_at("classifier", "knots", "luck", value=[0.0, 1.0]),
    "weight missing": set_at("classifier", "machine", "weights", FEATURE_NAMES[0], value=[]),
    "weight a word": set_at("classifier", "machine", "weights", FEATURE_NAMES[0], value=["x"]),
    "weight not finite": set_at("classifier", "machine", "weights", FEATURE_NAMES[0], value=[float("nan")]),
    "knots alike": set_at("classifier", "knots", FEATURE_NAMES[0], value=[1.0, 1.0]),
    "intercept infinite": set_at("classifier", "machine", "intercept", value=float("inf")),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_model_is_refused_with_the_folder_and_what_to_do(folder: Path, damage: str) -> None:
    DAMAGE[damage](folder)
    for message in (refusal(folder), (renew(folder), refusal(folder))[1]):  # with a manifest that is right, as well
        assert str(folder) in message
        assert any(word in message for word in ("Reinstall", "Use a model", "train"))


class _Attack:
    """Unpickled, it would make a file."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.mark,)


@pytest.mark.parametrize("name", ["words", "rarity", "extra"])
def test_no_code_in_a_model_runs(folder: Path, tmp_path: Path, name: str) -> None:
    mark = tmp_path / "ran"
    without_array(name, **{name: np.array([_Attack(mark)] * 3, dtype=object)})(folder)
    with np.load(folder / "lexicon.npz", allow_pickle=True) as arrays:
        arrays[name]
    assert mark.exists()  # the attack would work
    mark.unlink()
    if name == "extra":
        load_model(str(folder))  # what isn't asked for isn't read
    else:
        assert "Object arrays cannot be loaded" in refusal(folder)
    assert not mark.exists()


def test_a_lexicon_that_unpacks_to_more_than_memory_should_hold_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("spindetect.model._LARGEST_LEXICON", 100)
    monkeypatch.setattr("spindetect.model._unpacked", loading._unpacked.__wrapped__)  # none is kept
    assert re.search(r"unpack to [\d,]+ bytes, and at most 100 are taken", refusal(folder))


def test_refusals_say_what_was_found(folder: Path) -> None:
    set_at("format", value=FORMAT + 1)(folder)
    assert f"model.json is {FORMAT + 1}, this version of spindetect reads format {FORMAT}" in refusal(folder)
    set_at("format", value=FORMAT)(folder)
    set_at("classifier", "knots", value={"luck": [0.0, 1.0]})(folder)
    assert "features aren't those of this version" in refusal(folder)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there is no /dev/zero here")
@pytest.mark.parametrize("name", ["lexicon.npz", "alone.npz", "alone.json", "families.npz", "direction.json"])
def test_a_part_without_an_end_or_a_pipe_in_its_place_is_refused(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    for file in find_model(Settings().model).iterdir():
        (folder / file.name).symlink_to(file.absolute())
    for number, spoil in enumerate((lambda path: path.symlink_to("/dev/zero"), os.mkfifo)):
        mine = tmp_path / f"{name}{number}"
        shutil.copytree(folder, mine, symlinks=True)
        (mine / name).unlink()
        spoil(mine / name)
        with pytest.raises(InvalidModel, match="it isn't a file"):
            if name == "direction.json":
                load_leaning(mine)
            elif name == "families.npz":
                load_families(mine)
            elif name == "lexicon.npz":
                load_model(str(mine))
            else:
                load_alone(mine, ())


def test_a_part_of_a_terabyte_is_refused_before_it_is_read(folder: Path) -> None:
    with (folder / "lexicon.npz").open("r+b") as stream:
        stream.truncate(1 << 40)  # a hole, which takes no room
    assert "it has more than 500,000,000 bytes" in refusal(folder)


def test_a_lexicon_outside_the_folder_is_not_read(folder: Path) -> None:
    packed = (folder / "lexicon.npz").read_bytes()
    (folder.parent / "elsewhere.npz").write_bytes(packed)
    set_at("lexicon", "file", value="../elsewhere.npz")(folder)
    refusal(folder)


def test_a_signature_names_all_parts_of_a_model_that_comparing_takes(folder: Path) -> None:
    seen = {Detector.load(folder).signature}
    for name, content in itertools.product(["families.json", "alone.json", "direction.json"], ["{}", "[]"]):
        (folder / name).write_text(content, "utf-8")
        renew(folder)
        seen.add(Detector.load(folder).signature)
    assert len(seen) == 7


def test_a_detector_takes_a_folder_a_path_or_a_setting(folder: Path) -> None:
    for detector in (
        Detector.load(folder),
        Detector.load(str(folder)),
        Detector.load(settings=Settings(model=str(folder))),
    ):
        assert detector.model.name == "tiny" and "tiny:1:" in detector.signature
        assert detector.compare("The mill closed.", "The mill closed.").coverage == 1.0


def test_the_shipped_model_is_a_whole_folder() -> None:
    folder = find_model(Settings().model)
    model = load_model(Settings().model)
    assert {path.name for path in folder.iterdir()} == {*PARTS, MANIFEST, "README.md"}
    assert model.name == Settings().model
    assert {"seed", "sources", "metrics"} <= set(model.metadata)
    assert sum(path.stat().st_size for path in folder.iterdir()) < 30_000_000


# --- the manifest -------------------------------------------------------------------------------------


def test_the_shipped_manifest_names_every_part_as_it_is(tmp_path: Path) -> None:
    shipped = find_model(Settings().model)
    copy = Path(shutil.copytree(shipped, tmp_path / "copy"))
    renew(copy)
    assert (copy / MANIFEST).read_bytes() == (shipped / MANIFEST).read_bytes()
    parts = Parts.of(shipped)
    assert list(parts.rows) == list(PARTS)
    for name in PARTS:
        assert parts.read(name) == (shipped / name).read_bytes()
        assert parts.rows[name]["bytes"] == (shipped / name).stat().st_size


def test_a_model_with_another_classifier_has_all_parts_of_the_one_kept_and_a_right_manifest(tmp_path: Path) -> None:
    shipped = find_model(Settings().model)
    save_beside(shipped, tmp_path, {"name": "other", "version": "2"}, load_model(str(shipped)).classifier)
    written = (tmp_path / MANIFEST).read_bytes()
    renew(tmp_path)
    assert (tmp_path / MANIFEST).read_bytes() == written
    kept, made = Parts.of(shipped).rows, Parts.of(tmp_path).rows
    assert [name for name in PARTS if made[name] != kept[name]] == ["model.json"]
    assert "other:2:" in Detector.load(tmp_path).signature


def test_a_part_of_another_model_is_refused_until_the_manifest_is_renewed(folder: Path) -> None:
    shipped = find_model(Settings().model)
    (folder / "direction.json").write_bytes((shipped / "direction.json").read_bytes())
    with pytest.raises(InvalidModel, match=r"missing, or doesn't name direction\.json. Reinstall"):
        load_leaning(folder)
    renew(folder)
    load_leaning.cache_clear()
    assert load_leaning(folder) is not None
    (folder / "lexicon.npz").write_bytes((shipped / "lexicon.npz").read_bytes())
    assert "lexicon.npz is damaged: it isn't what manifest.json names" in refusal(folder)
    renew(folder)
    assert "its digest isn't the one in model.json" in refusal(folder)


def test_saving_a_part_leaves_the_others_rows_as_they_were(folder: Path) -> None:
    before = Parts.of(folder).rows
    (folder / "lexicon.npz").write_bytes(b"damaged")
    save_parts(folder, {"hearing.json": b'{"format": 1}'})
    after = Parts.of(folder).rows
    assert {name: after[name] for name in before} == before and after["hearing.json"]["format"] == 1
    assert "lexicon.npz is damaged" in refusal(folder)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "manifest.json is missing"),
        ("{", "manifest.json is damaged"),
        ("[]", "manifest.json is damaged"),
        ('{"format": 1, "parts": {"model.json": {}}}', "manifest.json is damaged"),
        (
            '{"format": 2, "parts": {}}',
            "the format of manifest.json is 2, this version of spindetect reads format 1",
        ),
    ],
)
def test_a_manifest_that_cannot_be_read_is_refused(folder: Path, content: str | None, said: str) -> None:
    (folder / MANIFEST).unlink()
    if content is not None:
        (folder / MANIFEST).write_text(content, "utf-8")
    message = refusal(folder)
    assert said in message and str(folder) in message
