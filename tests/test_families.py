"""Which tool: fingerprints, the fit of substitutions, verdicts, files that load only when they are right."""

from __future__ import annotations

import json
import math
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from spindetect import Detector
from spindetect.errors import InvalidModel
from spindetect.findings import Direction
from spindetect.kinds import KINDS
from spindetect.parts import FAMILIES, FAMILIES_ARRAYS, renew
from spindetect.report.data import report_dict
from spindetect.report.words import family_share, tool_name, which_tool
from spindetect.results import Assessment, Comparison
from spindetect.score.families import (
    FEWEST,
    UNKNOWN,
    Families,
    Limits,
    guesses_of,
    hashed,
    lead_of,
    load_families,
    pairs_of,
    save_families,
)
from spindetect.training.corpora import Thesaurus
from spindetect.training.families import Trial, dictionary_of, find_limits, learn_families
from spindetect.training.spinners.dictionaries import Lexicon

DATA = Path(__file__).parents[1] / "data"
SPUN = {
    "wp2015": Counter({("car", "auto"): 6, ("car", "vehicle"): 2, ("big", "huge"): 8}),
    "wp2019": Counter({("car", "auto"): 8, ("big", "vast"): 4, ("rare slip", "odd slip"): 1}),
    "thesaurus": Counter({("car", "motorcar"): 8, ("big", "huge"): 2, ("big", "grown"): 6}),
    "thesaurus_plain": Counter({("car", "motorcar"): 8, ("big", "grown"): 2, ("big", "adult"): 6}),
    "tortured": Counter({("car", "motorcar"): 8, ("deep learning", "profound learning"): 9}),
}
WP, WORDNET, TORTURED = "wp_auto_spinner", "wordnet", "tortured_phrases"
HALF = dict.fromkeys((WP, WORDNET, TORTURED), 0.5)
FAR = dict.fromkeys(HALF, 99.0)


@pytest.fixture
def families() -> Families:
    return replace(learn_families(SPUN), limits=Limits(HALF, HALF, 5.0, FAR))


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector.load()


def test_a_family_makes_what_its_readiest_version_makes(families: Families) -> None:
    fits = {fit.name: fit for fit in families.fits([("car", "auto"), ("big", "huge")])}
    assert fits[WP].share == 1.0
    assert fits[WP].log_likelihood == pytest.approx(0.0, abs=1e-6)  # one version never says anything else
    assert fits[WORDNET].share == 0.5
    assert fits[WORDNET].log_likelihood == pytest.approx((math.log(0.25) + math.log(1e-4)) / 2, abs=1e-6)


def test_what_was_met_once_is_noise_and_direction_matters(families: Families) -> None:
    assert families.known([("rare slip", "odd slip"), ("auto", "car"), ("car", "auto")]) == [False, False, True]


def test_of_families_that_fit_alike_the_first_is_named_until_another_leads(families: Families) -> None:
    alike = [("car", "motorcar")] * FEWEST
    assert families.named(families.fits(alike), len(alike), HALF, families.limits.ahead) == WORDNET
    term = [*alike, ("deep learning", "profound learning")]
    assert families.named(families.fits(term), len(term), HALF, families.limits.ahead) == TORTURED


def test_a_text_that_no_family_makes_half_of_is_of_an_unknown_one(families: Families) -> None:
    pairs = [*[("car", "auto")] * 3, *[("car", "wheels")] * 5]
    assert families.named(families.fits(pairs), len(pairs), HALF, families.limits.ahead) == UNKNOWN


def test_a_family_far_ahead_is_named_with_a_small_share(families: Families) -> None:
    pairs = [*[("car", "auto")] * 2, *[("big", "wheels")] * 8]
    ahead = replace(families, limits=replace(families.limits, ahead=dict.fromkeys(HALF, 1.0)))
    assert lead_of(ahead.fits(pairs)[0], ahead.fits(pairs)) == pytest.approx(0.2 * -math.log(1e-4), abs=0.01)
    assert families.named(families.fits(pairs), len(pairs), HALF, families.limits.ahead) == UNKNOWN
    assert ahead.named(ahead.fits(pairs), len(pairs), HALF, ahead.limits.ahead) == WP
    few = [*pairs, *[("big", "wheels")] * 5]  # under the least share, however far ahead
    assert ahead.named(ahead.fits(few), len(few), HALF, ahead.limits.ahead) == UNKNOWN


