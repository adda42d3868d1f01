"""A language model that hears what scoring alone leaves in doubt: surprisals, features, the score, bad files."""

from __future__ import annotations

import ctypes
import json
import math
import pickle
import struct
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from math import fsum
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jsonschema
import numpy as np
import pytest
from typer.testing import CliRunner

from spindetect import Detector
from spindetect.cli import app
from spindetect.errors import InvalidModel, MissingExtra
from spindetect.parts import HEARING, renew
from spindetect.reference_free import language_model
from spindetect.reference_free.hearing import HEARD, Ear, hear, load_ear
from spindetect.reference_free.language_model import GgufModel, Surprisals, _moments, _places
from spindetect.reference_free.model import Judgement
from spindetect.report.html.reference_free import word_sum
from spindetect.settings import Settings

ROOT = Path(__file__).parents[1]
SCHEMA = json.loads((ROOT / "spindetect" / "report" / "report.schema.json").read_text("utf-8"))
MODEL = ROOT / "models" / "spindetect-en-1"
TEXT = "The council said on Tuesday that the old bridge was closed because the water had risen. " * 16


@lru_cache
def detector() -> Detector:
    return Detector.load()


class Fake:
    """Reads each word as a token of so many nats, with an expectation of 2 and a variance of 4."""

    signature = "|lm:fake"

    def __init__(self, own: float, texts: list[str] | None = None) -> None:
        self.own, self.texts = own, texts if texts is not None else []

    def read(self, text: str) -> Surprisals:
        self.texts.append(text)
        ends = np.array([place for place, sign in enumerate(text) if sign == " "])
        starts = np.concatenate([[0], ends[:-1]])
        sizes = np.ones(len(ends))
        return Surprisals(starts, ends, self.own * sizes, 2.0 * sizes, 4.0 * sizes)


def ear(own: float, lowest: float = -math.inf, highest: float = math.inf) -> Ear:
    names = [feature.name for feature in HEARD]
    weights = Judgement(-1.0, {name: [0.0, 2.0] for name in names}, {name: [3.0] for name in names})
    return Ear(Fake(own), lowest, highest, weights)


def hearing_detector(one: Ear) -> Detector:
    made = Detector(detector().model, Settings())
    made._alone = detector().alone
    made.__dict__["ear"] = one
    return made


# --- what is heard ---------------------------------------------------------------------


def test_a_words_surprise_counts_only_beyond_what_was_expected_and_what_is_usual() -> None:
    document = detector().document(TEXT)
    common = [word.surprisal + 2.8 for word in document.words if word.content and not word.capitalised]
    # each is 4 standard deviations of 2 above 2
    heard = hear(document, Fake(10.0).read(TEXT))
    limited = [min(3.0, max(0.0, 10.0 - usual + 2.0)) for usual in common]
    assert heard["heard_misfits"] == pytest.approx(np.mean(limited[:-1]), abs=0.02)
    assert heard["heard_strongly"] == pytest.approx(np.mean([10.0 - usual > 2.0 for usual in common]), abs=0.02)
    assert heard["heard_surprises"] == 1.0
    assert set(hear(document, Fake(2.0).read(TEXT)).values()) == {0.0}


def test_nothing_is_heard_of_a_few_words() -> None:
    assert hear(detector().document("The water had risen."), Fake(9.0).read("The water had risen.")) == {}


@pytest.mark.parametrize(
    ("text", "pieces", "starts", "ends"),
    [
        ("a bc", [b"a", b" b", b"c"], [0, 1, 3], [1, 3, 4]),
        ("a bc", [b" a", b" b", b"c"], [0, 1, 3], [1, 3, 4]),  # a space that the model put in front
        ("\u00e9\u6f22!", [b"\xc3", b"\xa9", b"\xe6\xbc\xa2", b"!"], [0, 1, 1, 2], [1, 1, 2, 3]),
        ("Abc de", [b"Abc", b" DE"], [0], [3]),  # from there on the tokens spell another text
        ("a\ud800b", [b"a", b"?", b"b"], [0, 1, 2], [1, 2, 3]),
        ("", [], [], []),
    ],
)
def test_tokens_have_their_places_in_code_points(
    text: str, pieces: list[bytes], starts: list[int], ends: list[int]
) -> None:
    assert [one.tolist() for one in _places(text, pieces)] == [starts, ends]


