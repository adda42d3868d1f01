"""Closed classes of English words: facts that several stages share. All lower-case."""

from __future__ import annotations


def listed(words: str) -> frozenset[str]:
    """The words of a list."""
    return frozenset(words.split())


ARTICLES = frozenset(("a", "an", "the"))
DETERMINERS = listed(
    "a an the this that these those each every either neither another such any some no all both half few several "
    "what which whatever whichever my your his her its our their"
)
PRONOUNS = listed(
    "i me mine myself you yours yourself yourselves he him himself she hers herself it itself we us ours ourselves "
    "they them theirs themselves who whom whose whoever whomever one oneself someone somebody something anyone "
    "anybody anything everyone everybody everything nobody nothing none there"
)
PREPOSITIONS = listed(
    "about above across after against along alongside amid amidst among amongst around as at atop before behind "
    "below beneath beside besides between beyond by concerning despite down during except following for from in "
    "inside into like near of off on onto opposite out outside over past per regarding round since than through "
    "throughout till to toward towards under underneath unlike until unto up upon versus via with within without"
)
CONJUNCTIONS = listed(
    "and or but nor yet so because although though whereas while whilst if unless whether when whenever where "
    "wherever why how once lest however as than that until before after since"
)
AUXILIARIES = listed(
    "am is are was were be been being 'm 're 's have has had having 've 'd do does did doing done ai get gets got"
)
MODALS = listed("can could may might must shall should will would ought 'll ca wo")
NEGATIONS = frozenset(["not", "n't", "never"])

FUNCTION_WORDS = DETERMINERS | PRONOUNS | PREPOSITIONS | CONJUNCTIONS | AUXILIARIES | MODALS | NEGATIONS
"""Modals, auxiliaries, prepositions, determiners, pronouns, conjunctions and negations."""

# Contracted forms and what they stand for. A possessive "'s" never gets as far as being looked up here.
CLITICS = {
    "n't": "not",
    "'ll": "will",
    "'re": "are",
    "'ve": "have",
    "'m": "am",
    "'d": "would",
    "'s": "is",
    "wo": "will",
    "ca": "can",
    "sha": "shall",
    "ai": "is",
    "na": "to",
}

# What some of them may stand for as well [who's been, let's, he'd gone].
OTHER_CLITICS = frozenset((("'s", "has"), ("'s", "us"), ("'d", "had"), ("'d", "did")))

# Determiners and pronouns with a content of their own; swapping one is a synonym, not grammar.
QUANTIFIERS = listed(
    "another several many few all both each every such one someone somebody something anyone anything everyone "
    "everything nobody nothing none half"
)

_NUMBERS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty"
)
_TENS = {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
NUMBER_WORDS = {word: value for value, word in enumerate(_NUMBERS.split())} | _TENS
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)
ORDINAL_WORDS = {word: value for value, word in enumerate(_ORDINALS.split(), start=1)}
# What is joined to any word, often by a hyphen [self-governing, well-known, co-founder].
COMBINING_FORMS = listed(
    "self well ill half all co ex non anti pro pre post semi multi mid over under inter intra sub super ultra re "
    "de counter cross near far full part quasi pseudo neo vice so"
)
MAGNITUDES = listed("hundred thousand million billion trillion dozen m bn tn k mn percent % pct")

CALENDAR = listed(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december"
)

# After an abbreviation these, capitalised, go on with what it began [9 p.m. Eastern, Inc. Class A].
TIME_ZONES: dict[str, tuple[int, ...]] = {
    "est": (-300,), "edt": (-240,), "et": (-300, -240), "eastern": (-300, -240),
    "cst": (-360, 480), "cdt": (-300,), "ct": (-360, -300), "central": (-360, -300),
    "mst": (-420,), "mdt": (-360,), "mt": (-420, -360), "mountain": (-420, -360),
    "pst": (-480,), "pdt": (-420,), "pt": (-480, -420), "pacific": (-480, -420),
    "gmt": (0,), "utc": (0,), "greenwich": (0,), "bst": (60,), "wat": (60,), "cet": (60,),
    "cest": (120,), "eet": (120,), "sast": (120,), "eest": (180,), "msk": (180,), "pkt": (300,),
    "ist": (330, 60, 120), "hkt": (480,), "sgt": (480,), "awst": (480,), "jst": (540,), "kst": (540,),
    "aest": (600,), "aedt": (660,), "nzst": (720,), "nzdt": (780,),
}  # fmt: skip
"""Time zones, and by how many minutes they are ahead of Greenwich; more than one where a name has several uses."""
# What a single letter numbers or grades [Plan B., World War I., vitamin C.]: it is no initial after these.
LETTERED = listed(
    "war plan vitamin grade group hepatitis type class section team route terminal gate block platform level "
    "exhibit part chapter phase act volume appendix division title option category series stage league"
)
# After these only numerals are none.
NUMBERED_NAMES = listed(
    "pope king elizabeth henry charles george james william john edward richard napoleon francis"
)
# Verbs that tell who said what stands in quotation marks.
SPEECH_VERBS = listed(
    "said says say asked asks ask told tells added adds replied replies answered wondered wrote writes cried "
    "shouted whispered joked noted explained demanded exclaimed quipped tweeted recalled called insisted argued "
    "muttered yelled responded continued laughed sighed inquired thought snapped"
)