def test_unknown_tools_set_the_lead_and_the_tools_to_be_named_have_no_say(families: Families) -> None:
    real, foreign = [*[("car", "auto")] * 3, *[("big", "wheels")] * 7], [("car", "wheels")] * FEWEST
    like = [*[("car", "auto")] * 2, *[("big", "wheels")] * 8]
    unknown = [Trial("npm_thesaurus", None, foreign), Trial("wild", None, like)]
    limits = find_limits(families, [Trial("omatic", WP, real), *unknown])
    lead = 0.2 * -math.log(1e-4)
    assert lead < limits.ahead[WP] < lead + 0.1, "just above what an unknown tool reaches"
    assert limits.ahead == find_limits(families, unknown).ahead
    assert find_limits(families, unknown, without="wild").ahead[WP] == 0.5, "nobody reaches any lead"


def test_the_lead_is_one_that_few_texts_of_the_worst_unknown_tool_reach(families: Families) -> None:
    like = [*[("car", "auto")] * 2, *[("big", "wheels")] * 8]
    unlike = [[("car", "wheels")] * FEWEST] * 30
    trials = [Trial("npm_thesaurus", None, pairs) for pairs in unlike]
    half = [*trials, *[Trial("wild", None, pairs) for pairs in (like, unlike[0])]]
    assert find_limits(families, half).ahead[WP] > 0.2 * -math.log(1e-4), "one in two of a tool's texts is too many"
    once = [*trials, Trial("npm_thesaurus", None, like)]
    assert find_limits(families, once).ahead[WP] == 0.5, "one in 31 is not"


def test_exchanges_side_by_side_are_fitted_word_by_word(families: Families) -> None:
    assert families.fits([("the big car", "the huge auto")])[0].share == 1.0
    assert families.fits([("the big car", "the huge wheels")])[0].share == 0.5
    assert families.fits([("big car", "huge auto thing")])[0].share == 0.0
    term = {fit.name: fit.share for fit in families.fits([("deep learning", "profound learning")])}
    assert term == {TORTURED: 1.0, WP: 0.0, WORDNET: 0.0}, "a term that a family makes is one"


def test_guesses_count_by_their_chances(families: Families) -> None:
    pairs = [("car", "auto"), ("ship", "auto"), ("", "auto"), ("big car", "huge auto")]
    shares = {fit.name: fit.share for fit in families.fits(pairs, [0.5, 0.2, 0.3, 1.0])}
    assert shares[WP] == pytest.approx((0.5 + 1.0 + 1.0) / 3), "the last is two substitutions"
    assert shares[WORDNET] == pytest.approx(1.0 / 3)


def test_what_a_text_may_have_said_is_weighed_with_something_else_among_it(detector: Detector) -> None:
    made = detector.score(DATA / "harbor" / "spun.txt")
    pairs, chances = guesses_of(made, detector.model.vocabulary)
    told = [one for one in made.giveaways if one.guesses and KINDS[one.kind].exchange]
    assert sum(chances) == pytest.approx(len(told)) and len(told) == len(pairs_of(made, detector.model.vocabulary))
    assert sum(old == "" for old, _ in pairs) == len(told), "it may have been something else everywhere"
    fits = {fit.name: fit.share for fit in made.families}
    assert fits[WP] < 1.0 - sum(chance for (old, _), chance in zip(pairs, chances, strict=True) if not old) / len(
        told
    )


def test_alone_few_texts_of_unknown_tools_may_be_named(families: Families) -> None:
    def trial(spinner: str, known: int) -> Trial:
        pairs = [*[("car", "auto")] * known, *[("car", "wheels")] * (10 - known)]
        return Trial(spinner, WP if spinner == "wp2015" else None, pairs, pairs, [1.0] * 10)

    mine = [trial("wp2015", known) for known in (3, 4, 5, 6, 7, 8)]
    assert find_limits(families, [*mine, *[trial("wild", 2)] * 9]).alone[WP] <= 0.3, "all are right"
    worse = [*mine, *[trial("wild", 2)] * 8, *[trial("wild", 6)] * 2]
    assert find_limits(families, worse).alone[WP] > 0.6, "two in ten texts of an unknown tool are too many"
    assert find_limits(families, worse).compared[WP] <= 0.3, "with a reference right answers alone decide"


