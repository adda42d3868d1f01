"""A language model that the user names: how surprised it is at each word of a text.

The model is a GGUF file on this machine, read by llama.cpp; nothing is ever downloaded. Such a file holds numbers,
and a chat template, which is neither parsed nor run. What a model finds likely depends on the machine:
between two, scores may differ in the last digits, on one they never do.
"""

from __future__ import annotations

import ctypes
import hashlib
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from spindetect.errors import InvalidModel, needed
from spindetect.reference_free.ngrams import Floats, Ids

LONGEST = 256
"""Tokens that are read, the first of a text: some 190 words, so that a long text takes no longer."""
_MAGIC = b"GGUF"
# Tokens that are computed at once: the answers for each are as many numbers as the model has tokens.
_AT_ONCE = 64
_LONGEST_PIECE = 256  # bytes


class Surprisals(NamedTuple):
    """A language model's surprisals of a text's first tokens; each array has a value for each token.

    A token covers the code points ``starts`` to ``ends`` of the text. ``own`` is its surprisal after those before,
    ``expected`` how surprising the next token was going to be on average (the entropy), and ``variance`` how far
    that varies; in nats, the last in their squares.
    """

    starts: Ids
    ends: Ids
    own: Floats
    expected: Floats
    variance: Floats


class LanguageModel(Protocol):
    """A reader of texts; `GgufModel` is one."""

    @property
    def signature(self) -> str:
        """Changes whenever the model does."""

    def read(self, text: str) -> Surprisals:
        """The surprisals of the first tokens, at most `LONGEST`."""


def digest(path: Path) -> str:
    """The first twelve hexadecimal digits of a model's SHA-256; raises `InvalidModel` for what is no GGUF file."""
    try:
        if not path.is_file():
            raise OSError("there is no such file")
        with path.open("rb") as stream:
            found = stream.read(len(_MAGIC))
            if found != _MAGIC:
                raise OSError(f"a GGUF file begins with {_MAGIC!r}, this one with {found!r}")
            stream.seek(0)
            return hashlib.file_digest(stream, "sha256").hexdigest()[:12]
    except OSError as error:
        raise InvalidModel(f"{path} is no language model: {error}. {_EXPECTED}") from error


_EXPECTED = "Name a GGUF file of a causal language model for English; nothing is downloaded."


