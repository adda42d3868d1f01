"""The manner of writing: how often a text uses which marks and grammar words.

Translators and language models have habits of their own, which hold across subjects and kinds of text: models add
commas and drop auxiliaries, translators add articles, spinners prepositions. People who edit, shorten or simplify
have others. All are counted in the sentences that differ.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from spindetect.records import Document
from spindetect.segment.english import AUXILIARIES, CONJUNCTIONS, DETERMINERS, MODALS, PREPOSITIONS, PRONOUNS

_ADDRESS = frozenset("i me my mine myself we us our ours ourselves you your yours yourself yourselves".split())
_DASHES = frozenset(("—", "–", "--", "---"))
_LIST_ENDS = frozenset(("and", "or"))
HABITS: Mapping[str, tuple[str, frozenset[str]]] = {
    "commas": ("commas", frozenset((",",))),
    "list_commas": ('commas before "and" and "or"', frozenset()),
    "dashes": ("dashes", frozenset()),
    "colons": ("colons and semicolons", frozenset((":", ";"))),
    "brackets": ("brackets", frozenset(("(", ")"))),
    "quotation_marks": ("quotation marks", frozenset(('"',))),
    "exclamations": ("question and exclamation marks", frozenset(("!", "?"))),
    "articles": ("articles and other determiners", DETERMINERS - _ADDRESS),
    "pronouns": ("pronouns but the writer's and the reader's", PRONOUNS - _ADDRESS),
    "address": ('words for the writer and the reader ("I", "your")', _ADDRESS),
    "prepositions": ("prepositions", PREPOSITIONS),
    "conjunctions": ("conjunctions", CONJUNCTIONS - PREPOSITIONS),
    "auxiliaries": ("auxiliary verbs", AUXILIARIES | MODALS),
    "contractions": ("contractions", frozenset(("n't", "'ll", "'re", "'ve", "'m", "'d"))),
    "possessives": ("possessives", frozenset()),
}
"""The habits by name: the things that are counted and their normal forms, none where their place tells them."""


def count_habits(document: Document, tokens: Sequence[int]) -> Counter[str]:
    """How often each habit of `HABITS` shows among some tokens, given by index, ascending."""
    words, starts = document.words, document.starts
    norms = Counter([words[token].norm for token in tokens])
    possessives = [token for token in tokens if words[token].norm == "'s" and not words[token].lexical]
    norms["'s"] -= len(possessives)  # the verb is a word
    ends = [token for token in tokens if words[token].norm in _LIST_ENDS and token and words[token - 1].norm == ","]
    hyphens = [token for token in tokens if words[token].text == "-" and token]
    loose = [one for one in hyphens if starts[one] > starts[one - 1] + len(words[one - 1].text)]
    dashes = len(loose) + len([token for token in tokens if words[token].text in _DASHES])
    found = Counter({"possessives": len(possessives), "list_commas": len(ends), "dashes": dashes})
    for name, (_, forms) in HABITS.items():
        if forms:
            found[name] = sum(norms[form] for form in norms.keys() & forms)
    return found
