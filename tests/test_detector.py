"""The detector as its users meet it: the result's contract, degenerate inputs, determinism, threads, processes."""

from __future__ import annotations

import copy
import copyreg
import io
import json
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import is_dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from properties import check, detector

import spindetect
from spindetect import Article, Comparison, Detector, SpindetectError, findings, records
from spindetect.errors import UnreadableArticle
from spindetect.retrieve.direction import with_direction
from spindetect.score.verdict import VERSION

PACKAGE = Path(spindetect.__file__).parent

REFERENCE = (
    "Defense Secretary Paul Marden gave the green light to a new bridge near Corby on Monday. The town’s "
    "farmers, who lost forty sheep in the storm, were pleased. “We need help from our friends,” said Ada Quill, "
    "who owns the dairy where the river bends. Three of her barns were damaged when the water rose. The cabinet "
    "will meet again "
    "on Friday to talk about the cost of the work, which may become a problem for the United States.\n"
)
SUSPECT = (
    "Protection Secretary Paul Marden gave the inexperienced mild to a brand new bridge close to Corby on "
    "Monday. The city’s farmers, who misplaced forty sheep within the tempest, had been happy. “We want assist "
    "from our buddies,” mentioned Ada Quill, who owns the dairy the place the river bends. 3 of her barns have "
    "been broken when the water rose. The cupboard will meet once more on Friday to speak about the price of "
    "the work, which can "
    "grow to be an issue for america.\n"
)
UNRELATED = (
    "Shares in the airline jumped after it announced cheaper flights to Lisbon. Analysts had expected a weaker "
    "quarter because of rising fuel prices. Its chief executive promised bigger planes and friendlier cabins "
    "for all of its passengers. Rival carriers said they would match every fare by the end of the autumn, if "
    "not before that date."
)


def compare(suspect: str, reference: str) -> Comparison:
    return check(detector().compare(suspect, reference))


def texts(comparison: Comparison) -> list[tuple[str, str]]:
    return [(item.reference.text, item.suspect.text) for item in comparison.substitutions]


# --- the contract of every comparison -----------------------------------------------------------------


def test_passages_are_found_when_asked_for_and_travel_with_the_comparison() -> None:
    comparison = detector().compare(SUSPECT, REFERENCE)
    assert comparison._passages == []
    found = comparison.passages
    assert len(found) == 1 and comparison.passages is found
    there = pickle.loads(pickle.dumps(comparison))
    assert there == comparison and there._passages == [found]
    with pytest.raises(AttributeError):
        there.intercept = 0.0


