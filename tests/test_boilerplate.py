"""Boilerplate: each rule, where it stands, and that sentences are never taken for it."""

import textwrap

import pytest

from spindetect.read.article import article_from_text
from spindetect.read.boilerplate import MAX_RUN, RULES, boilerplate_marks
from spindetect.records import Article

HEADLINE = "Fire destroys the old harbour mill"
FIRST = "The old mill by the harbour burnt down on Friday night, and the police do not know why it did."
LAST = "The owner, who lives abroad, said that he would have it built again before the end of next year."


def found(*lines: str) -> list[tuple[str, str]]:
    """The lines that are marked in a text of these paragraphs, and why."""
    text = "\n\n".join(lines)
    return [(mark.span.of(text), mark.reason) for mark in boilerplate_marks(text)]


def around(line: str) -> dict[str, str | None]:
    """Why a line is marked at the top, in the middle and at the end of an article; None if it isn't."""
    return {
        "top": dict(found(HEADLINE, line, FIRST, LAST)).get(line),
        "middle": dict(found(HEADLINE, FIRST, FIRST, FIRST, line, LAST)).get(line),
        "end": dict(found(HEADLINE, FIRST, LAST, line)).get(line),
    }


EVERYWHERE = {
    "advertisement": [
        "ADVERTISEMENT",
        "[ad_2]",
        "Story continues below advertisement",
        "Scroll to continue reading",
    ],
    "source link": [
        "Source",
        "Source link",
        "Source: Harbour Gazette",
        "View Original",
        "Read the full article here",
    ],
    "republication notice": [
        "This article was originally published on Harbour Talk.",
        "The post Mill burns down appeared first on Harbour Talk.",
    ],
    "agency feed notice": [
        "This story has been published from a wire agency feed without modifications.",
        "(This report has not been edited by our staff.)",
    ],
    "advertising of an app": ["Get every harbour story first, download the Gazette app today"],
    "comment form": [
        "Leave a Reply",
        "Leave a comment on this story",
        "Your email address will not be published.",
        "Save my name and email in this browser.",
        "12 Comments",
        "Required fields are marked *",
        "Cancel reply",
        "You must be logged in to post a comment.",
        "Name *",
        "Be the first to comment!",
    ],
    "share list": [
        "Share this article",
        "Facebook Twitter WhatsApp Email",
        "Facebook | X | Print",
        "Share on Facebook",
        "Click to share on Reddit (Opens in new window)",
        "Share on Facebook Share on Twitter",
    ],
    "counter": ["1.2k views", "31 likes", "Views: 1,204"],
    "pager": ["1 of 94", "Page 2 of 3", "3/5", "Next article", "Previous article: Ferry late again", "Prev Next"],
    "button": ["MoreLess", "Read more", "Show less", "Continue reading...", "Back to top", "Sign up now"],
    "link to another article": [
        "Also read: Ferry runs aground in the fog",
        "Related: Ferry runs aground in the fog",
        "READ MORE Ferry runs aground in the fog",
    ],
    "list of other articles": [
        "Related Posts",
        "You may also like",
        "More from Harbour Gazette",
        "Most Popular",
    ],
    "paywall notice": [
        "To read the full story, subscribe or log in",
        "Subscribe to continue reading.",
        "Get unlimited access for $1 a week.",
        "This article is only available to our subscribers",
    ],
    "newsletter form": [
        "Sign up for our newsletter",
        "Subscribe to our daily email briefing today",
        "Enter your email",
    ],
    "invitation to follow": ["Follow us on Instagram", "Click here for the pictures"],
    "breaking-news notice": ["This is a developing story, please check back for updates."],
    "agency credit": [
        "With assistance from Ann Miller and Bob Baker.",
        "(Reporting by Ann Miller in Hull; Editing by Bob Baker)",
        "Additional reporting by Ann Miller",
        "Ann Miller contributed to this report.",
    ],
    "picture credit": [
        "Image: Getty",
        "Photo: Ann Miller",
        "Ann Miller | AP",
        "Getty Images",
        "Photo by Ann Miller",
    ],
    "picture caption": ["Smoke over the mill on Friday (Picture: Ann Miller/Gazette)"],
    "hashtags": ["#Mill #Harbour #Fire", "#HarbourMill"],
    "tag list": ["Tags: mill, harbour, fire", "Filed under: Fires"],
    "copyright notice": ["© 2025 Harbour Gazette", "Gazette Ltd. All rights reserved."],
    "site footer": ["Privacy Policy | Terms of Use | Contact Us", "We use cookies to make this site work."],
    "web address": ["https://example.org/mill", "https://example.org/mill    1/2"],
    "press release": [
        "FOR IMMEDIATE RELEASE",
        "For immediate release: March 30, 2025",
        "###",
        "ENDS",
        "SOURCE Harbour Mill Ltd.",
    ],
    "contact": [
        "Media contact: Ann Miller, 555-0134",
        "press@mill.example",
        "Tel. 555 013-4500",
        "Contact Ann Miller at ann@gazette.example. Follow her on Twitter @ann.",
    ],
    "footer of a mail": [
        "Sent from my phone",
        "This email and all in it are confidential. Delete it if it isn't yours.",
        "You are receiving this email because you signed up on our website.",
        "Unsubscribe (https://mail.example/u/1)",
        "Harbour readers mailing list",
        "To unsubscribe from this group, send an email to mill+unsubscribe@groups.example.",
        "If you no longer wish to receive these emails, unsubscribe here.",
        "This email was sent to ann@mill.example by the Harbour Gazette, 1 Quay Street.",
    ],
    "head of a mail": [
        "View this email in your browser (https://mail.example/v/1)",
        "Having trouble viewing this newsletter? Open it here.",
        "Email not displaying correctly? View it in your browser.",
    ],
    "signature or attachment in code": [
        "-----BEGIN PGP SIGNED MESSAGE-----",
        "Hash: SHA256",
        "iQEzBAEBCAAdFiEEq1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6FAl4AAAAKCRB",
        "FAl4AAAAKCRB9x==",
    ],
    "note on the article": [
        "Correction: An earlier version of this article misstated the price of a crossing. It has been corrected.",
        "Editor’s note: This story has been updated to include a comment from the owner.",
        "This article was amended on 4 March 2024 to correct the name of the mill.",
        "Ann Miller is our correspondent in Hull. Follow her on X @annmiller",
        "About the author",
        "About the author: Our team has written about harbours since 2015. We love tugs, tides and salt.",
    ],
    "earlier mail": ["Begin forwarded message:", "On Sun, Mar 30, 2025 at 9:00 AM Bob <bob@mill.example> wrote:"],
    "media player": ["Play video", "Listen to this article", "0:00 / 3:21"],
    "breadcrumb": ["Home > News > Harbour"],
}


