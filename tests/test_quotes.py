"""Direct quotations: passages in eight styles, measures, apostrophes, lost marks; braces around what is quoted."""

from __future__ import annotations

from functools import cache

import pytest

from spindetect.detector import Detector
from spindetect.records import Article

detector = cache(Detector.load)
# Outer marks and inner marks, and the apostrophe that goes with them.
STYLES = {
    "curly": "“”‘’’",
    "straight": "\"\"'''",
    "British": "‘’“”’",
    "British, straight": "''\"\"'",
    "German": "„“‚‘’",
    "French": "«»“”’",
    "reversed": "»«›‹'",
    "Swedish": "””’’’",
}
# {} around a quotation, [] around one within it, ~ for an apostrophe.
PASSAGES = [
    "{We won,} said Penn. The crew didn~t agree.",
    "Odell said, {We were lucky.} He left at nine, before the others~ train.",
    "{It isn~t over,} he said. {We~ll be back in the town~s hall on Monday.}",
    "{Who told you?} Marlow asked. Nobody~d say.",
    "{I know,} she said, {that it~s late. But we can~t wait.} The workers~ union agreed.",
    "The mayor called it {a disgrace} and left. The council~s answer was short.",
    "{He told me [come back tomorrow] and shut the door,} Penn said. She didn~t.",
    "{First, the dam broke.\n\n{Then it rained for days. We~d lost all,} he said.\n\nThey left.",
    "He~s 6~2\" tall and she~s 5~9\". {We match,} he said. They laughed.",
    "The play {Harbor} opened in ~98. {It ran for years,} Odell~s sister said. Rock ~n~ roll followed.",
    "{No!} he cried; {never}. And then: {Stop — the bridge is out.}",
    "Penn ({an honest man}, says Odell) left. {Yes}—that was all. The boss~ desk was empty.",
]  # fmt: skip
SPECIAL = [
    "He measured 36\" by 24\". \"{Too big},\" she said.",
    "The 10\" disk and \"{the 5\" one}\" broke.",
    "A guard of 5-foot-11 (5'11\") scored. \"{He can run},\" the coach said. \"{He can jump}.\"",
    "“{I am 6'2\"},” he said. \"{I'm 6'2\"},\" he said.",
    "He said ‘{no}’. The dogs’ home’s roof fell. ‘{Never},’ she said, ‘{again}.’",
    "O'Hara's 'n' Penn's '{big day}' was in '08. „{Es ist spät}”, said Odell.",
    "It was 5' 6\" deep, with 7\" of snow and 9\" in Penn. \"{Careful},\" she said.",
    "The 7'-tall door, the 8' ladder and the 9' wall stood. He said '{no}' to all.",
    "\"{We can't say},\" he said, \"{that it's the nurses' fault}.\" The nurses' union said it wasn't.",
    "The 6'2\" forward scored twice. \"{We were lucky},\" he said. The keeper agreed.",
    "A 3.5\" pipe burst on Monday near a 12\" main. \"{It flooded the street},\" Odell said.",
    "\"{The 12\" pipe burst},\" he said. The crew left.",
    "A 12″ gun, 5′ long, was found. “{It was loaded},” Odell said. The crew left.",
    "At 40°26'46\"N the ship sank. \"{It was loud},\" he said.",
    "\"{I was born in 1979}\" was all he said. The boat sank.",
    "A 15\" screen, a 24\" one and a 30\" one were sold. \"{All gone},\" he said.",
    "We ran,\" said Penn.\nThe crew left at nine.\n\"{It was loud},\" said Odell.\nThe boat sank.",
    "\"{We ran,} said Penn.\nThe crew left at nine.\n\"{It was loud},\" said Odell.\nThe boat sank.",
    "“{We ran,} said Ann Penn. The crew left at nine. “{It was loud},” said Odell. The boat sank.",
    "The mayor left. “{We ran.} The crew left at nine.\n\nThe boat sank.",
    "“{First part.}\n\n“{Second part.}\n\n“{Third part},” he said. The end.",
    "‘{First part.}\n\n‘{Second part. It’s late},’ he said. The end.",
    "\"{First part.}\n\n\"{Second part},\" he said. The end.",
    "``{We won},'' he said. It's the end.",
    "`{We won},' he said. It's the end.",
    "''Nobody'' knew. The dogs' home, the bosses' club and the '90s were near; 'twas late.",
    "It's the mill's end, isn't it? The workers' union, rock 'n' roll, goin' home, O'Neill's.",
    "“{We won}\" he said. The crew left.",
    "\"{We won}” he said. The crew left.",
    "The team’s ’90s heroes’ names were read. ‘{We won},’ he said. That was the players’ day.",
    "‘{It’s the players’ day},’ he said. ‘{The bosses’ club is shut}.’",
    "'{The workers' union won't move},' he said. It didn't.",
    "He said: '{We won't go}'. They went.",
    "„{Wir kommen}“, he said. „{Indeed}” too.",
    "« {We won} », he said. «\xa0{Yes}\xa0».",
    "»{We won}«, he said. »{Yes}», too.",
    "\" {We won} \" he said . The crew left .",
    "He said nothing. Nobody asked.",
    "“{He said ‘no’ and ‘never’, didn’t he?}” she asked.",
    "'{He said \"no\" and left},' she said.",
    "“{A},” “{B},” and “{C},” he said.",
    "She said “{yes}”; he said “{no}”.",
    "*\"{No}\"*, he said. **\"{Yes}\"**, she said. _“{Well}”_.",
    "“{No},” he said.“{Yes},” she said. He said,\"{No}\",and left.",
    "「{No}」 he said. 『{Yes}』 she said. <<{Well}>>, they said. ‹{So}›, it was. \u201f{No}\u201d.",
    "The film ‘{Harbor}’ and the book ‘{Dam}’ were his. It was the critics’ choice.",
]  # fmt: skip


