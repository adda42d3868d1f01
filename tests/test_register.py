"""What else explains that one text says another's things in other words: register, other facts, inclusive words."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from spindetect.detector import Detector
from spindetect.kinds import Counts, Kind, Variant
from spindetect.score import register
from spindetect.score.inventory import Side
from spindetect.score.mistakes import mistakes
from spindetect.score.register import other_explanations

OLD = (
    "He that would keep bees must first consider the place where they shall stand. Let it be nigh unto the "
    "house, that thou mayest hear when they swarm, and let it look toward the rising of the sun, for the bee is"
    " a creature that loveth warmth and riseth early when the sun shineth upon her door. When thou wouldst take"
    " a swarm, make no great noise with pans and kettles, for it profiteth nothing; but have thy hive ready "
    "rubbed with sweet herbs, and thou shalt see them enter of their own accord."
)
MODERN = (
    "Anyone who wants to keep bees must first consider the place where they will stand. Let it be near the "
    "house, so that you may hear when they swarm, and let it face the rising sun, because the bee is a creature"
    " that loves warmth and rises early when the sun shines on her door. When you want to take a swarm, make no"
    " great noise with pans and kettles, because it is of no use; but have your hive ready, rubbed with sweet "
    "herbs, and you will see them go in of their own accord."
)
NOVEL = (
    "The old lighthouse keeper had not left the island for eleven years when the letter arrived. It was "
    "delivered, as everything was delivered, by the supply boat that called on the first Monday of the month, "
    "weather permitting, and he put it unopened on the shelf above the stove, where it remained for the better "
    "part of a week. At length, one evening when the wind had dropped and the lamp was burning steadily, he "
    "slit the envelope with his gutting knife and held the single sheet at arm's length. His sister, whom he "
    "had believed dead, was coming to visit."
)
READER = (
    "The old man lived alone in a lighthouse on an island. He had not left the island for eleven years. One day"
    " a letter arrived. It came on the supply boat. The boat visited the island on the first Monday of every "
    "month. The old man put the letter on the shelf above the stove. He did not open it for almost a week. "
    "Then, one quiet evening, he opened the envelope with his fish knife and looked at the letter. His sister "
    "was coming to visit him. He thought that she was dead."
)
RULES = (
    "Membership runs from 1 April 2023 to 31 March 2024. The subscription is £145 for adults and £70 for "
    "juniors. The boathouse opens at 6.30 a.m. on weekdays, and the last boat must be off the water half an "
    "hour before sunset. Every crew must sign the log before going out and again on coming back. Life jackets "
    "are compulsory for all members under 16. The member responsible for damage pays the first £40 of any "
    "repair. Guests may row no more than three times in a season and pay £8 for each outing."
)
NEXT_YEAR = (
    "Membership runs from 1 April 2024 to 31 March 2025. The subscription is £155 for adults and £75 for "
    "juniors. The boathouse opens at 6 a.m. on weekdays, and the last crew must be off the water by sunset. "
    "Every crew must sign the log before boating and again on returning. Buoyancy aids are compulsory for all "
    "members under 18. The crew responsible for damage pays the first £50 of any repair. Visitors may row no "
    "more than twice in a season and pay £10 for each outing."
)
CHAIRMAN = (
    "The chairman shall preside at all meetings of the committee, and if he is absent the vice-chairman shall "
    "take his place. Each fireman shall keep his equipment in good order and shall report any defect to his "
    "foreman at the end of his shift. A workman who is injured must inform the foreman himself. The spokesman "
    "for the staff shall be elected every two years, and any policeman attending shall be given the manpower he"
    " asks for."
)
CHAIR = (
    "The chair shall preside at all meetings of the committee, and if they are absent the vice-chair shall take"
    " their place. Each firefighter shall keep their equipment in good order and shall report any defect to "
    "their supervisor at the end of their shift. A worker who is injured must inform the supervisor themselves."
    " The spokesperson for the staff shall be elected every two years, and any police officer attending shall "
    "be given the staff they ask for."
)
LEARNER = (
    "My last holiday I have been in Portugal with my cousins. We was stay in a small hotel nearly the beach and"
    " every mornings we have eaten the breakfast in the terrace. The weather was very hot so we have swimmed a "
    "lot, but one day my cousin has cut the foot with a glass and we had to go to hospital. The doctor was very"
    " gentle and he explained us that it was not grave. I hope that I can return there because I didn't saw "
    "everything."
)
CORRECTED = (
    "On my last holiday I went to Portugal with my cousins. We stayed in a small hotel near the beach and every"
    " morning we ate breakfast on the terrace. The weather was very hot, so we swam a lot, but one day my "
    "cousin cut her foot on some glass and we had to go to hospital. The doctor was very kind and he explained "
    "to us that it was not serious. I hope that I can go back there because I didn't see everything."
)
LAW = (
    "Any person who contravenes the provisions of subsection (2) above shall be guilty of an offence and "
    "liable on summary conviction to a fine not exceeding level 3 on the standard scale. It shall be a "
    "defence for a person charged with such an offence to prove that he took all reasonable precautions and "
    "exercised all due diligence to avoid the commission thereof. Proceedings shall not be instituted save "
    "with the consent of the Director. Where an authorised officer has reasonable cause to believe that an "
    "offence has been committed, he may require the production of any record relating to the animals in "
    "question and may take copies of the same. "
)
PLAIN_LAW = (
    "You break the law if you do anything that part (2) forbids. A magistrates' court can fine you up to "
    "level 3 on the standard scale. You have a defence if you can show that you took every reasonable care "
    "and did all you could not to break the law. Nobody can be taken to court unless the Director agrees. An "
    "inspector who has good reason to think that the law has been broken can ask to see any records about the"
    " animals and can copy them. "
)
RECORD = (
    "CHAIR: Right, item four, the roof. Sue, do you want to take us through that? SUE: Yes, thanks. So we've "
    "had three quotes now. The cheapest one is Barker's, that's eleven thousand two hundred, but they can't "
    "start till September. The other two are both over fourteen. MARK: And do we have that money? SUE: We've "
    "got nine in the reserve. MARK: So we're two short. CHAIR: I'd rather we wait for Barker's and do a "
    "raffle or something over the summer. Is everyone happy with that? MARK: Fine by me. CHAIR: Okay, so Sue,"
    " you'll tell Barker's, and Mark, can you look into the raffle? "
)
MINUTES = (
    "4. Roof. Sue reported that three quotations had been received. The lowest, from Barker's, was for "
    "£11,200, but work could not begin until September. The other two were above £14,000. The reserve stands "
    "at £9,000, which leaves a gap of £2,200. The chair proposed to accept Barker's quotation and to raise "
    "the rest by a raffle in the summer. This was agreed. Actions: Sue to inform Barker's; Mark to look into "
    "a raffle. "
)


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector.load()


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        (OLD, MODERN, "another_register"),
        (NOVEL, READER, "another_register"),
        (RULES, NEXT_YEAR, "other_facts"),
        (LEARNER, CORRECTED, "corrected"),
        (LAW, PLAIN_LAW, "another_register"),
        (RECORD, MINUTES, "another_register"),
    ],
    ids=["old", "easy", "rules", "learner", "law", "minutes"],
)
def test_what_people_put_otherwise_is_undecided_in_both_orders(
    detector: Detector, one: str, other: str, reason: str
) -> None:
    for suspect, reference in ((one, other), (other, one)):
        found = detector.compare(suspect, reference)
        assert found.score < 50.0
        assert found.verdict != "undecided" or reason in [each.reason for each in found.undecided]


@pytest.mark.parametrize("text", [OLD, NOVEL, RULES], ids=["old", "novel", "rules"])
def test_a_register_in_common_explains_nothing(detector: Detector, text: str) -> None:
    assert detector.compare(text, text).undecided == ()


def test_words_for_everybody_are_no_exchanges(detector: Detector) -> None:
    for suspect, reference in ((CHAIR, CHAIRMAN), (CHAIRMAN, CHAIR)):
        found = detector.compare(suspect, reference)
        assert found.score < 50.0
        reasons = {(one.reference.text, one.suspect.text): one.reason for one in found.substitutions}
        said = "the same in words for everybody"
        pairs = ("chairman", "chair"), ("fireman", "firefighter"), ("workman", "worker"), ("his", "their")
        for old, new in pairs:
            assert reasons[(old, new) if reference is CHAIRMAN else (new, old)] == said


def test_a_verb_that_agrees_with_another_subject_is_the_same_word(detector: Detector) -> None:
    found = detector.compare(CHAIR, CHAIRMAN)
    assert [one.kind for one in found.substitutions if one.suspect.text == "are"] == ["form"]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (LEARNER, 6),
        (CORRECTED, 0),
        ("You can to meet people there, and it depends of the day. He has wrote to me since two years.", 4),
        ("You must not go to the house. The people have come from Leeds to see it, as they do every year.", 0),
        (
            "Last summer I have seen a barn near of the sea. There is many boats, and childrens must learning it.",
            5,
        ),
        (
            "I do n't listening. We visited to Rome: I want to going there and work like teacher for each others.",
            5,
        ),
        (
            "Last year I have to go. They should during the week, near the sea, and must string it. There is much.",
            0,
        ),
        (
            "My brother he waited near station. When I was child I am think that, because in my country is "
            "warm. I have twenty years. He can helps. Since many years we see many thing. I very like how it "
            "looks like.",
            11,
        ),
        (
            "The people in my country are kind. I was a child near the station, and my brother waited. She has "
            "twenty years of practice. We came to London to ask my mother; he can always help. This was child "
            "labour.",
            0,
        ),
        ("You cant turn it, its a left-hand thread. Youll see that it doesnt move. You should of asked.", 5),
        ("Of course he could, of course. The dog lost its ball, and all its toys. As is her wont, she went.", 1),
        ("They speaks fast, but he want to go home. I was there during two hours in last year.", 4),
        ("The tourists likes what was build here. He was there, he cook for visit, and I wait you at home.", 4),
        ("It is more big. A lot people wait the bus; one of the reason is that this allows to sleep.", 5),
        (
            "The bus allows you to sleep during the night, as in last year's film. One of the bus's "
            "doors is bigger.",
            0,
        ),
        ("Nothing is better than more bread. He did not say that he went, and each of the houses is old.", 0),
    ],
)
def test_mistakes_that_learners_make_are_counted(detector: Detector, text: str, count: int) -> None:
    assert mistakes(detector.document(text)) == count


Style = tuple[int, int, float, float, float]


def explained(
    monkeypatch: pytest.MonkeyPatch,
    styles: tuple[Style, Style] = ((0, 0, 0.0, 0.0, 0.0),) * 2,
    made: tuple[int, int] = (0, 0),
    substitutions: Sequence[Any] = (),
    kept: float = 0.0,
    texts: tuple[str, str] = ("suspect", "reference"),
    inventory: dict[str, tuple[Side, Side]] | None = None,
    **more: Any,
) -> list[str]:
    """The reasons for texts of these styles, mistakes and exchanges; the suspect's come first."""
    if not str(register.__file__).endswith(".py"):
        pytest.skip("of a compiled module nothing can be put in another's place")
    documents: Any = [SimpleNamespace(article=SimpleNamespace(text=one)) for one in texts]
    monkeypatch.setattr(register, "_style", lambda one: register._Style(*styles[documents.index(one)]))
    monkeypatch.setattr(register, "mistakes", lambda one: made[documents.index(one)])
    nothing = Side(0, 0), Side(0, 0)
    evidence: Any = SimpleNamespace(
        pairs=[SimpleNamespace(substitutions=substitutions)],
        substitutions=substitutions,
        suspect_words=100,
        reference_words=100,
        aligned=(0, 0),
        changed=[],
        inventory={
            "names": nothing,
            "numerals": (Side(kept, kept), Side(kept, kept)),
            "word_pairs": (Side(1, 1), Side(1, 1)),
            "narration": nothing,
            "quotations": nothing,
            **(inventory or {}),
        },
    )
    evidence.__dict__.update(more)
    return [one.reason for one in other_explanations(*documents, evidence)]