def test_the_dictionary_of_a_family_counts_with_all_its_senses() -> None:
    senses = [("n", ("car", other)) for other in ("auto", "railcar", "gondola", "elevator car", "car door")]
    thesaurus = Thesaurus({"car": senses}, {}, {})
    few, every = (dictionary_of(Lexicon(thesaurus, senses=many), ["car", "the"]) for many in (3, 9))
    assert set(few) == {("car", "auto"), ("car", "railcar"), ("car", "gondola")}
    assert every[("car", "elevator car")] == pytest.approx(-math.log(5))
    known = learn_families(SPUN, dictionary=every)
    assert {fit.name: fit.share for fit in known.fits([("car", "gondola")])} == {
        WP: 0.0,
        WORDNET: 1.0,
        TORTURED: 1.0,
    }


def test_a_family_left_out_is_unknown() -> None:
    without = replace(learn_families(SPUN, [WP]), limits=Limits(HALF, HALF, 5.0, FAR))
    assert without.names == (WORDNET, TORTURED)
    pairs = [("car", "auto")] * FEWEST
    assert without.named(without.fits(pairs), FEWEST, HALF, without.limits.ahead) == UNKNOWN


def test_limits_part_a_familys_texts_from_invented_ones(families: Families) -> None:
    mine, foreign = [("car", "auto")] * FEWEST, [("car", "wheels")] * 6 + [("car", "auto")] * 2
    ones = [1.0] * FEWEST
    trials = [Trial("wp2015", WP, mine, mine, ones), Trial("wild", None, foreign, foreign, ones)]
    limits = find_limits(families, trials)
    assert 0.25 < limits.compared[WP] <= 1.0 and 0.25 < limits.alone[WP] <= 1.0
    assert limits.compared[WORDNET] == 0.5, "no text of that family was tried"


def test_files_say_the_same_within_a_sixteenth_of_a_nat_and_hold_no_phrase(
    families: Families, tmp_path: Path
) -> None:
    save_families(tmp_path, families, {"seed": 3})
    loaded = load_families(tmp_path)
    assert loaded is not None
    assert (loaded.names, loaded.limits) == (families.names, families.limits)
    np.testing.assert_array_equal(loaded.hashes, families.hashes)
    np.testing.assert_allclose(loaded.log_chances, families.log_chances, atol=1 / 16)
    stored = (tmp_path / FAMILIES_ARRAYS).read_bytes() + (tmp_path / FAMILIES).read_bytes()
    with np.load(tmp_path / FAMILIES_ARRAYS) as arrays:
        stored += b"".join(arrays[name].tobytes() for name in arrays.files)
    assert not any(word in stored for word in (b"motorcar", b"vehicle", b"profound"))


def test_a_model_without_families_names_none(tmp_path: Path) -> None:
    assert load_families(tmp_path) is None


def test_the_description_changes_with_the_arrays(families: Families, tmp_path: Path) -> None:
    """A detector's signature has the digest of the description."""
    save_families(tmp_path, families, {})
    before = (tmp_path / FAMILIES).read_bytes()
    save_families(tmp_path, learn_families(SPUN, [WP]), {})
    assert (tmp_path / FAMILIES).read_bytes() != before


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        (FAMILIES_ARRAYS, lambda raw: raw[:-1], "its digest isn't the one in families.json"),
        (FAMILIES, lambda raw: raw.replace(b'"format": 2', b'"format": 9'), "is 9, this version"),
        (FAMILIES, lambda raw: raw[: len(raw) // 2], "is None, this version"),
        (FAMILIES, lambda raw: raw.replace(b'"lead": 5.0', b'"lead": NaN'), "finite"),
        (FAMILIES, lambda raw: raw.replace(b'"wordnet",', b""), "don't fit together"),
    ],
)
def test_damaged_files_are_refused(
    families: Families, tmp_path: Path, name: str, change: object, message: str
) -> None:
    save_families(tmp_path, families, {})
    (tmp_path / name).write_bytes(change((tmp_path / name).read_bytes()))  # type: ignore[operator]
    with pytest.raises(InvalidModel, match=f"{name} is damaged: it isn't what manifest.json names"):
        load_families(tmp_path)
    renew(tmp_path)
    with pytest.raises(InvalidModel, match=message):
        load_families(tmp_path)


