"""Closed classes of English words: facts that several stages share, listed in ``english.toml``."""

from __future__ import annotations

from spindetect.files import shipped_table

_TABLE = shipped_table("segment/english.toml")
_WORDS: dict[str, frozenset[str]] = {name: frozenset(words.split()) for name, words in _TABLE["words"].items()}

ARTICLES = _WORDS["articles"]
DETERMINERS = _WORDS["determiners"]
PRONOUNS = _WORDS["pronouns"]
PREPOSITIONS = _WORDS["prepositions"]
CONJUNCTIONS = _WORDS["conjunctions"]
AUXILIARIES = _WORDS["auxiliaries"]
MODALS = _WORDS["modals"]
PARTICLES = _WORDS["particles"]
NEGATIONS = _WORDS["negations"]
FUNCTION_WORDS = DETERMINERS | PRONOUNS | PREPOSITIONS | CONJUNCTIONS | AUXILIARIES | MODALS | NEGATIONS
"""Modals, auxiliaries, prepositions, determiners, pronouns, conjunctions and negations."""
QUANTIFIERS = _WORDS["quantifiers"]
COMBINING_FORMS = _WORDS["combining_forms"]
MAGNITUDES = _WORDS["magnitudes"]
CALENDAR = _WORDS["calendar"]
LETTERED = _WORDS["lettered"]
NUMBERED_NAMES = _WORDS["numbered_names"]
SPEECH_VERBS = _WORDS["speech_verbs"]
TITLE_ABBREVIATIONS = _WORDS["title_abbreviations"]
NUMBERED = _WORDS["numbered"]
OTHER_ABBREVIATIONS = _WORDS["other_abbreviations"]
COMPANIES = _WORDS["companies"]
MARKED_NAMES = _WORDS["marked_names"]
TITLE_HEADS = _WORDS["title_heads"]
ORGANISATION_HEADS = _WORDS["organisation_heads"]
DEMONYMS = _WORDS["demonyms"]

CLITICS: dict[str, str] = _TABLE["clitics"]
# Words for which some of them may stand as well [who's been, let's, he'd gone].
OTHER_CLITICS = frozenset((("'s", "has"), ("'s", "us"), ("'d", "had"), ("'d", "did")))

_TENS = {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_COUNTED: dict[str, list[str]] = {name: words.split() for name, words in _TABLE["counted"].items()}
NUMBER_WORDS = {word: value for value, word in enumerate(_COUNTED["numbers"])} | _TENS
ORDINAL_WORDS = {word: value for value, word in enumerate(_COUNTED["ordinals"], start=1)}
ORDINAL_WORDS |= {f"{word[:-1]}ieth": value for word, value in _TENS.items()}
ORDINAL_WORDS |= {"hundredth": 100, "thousandth": 1000}
NATIONS: dict[str, str] = {word: name for name, some in _TABLE["nations"].items() for word in (name, *some.split())}
"""Nations, those who belong to them and their adjectives: one name for each."""
TIME_ZONES: dict[str, tuple[int, ...]] = {name: tuple(ahead) for name, ahead in _TABLE["time_zones"].items()}
"""Time zones, and by how many minutes they are ahead of Greenwich; more than one where a name has several uses."""