def exchanged(count: int, kind: Kind, counts: Counts, variant: Variant | None = None) -> list[Any]:
    phrases = [SimpleNamespace(text=f"{kind} {number}") for number in range(count)]
    given = {"kind": kind, "counts": counts, "variant": variant, "same": variant is not None, "telltale": ""}
    given["quoted"] = False
    return [SimpleNamespace(reference=one, suspect=one, **given) for one in phrases]


@pytest.mark.parametrize(
    ("mine", "theirs", "found"),
    [
        ((200, 3), (200, 0), True),  # 1.5 old words per 100, three at least
        ((200, 3), (200, 1), False),
        ((100, 2), (100, 0), False),
        ((300, 0), (200, 3), True),
    ],
)
def test_old_words_on_one_side_are_another_register(
    monkeypatch: pytest.MonkeyPatch, mine: tuple[int, int], theirs: tuple[int, int], found: bool
) -> None:
    styles = (*mine, 10.0, 4.0, 5.0), (*theirs, 10.0, 4.0, 5.0)
    assert explained(monkeypatch, styles) == ["another_register"] * found


@pytest.mark.parametrize(
    ("sentence", "surprisal", "letters", "found"),
    [
        (14.1, 4.61, 5.31, (True, False)),  # sentences 1.4 times as long, words rarer by .6 nats and 6% longer
        (13.9, 4.61, 5.31, (False, False)),
        (14.1, 4.59, 5.31, (False, False)),
        (14.1, 4.61, 5.29, (False, False)),
        (15.0, 5.0, 5.31, (True, True)),  # a suspect that is harder to read must be so by 1.4 together
        (15.0, 4.99, 5.31, (True, False)),
    ],
)
def test_a_much_plainer_text_is_another_register(
    monkeypatch: pytest.MonkeyPatch, sentence: float, surprisal: float, letters: float, found: tuple[bool, bool]
) -> None:
    plain, other = (100, 0, 10.0, 4.0, 5.0), (100, 0, sentence, surprisal, letters)
    reasons = explained(monkeypatch, (plain, other)), explained(monkeypatch, (other, plain))
    assert reasons == (["another_register"] * found[0], ["another_register"] * found[1])