def test_what_a_score_does_not_take_is_worked_out_once_on_first_use(monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []

    def counted(name: str, work: Callable[..., Comparison]) -> Callable[..., Comparison]:
        return lambda *given: (steps.append(name), work(*given))[1]

    monkeypatch.setattr(Detector, "examined", counted("examined", Detector.examined))
    monkeypatch.setattr("spindetect.detector.with_direction", counted("directed", with_direction))
    comparison = detector().compare(SUSPECT, REFERENCE)
    assert comparison.score >= 80.0 and comparison.reuse and comparison.coverage == 1.0 and comparison.features
    assert not steps
    assert comparison.verdict == "spun" and comparison.undecided == () and comparison.direction is not None
    assert steps == ["directed"]
    rated = comparison.substitutions
    assert all(item.persuasion is not None for item in rated) and comparison.family is not None
    assert comparison.substitutions == rated and steps == ["directed", "examined"]
    for whole in (pickle.loads, copy.copy, replace):
        another = detector().compare(SUSPECT, REFERENCE)
        made = whole(pickle.dumps(another) if whole is pickle.loads else another)
        assert made == another == comparison and made.family == comparison.family
    with pytest.raises(AttributeError, match="familly"):
        comparison.familly  # type: ignore[attr-defined]  # noqa: B018


def test_all_that_a_comparison_is_made_of_can_be_pickled_when_compiled() -> None:
    named = [*vars(records).values(), *vars(findings).values()]
    nouns = [one for one in named if isinstance(one, type) and is_dataclass(one)]
    assert len(nouns) >= 17 and all(one in copyreg.dispatch_table for one in nouns)


def test_a_spun_text() -> None:
    found = compare(SUSPECT, REFERENCE)
    assert found.verdict == "spun" and found.score >= 80.0
    assert found.coverage == 1.0 and len(found.alignment) == 5 and len(found.passages) == 1
    assert not found.warnings
    swaps = {(item.reference.text, item.suspect.text): item for item in found.substitutions}
    for old, new, kind, quoted in [
        ("Defense Secretary", "Protection Secretary", "name", False),
        ("green light", "inexperienced mild", "term", False),
        ("new", "brand new", "synonym", False),
        ("help", "assist", "synonym", True),
        ("friends", "buddies", "synonym", True),
        ("where", "the place", "function", False),
        ("were", "have been", "function", False),
        ("Three", "3", "number", False),
        ("become", "grow to be", "synonym", False),
        ("the United States", "america", "name", False),
    ]:
        assert (swaps[old, new].kind, swaps[old, new].quoted) == (kind, quoted), (old, new)


def test_the_substitutions_are_in_the_suspects_order() -> None:
    spans = [item.suspect.span for item in compare(SUSPECT, REFERENCE).substitutions]
    assert spans == sorted(spans)


def test_a_text_against_itself() -> None:
    for text in (REFERENCE, SUSPECT, UNRELATED):
        found = compare(text, text)
        assert found.substitutions == () and found.coverage == 1.0
        assert all(pair.similarity == 1.0 and pair.suspect == pair.reference for pair in found.alignment)
        assert found.score < 50.0


def test_unrelated_texts_hardly_align() -> None:
    found = compare(UNRELATED, REFERENCE)
    assert found.alignment == () and found.coverage == 0.0
    assert found.verdict in ("independent", "undecided")
    assert found.score <= 20.0


PIECES = st.sampled_from(
    [*SUSPECT.split(), *REFERENCE.split(), *["."] * 9]
    + ["👩‍🚀", "🎉", "e\u0301te\u0301", "\r\n", "\n\n", "dеfense", "gre\u200ben", "中文", '"'] * 2
)
TEXTS = st.lists(PIECES, max_size=60).map(" ".join)


@given(TEXTS, TEXTS)
@settings(max_examples=50, deadline=None)
def test_every_comparison_keeps_the_contract(suspect: str, reference: str) -> None:
    compare(suspect, reference)


@given(st.text(max_size=60), st.text(max_size=60))
@settings(max_examples=40, deadline=None)
def test_any_text_at_all_keeps_the_contract(suspect: str, reference: str) -> None:
    compare(suspect, reference)


@given(TEXTS)
@settings(max_examples=40, deadline=None)
def test_any_text_against_itself_is_a_copy(text: str) -> None:
    found = compare(text, text)
    assert found.substitutions == ()
    assert all(pair.similarity == 1.0 and not pair.added and not pair.dropped for pair in found.alignment)
    assert found.coverage == (1.0 if found.suspect.word_count else 0.0)


# --- degenerate inputs -----------------------------------------------------------------------------


@pytest.mark.parametrize("empty", ["", " ", " \n\t\r\n", "\ufeff", "... — !", "\u200b"])
def test_texts_without_words(empty: str) -> None:
    for suspect, reference, side in ((empty, REFERENCE, "suspect"), (REFERENCE, empty, "reference")):
        found = compare(suspect, reference)
        assert found.verdict == "undecided" and found.coverage == 0.0 and found.alignment == ()
        assert found.score < 50.0
        assert f"The {side} has no words, so there is nothing to judge." in found.warnings
    assert compare(empty, empty).verdict == "undecided"


@pytest.mark.parametrize("suspect, reference", [("Mill", "Mill"), ("Mill", "Dam"), ("Mill", REFERENCE)])
def test_one_word(suspect: str, reference: str) -> None:
    found = compare(suspect, reference)
    assert found.verdict == "undecided" and found.score < 50.0
    assert any("only 1 word;" in warning for warning in found.warnings)


def test_a_few_sentences_are_too_few_for_a_verdict() -> None:
    found = compare(*(text[: text.index("The ")] for text in (SUSPECT, REFERENCE)))
    assert found.verdict == "undecided" and len(found.substitutions) >= 3
    assert any("at least 40 are needed" in warning for warning in found.warnings)


def test_emoji_and_combining_characters_slice_right() -> None:
    def dress(text: str) -> str:
        return "👩‍🚀 " + text.replace("Corby", "Cörby".replace("ö", "o\u0308")).replace(". ", ". 🎉 ")

    found = compare(dress(SUSPECT), dress(REFERENCE))
    assert ("green light", "inexperienced mild") in {
        (item.reference.text, item.suspect.text) for item in found.substitutions
    }


def test_crlf_changes_nothing_but_the_spans() -> None:
    def lines(text: str, line_break: str) -> str:
        return text.replace(". ", "." + line_break)

    unix, windows = (compare(lines(SUSPECT, end), lines(REFERENCE, end)) for end in ("\n", "\r\n"))
    assert unix.features == windows.features
    assert [item.suspect.text for item in unix.substitutions] == [
        item.suspect.text for item in windows.substitutions
    ]


VOCABULARY = [
    "mill",
    "town",
    "council",
    "river",
    "harvest",
    "boat",
    "the",
    "of",
    "a",
    "market",
    "bridge",
    "and",
    "in",
]


@pytest.mark.slow
def test_one_huge_line() -> None:
    words = [
        VOCABULARY[(7 * place + place * place) % 13] + ("" if place % 9 else str(place)) for place in range(40_000)
    ]
    line = " ".join(words)
    assert len(line) >= 180_000
    found = compare(line, line)
    assert found.coverage == 1.0 and found.substitutions == () and found.score < 50.0
    # almost the same line is still almost all taken over, though it is one endless sentence
    changed = compare(line.replace("river", "stream"), line)
    assert changed.coverage >= 0.5


@pytest.mark.slow
def test_a_huge_line_of_sentences() -> None:
    line = " ".join(f"The {VOCABULARY[place % 13]} number {place} was sold to the town." for place in range(4_000))
    found = compare(line, line)
    assert found.coverage == 1.0 and found.substitutions == () and found.verdict == "copied"


def test_two_thousand_one_word_sentences() -> None:
    text = " ".join(f"{VOCABULARY[(place * place + place // 7) % 13].capitalize()}." for place in range(2_000))
    found = compare(text, text)
    assert found.coverage == 1.0 and found.substitutions == ()
    assert found.score < 50.0


def test_the_same_sentence_over_and_over() -> None:
    found = compare("Stop it now. " * 100, "Stop it now. " * 100)
    assert found.coverage == 1.0 and found.substitutions == () and found.score < 50.0


FOREIGN = {
    "German": "Die Regierung hat am Montag ein neues Gesetz vorgestellt, das die Steuern auf Zucker erhöhen "
    "soll. Viele Bauern sind dagegen, weil sie dann weniger Rüben verkaufen werden. Der Minister sagte, die "
    "Gesundheit der Kinder sei wichtiger als der Gewinn der Fabriken im Norden des Landes.",
    "French": "Le gouvernement a présenté lundi une nouvelle loi qui doit augmenter les taxes sur le sucre. "
    "Beaucoup de paysans y sont opposés parce qu'ils vendront moins de betteraves. Le ministre a dit que la "
    "santé des enfants comptait plus que le profit des usines du nord du pays.",
    "Spanish": "El gobierno presentó el lunes una nueva ley que debe subir los impuestos al azúcar. Muchos "
    "campesinos se oponen porque venderán menos remolacha este año. El ministro dijo que la salud de los niños "
    "importa más que las ganancias de las fábricas del norte del país.",
    "Russian": "Правительство представило в понедельник новый закон, который должен повысить налоги на сахар. "
    "Многие крестьяне против, потому что продадут меньше свёклы в этом году. Министр сказал, что здоровье детей "
    "важнее прибыли заводов на севере страны и что спорить об этом он больше не будет.",
    "Chinese": "政府星期一提出了一项新的法律，将提高糖的税收。许多农民反对，因为他们将卖出更少的甜菜。"
    "部长说，儿童的健康比北方工厂的利润更重要，他不想再争论这个问题。反对党要求推迟投票。" * 2,
}


@pytest.mark.parametrize("language", FOREIGN)
def test_other_languages_are_said_to_be_so_and_not_scored(language: str) -> None:
    text = FOREIGN[language]
    changed = text.replace("a", "e").replace("新", "老").replace("о", "а")
    for suspect, reference, side in (
        (text, text, "suspect"),
        (changed, text, "suspect"),
        (text, REFERENCE, "suspect"),
        (REFERENCE, text, "reference"),
    ):
        found = compare(suspect, reference)
        assert found.verdict == "undecided" and found.score < 50.0
        assert f"The {side} doesn't read as English; only English texts can be scored." in found.warnings


@pytest.mark.parametrize("unit", ['"', "=", "n't", "a.b.", "😀", "(", "“"])
def test_long_runs_of_signs_are_taken_in_stride(unit: str) -> None:
    begun = os.times().user
    compare(f"The mill {unit * 3000} closed.", "The mill closed.")
    assert os.times().user - begun < 2.0


def test_a_lone_surrogate_is_no_obstacle() -> None:
    found = compare(f"{SUSPECT} \ud83d", REFERENCE)
    assert found.verdict == "spun" and found.suspect.article.text.endswith("\ud83d")


def test_a_text_too_short_for_a_verdict_is_not_accused() -> None:
    short = " ".join(SUSPECT.split()[:38])
    found = compare(short, REFERENCE)
    assert found.verdict == "undecided" and found.score < 50.0


def test_a_copy_in_disguise_is_told() -> None:
    found = compare(REFERENCE.replace("e", "е"), REFERENCE)  # Cyrillic е
    assert len(found.substitutions) >= 20
    assert {(item.kind, item.telltale) for item in found.substitutions} == {("disguise", True)}


# --- sources ---------------------------------------------------------------------------------------


def test_texts_paths_and_articles_are_the_same(tmp_path: Path) -> None:
    (tmp_path / "suspect.txt").write_text(SUSPECT, "utf-8")
    expected = compare(SUSPECT, REFERENCE)
    for source in (tmp_path / "suspect.txt", Article(SUSPECT), SUSPECT):
        found = check(detector().compare(source, Article(REFERENCE, name="original")))
        assert found.features == expected.features and found.relations == expected.relations
        assert found.reference.article.name == "original"
    assert detector().compare(tmp_path / "suspect.txt", REFERENCE).suspect.article.name == str(
        tmp_path / "suspect.txt"
    )


def test_an_unreadable_file_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(UnreadableArticle, match="no-such-file"):
        detector().compare(tmp_path / "no-such-file.txt", REFERENCE)


def test_boilerplate_does_not_disturb() -> None:
    page = f"Share this:\nFacebook\nTwitter\n\n{SUSPECT}\nSource link\n\nLeave a Reply\n"
    bare, dressed = compare(SUSPECT, REFERENCE), compare(page, REFERENCE)
    assert [item.suspect.text for item in bare.substitutions] == [
        item.suspect.text for item in dressed.substitutions
    ]
    assert dressed.coverage > 0.98 and dressed.score == pytest.approx(bare.score, abs=1.0)


def test_a_moved_and_an_inserted_paragraph() -> None:
    paragraphs = [SUSPECT[:110], SUSPECT[110:]]
    text = "\n\n".join([paragraphs[1], UNRELATED, paragraphs[0]])
    found = compare(text, REFERENCE)
    assert 1 <= len(found.passages) <= 2  # so short a text may be taken as one stretch
    assert 0.4 <= found.coverage <= 0.8
    assert all(UNRELATED[:40] not in pair.suspect.of(text) for pair in found.alignment)


# --- many ------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_many_pairs_come_in_order_with_errors_in_their_places(tmp_path: Path) -> None:
    pairs = [
        (SUSPECT, REFERENCE),
        (tmp_path / "missing.txt", REFERENCE),
        (REFERENCE, REFERENCE),
        (UNRELATED, REFERENCE),
        ("", REFERENCE),
        *[(f"{SUSPECT} Case {number}.", REFERENCE) for number in range(10)],
    ]
    alone, parallel = (list(detector().compare_many(iter(pairs), jobs=jobs)) for jobs in (1, 2))
    assert len(alone) == len(parallel) == len(pairs)
    for place, (one, other) in enumerate(zip(alone, parallel, strict=True)):
        if place == 1:
            assert isinstance(one, UnreadableArticle) and isinstance(other, SpindetectError)
            assert str(one) == str(other) and "missing.txt" in str(one) and type(one) is type(other)
        else:
            assert isinstance(one, Comparison) and isinstance(other, Comparison)
            assert check(one).to_dict() == other.to_dict()


def test_many_pairs_are_compared_lazily() -> None:
    def endless():
        while True:
            yield SUSPECT, REFERENCE

    assert isinstance(next(iter(detector().compare_many(endless()))), Comparison)


def test_no_pairs_give_no_results() -> None:
    assert list(detector().compare_many([])) == list(detector().compare_many([], jobs=2)) == []


# --- determinism, threads, silence --------------------------------------------------------------------


def report(suspect: str = SUSPECT, reference: str = REFERENCE) -> bytes:
    return json.dumps(Detector.load().compare(suspect, reference).to_dict(), ensure_ascii=False).encode()


def test_the_same_input_gives_the_same_bytes() -> None:
    assert report() == report()


@pytest.mark.slow
def test_hash_seeds_change_nothing(tmp_path: Path) -> None:
    (tmp_path / "suspect.txt").write_text(SUSPECT, "utf-8")
    (tmp_path / "reference.txt").write_text(REFERENCE, "utf-8")
    script = (
        "import json, sys, pathlib; from spindetect import Detector\n"
        "texts = [pathlib.Path(name).read_text('utf-8') for name in sys.argv[1:]]\n"
        "data = Detector.load().compare(*texts).to_dict()\n"
        "sys.stdout.buffer.write(json.dumps(data, ensure_ascii=False).encode())"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "suspect.txt"), str(tmp_path / "reference.txt")]
    found = [
        subprocess.run(command, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True).stdout
        for seed in ("0", "4242")
    ]
    assert found[0] == found[1] == report()