def test_surprisal_its_mean_and_its_variance() -> None:
    logits = np.log(np.array([[0.5, 0.25, 0.25]], dtype=np.float32)) + 7.0
    own, expected, variance = next(iter(_moments(logits, [1])))
    assert own == pytest.approx(math.log(4.0), abs=1e-6)
    assert expected == pytest.approx(1.5 * math.log(2.0), abs=1e-6)
    assert variance == pytest.approx(0.25 * math.log(2.0) ** 2, abs=1e-6)


# --- the score ---------------------------------------------------------------------------


def test_what_is_heard_is_added_in_reasons_that_sum_to_the_score() -> None:
    plain, heard = detector().score(TEXT), hearing_detector(ear(12.0)).score(TEXT)
    names = {feature.name for feature in HEARD}
    assert heard.score > plain.score
    assert heard.intercept == pytest.approx(plain.intercept - 1.0)
    assert names <= {item.feature for item in heard.contributions} and names <= heard.features.keys()
    total = fsum([heard.intercept, *(item.nats for item in heard.contributions)])
    assert heard.probability == pytest.approx(1.0 / (1.0 + math.exp(-total)), abs=1e-12)
    assert heard.signature == plain.signature + "|lm:fake"
    jsonschema.validate(heard.to_dict(), SCHEMA)
    assert "language model" in heard.to_html()
    added = [line for line in word_sum(heard) if line.text == "what the language model finds"]
    assert len(added) == 1 and added[0].nats.startswith("+")
    assert all("language model" not in line.text for line in word_sum(plain))


def test_only_what_is_in_doubt_is_read() -> None:
    plain = detector().score(TEXT)
    odds = math.log(plain.probability / (1.0 - plain.probability))
    for lowest, highest, read in ((odds - 1, odds + 1, 1), (odds + 1, odds + 2, 0), (odds - 2, odds - 1, 0)):
        one = ear(12.0, lowest, highest)
        result = hearing_detector(one).score(TEXT)
        assert len(one.model.texts) == read  # type: ignore[attr-defined]
        assert (result.score == plain.score) == (read == 0)


def test_nothing_is_read_of_what_cannot_be_scored() -> None:
    one = ear(12.0)
    assert hearing_detector(one).score("").verdict == "undecided"
    assert one.model.texts == []  # type: ignore[attr-defined]


# --- models ------------------------------------------------------------------------------


def test_the_weights_that_ship_are_loaded_and_speak_against_nobody_by_themselves() -> None:
    found = load_ear(MODEL, Fake(3.0), detector().model.vocabulary)
    assert found.lowest < found.highest
    assert found.judgement.intercept < 0.0
    assert all(weight >= 0.0 for weights in found.judgement.weights.values() for weight in weights)


def test_the_signature_names_the_language_model_and_the_weights(tmp_path: Path) -> None:
    record = json.loads((MODEL / HEARING).read_text("utf-8"))
    (tmp_path / HEARING).write_text(json.dumps({**record, "intercept": record["intercept"] - 1.0}), "utf-8")
    renew(tmp_path)
    vocabulary = detector().model.vocabulary
    ships, other = (load_ear(folder, Fake(3.0), vocabulary).signature for folder in (MODEL, tmp_path))
    assert ships.startswith("|lm:fake|hearing:") and other.startswith("|lm:fake|hearing:")
    assert ships != other


@pytest.mark.parametrize(
    "change", [{"format": 99}, {"knots": {}}, {"intercept": "nan"}, {"lowest": None}, {"weights": {}}]
)
def test_damaged_weights_are_refused(tmp_path: Path, change: dict[str, Any]) -> None:
    record = json.loads((MODEL / HEARING).read_text("utf-8"))
    (tmp_path / HEARING).write_text(json.dumps({**record, **change}), "utf-8")
    renew(tmp_path)
    with pytest.raises(InvalidModel, match="no weights for a language model"):
        load_ear(tmp_path, Fake(3.0), detector().model.vocabulary)


def test_a_model_that_finds_plain_english_odd_is_refused() -> None:
    with pytest.raises(InvalidModel, match="plain English"):
        load_ear(MODEL, Fake(15.0), detector().model.vocabulary)


@pytest.mark.parametrize("content", [None, b"", pickle.dumps([1]), b"PK\x03\x04 torch", b'{"model": 1}'])
def test_what_is_no_gguf_file_is_refused_before_anything_is_loaded(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "model.bin"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InvalidModel, match="Name a GGUF file"):
        GgufModel.load(path)