@pytest.mark.parametrize(
    ("made", "words", "found"),
    [((3, 0), 250, True), ((0, 3), 250, True), ((3, 0), 251, False), ((2, 0), 100, False), ((5, 4), 100, False)],
)
def test_mistakes_on_one_side_were_corrected(
    monkeypatch: pytest.MonkeyPatch, made: tuple[int, int], words: int, found: bool
) -> None:
    style = (words, 0, 10.0, 4.0, 5.0)
    assert explained(monkeypatch, (style, style), made) == ["corrected"] * found


@pytest.mark.parametrize(
    ("righted", "made", "variant", "found"),
    [
        (3, 0, Variant.CORRECTED, True),
        (2, 0, Variant.CORRECTED, False),
        (9, 0, Variant.MISREAD, False),  # whoever reworded a text may put misspellings in
        (3, 3, Variant.CORRECTED, True),  # said once
    ],
)
def test_misspellings_put_right_were_corrected(
    monkeypatch: pytest.MonkeyPatch, righted: int, made: int, variant: Variant, found: bool
) -> None:
    style = (100, 0, 10.0, 4.0, 5.0)
    given = exchanged(righted, "form", "kept", variant)
    assert explained(monkeypatch, (style, style), (0, made), given) == ["corrected"] * found


@pytest.mark.parametrize(("usage", "content", "found"), [(4, 12, True), (4, 13, False), (3, 0, False)])
def test_words_of_another_country_throughout_are_another_register(
    monkeypatch: pytest.MonkeyPatch, usage: int, content: int, found: bool
) -> None:
    elsewhere = exchanged(usage, "form", "form", Variant.REGIONAL) + exchanged(9, "form", "form", Variant.MISREAD)
    others = exchanged(content, "synonym", "content")
    assert explained(monkeypatch, substitutions=[*elsewhere, *others]) == ["another_register"] * found


