"""Training: vectors drawn to a thesaurus, the evidence of unseen exchanges, corpora left out."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="training needs the extra train")

from spindetect.align.lexical.lexicon import Lexicon
from spindetect.errors import MissingCorpus
from spindetect.findings import MACHINE_RELATIONS, RELATIONS
from spindetect.model import find_model, pack, read_lexicon, unpack
from spindetect.score.features import FEATURE_NAMES, FEATURES
from spindetect.segment.vocabulary import Vocabulary
from spindetect.training import train
from spindetect.training.classifier.fit import fit_classifier
from spindetect.training.corpora import Thesaurus
from spindetect.training.language.statistics import retrofit
from spindetect.training.language.unseen import learn_unseen
from spindetect.training.pairs.dataset import LIGHTEST, Example, spun_examples
from spindetect.training.pairs.kinds import collected_examples
from spindetect.training.pairs.simulated import partly_changed, partly_spun_examples
from spindetect.training.spinners.replacement import DictionarySpinner, LineDictionary

WORDS = ["storm", "tempest", "harvest", "harvests", "bishop"]
ROWS = {word: row for row, word in enumerate(WORDS)}


def thesaurus(*synonyms: tuple[str, ...]) -> Thesaurus:
    senses = {word: [("n", group)] for group in synonyms for word in group}
    return Thesaurus(senses, {}, {})


def test_retrofitting_draws_synonyms_and_inflections_together_and_leaves_others() -> None:
    vectors = np.eye(5)
    moved = retrofit(vectors, WORDS, thesaurus(("storm", "tempest")), Vocabulary().stem)
    assert np.linalg.norm(moved, axis=1) == pytest.approx(np.ones(5))
    nearness = moved @ moved.T
    assert nearness[0, 1] > 0.5 and nearness[2, 3] > 0.2
    assert nearness[0, 4] == pytest.approx(0.0) and moved[4] == pytest.approx(vectors[4])


def test_retrofitting_without_a_thesaurus_only_joins_inflections() -> None:
    moved = retrofit(np.eye(5), WORDS, thesaurus(), Vocabulary().stem)
    assert moved[0] == pytest.approx(np.eye(5)[0]) and (moved @ moved.T)[2, 3] > 0.2


def test_unseen_exchanges_speak_as_near_ones_do_in_spinners_and_far_ones_in_people() -> None:
    vocabulary = Vocabulary({}, ROWS)
    vectors = np.array([[10, 0], [9, 1], [0, 10], [0, 9], [10, -3]], dtype=np.int8)
    spun = {"wp2015": Counter({("storm", "tempest"): 9, ("tempest", "bishop"): 9})}
    people = Counter({("storm", "harvest"): 9, ("bishop", "harvests"): 9})
    curve = learn_unseen(spun, people, vectors, vocabulary)
    assert list(curve) == sorted(curve)
    lexicon = Lexicon(vectors=vectors / np.linalg.norm(vectors, axis=1, keepdims=True), unseen=curve)
    near, far = (
        ((vocabulary["storm"],), (vocabulary["tempest"],)),
        ((vocabulary["storm"],), (vocabulary["harvest"],)),
    )
    assert lexicon.evidence(*near) > 0.3 > -0.3 > lexicon.evidence(*far)
    assert lexicon.evidence(near[0], (vocabulary["unheard-of"],)) == 0.0


def test_only_what_one_source_alone_knows_stands_for_the_unseen() -> None:
    vocabulary = Vocabulary({}, ROWS)
    vectors = np.array([[10, 0], [9, 1], [0, 10], [0, 9], [10, -3]], dtype=np.int8)
    spun = {name: Counter({("storm", "tempest"): 9}) for name in ("wp2015", "thesaurus")}
    people = Counter({("storm", "harvest"): 9})
    shared = dict(learn_unseen(spun, people, vectors, vocabulary))  # both sources know it: none would miss it
    alone = dict(learn_unseen(spun, people, vectors, vocabulary, without=["thesaurus"]))
    assert alone[0.8] > shared[0.8] == pytest.approx(0.0)


def test_a_light_touch_is_no_spun_text() -> None:
    text = " ".join(f"The storm of day {day} passed over the harbour and nobody was hurt." for day in range(40))
    spinner = DictionarySpinner((LineDictionary([("storm", "tempest")], keep_head=False),))
    heavy = DictionarySpinner((LineDictionary([("storm", "tempest"), ("harbour", "port")], keep_head=False),))
    rng = np.random.default_rng(0)
    made = [
        example
        for _ in range(20)
        for one in (spinner, heavy)
        for example in spun_examples([("group", text)], {"family": one}, rng)
    ]
    assert made and all(example.touched >= LIGHTEST for example in made)
    lightest = [
        example.touched
        for _ in range(20)
        for example in spun_examples([("group", text)], {"family": spinner}, rng, lightest=0.0)
    ]
    assert min(lightest) < LIGHTEST


def test_of_a_text_spun_in_part_whole_sentences_are_as_they_were() -> None:
    spinner = DictionarySpinner(
        (LineDictionary([("storm", "tempest"), ("town", "city"), ("farmers", "growers")], keep_head=False),)
    )
    sentences = [f"The storm reached the town of the farmers on day {number}." for number in range(20)]
    sources = [(f"{number}:x", " ".join(sentences)) for number in range(30)]
    found = list(partly_spun_examples(sources, {"one": spinner}, np.random.default_rng(3)))
    assert len(found) > 20
    passages = 0
    for example in found:
        pairs = list(zip(example.suspect.split(". "), example.reference.split(". "), strict=True))
        spun = [place for place, (new, old) in enumerate(pairs) if new != old]
        assert 3 <= len(spun) <= 12  # 15 to 60% of twenty
        words = sum(new != old for new, old in zip(example.suspect.split(), example.reference.split(), strict=True))
        assert words == round(example.touched * len(example.reference.split())) <= 3 * len(spun)
        passages += spun[-1] - spun[0] < len(spun) + 3
    assert 0 < passages < len(found)


def test_a_cue_of_one_corpus_alone_is_trusted_less_than_one_of_all() -> None:
    """In two of three sources the first feature tells; the second tells only in the third."""
    rng = np.random.default_rng(0)
    examples, features = [], []
    names = [one.name for one in FEATURES if one.direction == 0 and one.reuse is None][:2]
    for number in range(240):
        relation, source = RELATIONS[number % 6], ("one", "two", "three")[number // 6 % 3]
        machine = relation in MACHINE_RELATIONS
        examples.append(Example(f"{source}:{number}", relation, "", f"{source}:{number % 40}", "", "", False))
        found = dict.fromkeys(FEATURE_NAMES, 0.0) | {"words": 6.0}
        found[names[0]] = float(rng.normal(machine))
        found[names[1]] = float(rng.normal(3 * machine)) if source == "three" else float(rng.normal())
        features.append(found)
    classifier, metrics = fit_classifier(examples, features, seed=0, units_left_out=True)
    assert metrics["log_loss_units_left_out"] > metrics["log_loss_groups_left_out"]
    assert metrics["strength"] <= 0.3
    high, low = ({**dict.fromkeys(FEATURE_NAMES, 0.0), names[0]: value} for value in (2.0, -2.0))
    assert classifier.machine.logit.total(classifier.steps(high)) > classifier.machine.logit.total(
        classifier.steps(low)
    )


def test_an_edit_in_part_has_some_sentences_as_they_were_and_is_a_kind_of_its_own() -> None:
    reference = (
        "The ferry left the harbour at noon. Forty people were on board. Nobody was hurt in the storm. It sank."
    )
    suspect = "The ferry left the port at noon. Forty people were aboard it. Nobody was hurt in the gale. It sank."
    edit = Example("e:1", "edited", "human", "g", suspect, reference, False, kind="drafts")
    longer = replace(edit, suspect="\n".join([suspect] * 4), reference="\n".join([reference] * 4))
    others = [replace(longer, relation="spun"), replace(longer, kind="control_typo:5%"), edit]
    assert list(partly_changed(others)) == []  # no edit, a program's, too short
    [made] = partly_changed([longer])
    assert (made.kind, made.id, made.reference) == ("drafts:partly", "e:1:partly", longer.reference)
    was, edited, now = (re.split(r"(?<=\.)\s", text) for text in (longer.reference, longer.suspect, made.suspect))
    assert len(now) == 16 and all(found in (one, other) for found, one, other in zip(now, was, edited, strict=True))
    assert now not in (was, edited)
    assert list(partly_changed([longer])) == [made]


def test_collected_pairs_come_both_ways_if_people_made_them_and_once_if_a_program_did(tmp_path: Path) -> None:
    names = "relation", "operator", "group", "suspect", "reference"
    rows = ("edited", "", "d", "New.", "Old."), ("spun", "tool:40%", "t", "Fresh.", "New."), (
        "edited", "control_case:title", "t", "A B", "A b"
    )  # fmt: skip
    records = [dict(zip(names, row, strict=True)) for row in rows]
    records[0] |= {"id": "1", "kind": "docs_revised"}
    assert list(collected_examples(tmp_path)) == []  # nothing was collected
    folder = tmp_path / "collected"
    folder.mkdir()
    with gzip.open(folder / "some.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(record) + "\n" for record in records)
    found = [(one.kind, one.relation, one.suspect, one.reference) for one in collected_examples(tmp_path)]
    assert found == [
        ("docs_revised", "edited", "New.", "Old."),
        ("docs_revised", "edited", "Old.", "New."),
        ("tool:40%", "spun", "Fresh.", "New."),
        ("control_case:title", "copied", "A B", "A b"),
    ]
    with gzip.open(folder / "some.jsonl.gz", "at", encoding="utf-8") as file:
        file.write('{"operator": "tool", "group": "t", "suspect": "No.", "reference": "Relation."}\n')
    with pytest.raises(MissingCorpus, match="record 4: no field 'relation'"):
        list(collected_examples(tmp_path))


def test_beside_a_kept_lexicon_others_are_learnt_that_number_words_as_it_does() -> None:
    arrays = read_lexicon(find_model("spindetect-en-1"))
    kept, lexicon = unpack(arrays)
    spun = {"wp2015": Counter({("storm", "tempest"): 9}), "tortured": Counter({("storm", "gale"): 9})}
    vocabulary, learnt = unpack(train._language_of(arrays).learnt(spun, Counter(), Counter(), ["tool"]))
    assert vocabulary.rows == kept.rows and (learnt.vectors == lexicon.vectors).all()
    assert ("storm", "gale") in learnt.entries and ("storm", "tempest") not in learnt.entries


def test_lexicons_that_number_words_differently_are_not_measured_with_together() -> None:
    one, other = (
        pack(words, np.zeros(2, np.float32), np.ones((2, 2), np.int8), {}, {}, {})
        for words in (["storm", "bishop"], ["bishop", "storm"])
    )
    with pytest.raises(ValueError, match="number words differently"):
        train._start({"": one, "tool": other}, None)