def test_the_command_line_names_a_language_model_that_is_missing() -> None:
    outcome = CliRunner().invoke(app, ["score", str(ROOT / "data" / "harbor" / "spun.txt"), "--lm", "nowhere.gguf"])
    assert outcome.exit_code == 2
    assert "nowhere.gguf is no language model" in outcome.stderr


def test_a_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "llama_cpp", None)
    (tmp_path / "model.gguf").write_bytes(b"GGUF")
    with pytest.raises(MissingExtra, match=r"pip install 'spindetect\[lm\]'"):
        GgufModel.load(tmp_path / "model.gguf")


class FakeCpp(SimpleNamespace):
    """As much of llama.cpp as is called: bytes are tokens, and each makes its own successor likely."""

    llama_token = ctypes.c_int32

    def __init__(self, loads: bool = True, decodes: bool = True, nan: bool = False) -> None:
        super().__init__(loads=loads, decodes=decodes, nan=nan, cleared=0, batches=[])

    def __getattr__(self, name: str) -> Any:
        return lambda *_: SimpleNamespace()

    def llama_model_load_from_file(self, path: bytes, _: Any) -> int:
        return int(self.loads)

    def llama_model_has_encoder(self, _: Any) -> bool:
        return False

    def llama_vocab_n_tokens(self, _: Any) -> int:
        return 256

    def llama_vocab_bos(self, _: Any) -> int:
        return -1

    def llama_vocab_eos(self, _: Any) -> int:
        return 0

    def llama_tokenize(self, _: Any, raw: bytes, size: int, made: Any, room: int, *flags: bool) -> int:
        assert flags == (False, False) and room >= size
        made[:size] = list(raw)
        return size

    def llama_token_to_piece(self, _: Any, token: int, buffer: Any, *rest: Any) -> int:
        buffer[0] = bytes([token])
        return 1

    def llama_memory_clear(self, *_: Any) -> None:
        self.cleared += 1

    def llama_batch_init(self, size: int, *_: Any) -> Any:
        made = SimpleNamespace(n_tokens=0, seq_id=[[9] for _ in range(size)])
        return SimpleNamespace(
            **vars(made), **{name: [9] * size for name in ("token", "pos", "logits", "n_seq_id")}
        )

    def llama_decode(self, _: Any, batch: Any) -> int:
        count = batch.n_tokens
        self.batches.append(batch.pos[:count])
        logits = np.zeros((count, 256), dtype=np.float32)
        logits[np.arange(count), (np.array(batch.token[:count]) + 1) % 256] = np.nan if self.nan else 5.0
        self.given = (ctypes.c_float * logits.size)(*logits.ravel().tolist())
        return 0 if self.decodes else 1

    def llama_get_logits(self, _: Any) -> Any:
        return ctypes.cast(self.given, ctypes.POINTER(ctypes.c_float))


def fake_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, **how: bool) -> GgufModel:
    monkeypatch.setitem(sys.modules, "llama_cpp", FakeCpp(**how))  # type: ignore[arg-type]
    (tmp_path / "model.gguf").write_bytes(b"GGUF model")
    return GgufModel.load(tmp_path / "model.gguf")


def test_a_text_is_read_token_by_token_in_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = fake_model(tmp_path, monkeypatch)
    read = model.read("abcx" * 100)
    likely = -math.log(math.exp(5.0) / (math.exp(5.0) + 255.0))
    assert len(read.own) == language_model.LONGEST
    assert read.own[:6] == pytest.approx([likely + 5.0, likely, likely, likely + 5.0, likely + 5.0, likely])
    assert (read.starts.tolist(), read.ends.tolist()) == ([*range(256)], [*range(1, 257)])
    assert [place for batch in model.cpp.batches for place in batch] == [*range(256)]
    assert model.read("abcx").own == pytest.approx(read.own[:4])  # nothing is left of the text before
    assert model.cpp.cleared == 2
    assert model.signature == fake_model(tmp_path, monkeypatch).signature != "|lm:"


@pytest.mark.parametrize("how", [{"loads": False}, {"decodes": False}, {"nan": True}])
def test_a_model_that_cannot_be_computed_with_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: dict[str, bool]
) -> None:
    with pytest.raises(InvalidModel, match="Name a GGUF file"):
        fake_model(tmp_path, monkeypatch, **how).read("abc")