@pytest.mark.parametrize(
    ("numbers", "kept", "words", "found"),
    [
        (4, 9.0, 400, True),
        (4, 10.0, 400, False),
        (3, 0.0, 400, False),
        (3, 90.0, 200, True),  # 1.5 per 100 words, two at least
        (3, 90.0, 201, False),
        (1, 90.0, 40, False),
    ],
)
def test_other_numbers_throughout_are_other_facts(
    monkeypatch: pytest.MonkeyPatch, numbers: int, kept: float, words: int, found: bool
) -> None:
    same = exchanged(9, "number", "form", Variant.MISREAD)
    given = [*exchanged(numbers, "number", "number"), *same]
    reasons = explained(monkeypatch, substitutions=given, kept=kept, suspect_words=words)
    assert reasons == ["other_facts"] * found


@pytest.mark.parametrize(("has", "kept", "found"), [(2, 0, True), (1, 0, False), (9, 1, False), (10, 1, True)])
def test_numbers_of_which_hardly_one_is_in_both_are_other_facts(
    monkeypatch: pytest.MonkeyPatch, has: int, kept: int, found: bool
) -> None:
    given = {"numerals": (Side(has, kept),) * 2, "names": (Side(90, 90), Side(90, 90))}  # no form filled in
    assert explained(monkeypatch, inventory=given) == ["other_facts"] * found


@pytest.mark.parametrize(
    ("old", "new", "reasons"),
    [
        ("raised rose higher", "cut fell lower", ["other_facts"]),
        ("cut fell", "raised rose", ["other_facts"]),  # turned round
        ("raised", "cut", []),
        ("commence utilize terminate", "start use end", ["another_register"]),
        ("start use end", "commence utilize terminate", []),  # spinners do that
        ("commence utilize", "start use", []),
    ],
)
def test_exchanges_that_no_machine_makes_explain_the_others(
    monkeypatch: pytest.MonkeyPatch, old: str, new: str, reasons: list[str]
) -> None:
    made = exchanged(len(old.split()), "synonym", "content")
    for one, theirs, mine in zip(made, old.split(), new.split(), strict=True):
        one.reference, one.suspect = SimpleNamespace(text=theirs.capitalize()), SimpleNamespace(text=mine)
    words = {"added_content": 9, "added_function": 0, "dropped_content": 0, "dropped_function": 0}
    changed = [SimpleNamespace(changes=made, **words)]
    assert explained(monkeypatch, substitutions=made, changed=changed) == reasons
    many = [*made, *exchanged(30, "term", "content")]
    assert explained(monkeypatch, substitutions=many, changed=changed) == []  # a fifth at least


@pytest.mark.parametrize(
    ("texts", "reasons"),
    [
        (
            ("We went down, and it was full.", "So, um, you know, we, we went down, and, uh, it was, like, full."),
            True,
        ),
        (("He lost himself.", "Well, yes, he lost himself. Look, friends, he lost himself."), True),
        (("We went down, and it was full.", "You know, we went down, and it was, uh, kind of full."), False),
        (("He allegedly lied and is accused of theft, which he denies.", "He lied and stole."), True),
        (("He allegedly lied, which he denies.", "He lied."), False),
        (
            (
                "It suggests that bees may count, although it seems that they could see.",
                "It shows that bees count.",
            ),
            True,
        ),
        (("It suggests that bees may count.", "It shows that bees count."), False),
    ],
)
def test_far_more_signs_of_a_manner_are_another_register(
    monkeypatch: pytest.MonkeyPatch, texts: tuple[str, str], reasons: bool
) -> None:
    for pair in texts, texts[::-1]:
        assert explained(monkeypatch, texts=pair) == ["another_register"] * reasons