@pytest.mark.parametrize(
    ("reason", "line"), [(reason, line) for reason, lines in EVERYWHERE.items() for line in lines]
)
def test_stock_phrases_are_marked_wherever_they_stand(reason, line):
    assert around(line) == {"top": reason, "middle": reason, "end": reason}


@pytest.mark.parametrize(
    ("reason", "line"),
    [
        ("counter", "31"),
        ("date line", "March 30, 2025"),
        ("date line", "Updated: 30 March 2025, 10:15 GMT"),
        ("date line", "2 hours ago"),
        ("date line", "Published 10:04 a.m. ET March 30, 2025 | Updated 11:15 a.m. ET March 31, 2025"),
        ("date line", "3/30/25, 10:04 AM    Mill burns - The Harbour Gazette"),
        ("date line", "3 min read"),
        ("share list", "Facebook"),
        ("agency credit", "(Reuters)"),
        ("menu", "Harbour Gazette | Home | News | Tides | Contact us"),
        ("menu", "News · Sport · What's on · Letters"),
    ],
)
def test_what_is_marked_only_at_the_edges(reason, line):
    assert around(line) == {"top": reason, "middle": None, "end": reason}


@pytest.mark.parametrize(
    ("reason", "line"),
    [
        ("byline", "By Ann Miller"),
        ("byline", "BY ANN MILLER AND BOB BAKER"),
        ("byline", "By Ann Miller, Gazette Business"),
        ("byline", "Written by Ann Miller | March 30, 2025"),
        ("byline", "By Ann Miller, The Gazette, March 30, 2025 at 10:15 am"),
        ("byline", "By Ann Miller 30/03/2025"),
        ("byline", "30th March 2025, by Ann Miller"),
        ("byline", "Ann Miller · Mar 30, 2025"),
        ("byline", "Ann Miller"),
        ("section label", "Business"),
    ],
)
def test_what_is_marked_only_at_the_top(reason, line):
    assert around(line) == {"top": reason, "middle": None, "end": None}


