"""Parts of the patterns in ``site_phrases`` and ``credit_phrases``: services, agencies, names, dates."""

from __future__ import annotations


def any_of(*patterns: str) -> str:
    """A pattern for any one of ``patterns``."""
    return f"(?:{'|'.join(patterns)})"


# What a share bar offers.
SERVICE = any_of(
    "facebook(?: messenger)?|twitter|x \\(formerly twitter\\)|whats ?app|linked ?in|reddit|pinterest|tumblr",
    "telegram|instagram|you ?tube|tik ?tok|flipboard|google(?: news|\\+| plus)?|bluesky|mastodon|snapchat",
    "wechat|stumbleupon|digg|viber|skype|rss",
)
# Words that stand for a button only among others, as in "X | Email | Print".
SERVICE_OR_BUTTON = any_of(
    SERVICE,
    "x|threads|line|mix|more|link|save|signal|comment|like|pin(?: it)?|follow|messenger|vk|pocket|e-?mail",
    "print|copy(?: link)?|tweet|share",
)
AGENCY = any_of(
    "ap|afp|reuters|(?:the )?associated press|agence france-presse|bloomberg|pti|ani|ians|upi|dpa|epa(?:-efe)?",
    "xinhua|pa media|press association|cnn|bbc|getty(?: images)?|istock|shutterstock|alamy|unsplash|pixabay",
    "pexels|wireimage|zuma|imago|nur ?photo|pool|agencies|wires",
)
MONTH = any_of(
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?",
    "oct(?:ober)?|nov(?:ember)?|dec(?:ember)?",
)
WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?"
DAY = r"\d{1,2}(?:st|nd|rd|th)?"
DATE = rf"(?:{WEEKDAY},?\s)?" + any_of(
    rf"{MONTH}\.?\s{DAY},?\s\d{{4}}",
    rf"{DAY}\s{MONTH}\.?,?\s\d{{4}}",
    r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}",
    r"\d{4}-\d\d-\d\d",
)
TIME = r"\d{1,2}[:.]\d\d(?::\d\d)?\s?(?:[ap]\.?m\.?)?(?:\s?\(?[a-z]{2,4}\)?)?"
WHEN = any_of(rf"{DATE}(?:[\s,|@·–-]{{1,4}}(?:at )?{TIME})?", rf"{TIME}[\s,|·–-]{{1,4}}(?:on )?{DATE}")

# Capitalised words and what joins them; a sentence's verbs are neither, so no sentence matches.
_NAME = r"[A-Z@][\w.’'&@/-]{0,30}"
NAMES = rf"(?-i:(?:(?:{_NAME}|and|in|by|for|the|of|at|de|van|von|bin|al|&)[,;:]?\s){{0,14}}{_NAME})"
# Words that don't end as a sentence does, as headlines don't.
HEADLINE = r"(?!.*\.\W*$)\S.{0,200}"

FORM_FIELD = r"(?:your )?(?:name|e-?mail(?: address)?|website|comment)"
FOOTER_LINK = any_of(
    r"terms(?: of (?:use|service)| (?:and|&) conditions)?|privacy(?: policy| notice| settings| statement)?",
    r"cookies?(?: policy| settings| notice| preferences)?|about(?: us)?|contact(?: us)?|careers|help|faqs?",
    r"advertis(?:e|ing)(?: with us)?|site ?map|legal|disclaimer|accessibility|editorial policy|corrections",
    r"do not sell my(?: personal)? info(?:rmation)?|ad ?choices|newsletters?|subscribe|log ?in|sign ?(?:in|up)",
    r"home|search|menu",
)
SECTION = any_of(
    r"(?:world|us|uk|latest|top|breaking) news|news|world|politics|business|sports?|opinion|technology|tech|health",
    r"science|entertainment|lifestyle|culture|travel|video|photos|international|national|local|home",
)
