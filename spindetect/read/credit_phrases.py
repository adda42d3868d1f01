"""Phrases that say where a story and its pictures come from: sources, bylines, dates, credits, tags."""

from __future__ import annotations

from spindetect.read.phrase_parts import AGENCY, DATE, HEADLINE, NAMES, TIME, WHEN
from spindetect.read.rules import rule

CREDIT_RULES = (
    rule(
        "source link",
        "anywhere",
        r"sources?|source (?:link|url)|original (?:source|article|story|link|post)|view original|via",
        r"read (?:the )?(?:full|original) (?:article|story|post)(?: here)?|link to (?:the )?(?:original|source)",
    ),
    rule("source link", "below", r"(?:news |original |article )?source\s?[:|]\s?\S+(?: \S+){0,6}"),
    rule(
        "republication notice",
        "below",
        r"\W{0,2}this (?:article|story|post|piece|column) (?:was |has been )?(?:first |originally )"
        r"(?:published|appeared|posted|ran)\b.{0,150}",
        r"the post .{1,200} (?:appeared first|first appeared) on .{1,80}",
    ),
    rule(
        "agency feed notice",
        "below",
        r"\W{0,2}(?:except for the headline,? )?this (?:article|story|report|news|copy|post|content)\b.{0,80}\b"
        r"(?:(?:news|wire|syndicated|agency|automated)[ -](?:\w+ ){0,2}feed|without (?:any )?(?:modifications?"
        r"|editing)|not been (?:edited|created|modified) by)\b.{0,120}",
    ),
    rule(
        "breaking-news notice",
        "below",
        r"(?:this is )?(?:a )?(?:breaking|developing)(?: news)?(?: story| news)?\b.{0,60}\b(?:check back"
        r"|refresh|will be updated|more to (?:come|follow)|for updates)\b.{0,80}",
        r"more to (?:follow|come)",
    ),
    rule(
        "agency credit",
        "below",
        r"\W{0,2}(?:with (?:additional |further )?(?:assistance|reporting|inputs?|files|contributions?)"
        r" (?:from|by)|(?:with )?(?:additional |further |original )?(?:reporting|writing|editing|compiled"
        rf"|produced|edited) by) (?:{NAMES}|agencies)",
        rf"\W{{0,2}}reporting by {NAMES}; ?(?:[\w ]{{0,30}}by {NAMES}[;,. )]*){{1,3}}",
        r"\W{0,2}with agency inputs",
    ),
    rule(
        "agency credit",
        "below",
        r"[^.:]{1,150} contributed (?:reporting|to this (?:report|story|article))\b.{0,40}",
        holds=" contributed ",
    ),
    rule("agency credit", "edge", rf"\W{{0,2}}{AGENCY}(?: staff| news agency)?"),
    rule(
        "byline",
        "top",
        rf"(?:by|(?:written|posted|published|reported|edited|reviewed) by|author ?:|story by) ?:? ?{NAMES}"
        rf"(?:(?: ?[|·•,–—-]| on\b|\s) ?(?:{NAMES}|{DATE}(?:[,\s]{{1,2}}(?:at )?{TIME})?|updated\b.{{0,40}}))"
        r"{0,2}(?: ?[|·•] ?\d+ min(?:ute)?s? \w+)?",
        rf"{DATE}(?:[,\s]{{1,2}}(?:at )?{TIME})?\W{{0,3}}(?: by)? {NAMES}",
        rf"{NAMES} ?[|·•,–—-] ?{DATE}(?:[,\s]{{1,2}}(?:at )?{TIME})?",
        rf"by (?:staff|admin|agencies|our correspondent)\b(?: ?[|·•] ?{DATE})?.{{0,20}}",
        r"(?:staff|senior|chief|special) (?:writer|reporter|correspondent|editor)",
    ),
    rule(
        "date line",
        "edge",
        r"(?:(?:first |last |originally )?(?:published|updated|posted|modified|date)(?: on| at)?\W{0,3})?"
        rf"{WHEN}(?:\W{{1,4}}(?:last )?(?:updated|modified)(?: on| at)?\W{{0,3}}{WHEN})?",
        rf"{DATE},? {TIME}\s{{1,40}}{HEADLINE}",
        r"(?:first |last )?(?:published|updated|posted|modified)\b[^.]{0,60}\d[^.]{0,24}",
        rf"{TIME}|\d{{1,3}} ?(?:second|minute|min|hour|day|week|month|h|m|d)s? ago",
        r"\d{1,3}[ -]min(?:ute)?s? read|reading time\b.{0,24}",
    ),
    rule(
        "picture credit",
        "below",
        r"\W{0,2}(?:image|photo(?:graph)?s?|picture|pic|illustration|graphic|file (?:photo|image|picture)"
        r"|representational image|(?:photo|image|picture)s? (?:credits?|source|by|courtesy)|credits?|courtesy"
        r"|(?:image|media|video) caption)\s?[:|/©]\s?\S.{0,250}",
        rf"(?:photo|picture|image)s? (?:by|courtesy of) {NAMES}",
        rf"{NAMES}\s?(?:[|/]|\bvia\b)\s?{AGENCY}(?: photo| images)?",
        r"getty images|ap photo|shutterstock|istock|(?:image|photo) credits?|file photo",
    ),
    rule(
        "picture caption",
        "below",
        r"[^(]{0,300}\((?:(?:image|photo|picture|pic|photograph|file photo|photo credit|image credit|credit)"
        r" ?[:/]|(?:ap|afp|epa|reuters) (?:photo|file photo|images?)\b|(?:photo|picture|image)s? (?:by|via"
        r"|courtesy)\b|(?:via )?getty images|courtesy of (?-i:[A-Z]))[^()]{0,80}\)",
        holds="(",
    ),
    rule("hashtags", "anywhere", r"(?=.{0,200}[#＃][^\W\d])[#＃]\w+(?:[\s,;|]*+[#＃]\w+)*+", holds="#"),
    rule(
        "tag list",
        "below",
        r"(?:tags?|tagged(?: with)?|filed under|topics?|categor(?:y|ies)|keywords|posted in|hashtags|labels)"
        r"\s?[:|]\s?[^.]{0,250}",
        r"tags|filed under|topics",
    ),
    rule(
        "footer of a mail",
        "below",
        r"sent from my .{1,40}|this (?:e-?mail|message)\b.{0,80}\bconfidential\b.{0,300}",
    ),
    rule("press release", "anywhere", r"for (?:immediate|general) (?:release|use)\b.{0,60}", r"[#*] ?[#*] ?[#*]"),
    rule("press release", "below", r"(?-i:ENDS?|SOURCE:? (?=[A-Z]))(?:[A-Z].{0,80})?", r"\(?ends?\)?"),
    rule(
        "contact",
        "below",
        r"(?:(?:media|press|news|investor)(?: relations)? )?(?:contacts?|enquiries|inquiries)\s?:.{0,150}",
        r"(?:e-?mail\s?:? ?)?[\w.+-]{1,60}@[\w-]{1,60}(?:\.[\w-]{1,30}){1,4}",
        r"(?:contact|e-?mail|(?:you can )?(?:reach|follow)) (?:(?:us|me|the|him|her)\b|(?-i:[A-Z]))[^@]{0,100}@"
        r".{1,120}",
        r"(?:tel|phone|telephone|mobile|fax)\W{1,3}[\d ()/+.-]{7,25}",
    ),
    rule(
        "copyright notice",
        "below",
        r"(?:(?:copyright )?(?:©|\(c\) ?(?=\d))|copyright (?=\d{4})).{0,200}",
        r"this material may not be (?:published|reproduced)\b.{0,150}",
    ),
    rule("copyright notice", "below", r".{0,150}\ball rights reserved\b.{0,100}", holds="all rights reserved"),
)