@pytest.mark.parametrize("variant", [Variant.SAME_NUMBER, Variant.RESTATED, Variant.SHORTENED, Variant.RESPELT])
def test_another_houses_numbers_and_spellings_are_another_register(
    monkeypatch: pytest.MonkeyPatch, variant: Variant
) -> None:
    style = [*exchanged(3, "number", "form", variant), *exchanged(1, "form", "form", Variant.REGIONAL)]
    for content, found in (9, ["another_register"]), (10, []):
        others = exchanged(content, "synonym", "content")
        assert explained(monkeypatch, substitutions=[*style, *others]) == found


@pytest.mark.parametrize(
    ("names", "numerals", "pairs", "found"),
    [
        (((10, 8), (10, 8)), ((1, 1), (1, 1)), 34, True),  # two of eleven on either side, hardly a phrase kept
        (((10, 8), (10, 8)), ((1, 1), (1, 1)), 35, False),
        (((10, 9), (10, 9)), ((1, 0), (1, 0)), 34, True),  # numbers are facts, too
        (((10, 8), (13, 11)), ((1, 1), (1, 1)), 34, False),  # a sixth part and a seventh
        (((4, 3), (4, 2)), ((1, 1), (1, 1)), 34, False),  # three are too few
        (((10, 7), (9, 9)), ((5, 4), (1, 1)), 34, True),  # a fourth of the suspect's is new
        (((9, 9), (10, 6)), ((1, 1), (5, 4)), 34, False),  # whoever shortens leaves facts out
        (((10, 7), (9, 9)), ((7, 6), (1, 1)), 34, False),
        (((5, 3), (6, 4)), ((2, 1), (1, 0)), 90, True),  # a form: three of seven on either side, all else was kept
        (((6, 4), (6, 4)), ((2, 1), (1, 0)), 90, False),
        (((4, 2), (4, 2)), ((1, 1), (1, 1)), 90, False),
    ],
)
def test_facts_that_the_other_text_has_not_were_found_by_somebody(
    monkeypatch: pytest.MonkeyPatch,
    names: tuple[tuple[int, int], tuple[int, int]],
    numerals: tuple[tuple[int, int], tuple[int, int]],
    pairs: int,
    found: bool,
) -> None:
    inventory = {
        "names": (Side(*names[0]), Side(*names[1])),
        "numerals": (Side(*numerals[0]), Side(*numerals[1])),
        "word_pairs": (Side(100, pairs), Side(100, 20)),
    }
    assert explained(monkeypatch, inventory=inventory) == ["other_facts"] * found


@pytest.mark.parametrize(
    ("sentence", "longer", "found"), [(8.5, 15.3, True), (8.6, 20.0, False), (8.0, 14.3, False), (5.0, 9.0, True)]
)
def test_far_shorter_sentences_are_another_register(
    monkeypatch: pytest.MonkeyPatch, sentence: float, longer: float, found: bool
) -> None:
    short, other = (100, 0, sentence, 4.0, 5.0), (100, 0, longer, 4.0, 5.0)
    for styles in (short, other), (other, short):
        assert explained(monkeypatch, styles) == ["another_register"] * found


@pytest.mark.parametrize(("notes", "other", "found"), [(0.33, 0.45, True), (0.34, 0.5, False), (0.2, 0.31, False)])
def test_a_text_in_notes_is_another_register(
    monkeypatch: pytest.MonkeyPatch, notes: float, other: float, found: bool
) -> None:
    styles: Any = ((50, 0, 12.0, 5.0, 6.0, notes), (90, 0, 12.0, 5.0, 6.0, other))
    for both in styles, styles[::-1]:
        assert explained(monkeypatch, both) == ["another_register"] * found


@pytest.mark.parametrize(
    ("changes", "others", "aligned", "found"),
    [(2, 2, 90, True), (3, 2, 90, False), (2, 3, 90, False), (2, 2, 89, False)],
)
def test_one_or_two_exchanges_are_too_few(
    monkeypatch: pytest.MonkeyPatch, changes: int, others: int, aligned: int, found: bool
) -> None:
    words = {"added_content": others, "added_function": 0, "dropped_content": 0, "dropped_function": 0}
    made = [*exchanged(changes, "synonym", "content"), *exchanged(1, "synonym", "content")]  # the first comes twice
    changed = [SimpleNamespace(changes=made, **words)]
    reasons = explained(monkeypatch, aligned=(aligned, 100), changed=changed)
    assert reasons == ["too_few_changes"] * found


