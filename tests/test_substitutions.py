"""How word links are cut into substitutions: hand-worked sentences, with and without a lexicon."""

import pytest

from spindetect.align.lexical.lexicon import Entry, Lexicon
from spindetect.align.words.alignment import align_words
from spindetect.align.words.moved import links_across
from spindetect.align.words.strands import Link, WordAlignment, strand
from spindetect.classify.phrases import find_phrase_pairs
from spindetect.classify.rewording import reworded_gaps
from spindetect.detector import Detector
from spindetect.pipeline import classify
from spindetect.records import Article
from spindetect.segment.document import segment
from spindetect.segment.vocabulary import Vocabulary

VOCABULARY = Vocabulary()


def replaced(
    reference: str, suspect: str, known: dict[tuple[str, str], float] | None = None
) -> list[tuple[str, str]]:
    """The phrases that replaced each other in two sentences, as texts."""
    lexicon = Lexicon({pair: Entry(association, 0.0) for pair, association in (known or {}).items()})
    left, right = (segment(Article(text), VOCABULARY) for text in (reference, suspect))
    pair = strand(left, 0, len(left.words)), strand(right, 0, len(right.words))
    found, _ = find_phrase_pairs(align_words([pair], lexicon)[0], right, left, lexicon)
    return [
        (
            " ".join(word.norm for word in pair[0].words[one.reference.start : one.reference.stop]),
            " ".join(word.norm for word in pair[1].words[one.suspect.start : one.suspect.stop]),
        )
        for one in found
    ]


def test_words_that_changed_places_are_no_substitution() -> None:
    known = {("thursday", "said"): 0.9, ("said", "thursday"): 0.9}
    assert replaced("Mr Musk on Thursday said that", "Mr Musk said Thursday that", known) == []


def test_a_word_that_moved_may_still_be_a_known_substitute_elsewhere() -> None:
    known = {("people", "individuals"): 0.8}
    found = replaced("People of note met poor people here", "individuals of note met people here", known)
    assert ("people", "individuals") in found


@pytest.mark.parametrize(
    ("reference", "suspect", "expected"),
    [
        ("Those results can help the field", "Those results are expected to help the field",
         ("can", "are expected to")),
        ("Note that a theorem in complex analysis holds.", "Note that a theorem in Brown and Churchill holds.",
         ("complex analysis", "Brown and Churchill")),
    ],
)  # fmt: skip
def test_a_gap_without_a_sure_link_is_one_phrase(reference: str, suspect: str, expected: tuple[str, str]) -> None:
    found = Detector.load().compare(suspect, reference).substitutions
    assert [(one.reference.text, one.suspect.text) for one in found] == [expected]


def test_a_known_substitution_keeps_words_added_beside_it_out() -> None:
    found = replaced(
        "He met foreign ministers there", "He met many overseas ministers there", {("foreign", "overseas"): 0.9}
    )
    assert found == [("foreign", "overseas")]


def test_what_of_governs_belongs_to_the_phrase() -> None:
    assert ("free speech", "freedom of speech") in replaced(
        "debate as free speech is vital", "debate as freedom of speech is vital"
    )


def test_an_abbreviation_answers_to_itself_without_its_full_stop() -> None:
    found = replaced("The takeover of Twitter Inc is on hold", "The takeover of Twitter Inc.'s holdings is on hold")
    assert found == [("inc", "inc.")]


def gap_between_kept_words(
    left: str,
    right: str,
    linked: str = "",
    known: dict[tuple[str, str], float] | None = None,
    moved: int | None = None,
) -> str:
    """What reworded_gaps says of a gap with links such as "0-0 2-1"; a word of the reference may have moved."""
    some = Vocabulary({"the": 0.0, "of": 0.5})
    lexicon = Lexicon({pair: Entry(association, 0.0) for pair, association in (known or {}).items()})
    old, new = (segment(Article(f"Keep {text}"), some) for text in (f"{left} kept it", f"{right} kept it far"))
    reference, suspect = (strand(one, 0, len(one.words)) for one in (old, new))
    ends = len(reference.words) - 2, len(suspect.words) - 3
    places = [tuple(map(int, one.split("-"))) for one in linked.split()]
    links = [Link(range(1), range(1), "equal")]
    links += [Link(range(i + 1, i + 2), range(j + 1, j + 2), "replaced") for i, j in places]
    links += [
        Link(range(ends[0] + n, ends[0] + n + 1), range(ends[1] + n, ends[1] + n + 1), "equal") for n in (0, 1)
    ]
    every = list(links)
    if moved is not None:
        every.append(Link(range(moved + 1, moved + 2), range(ends[1] + 2, ends[1] + 3), "equal", crossing=True))
    found = reworded_gaps(WordAlignment(reference, suspect, tuple(links)), lexicon, every)
    assert all((one.reference, one.suspect) == (range(1, ends[0]), range(1, ends[1])) for one in found)
    return " ".join("rewritten" if one.rewritten else "rephrased" for one in found)