def test_every_rule_has_an_example():
    elsewhere = {"date line", "byline", "section label", "menu"}
    assert {rule.reason for rule in RULES} == set(EVERYWHERE) | elsewhere


# What must stay


@pytest.mark.parametrize(
    "sentence",
    [
        "Related costs rose again.",
        "By Monday, the storm had passed and the ferries ran.",
        "By Monday the Harbour Police had left.",
        "Reporting by the Gazette found that the mill was insured twice.",
        "With assistance from the army, the firemen reached the roof.",
        "Share prices fell.",
        "Subscribe to a theory and you will find facts for it.",
        "Sign up for the army, his father told him.",
        "Follow the money, the detective said.",
        "Comments like these were heard all night.",
        "Source: unknown is what the label on the painting has said for more than a hundred years.",
        "Read more books, she told them.",
        "Like many on Facebook, he had seen the fire before he heard of it.",
        "The report, first published in 2019, names three firms.",
        "Breaking news of the fire came late.",
        "Download the form and bring it along.",
        "Copyright law is of no help here.",
        "He grew up in Hull (Yorkshire).",
        "The fire, which spread quickly (see the map), was seen from Hull.",
        "It was a view, a like, a share of the harbour that he wanted.",
        "Contact with the ship was lost at noon, ann@gazette.example said.",
        "E-mail messages sent to the owner at mill@harbour.example returned the following:",
        "The press contacts: nobody knew them.",
        "On Sunday at the harbour he wrote: I saw nothing.",
        "On Sunday he wrote:",
        "The original message was lost.",
        "Correction: the mill burnt down on Friday, not on Saturday, the police said.",
        "This article of faith was amended by nobody.",
        "This story was changed every time that he told it.",
        "You are receiving more than you gave, she said.",
        "Unsubscribe from everything, he told them.",
        "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft2B",
        "“No.”",
        "Why?",
    ],
)
def test_sentences_are_never_marked(sentence):
    assert around(sentence) == {"top": None, "middle": None, "end": None}


@pytest.mark.parametrize(
    "headline",
    [
        "Watch: dog saves boy from the harbour",
        "Source: minister to resign",
        "By Any Means",
        "News",
        "Ann Miller",
        "Twitter",
    ],
)
def test_the_headline_stays(headline):
    assert found(headline, FIRST, LAST) == []


def pages(*heads: str, lines: int = 8) -> str:
    """A text wrapped at 60 characters, with a line of its own above each page."""
    wrapped = textwrap.wrap(" ".join([FIRST, LAST] * len(heads) * 2), 60)
    return "\n".join("\n".join([head, *wrapped[at * lines : (at + 1) * lines]]) for at, head in enumerate(heads))


HEADS = ["- {} -", "\n{}\n", "Page {} of 4", "HARBOUR GAZETTE       Mill burns       {}", "{} | Mill"]