@pytest.mark.parametrize(("said", "others", "found"), [(2, 2, True), (2, 0, True), (1, 0, False), (2, 3, False)])
def test_editors_exchange_the_words_that_say_who_speaks(
    monkeypatch: pytest.MonkeyPatch, said: int, others: int, found: bool
) -> None:
    verbs = exchanged(said, "synonym", "content")
    for one in verbs:
        one.reference, one.suspect = SimpleNamespace(text="said"), SimpleNamespace(text="added")
    given = [*verbs, *exchanged(others, "synonym", "content")]
    assert explained(monkeypatch, substitutions=given) == ["too_few_changes"] * found
    given[-1].telltale = "nobody says so"
    assert explained(monkeypatch, substitutions=given) == ["too_few_changes"] * (found and not others)


@pytest.mark.parametrize(
    ("narration", "quotations", "found"),
    [
        ((10, 9), (100, 55), True),
        ((10, 8), (100, 55), False),
        ((3, 3), (100, 55), False),
        ((10, 9), (100, 57), False),
        ((10, 9), (9, 0), False),
    ],
)
def test_reworded_quotations_in_a_narration_that_was_kept_may_be_translations(
    monkeypatch: pytest.MonkeyPatch, narration: tuple[int, int], quotations: tuple[int, int], found: bool
) -> None:
    inventory = {"narration": (Side(*narration),) * 2, "quotations": (Side(*quotations),) * 2}
    assert explained(monkeypatch, inventory=inventory) == ["reworded_throughout"] * found


@pytest.mark.parametrize(
    ("quoted", "others", "aligned", "found"),
    [(9, 1, 49, True), (8, 1, 49, False), (9, 1, 50, False), (3, 0, 49, True), (2, 0, 49, False)],
)
def test_two_reports_that_share_a_speech_alone_may_be_translations(
    monkeypatch: pytest.MonkeyPatch, quoted: int, others: int, aligned: int, found: bool
) -> None:
    made = exchanged(quoted + others, "synonym", "content")
    for one in made[:quoted]:
        one.quoted = True
    words = {"added_content": 9, "added_function": 0, "dropped_content": 0, "dropped_function": 0}
    changed = [SimpleNamespace(changes=made, **words)]
    reasons = explained(monkeypatch, aligned=(100, aligned), changed=changed)
    assert reasons == ["reworded_throughout"] * found


COACH = (
    'The coach answered questions through an interpreter on Sunday. "We played a good first half, but football'
    " lasts ninety minutes. After the second goal the boys hung their heads, and that I do not forgive. A team"
    " which wants to be champion must suffer and keep running. I will not speak about the referee. I have my "
    'opinion of him, and it will stay inside these four walls. It suits us. We have nothing to lose any more."'
)
OTHER_NEWSROOM = (
    'The coach answered questions through an interpreter on Sunday. "Our first half was fine, but a football '
    "match goes on for ninety minutes. The lads dropped their heads once the second goal went in, and I cannot"
    " pardon that. A side that wants the title has to know how to suffer and go on running. About the referee "
    "I will say nothing. What I think of him shall remain within these four walls. That is good for us. There "
    'is nothing left for us to lose."'
)


@pytest.mark.parametrize(
    "remark", ["", "The letter appeared in the original last year. "], ids=["speech", "letter"]
)
def test_what_two_newsrooms_translated_is_undecided(detector: Detector, remark: str) -> None:
    texts = [COACH, OTHER_NEWSROOM]
    if remark:  # no quotation, but a translation as they say
        texts = [remark + one.split(". ", 1)[1].replace('"', "") for one in texts]
    for suspect, reference in (texts, texts[::-1]):
        found = detector.compare(suspect, reference)
        assert found.score < 50.0
        assert [one.reason for one in found.undecided] == ["reworded_throughout"]


@pytest.mark.parametrize(
    ("remark", "said"),
    [
        ("The letter, a translation from the Spanish, was printed last year.", True),
        ("The letter was translated by Ana Ruiz. Nothing was added.", True),
        ("He wrote to us in his own language and waited for an answer.", True),
        ("The club has an interpreter, and its letters are translated into six languages.", False),
        ("Machine translation was the subject of the original work on the model.", False),
    ],
)
def test_texts_on_translators_dont_say_that_they_are_translated(
    monkeypatch: pytest.MonkeyPatch, remark: str, said: bool
) -> None:
    reworded = {"word_pairs": (Side(100, 20),) * 2}
    both = explained(monkeypatch, texts=(f"A. {remark}", f"B. {remark}"), inventory=reworded)
    one = explained(monkeypatch, texts=(f"A. {remark}", "B."), inventory=reworded)
    assert both == ["reworded_throughout"] * said and not one