@pytest.mark.parametrize(
    ("left", "right", "linked", "said"),
    [
        ("pear fig nut oak", "elm ash yew fir", "", "rephrased"),  # eight words
        ("pear fig nut oak", "elm ash yew fir bay", "", ""),
        ("pear fig nut oak bay", "elm ash yew fir", "", ""),
        ("pear, fig", "elm ash", "", ""),
        ("pear fig", "elm, ash", "", ""),
        ("pear fig", "elm ash", "", "rephrased"),
        ("pear fig", "elm ash yew", "0-0 1-1", "rewritten"),  # five words: two guesses, and one left over
        ("pear", "elm ash yew", "0-0", "rephrased"),
        ("pear", "elm ash yew bay", "0-0", "rewritten"),
        ("pear fig the", "elm ash of", "0-0 1-1", ""),  # nothing is left over
        ("pear fig nut", "elm ash yew", "0-0 1-1 2-2", ""),
        ("pear the of", "elm ash of", "0-0", "rephrased"),  # one guess and one word left over
        ("pear fig", "elm figs the yew", "0-0 1-1", ""),  # a guess and a sure link
        ("pear fig", "elm figs ash yew fir", "0-0 1-1", ""),
        ("pear nut fig", "elm ash figs yew", "0-0 1-1 2-2", "rewritten"),  # two guesses against one
        ("pear the fig", "elm ash", "0-0 2-1", "rephrased"),
        ("elm ash", "pear the fig", "0-0 1-2", "rephrased"),
        ("pear fig the", "elm ash", "0-0 1-1", ""),
        ("pear", "elm", "0-0", ""),
        ("pear", "elm", "", "rephrased"),
        ("the", "of", "", "rephrased"),
        ("the", "Paris", "", ""),
        ("Paris", "the", "", ""),
        ("the", "pear", "", "rephrased"),
        ("the of", "pear", "", "rephrased"),
        ("the of", "the", "", ""),
        ("the of", "of the", "", ""),
        ("pear", "the of the", "", ""),
    ],
)
def test_which_gaps_were_reworded_as_a_whole(left: str, right: str, linked: str, said: str) -> None:
    assert gap_between_kept_words(left, right, linked) == said


def test_a_known_substitution_or_a_word_that_moved_is_no_part_of_a_reworded_gap() -> None:
    gap = "pear fig", "elm ash yew", "0-0 1-1"
    assert gap_between_kept_words(*gap, known={("pear", "elm"): 0.4}) == ""
    assert gap_between_kept_words(*gap, known={("pear", "elm"): 0.39}) == "rephrased"
    assert gap_between_kept_words("pear fig", "elm ash") == "rephrased"
    assert gap_between_kept_words("pear fig", "elm ash", moved=0) == ""
    assert gap_between_kept_words("pear fig", "elm ash", moved=1) == ""
    assert gap_between_kept_words("pear fig", "elm ash", "0-0 1-1", moved=1) == ""


def test_words_that_moved_are_linked_where_few_are_left() -> None:
    """Of 400 pairs and no more; a word answers once, to the one of its stem first and then to a known one."""

    def moved(reference: str, suspect: str, known: dict[tuple[str, str], float] | None = None) -> list[str]:
        lexicon = Lexicon({pair: Entry(association, 0.0) for pair, association in (known or {}).items()})
        left, right = (segment(Article(text), VOCABULARY) for text in (reference, suspect))
        sides = strand(left, 0, len(left.words)), strand(right, 0, len(right.words))
        found = links_across(WordAlignment(*sides, ()), lexicon)
        assert all(link.crossing for link in found)
        return [f"{one.reference.start} {one.relation} {one.suspect.start}" for one in found]

    many, more = (" ".join(f"{letter}mill" for letter in "bcdfghjklmnpqrstvwx") for _ in range(2))
    assert moved(f"town {many}", f"{more.replace('mill', 'dale')} town") == ["0 equal 19"]
    assert moved(f"town {many}", f"{more.replace('mill', 'dale')} town zoo") == []
    known = {("town", "city"): 0.9, ("old", "city"): 0.95}
    assert moved("town old", "city towns", known) == ["0 replaced 1", "1 replaced 0"]
    assert moved("town", "city city", known) == ["0 replaced 0"] and moved("city", "town", known) == []