@pytest.mark.parametrize("head", HEADS)
def test_running_heads_and_page_numbers_of_a_wrapped_text(head):
    heads = [head.format(number) for number in range(1, 5)]
    text = pages(*heads)
    assert [mark.span.of(text) for mark in boilerplate_marks(text)] == [one.strip() for one in heads]


@pytest.mark.parametrize("heads", [["Ships"] * 3, ["Round 1", "Round 2"], ["Round 1", "Round 3", "Round 5"]])
def test_lines_with_numbers_that_count_no_pages_stay(heads):
    assert boilerplate_marks(pages(*heads)) == []


def test_numbered_headings_of_paragraphs_that_are_lines_stay():
    days = [line for day in range(1, 5) for line in (f"Day {day}", *[f"{FIRST} {LAST}"] * 5)]
    assert found(HEADLINE, *days) == []


def test_a_mail_s_answered_part_below_a_wrapped_text():
    answered = "On Sun, Mar 30, 2025 at 9:00 AM Bob <bob@mill.example> wrote:\n> Where is the story?\n> Bob"
    text = f"{textwrap.fill(f'{FIRST} {LAST} {FIRST} {LAST}', 70)}\n\n{answered}"
    assert "".join(mark.span.of(text) for mark in boilerplate_marks(text)) == answered.replace("\n", "")


def test_a_label_above_the_headline():
    assert found("Featured", HEADLINE, FIRST) == [("Featured", "section label")]
    assert found("Additional Coverage:", HEADLINE, FIRST) == [("Additional Coverage:", "section label")]


def test_names_as_headings_stay():
    assert found(HEADLINE, "Ann Miller", FIRST, "Bob Baker", LAST) == []


def test_a_name_that_the_article_speaks_of_stays():
    assert found(HEADLINE, "Harbour Mill", FIRST, LAST) == []


def test_a_picture_described_above_a_byline():
    picture = "A man in a yellow coat stands before a burnt house"
    assert found(HEADLINE, picture, "Ann Miller", FIRST) == [
        (picture, "picture caption"),
        ("Ann Miller", "byline"),
    ]
    assert found(HEADLINE, picture, FIRST) == []


# What follows


def test_what_follows_a_comment_form_is_marked_in_the_tail():
    lines = (HEADLINE, FIRST, LAST, "Leave a Reply", "Bob says:", "So sad.")
    assert found(*lines)[1:] == [("Bob says:", "below 'Leave a Reply'"), ("So sad.", "below 'Leave a Reply'")]


def test_what_follows_a_list_of_articles_is_marked_in_the_tail():
    assert found(HEADLINE, FIRST, "Related Posts", "Ferry late again", "1 of 94") == [
        ("Related Posts", "list of other articles"),
        ("Ferry late again", "below 'Related Posts'"),
        ("1 of 94", "pager"),
    ]


def test_prose_below_is_kept():
    for opener in ("Leave a Reply", "Related Posts"):
        assert [line for line, _ in found(HEADLINE, FIRST, opener, "Ferry late again", LAST)] == [opener]


def test_a_short_sentence_below_a_list_of_articles_is_kept():
    assert [line for line, _ in found(HEADLINE, FIRST, "Related", "Ferry late again", "It is all gone.")] == [
        "Related"
    ]


def test_a_tag_list_is_told_by_its_neighbours():
    tags = "mill, harbour, old town, fire brigade"
    assert (tags, "tag list") in found(HEADLINE, FIRST, tags, "#Mill #Fire")
    assert found(HEADLINE, FIRST, tags) == []
    assert tags not in dict(found(HEADLINE, tags, "#Mill", FIRST))


def test_the_headline_repeated_at_the_end():
    crumbs = f"NewsHarbour{HEADLINE}"
    assert found(HEADLINE, FIRST, crumbs) == [(crumbs, "headline repeated")]