@dataclass(frozen=True, eq=False)
class GgufModel:
    """A causal language model in a GGUF file, computed by llama.cpp in one thread; see `load`. Thread-safe."""

    cpp: ModuleType
    context: Any
    vocabulary: Any
    signature: str
    _pieces: dict[int, bytes] = field(default_factory=dict)
    _lock: Any = field(default_factory=Lock)

    @classmethod
    def load(cls, path: Path) -> GgufModel:
        """Load a file.

        Raises `MissingExtra` without llama-cpp-python, and `InvalidModel` for what is missing or no causal model.
        """
        signature = f"|lm:{digest(path)}"
        cpp = needed("llama_cpp", "read with a language model", "lm", "llama-cpp-python")
        logging.getLogger("llama-cpp-python").setLevel(logging.CRITICAL + 1)  # it prints what it logs
        cpp.llama_backend_init()
        chosen = cpp.llama_model_default_params()
        chosen.n_gpu_layers, chosen.check_tensors = 0, True
        model = cpp.llama_model_load_from_file(str(path).encode(), chosen)
        if not model or cpp.llama_model_has_encoder(model):
            raise InvalidModel(
                f"{path} is no language model that llama.cpp can load: damaged, or of another kind. {_EXPECTED}"
            )
        sizes = cpp.llama_context_default_params()
        sizes.n_ctx, sizes.n_batch, sizes.n_ubatch = LONGEST, _AT_ONCE, _AT_ONCE
        sizes.n_threads, sizes.n_threads_batch = 1, 1
        context = cpp.llama_init_from_model(model, sizes)
        if not context:
            raise InvalidModel(f"{path} can't be computed with: is there too little memory? {_EXPECTED}")
        return cls(cpp, context, cpp.llama_model_get_vocab(model), signature)

    def read(self, text: str) -> Surprisals:
        """The surprisals of the first tokens. Raises `InvalidModel` for a model that gives no probabilities."""
        with self._lock:
            tokens = self._tokens(text.encode("utf-8", "replace"))
            found = np.array([*self._computed(tokens)], dtype=np.float64).reshape(-1, 3)
            pieces = [self._piece(token) for token in tokens]
        if not np.isfinite(found).all():
            raise InvalidModel(f"the language model gives no probabilities. {_EXPECTED}")
        starts, ends = _places(text, pieces)
        return Surprisals(starts, ends, *found[: len(starts)].T)

    def _tokens(self, raw: bytes) -> list[int]:
        room = len(raw) + 16  # a token has a byte at least, but for those that a model puts in front
        made = (self.cpp.llama_token * room)()
        count = self.cpp.llama_tokenize(self.vocabulary, raw, len(raw), made, room, False, False)
        return list(made[: max(min(count, LONGEST), 0)])

    def _piece(self, token: int) -> bytes:
        """The bytes that a token stands for."""
        if token not in self._pieces:
            buffer = ctypes.create_string_buffer(_LONGEST_PIECE)
            size = self.cpp.llama_token_to_piece(self.vocabulary, token, buffer, _LONGEST_PIECE, 0, True)
            self._pieces[token] = buffer.raw[: max(size, 0)]
        return self._pieces[token]

    def _computed(self, tokens: Sequence[int]) -> Iterator[tuple[float, float, float]]:
        """Surprisal, its expectation and its variance for each token after those before it."""
        cpp = self.cpp
        size = cpp.llama_vocab_n_tokens(self.vocabulary)
        first = next(
            (t for t in (cpp.llama_vocab_bos(self.vocabulary), cpp.llama_vocab_eos(self.vocabulary)) if t >= 0), 0
        )
        fed = [first, *tokens[:-1]][: len(tokens)]
        cpp.llama_memory_clear(cpp.llama_get_memory(self.context), True)
        batch = cpp.llama_batch_init(_AT_ONCE, 0, 1)
        try:
            for begin in range(0, len(fed), _AT_ONCE):
                part, wanted = fed[begin : begin + _AT_ONCE], tokens[begin : begin + _AT_ONCE]
                batch.n_tokens = len(part)
                for place, token in enumerate(part):
                    batch.token[place], batch.pos[place], batch.logits[place] = token, begin + place, True
                    batch.n_seq_id[place], batch.seq_id[place][0] = 1, 0
                if cpp.llama_decode(self.context, batch) or not (logits := cpp.llama_get_logits(self.context)):
                    raise InvalidModel(f"the language model doesn't say what comes next. {_EXPECTED}")
                yield from _moments(np.ctypeslib.as_array(logits, (len(part), size)), wanted)
        finally:
            cpp.llama_batch_free(batch)


def _moments(logits: NDArray[np.float32], wanted: Sequence[int]) -> Iterator[tuple[float, float, float]]:
    """Of each row of logits the surprisal of the token that came, the mean over all tokens, and the variance.

    >>> [[round(one, 3) for one in row] for row in _moments(np.log(np.array([[0.5, 0.25, 0.25]], np.float32)), [1])]
    [[1.386, 1.04, 0.12]]
    """
    below = logits - logits.max(axis=1, keepdims=True)
    likely = np.exp(below)
    total = likely.sum(axis=1, dtype=np.float64)
    mean = np.einsum("ij,ij->i", likely, below) / total
    square = np.einsum("ij,ij->i", likely, below * below) / total
    came = below[np.arange(len(below)), list(wanted)]
    log = np.log(total)
    return zip((log - came).tolist(), (log - mean).tolist(), (square - mean * mean).tolist(), strict=True)


def _places(text: str, pieces: Sequence[bytes]) -> tuple[Ids, Ids]:
    """Where the tokens stand in a text, in code points; those from where they no longer spell it are left out."""
    raw = text.encode("utf-8", "replace")
    ends = np.cumsum([0, *map(len, pieces)])
    spelt = b"".join(pieces)
    if spelt[:1] == b" " and raw[:1] != b" ":  # many models put a space in front
        spelt, ends = spelt[1:], np.maximum(ends - 1, 0)
    same = next(
        (n for n, (one, other) in enumerate(zip(raw, spelt, strict=False)) if one != other),
        min(len(raw), len(spelt)),
    )
    ends = ends[ends <= same]
    before = np.cumsum([0, *((byte & 0xC0) != 0x80 for byte in raw)])  # code points begun before each byte
    return before[ends[:-1]], before[ends[1:]]