KNOWN = {
    ("free", "freedom of"): 0.8, ("told", "informed"): 0.8, ("town", "city"): 0.6, ("price", "worth"): 0.8,
    ("tax", "levy"): 0.8, ("green", "inexperienced"): 0.8, ("light", "mild"): 0.8, ("national", "nationwide"): 0.8,
    ("help", "assist"): 0.3, ("big", "large"): 0.9, ("new", "brand new"): 0.9, ("brand new", "new"): 0.9,
    ("stop", "put an end to"): 0.8, ("put an end to", "stop"): 0.8, ("ended", "wrapped up"): 0.5,
    ("people", "individuals"): 0.8, ("quickly", "at a rapid pace"): 0.7,
}  # fmt: skip
SOME_WORDS = Vocabulary({"the": 0.0, "of": 0.5, "was": 1.5})
LEXICON = Lexicon(
    {pair: Entry(association, 3.5 if association > 0.7 else 1.5) for pair, association in KNOWN.items()},
    {"green light": "idiom", "tip of the iceberg": "idiom", "high school": "collocation"},
    stems={word: VOCABULARY.stem(word) for pair in KNOWN for word in pair if " " not in word},
)
READERS_CUTS = [
    ("The town paid a big price.", "The city paid a large worth.",
     "town > city synonym, big > large synonym!, price > worth synonym!"),
    ("He called free speech a right.", "He called freedom of speech a right.",
     "free speech > freedom of speech synonym"),
    ("He called freedom of speech a right.", "He called free speech a right.",
     "freedom of speech > free speech synonym"),
    ("The tax-free market opened.", "The levy-free market opened.",
     "tax-free > levy-free synonym!"),
    ("A well-known big-town story ran.", "A well-known large-city story ran.",
     "big-town > large-city synonym!"),
    ("They gave the green light on Monday.", "They gave the inexperienced mild on Monday.",
     "green light > inexperienced mild term!"),
    ("They gave the green light on Monday.", "They gave the green mild on Monday.",
     "green light > green mild term!"),
    ("They gave a green, light lamp on Monday.", "They gave a inexperienced, mild lamp on Monday.",
     "green > inexperienced synonym!, light > mild synonym!"),
    ("It was the tip of the iceberg.", "It was the tip of the glacier.",
     "tip of the iceberg > tip of the glacier term"),
    ("The high school burned down.", "The lofty academy burned down.",
     ""),
    ("The high school burned down.", "The lofty school burned down.",
     "high > lofty synonym"),
    ("Visitors saw the National Institute burn.", "Visitors saw the Nationwide Institute burn.",
     "National Institute > Nationwide Institute name!"),
    ("Visitors saw the National Health Institute burn.", "Visitors saw the Nationwide Health Institute burn.",
     "National Health Institute > Nationwide Health Institute name!"),
    ("Visitors saw the National Grand Old Institute burn.", "Visitors saw the Nationwide Grand Old Institute burn.",
     "National > Nationwide name!"),
    ("Visitors saw the national Institute burn.", "Visitors saw the nationwide Institute burn.",
     "national > nationwide synonym!"),
    ("They will stop the rain in Corby.", "They will put an end to the rain in Corby.",
     "stop > put an end to synonym!"),
    ("They will put an end to the rain in Corby.", "They will stop the rain in Corby.",
     "put an end to > stop synonym!"),
    ("The meeting ended in Corby.", "The meeting wrapped up in Corby.",
     "ended > wrapped up synonym"),
    ("They built a new dam in Corby.", "They built a brand new dam in Corby.",
     "new > brand new synonym!"),
    ("They built a brand new dam in Corby.", "They built a new dam in Corby.",
     "brand new > new synonym!"),
    ("The farmers told people the news quickly.", "The farmers quickly informed individuals the news.",
     "told > informed synonym!, people > individuals synonym!, quickly moved"),
    ("The farmers sold goats quickly in Corby.", "The farmers sold goats at a rapid pace in Corby.",
     "quickly > at a rapid pace synonym"),
    ("Yesterday the farmers sold goats in Corby.", "The farmers sold goats in Corby yesterday.",
     "yesterday moved"),
    ("The vicar baked nine loaves for orphans near Corby.", "The vicar gave away old clothes and shoes near Corby.",
     ""),
    ("The vicar baked loaves near Corby.", "The vicar mended shoes near Corby.",
     "baked > mended synonym, loaves > shoes synonym"),
    ("The vicar was there and slept.", "The vicar had been there and slept.",
     "was > had been function"),
    ("The vicar paid ten per cent of it.", "The vicar paid ten percent of it.",
     "per cent > percent form"),
    ("The old mill in Corby shut.", "The mill in Corby shut.",
     ""),
    ("The mill in Corby shut.", "The old grey mill in Corby shut.",
     ""),
    ("The mill isn't open, he told people.", "The mill is not open, he informed individuals.",
     "n't > not form, told > informed synonym!, people > individuals synonym!"),
    ("The bridge, a big one, fell.", "The bridge, a large span, fell.",
     "big > large synonym!"),
    ("The goat ate hay. The goat slept.", "The goat ate straw and the goat slept.",
     "hay > straw synonym"),
    ("Her plan was at risk i.e. late.", "Her plan was at risk that is late.",
     "i.e. > that is form"),
    ("The 3-2 win came late.", "The 4-2 win came late.",
     "3-2 > 4-2 number"),
    ("Big towns pay.", "Large towns pay.",
     "Big > Large synonym!"),
    ("Big-town life pays.", "Large-town life pays.",
     "Big-town > Large-town synonym!"),
    ("A mill - big enough - shut.", "A mill - large enough - shut.",
     "big > large synonym!"),
    ("The town (big) shut.", "The city (large) shut.",
     "town > city synonym, big > large synonym!"),
    ("The tax-free-town market opened.", "The levy-free-town market opened.",
     "tax-free-town > levy-free-town synonym!"),
    ("The National old Institute burned in Corby.", "The Nationwide old Institute burned in Corby.",
     "National > Nationwide name!"),
    ("Visitors saw the National, Institute burn.", "Visitors saw the Nationwide, Institute burn.",
     "National > Nationwide name!"),
    ("They gave green light, green light on Monday.", "They gave inexperienced mild, green light on Monday.",
     "green light > inexperienced mild term!"),
    ("The tip of the iceberg.", "The tip of an iceberg.",
     "the > an function"),
    ("He ate the whole tip of the iceberg.", "He ate the whole end of the iceberg.",
     "tip of the iceberg > end of the iceberg term"),
]  # fmt: skip