@pytest.mark.slow
def test_eight_threads_get_the_same_result() -> None:
    fresh = Detector.load()  # nothing cached yet, so that the threads race for it
    texts = [SUSPECT, REFERENCE, UNRELATED, f"{SUSPECT} {UNRELATED}"] * 8
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda text: fresh.compare(text, REFERENCE).to_dict(), texts))
    expected = [detector().compare(text, REFERENCE).to_dict() for text in texts[:4]] * 8
    assert found == expected


def test_the_detector_never_prints(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    fresh = Detector.load()
    fresh.compare(SUSPECT, REFERENCE).to_dict()
    fresh.compare("", FOREIGN["Chinese"]).to_dict()
    list(fresh.compare_many([(tmp_path / "missing", ""), (SUSPECT, "Mill")]))
    assert capfd.readouterr() == ("", "")


# --- imports ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("statement", ["import spindetect", "from spindetect import SpindetectError, Substitution"])
def test_importing_the_package_imports_nothing_heavy(statement: str) -> None:
    script = f"{statement}\nimport sys\nprint(*(name for name in sys.modules if '.' not in name))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert not {"numpy", "spacy", "typer", "trafilatura", "rich", "Stemmer"} & set(done.stdout.split())


def test_the_public_names_are_there() -> None:
    assert all(getattr(spindetect, name) is not None for name in spindetect.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        spindetect.nothing  # noqa: B018


def test_the_signature_names_everything_that_changes_a_score() -> None:
    signature = detector().signature
    assert signature.startswith(f"spindetect:{spindetect.__version__}+")
    assert detector().settings.model in signature and "pipeline:rules" in signature
    assert compare(SUSPECT, REFERENCE).signature == signature


@pytest.mark.slow
@pytest.mark.parametrize("jobs", [1, 2])
def test_standard_input_that_cannot_be_read_is_the_error_of_its_own_item(
    jobs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def binary() -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\x7fELF\x00\x01\x02" * 200)))

    binary()
    error, compared = detector().compare_many([(Path("-"), REFERENCE), (SUSPECT, REFERENCE)], jobs=jobs)
    assert isinstance(error, UnreadableArticle) and isinstance(compared, Comparison)
    binary()
    error, scored = detector().score_many([Path("-"), SUSPECT], jobs=jobs)
    assert isinstance(error, UnreadableArticle) and not isinstance(scored, SpindetectError)


PIER = """\
The harbour authority said on Monday that repairs to the northern pier would begin in April. The pier was closed \
last autumn after divers found cracks in eleven of its pillars. Fishermen have used a temporary dock since then, \
but the owners of larger boats complain that it is too small. The work will cost four million dollars, and the \
town hopes that the state will pay half of the bill. "We cannot wait for another winter," Mayor Ellen Hobart \
told the council. A company from Denver won the contract against five rivals. It promised to finish the job \
before the summer visitors arrive. Until then the ferry to Gull Island will leave from the old quay, and \
passengers should expect delays of twenty minutes."""
PIER_SPUN = """\
The seaport sanction aver on Mon that fixture to the northerly wharf would get down in Apr. The wharf be fold \
last fall after loon happen crevice in xi of its column. Fisher have habituate a impermanent sour grass since \
then, but the proprietor of bombastic gravy boat kvetch that it be overly belittled. The oeuvre will be \
quaternity zillion clam, and the townspeople trust that the nation will yield one half of the placard. " We \
cannot hold back for another wintertime, " City manager Ellen Hobart evidence the council. A troupe from Mile \
high city acquire the declaration against fin challenger. It forebode to terminate the occupation before the \
summertime visitant come. Until then the ferryboat to Fool Isle will allow from the previous wharfage, and rider \
should anticipate postponement of xx min."""


def test_a_text_spun_beyond_recognition_is_still_a_version_either_way() -> None:
    """Hardly a name, number or phrase is left, but it goes sentence by sentence with its original."""
    detector = Detector.load()
    spun = detector.compare(PIER_SPUN, PIER)
    assert spun.verdict == "spun" and spun.score >= 90.0 and spun.reuse >= 80.0
    assert detector.compare(PIER, PIER_SPUN).reuse >= 100.0 * VERSION