def plain(marked: str) -> tuple[str, list[bool]]:
    """A passage without its braces, and of each character whether it is quoted."""
    text, inside, depth = "", [], 0
    for char in marked:
        if char in "{}":
            depth += 1 if char == "{" else -1
        else:
            text += char
            inside.append(depth > 0)
    return text, inside


def rendered(passage: str, style: str) -> str:
    """A passage in a style, with braces inside the marks; one that isn't closed in its paragraph ends with it."""
    first, last, inner_first, inner_last, apostrophe = STYLES[style]
    paragraphs = []
    for paragraph in passage.split("\n\n"):
        lost = "}" if paragraph.count("{") > paragraph.count("}") else ""
        paragraphs.append(
            paragraph.replace("}", "\x00").replace("{", first + "{").replace("\x00", "}" + last) + lost
        )
    text = "\n\n".join(paragraphs)
    return text.replace("[", inner_first).replace("]", inner_last).replace("~", apostrophe)


def words_right(marked: str) -> tuple[int, int, list[str]]:
    """Of a passage's words how many are rightly said to be quoted or not, of how many, and the others."""
    text, inside = plain(marked)
    document = detector().document(Article(text))
    wrong = [
        f"{'+' if found else '-'}{word.text}"
        for word, start, found in zip(document.words, document.starts, document.quoted, strict=True)
        if word.lexical and found != inside[start]
    ]
    return document.word_count - len(wrong), document.word_count, wrong


ALL = [(f"{style}", rendered(passage, style)) for style in STYLES for passage in PASSAGES]
ALL += [("special", passage) for passage in SPECIAL]


@pytest.mark.parametrize("style, marked", ALL)
def test_what_is_quoted(style: str, marked: str) -> None:
    assert words_right(marked)[2] == []


def test_a_thousand_marks_are_read_in_linear_time_and_a_lone_one_quotes_no_more_than_a_sentence() -> None:
    text = '"We won, it said. ' + "The crew left. " * 50
    document = detector().document(Article(text))
    assert sum(document.quoted) <= 6
    detector().document(Article('" \' “ ” ‘ 5" ' * 20_000))