@pytest.mark.parametrize(
    "exchanges",
    [
        {"swimming pool": "swimming puddle", "cracks": "fissures"},
        {"close": "shut", "mayor": "city manager"},
        {"voted": "balloted", "repairs": "reparations"},
        {"Engineers": "Technologists", "cracks": "crevices"},
    ],
)
def test_two_exchanges_never_decide(detector: Detector, exchanges: dict[str, str]) -> None:
    text = (
        "The council voted on Tuesday to close the old swimming pool, which has leaked for years. Engineers "
        "found cracks in the floor last spring, and the repairs would cost more than a new building. The mayor "
        "said that the town could not wait any longer."
    )
    suspect = text
    for old, new in exchanges.items():
        suspect = suspect.replace(old, new)
    found = detector.compare(suspect, text)
    assert found.score < 50.0
    assert found.reuse > 50.0


@pytest.mark.parametrize(
    ("suspect", "reference", "reason"),
    [
        (
            "The minister said the budget was a promise to young families. The government would build 40,000 "
            "homes in three years and cut the tax on first homes in half. It would not raise the retirement "
            "age, and he would not touch pensions. He knew, he said, that people were tired of promises and "
            "asked to be judged by what he did. His father had been a bricklayer, and he had carried bricks "
            "himself. If the banks did not lend, the state would. His opponents had had ten years, he said, "
            "and had built nothing.",
            'The minister said: "This budget is a promise to young families. We will build 40,000 homes in '
            "three years. We will cut the tax on first homes in half. We won't raise the retirement age, and"
            " I will not touch pensions. I know that people are tired of promises. Judge me by what I do. My "
            "father was a bricklayer, and I have carried bricks myself. If the banks do not lend, then the "
            'state will. Our opponents have had ten years, and they have built nothing."',
            "too_few_changes",
        ),
        (
            "The city council's decision to close the branch library on Elm Street angered local residents, "
            "some of whom had come to the meeting to oppose it. The library is now used by about 900 people a"
            " week. If it closes, the nearest will be four miles away. Councillor Jane Foley, who voted for "
            "the closure, said that the building needs repairs that would cost over half a million pounds. "
            "She said that the council had no other option.",
            "The decision by the city council to go ahead with the closure of the branch library on Elm "
            "Street was met with a great deal of anger by local residents, a number of whom had come to the "
            "meeting in order to make their opposition known. At the present time, the library is used by "
            "approximately 900 people on a weekly basis. In the event that it closes, the nearest alternative"
            " will be at a distance of four miles. Councillor Jane Foley, who was one of those who voted in "
            "favour of the closure, made the point that the building is in need of repairs that would cost in"
            " excess of half a million pounds. It was her view that there was no other option that was "
            "available to the council.",
            "mostly_cut",
        ),
    ],
    ids=["reported speech", "tightened"],
)
def test_an_editors_grammar_and_cuts_are_undecided(
    detector: Detector, suspect: str, reference: str, reason: str
) -> None:
    for found in detector.compare(suspect, reference), detector.compare(reference, suspect):
        assert found.score < 50.0
        assert [one.reason for one in found.undecided] == [reason]


def test_a_text_with_its_abbreviations_written_out_is_still_the_same(detector: Detector) -> None:
    short = (
        "The WHO said on Friday that it had sent a team to the city after the MoH reported 14 cases of fever."
        " The UN and the IMF are helping with transport. A PCR test confirmed the virus in six of the "
        "patients. The CEO of a hospital said that NGOs had set up 20 beds. GDP per head in the region is "
        "among the lowest in the world."
    )
    full = short
    for one, other in {
        "WHO": "World Health Organization",
        "MoH": "Ministry of Health",
        "UN": "United Nations",
        "IMF": "International Monetary Fund",
        "PCR": "polymerase chain reaction",
        "CEO": "chief executive",
        "NGOs": "non-governmental organisations",
        "GDP": "Gross domestic product",
    }.items():
        full = full.replace(f"{one} ", f"{other} ")
    for found in detector.compare(full, short), detector.compare(short, full):
        assert found.reuse > 80.0 and found.score < 50.0
        assert {one.reason for one in found.substitutions} == {"the same, shortened or written out"}
        assert found.features["names_most"] == found.features["names_least"]  # the inventory has them in common


def test_a_letter_in_a_names_place_is_no_new_name(detector: Detector) -> None:
    named = (
        "On the evening of 3 May the claimant, Mr Robert Ashby, parked his van outside the premises of a tile"
        " maker in Preston. He told Constable Birch that he had delivered tiles to Mr Lowther at about 6 p.m."
        " The foreman, Peake, signed for them. When Mr Ashby returned, the near side door had been forced and"
        " tools worth £1,850 were missing. Mr Peake said that he had seen two men in a white van drive off. "
        "Mrs Ashby, who was in the passenger seat, gave the number. The insurer refused the claim on 12 June."
    )
    anonymous = named
    for name, letter in {"Robert Ashby": "A", "Ashby": "A", "Birch": "D", "Lowther": "E", "Peake": "F"}.items():
        anonymous = anonymous.replace(name, letter)
    found = detector.compare(anonymous, named)
    assert found.verdict == "edited" and found.reuse > 50.0
    assert found.features["new_facts"] == 0.0