@pytest.mark.parametrize(("reference", "suspect", "said"), READERS_CUTS)
def test_substitutions_are_cut_as_a_reader_would_cut_them(reference: str, suspect: str, said: str) -> None:
    """What stands for what and its kind, "!" for a tell-tale; then the words that moved."""
    old, new = (segment(Article(text), SOME_WORDS) for text in (reference, suspect))
    found = []
    for pair in classify(new, old, LEXICON).pairs:
        for one in pair.substitutions:
            found.append(f"{one.reference.text} > {one.suspect.text} {one.kind}{'!' * one.telltale}")
        words = pair.pair.words.suspect.words
        found += [f"{words[link.suspect.start].norm} moved" for link in pair.links if link.crossing]
    assert ", ".join(found) == said


@pytest.mark.parametrize(
    ("reference", "suspect", "moved"),
    [
        ("Experts praised materials from Ohio.", "Experts praised University of Ohio materials.", "materials"),
        ("Storms shut harbours in the north.", "Storms shut ports off the north, not harbours.", "harbours"),
    ],
)
def test_a_phrase_stands_for_no_word_that_moved(reference: str, suspect: str, moved: str) -> None:
    for one, other in ((reference, suspect), (suspect, reference)):
        assert [pair for pair in replaced(one, other) if moved in " ".join(pair).split()] == []


def found_beside(reference: str, suspect: str, known: dict[tuple[str, str], float]) -> list[tuple[str, str]]:
    """The exchanges of content words between two texts of several sentences."""
    lexicon = Lexicon({pair: Entry(association, 0.0) for pair, association in known.items()})
    documents = [segment(Article(text), VOCABULARY) for text in (suspect, reference)]
    found = classify(documents[0], documents[1], lexicon).pairs
    return [(one.reference.text, one.suspect.text) for pair in found for one in pair.substitutions]


KEPT = "The council of the town approved the budget for the schools on Monday."


def test_what_moved_to_the_sentence_beside_is_exchanged_for_nothing_but_what_is_known() -> None:
    holiday = "Friday was when all of the shops there stayed shut for a holiday."
    reference = f"The mayor of the old town opened the bridge on Friday with a speech. {KEPT}"
    suspect = f"The mayor of the old town opened the bridge on crutches with a speech. {holiday} {KEPT}"
    assert found_beside(reference, suspect, {}) == []
    assert found_beside(suspect, reference, {}) == []
    assert found_beside(reference, suspect, {("friday", "crutches"): 0.8}) == [("Friday", "crutches")]
    alone = suspect.replace(f"{holiday} ", "")
    for further in (alone, f"{alone} {holiday}"):  # not a sentence away
        assert found_beside(reference, further, {}) == [("Friday", "crutches")]