@pytest.mark.parametrize("name", [FAMILIES_ARRAYS, FAMILIES])
def test_half_of_the_files_are_refused(families: Families, tmp_path: Path, name: str) -> None:
    save_families(tmp_path, families, {})
    (tmp_path / name).unlink()
    with pytest.raises(InvalidModel, match=f"{name} is missing, and manifest.json names it"):
        load_families(tmp_path)
    renew(tmp_path)
    with pytest.raises(InvalidModel, match="damaged"):
        load_families(tmp_path)


def test_equal_pairs_have_equal_hashes_and_sides_count() -> None:
    assert hashed("car", "auto") == hashed("car", "auto") != hashed("auto", "car")


# --- on the shipped model -----------------------------------------------------------------------------


def test_a_spun_article_names_its_tool_with_and_without_a_reference(detector: Detector) -> None:
    spun = DATA / "harbor" / "spun.txt"
    results: list[Comparison | Assessment] = [
        detector.compare(spun, DATA / "harbor" / "original.txt"),
        detector.score(spun),
    ]
    for result in results:
        assert result.family == result.families[0].name == WP, result
        assert result.families[0].share > 0.7
        assert {fit.name for fit in result.families} == {WP, WORDNET, TORTURED}
        assert "families:" in result.signature


@pytest.mark.parametrize("name", ["edited", "copied", "independent"])
def test_what_no_machine_made_has_no_tool(detector: Detector, name: str) -> None:
    made = detector.compare(DATA / "harbor" / f"{name}.txt", DATA / "harbor" / "original.txt")
    assert (made.family, made.families) == (None, ())


def test_too_few_substitutions_name_none(detector: Detector, families: Families) -> None:
    made = detector.compare(DATA / "harbor" / "spun.txt", DATA / "harbor" / "original.txt")
    few = replace(made, alignment=made.alignment[:1], families=(), family=None)
    assert 0 < len(pairs_of(few, detector.model.vocabulary)) < FEWEST
    assert families.with_family(few, detector.model.vocabulary) == few


def test_unknown_is_said_of_what_a_spinner_made_only(detector: Detector, families: Families) -> None:
    made = detector.compare(DATA / "harbor" / "spun.txt", DATA / "harbor" / "original.txt")
    told = families.with_family(made, detector.model.vocabulary)
    assert told.family == UNKNOWN, "the tiny families know none of its swaps"
    rewritten = replace(made, verdict="llm_rewritten", family=None, families=())
    assert families.with_family(rewritten, detector.model.vocabulary).family is None


def test_kinds_that_show_no_dictionary_are_left_out(detector: Detector) -> None:
    made = detector.compare(DATA / "harbor" / "spun.txt", DATA / "harbor" / "original.txt")
    kept = [one for one in made.substitutions if one.kind not in ("form", "rewrite", "number", "disguise")]
    assert len(pairs_of(made, detector.model.vocabulary)) == len(kept)


def test_views_say_which_tool(detector: Detector) -> None:
    made = detector.compare(DATA / "harbor" / "spun.txt", DATA / "harbor" / "original.txt")
    data = json.loads(json.dumps(report_dict(made)))
    assert data["family"] == WP
    assert [one["name"] for one in data["families"]] == [fit.name for fit in made.families]
    share = family_share(made)
    assert share == made.families[0].share
    assert f"{tool_name(WP)}, which makes {share:.0%} of these substitutions" in str(which_tool(made))
    unknown = replace(made, family=UNKNOWN)
    assert str(which_tool(unknown)).startswith(tool_name(UNKNOWN)) and family_share(unknown) == share
    assert which_tool(replace(made, family=None, families=())) is None
    assert f"{tool_name(WP)}, which makes {share:.0%}" in made.to_html()
    reverse = replace(made, direction=Direction("reference", "it is older"))
    assert which_tool(reverse) is None and f"{tool_name(WP)}, which makes" not in reverse.to_html()