@pytest.mark.parametrize(
    ("suspect", "reference"),
    [
        (
            "I was born here. So was my sister. There were 12 of us. You had to be quick. Father said we had two "
            "hands: one to row, one to bail. In 1961 two men came about the bridge. They wore hats. They were "
            "polite. They unrolled a plan. Grandmother couldn't read. She stared at it. She pointed to the red and"
            ' asked, "What\'s this?" "The bridge," they said. "There\'s no bridge here." "Not yet."',
            "I was born in this house, and my sister was born in this house, too. When I was little there were "
            "twelve of us on that ferry, and you had to be quick. My father used to say that we had been given two"
            " hands, one to row with and one to bail her out with. In nineteen sixty-one they came to tell us "
            "about the bridge, two men in hats, very polite. They spread out a plan on the bench, and my "
            "grandmother, who could not read, looked at it for a long time. Then she put her finger on the red "
            "part and she said, what is this? And they said, that is the bridge, and she said that there was no "
            "bridge, and they said not yet.",
        ),
        (
            "The society, which was founded in 1951, has fourteen members, most of whom are chosen every two "
            "years. Members who miss four meetings in a row without apology are taken to have left, a rule that "
            "has been used only once. Before 1988 the society met in the treasurer's kitchen, and some of the maps"
            " that she kept there have been lost. About three hundred photographs, sixty maps and a diary have "
            "been found so far. The society hopes to hold a show in autumn, if there is money for it.",
            "The society, that was founded in 1951, has 14 members, the majority of whom are chosen every 2 years."
            " Members who fail to attend 4 consecutive meetings without apology are taken to have left, which is a"
            " rule which has been used only once. Prior to 1988 the society met in the Treasurer's own kitchen, "
            "and some of the maps which she kept there have been lost. Approximately 300 photographs, 60 maps and "
            "a diary have been found to date. The society hopes that a show can be held in the autumn, subject to "
            "funds being available.",
        ),
    ],
    ids=["subtitles", "house style"],
)
def test_what_editors_make_of_a_text_is_undecided(detector: Detector, suspect: str, reference: str) -> None:
    for found in detector.compare(suspect, reference), detector.compare(reference, suspect):
        assert found.score < 50.0
        assert "another_register" in [one.reason for one in found.undecided]


@pytest.mark.parametrize(
    ("suspect", "reference", "reason"),
    [
        (
            "The experiment was carried out in the laboratory of Professor Iwata. We put the leaves "
            "in an oven for 24 "
            "hours and then measured the mass precisely. The results are shown in Table 2. It can be "
            "seen that the loss "
            "of mass is greater for the birch leaves. This allows us to conclude that birch contains "
            "more water. We are "
            "currently preparing other experiments with the roots.",
            "The experiment was realised in the laboratory of professor Iwata. We have putted the "
            "leafs in a oven during "
            "24 hours and then we measured the mass with precision. The obtained results are showed "
            "in Table 2. It can be "
            "remarked that the loss of mass is more big for the leafs of birch. This permits to "
            "conclude that the birch "
            "contents more water. Actually we are preparing others experiments with the roots.",
            "corrected",
        ),
        (
            "Read the extract and answer the questions in complete sentences. 1. Why does Omar bury "
            "the watch? 2. Find a "
            'word in paragraph four that means "tired". 3. How do we know that the story happens in '
            "winter? 4. What do you "
            "think Omar should do next? Give two reasons. You have 50 minutes. Check your "
            "punctuation. Write your number "
            "on every page.",
            "Read the passage and answer the questions in full sentences. 1. Why does Nell hide the "
            "letter? 2. Find a word "
            'in paragraph two that means "angry". 3. How do we know that the house is near the sea? '
            "4. What do you think "
            "will happen next? Give a reason. You have 40 minutes. Check your spelling. Write your "
            "name on every sheet.",
            "other_facts",
        ),
        (
            "I bought this laptop at Dexter's for 540 because my daughter starts college in "
            "September. It is light and "
            "quiet, the battery really does last nine hours, and the keyboard is a pleasure. On the other hand the "
            "screen could be brighter, there is a single USB port, and the lid shows every finger. "
            "The speakers sound "
            "like a tin. There are two years of warranty. I'd buy it again, though not in black.",
            "Pros: light, quiet, battery lasts 9 hours, good keyboard, two years' warranty. Cons: "
            "dim screen, only one "
            "USB port, lid marks easily, speakers tinny. Bought it for my daughter, who starts "
            "college in September. "
            "Paid 540 at Dexter's. Would buy again but in grey.",
            "another_register",
        ),
    ],
    ids=["learner", "exam", "notes"],
)
def test_what_teachers_and_readers_make_of_a_text_is_undecided(
    detector: Detector, suspect: str, reference: str, reason: str
) -> None:
    found = detector.compare(suspect, reference)
    assert found.score < 50.0 and reason in [one.reason for one in found.undecided]