def gguf(embedding: Sequence[float]) -> bytes:
    """A GGUF file of one layer for 256 tokens of a byte each; the layer adds nothing to the embedding."""

    def string(text: str) -> bytes:
        return struct.pack("<Q", len(text.encode())) + text.encode()

    def many(kind: int, values: list[bytes]) -> bytes:
        return struct.pack("<IIQ", 9, kind, len(values)) + b"".join(values)

    # GPT-2's letters for bytes: those that can be printed stand for themselves
    printed = [*range(33, 127), *range(161, 173), *range(174, 256)]
    letters = {byte: chr(byte) for byte in printed}
    letters |= {byte: chr(256 + place) for place, byte in enumerate(set(range(256)) - set(printed))}
    numbers = {
        "block_count": 1, "context_length": 512, "embedding_length": 32, "feed_forward_length": 32,
        "attention.head_count": 1, "vocab_size": 256, "rope.dimension_count": 32,
    }  # fmt: skip
    pairs = [
        ("general.architecture", struct.pack("<I", 8) + string("llama")),
        *[(f"llama.{name}", struct.pack("<II", 4, value)) for name, value in numbers.items()],
        ("llama.attention.layer_norm_rms_epsilon", struct.pack("<If", 6, 1e-5)),
        ("tokenizer.ggml.model", struct.pack("<I", 8) + string("gpt2")),
        ("tokenizer.ggml.pre", struct.pack("<I", 8) + string("gpt-2")),
        ("tokenizer.ggml.tokens", many(8, [string(letters[byte]) for byte in range(256)])),
        ("tokenizer.ggml.token_type", many(5, [struct.pack("<i", 1)] * 256)),
        ("tokenizer.ggml.merges", many(8, [])),
        ("tokenizer.ggml.bos_token_id", struct.pack("<II", 4, 0)),
        ("tokenizer.chat_template", struct.pack("<I", 8) + string("{{ 1 / 0 }}{% for %}")),
    ]
    shapes = {"token_embd": (32, 256), "output": (32, 256), "output_norm": (32,), "blk.0.attn_norm": (32,)}
    shapes |= {f"blk.0.{name}": (32, 32) for name in ("attn_q", "attn_k", "attn_v", "attn_output")}
    shapes |= {f"blk.0.{name}": (32, 32) for name in ("ffn_gate", "ffn_up", "ffn_down")} | {"blk.0.ffn_norm": (32,)}
    heads, data = b"", b""
    for name, shape in shapes.items():
        heads += string(f"{name}.weight") + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, 0, len(data))
        values = np.zeros(math.prod(shape), dtype="<f4")
        if name in ("token_embd", "output"):
            values[:] = np.resize(np.array(embedding), len(values))
        elif len(shape) == 1:
            values[:] = 1.0
        data += values.tobytes()
    head = b"GGUF" + struct.pack("<IQQ", 3, len(shapes), len(pairs))
    head += b"".join(string(name) + value for name, value in pairs) + heads
    return head + bytes(-len(head) % 32) + data


def test_llama_cpp_reads_a_model_made_by_hand_and_runs_nothing_of_it(tmp_path: Path) -> None:
    pytest.importorskip("llama_cpp")
    path = tmp_path / "model.gguf"
    path.write_bytes(gguf([0.0]))
    model = GgufModel.load(path)
    read = model.read("a caf\u00e9 <|im_end|>")
    assert read.own == pytest.approx([math.log(256.0)] * len(read.own))
    assert (read.expected, read.variance) == (pytest.approx(read.own), pytest.approx(0.0 * read.own, abs=1e-6))
    assert read.ends[-1] == len("a caf\u00e9 <|im_end|>") == len(set(read.ends.tolist()))
    path.write_bytes(gguf(np.random.default_rng(1).normal(0, 0.3, 32 * 256).tolist()))
    other = GgufModel.load(path)
    assert other.signature != model.signature
    assert other.read("abc").own.tolist() == GgufModel.load(path).read("abc").own.tolist()
    path.write_bytes(gguf([0.0])[:-20_000])
    with pytest.raises(InvalidModel, match="damaged"):
        GgufModel.load(path)


def test_workers_load_the_language_model_by_its_name() -> None:
    made = Detector(detector().model, replace(Settings(), lm="nowhere.gguf"))
    assert pickle.loads(pickle.dumps(made)).settings.lm == "nowhere.gguf"
    with pytest.raises(InvalidModel, match=r"nowhere\.gguf is no language model"):
        made.score(TEXT)