# Never end a sentence: a name, number or place always follows.
TITLE_ABBREVIATIONS = listed(
    "mr. mrs. ms. mx. dr. prof. gen. lt. col. maj. capt. cpt. cmdr. adm. sgt. cpl. gov. sen. sens. rep. reps. rev. "
    "fr. hon. pres. supt. st. mt. ft. messrs. sec. amb. det. insp. vs. v. e.g. i.e. cf. approx. nos. fig. figs. "
    "vol. pp. dept. c. ca. assoc. drs. ext. pvt. p.s. ps. govt. intl. natl. univ. asst. assn. ed. eds. trans. "
    "comm. rel. viz. nr. op. cit. ibid. wm. chas. thos."
)
# Before a number these, shortened, end nothing [p. 14, Art. 5, Rs. 500].
NUMBERED = listed(
    "no nos p pp par para paras art arts eq eqs sec secs sect sects ch chap fig figs vol vols rs cl col ver pt pts "
    "app est"
)
# May end a sentence; whether they do depends on what follows.
OTHER_ABBREVIATIONS = listed(
    "u.s. u.k. u.n. e.u. u.s.a. d.c. a.m. p.m. a.d. b.c. inc. corp. co. ltd. llc. plc. bros. jr. sr. etc. al. jan. "
    "feb. mar. apr. jun. jul. aug. sep. sept. oct. nov. dec. ph.d. m.d. b.a. m.a. ave. blvd. rd. ala. ariz. ark. "
    "calif. colo. conn. del. fla. ga. ill. ind. kan. ky. la. md. mass. mich. minn. miss. mo. mont. neb. nev. okla. "
    "ore. pa. tenn. tex. va. vt. wash. wis. wyo. n.y. n.j. n.c. s.c. n.h. n.m. n.d. s.d. r.i. w.va. b.c. l.a. est."
)

# Nouns that a title or an organisation's name is built around; they make a run of words a name.
TITLE_HEADS = listed(
    "secretary minister president chairman chairwoman chairperson chair director adviser advisor officer "
    "commissioner governor senator ambassador general chief spokesman spokeswoman spokesperson premier chancellor "
    "judge justice attorney mayor prime deputy executive editor professor king queen prince princess"
)
ORGANISATION_HEADS = listed(
    "department ministry agency bureau office council committee commission court university college institute "
    "school association federation union society foundation bank company corporation group party army navy force "
    "forces guard police service administration board centre center house senate congress parliament assembly "
    "league club team hospital church museum authority fund organization organisation security news times post "
    "journal network conference treaty act war street bowl cup exchange"
)

# Nationality adjectives that double as names of languages: what "Chinese -> Chinese language" breaks.
DEMONYMS = listed(
    "afrikaans albanian american arabic armenian australian austrian bengali brazilian british bulgarian burmese "
    "cambodian canadian catalan chinese croatian czech danish dutch egyptian english estonian european filipino "
    "finnish french georgian german greek hebrew hindi hungarian icelandic indian indonesian iranian iraqi irish "
    "israeli italian japanese korean latin latvian lithuanian malay mexican mongolian nepali nigerian norwegian "
    "pakistani persian polish portuguese romanian russian scottish serbian slovak slovenian spanish swahili "
    "swedish swiss syrian taiwanese thai tibetan turkish ukrainian urdu uzbek vietnamese welsh"
)