MAIL = ("Original Message-----", "From: Bob", "Sent: Sunday", "Did you see the fire? " * 3 + "I did.")


def test_what_a_mail_answers_to_is_marked_if_the_answer_is_longer():
    assert [line for line, _ in found(FIRST, LAST, *MAIL)] == list(MAIL)
    assert [line for line, _ in found("See below.", *MAIL, FIRST, LAST)] == list(MAIL[:3])
    assert [line for line, _ in found(*MAIL)] == list(MAIL[:3])
    assert [line for line, _ in found(FIRST, LAST, *MAIL[1:])] == list(MAIL[1:])
    assert found(FIRST, MAIL[1], LAST) == []


# Lines


def test_marks_cover_whole_lines():
    text = f"{HEADLINE}\r\n\r\n{FIRST}\r\n  » Read more »  \r\n{LAST}\r\nLeave a Reply\r\n"
    assert [mark.span.of(text) for mark in boilerplate_marks(text)] == ["» Read more »", "Leave a Reply"]


def test_hard_wrapped_lines_are_paragraphs():
    wrapped = "The owner of the mill, which burnt down on Friday, was named in\nadvertisements\n"
    text = f"{wrapped}for a house that he wants to sell, and which may be the real\nsource\nof the trouble.\n"
    assert boilerplate_marks(text) == []
    assert len(boilerplate_marks(text + "\nSource\n")) == 1


def line_of(length: int) -> str:
    """A line of so many characters that begins with a capital and doesn't end as a sentence does."""
    return ("Mill owners " + "named several houses " * 9)[: length - 1] + "x"


@pytest.mark.parametrize(("length", "wrapped"), [(44, False), (45, True), (120, True), (121, False)])
def test_lines_of_45_to_120_characters_may_be_wrapped(length, wrapped):
    text = f"{line_of(length)}\nsource\n\n" * 2
    assert [mark.span.of(text) for mark in boilerplate_marks(text)] == ([] if wrapped else ["source"] * 2)


@pytest.mark.parametrize(("gap", "wrapped"), [("\n", True), ("\n   ", True), ("\n    ", False), ("\n\n", False)])
def test_a_wrapped_line_goes_on_right_below(gap, wrapped):
    text = f"{line_of(80)}{gap}source\n\n" * 2
    assert len(boilerplate_marks(text)) == (0 if wrapped else 2)


def test_one_line_that_goes_on_in_lower_case_makes_no_wrapped_text():
    assert len(boilerplate_marks(f"{line_of(80)}\nsource\n")) == 1


@pytest.mark.parametrize(("others", "wrapped"), [(18, True), (19, False)])
def test_a_tenth_of_a_wrapped_texts_lines_go_on_in_lower_case(others, wrapped):
    text = f"{line_of(80)}\nsource\n\n" * 2 + f"{line_of(80)}\n" * (others + 1)
    assert len(boilerplate_marks(text)) == (0 if wrapped else 2)


def test_a_text_of_nothing_but_boilerplate_is_the_article():
    assert found("Read more") == []
    assert found("Share", "Leave a Reply") == []


@pytest.mark.parametrize("text", ["", "\n\n", " \t"])
def test_nothing_has_no_marks(text):
    assert boilerplate_marks(text) == []


def test_a_run_without_white_space_is_marked():
    run = "x" * (MAX_RUN + 1)
    text = f"{FIRST} {run} {LAST}"
    (mark,) = article_from_text(text).marks
    assert (mark.span.of(text), mark.kind, mark.reason) == (run, "boilerplate", "unbroken run")
    assert article_from_text(f"{FIRST} {run[1:]}").marks == ()


def test_a_plain_article_has_no_marks():
    article = article_from_text(f"{HEADLINE}\n\n{FIRST}\n\n{LAST}\n")
    assert isinstance(article, Article)
    assert article.marks == ()
