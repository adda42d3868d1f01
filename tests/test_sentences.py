"""Where sentences end: abbreviations, quotations, footnote marks, chats; ``|`` stands where one ends."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest
from sentences import f1, matched, stripped

from spindetect.detector import Detector
from spindetect.records import Article, Document

detector = cache(Detector.load)
ENDS = [
    # abbreviations that end a sentence as well
    "The store was robbed at 9 p.m.| Police arrived ten minutes later.",
    "It opens at 8:30 a.m.| Tickets cost five dollars.",
    "He wants to leave the U.S.| Lawmakers objected.",
    "She moved to the U.K.| Critics said it was late.",
    "The firm was bought by Marlowe Inc.| Shares rose 4 percent.",
    # accents within abbreviations
    "It sailed on 4 Óct. 2019, in S\u0301ept. or Ďec. 2021.| The case of Lund v́s. Hale was heard by Ḿr. É. Hart.",
    "She ate at the café.| The coup d’état failed.",
    # quotation marks set apart
    '" It is late , " he said .| " We won . "| Then he left ( at noon . )| It rained.',
    "It was sold to Penn & Co.| Workers were told on Monday.",
    "The museum opened in Washington, D.C.| Residents enter free.",
    "It was her and I.| The door closed.",
    "He fought in World War I.| Trenches scared him.",
    "They chose plan B.| Nobody knew why.",
    "Doctors gave him vitamin C.| Patients often ask for it.",
    "He studied with Martin Hale Jr.| Students liked them both.",
    "She sells apples, pears, etc.| Prices are low.",
    "She has a Ph.D.| Colleagues call her doctor.",
    "He lives on Elm St.| The police know him.",
    "The troops left in Dec.| Snow came soon after.",
    "Troops left the U.S.| The war went on.",
    # items of a list on one line, whatever they are counted with, keep their sign
    "a. Open the lid.| b. Pour the water.| c. Close it.",
    "i. Open the lid.| ii. Pour the water.| iii. Close it.",
    "(i) Open the lid.| (ii) Pour the water.| (iii) Close it.",
    "1.1. Open the lid.| 1.2. Pour the water.",
    "Q. Why did you leave?| A. I was tired.| Q. Were you alone?",
    "He stayed.| (I hope that she did.)| They left.",
    "He wrote it.| 1998. Outside lobbying and its rules.",
    "See Fig. 2 and Tab. 3.| He quoted Matt. 5:3 to her.",
    "„I left.“| „It was late.“| He sat.",
    # and those that don't
    "At 9 p.m. Smith left the house.",
    "It begins at 9 p.m. Thursday in the hall, at 6 p.m. Eastern and at 9 p.m. EST.",
    "The U.S. Senate voted and U.S. Marines landed; a U.S. Army unit left.",
    "The U.S. President said no, and U.S. Secretary Hale agreed.",
    "Marlowe Inc. Chairman Ann Hale spoke with Penn Corp. President Joe Odell.",
    "J.K. Rowling said so, and J. Smith wrote it.",
    "Gen. Smith met Sen. Hale at St. Paul, near Mt. Odell.",
    "He was born (c. 1818) in a town (e.g. Harlow) of old.",
    "Martin Luther King Jr. Day is in January.",
    "See p. 14 for more.| The court cited Art. 5 and para. 6.| Judges agreed.",
    "Eq. 2 and Fig. 3 show it, Wm. Wrigley wrote.| He paid Rs. 500.| The shop gave Rs. 20 back.",
    "John F. Kennedy was shot.| Henry J. Kaiser wasn't.| At 5:30 p.m. Mr. Hart called.",
    "The lamp is low, / the road is long.| / The dog barked.| • It rained.| · We left.",
    "He took Assoc. Dean Hale and Govt. Minister Odell along.",
    # quotations and who speaks
    "“Who knows?” Marlow asked.",
    "“Stop!” Ms. Ann Marlow shouted.| Nobody did.",
    "\"Why now?\" Odell said.| \"We waited.\"",
    "‘Why?’ Marlow asked.",
    "“Why now?”| The crowd left.",
    "“Can we go?” 12-year-old Tim asked.| His mother nodded.",
    "“Why?” he asked.| “Because.”",
    # names that end in a mark, and abbreviations that go on with another
    "In June Yahoo! Finance reported it.| Yahoo! said no.| She left Yahoo!| The firm fell.",
    "She wore jeans by Guess? and a shirt.| He won on Jeopardy! twice.| Stop!| Nobody did.",
    "It was made by Harmon Bros. Ltd. and sold.| Orlan Mfg. Co. Ltd. was told.| He left Penn Bros.| The mill shut.",
    "“We won.”| Marlow left the room.",
    "— Where is it? said Ann.| — Under the stairs.| — Who let you in? Peter Hale asked.",
    "– I don't know, said Ann.| – You never do! cried the guard.| It rained.",
    "— Come in!| She closed the door.",
    "“Why go now?”| Say it again.| It was excellent!| Answered all our questions.",
    # abbreviations before brackets and numbers
    "It was first described by Holm et al. (US 2012).| Lind et al. [12] dropped it.",
    "Acme Corp. (Nasdaq: ACME) rose.| Ann Lee (b. 1950) and Tom Orr (d. 1980) led the club (est. 1904).",
    "See Sect. 4.2 for details.| Plan b.| 40 people came.",
    # footnote marks
    "The dam broke.[1]| Nobody knew.[2][3]| It rained.[note 4]| They left.[citation needed]",
    "The dam broke.¹| Nobody knew.²³| It rained.†| They left.*",
    "The dam broke. [6]| Nobody knew. [7]| He left.",
    "“The dam broke.”[1]| “Nobody knew.”²",
    "The dam broke.1| Nobody knew.2| It was in 1911.3| They left.",
    "The dam[3] broke, they said;² nobody knew.",
    "The area is 5 km².| It was 3.5 Percent.| Version 3.1 came.",
    "He left (4).| She saw [a] man.",
    "They called the F.B.I.| Agents came within the hour.",
    # chats and mail
    "i am not kidding.| i want it b/c it is small.| why would you?| it is late!| ok",
    "are you there?| where did you go?",
    "They closed early.| it was cold.",
    "Please come.| Regards,| Ann Hale",
    "Dear Mr. Orr,| My name is Ann Hale.| See the draft (attached).| Kindest regards,| Ann",
    "I held my Dear Ann, Tom and the cat.| Dear friends, we meet again.",
    # spaces and bullets that a conversion made question marks
    "It is in the draft.| ? Call us with questions.| ? Phone:? 203.961.7523 Mail:? sue@hill.example",
    "Is it late.?| Ask: \"When?\"| Nobody knew.",
    "See it.| http://a.example/b| http://a.example/c| Then tell us.",
    "Kay Odell| 04/26/2001 07:17 AM| Will you come?",
    "First part.| ***| Second part.",
]  # fmt: skip


def document(text: str) -> Document:
    return detector().document(Article(text))


@pytest.mark.parametrize("marked", ENDS)
def test_where_sentences_end(marked: str) -> None:
    text = marked.replace("|", "")
    found = [sentence.span.of(text) for sentence in document(text).sentences]
    assert found == [part.strip() for part in marked.split("|")]


def test_footnote_marks_are_no_words() -> None:
    text = "The dam³ broke.[1] Nobody[2] knew, they said;[3] it rained.(4) The area is 5 m² [16]."
    words = [word.norm for word in document(text).words if word.lexical]
    assert words == "the dam broke nobody knew they said it rained the area is 5 m2 16".split()


@pytest.mark.parametrize("mark", ["[{}]", "[{0}][{0}]", "({})", "†", "[a]", " [{}]", "[{}]:45",
                                  "[ref {}]", "[^{}]", "[fn{}]", "{{{}}}", "^{}", "[A{}]"])  # fmt: skip
def test_a_text_with_footnote_marks_is_compared_as_without(mark: str) -> None:
    parts = "The dam broke at night| Nobody knew of it| The town was moved| The church still stands".split("|")
    plain = document(". ".join(parts) + ".")
    marked = document(" ".join(f"{part}.{mark.format(number)}" for number, part in enumerate(parts, 1)))
    assert marked.word_count == plain.word_count and marked.sentence_count == plain.sentence_count == 4


def test_the_benchmark_s_measures() -> None:
    assert matched([10, 20, 30], [8, 9, 23, 31]) == 2
    row = {"text": "Mr. Odell left, he said. Then it rained.", "sentences": [[0, 24], [25, 40]]}
    assert stripped(row) == ("mr odell left he said then it rained".split(), [5])
    assert f1(Counter(right=1, wanted=2, found=2)) == 0.5
