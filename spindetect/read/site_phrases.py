"""Phrases of the site around an article: its forms, share bars, buttons, labels and footers."""

from __future__ import annotations

from spindetect.read.phrase_parts import FOOTER_LINK, FORM_FIELD, HEADLINE, SECTION, SERVICE, SERVICE_OR_BUTTON
from spindetect.read.rules import rule

# After these, a page may go on with comments or with links to other articles to its end.
OPENERS = (
    rule(
        "comment form",
        "anywhere",
        r"(?:leave|post|write|add|submit) (?:a|your) (?:reply|comment|response)(?: (?:to|on)\b.{0,80})?",
        r"(?:leave|post) a (?:reply|comment) cancel reply|cancel reply|post comment|have your say",
        r"join the (?:conversation|discussion|debate)|be the first to (?:comment|reply)",
        r"(?:no |\(?\d{1,5}\)? )?(?:comments?|replies|responses)(?: yet| so far| \(?\d{1,5})?",
        r"comments are closed|(?:facebook|user|reader) comments|\d{1,5} thoughts? on .{1,150}",
        r"(?:view|show|read|see|load|hide)(?: all)?(?: \d{1,5})?(?: more)? comments?",
    ),
    rule(
        "list of other articles",
        "below",
        r"(?:related|recommended|popular|latest|trending|more|top|featured|similar|recent|most (?:read|popular"
        r"|viewed|shared|watched|recent))(?: (?:posts?|articles?|stories|story|news|topics?|content|coverage"
        r"|links?|reads?|videos?|searches|now|today|for you|this week|reading|headlines)){0,3}"
        r"(?: from (?:us|the web|our partners|this (?:author|section)))?",
        r"you (?:may|might)(?: also)? (?:like|be interested in|enjoy)|you may have missed|don.t miss",
        r"(?:what to )?read next|up next|more on this (?:story|topic)|(?:from )?around the web|from the web",
        r"editor.?s.? (?:picks?|choice)|additional (?:coverage|reading)|further reading|must reads?",
        r"stories you (?:may|might) like|more from (?-i:[A-Z])[\w’' -]{1,40}",
    ),
)

SITE_RULES = (
    *OPENERS,
    rule(
        "advertisement",
        "anywhere",
        r"\W{0,2}(?:advertisements?|advert|sponsored(?: content| links?| by)?|promoted content|ad_\d|ads?)",
        r"(?:advertisement\W+)?scroll(?: down)? to continue(?: with content| reading)?|remove ads?",
        r"(?:story|article) continues (?:below|after)(?: this| the)?(?: ad(?:vert(?:isement)?)?)?",
        r"skip ad(?:vert(?:isement)?)?",
    ),
    rule(
        "advertising of an app",
        "below",
        r"(?:catch|get|read|follow|stay)\b.{0,200}\bdownload\b.{0,60}\bapp\b.{0,80}",
        r"download (?:our|the [\w ]{0,30}\bnews)\b.{0,40}\bapp\b.{0,100}",
    ),
    rule(
        "comment form",
        "below",
        r"your e-?mail address (?:will|won.t)\b.{0,120}|required fields (?:are|is) marked.{0,20}",
        r"save my name\b.{0,60}\b(?:browser|next time)\b.{0,80}|notify me (?:of|by|via|when)\b.{0,80}",
        r"(?:you must|please|you (?:need|have) to) (?:be )?(?:log(?:ged)? ?in|sign(?:ed)? in|register)"
        r"(?: or \w{1,12})? to (?:post|leave|write|comment|reply|view)\b.{0,60}",
        r"log ?in to (?:reply|comment|leave)\b.{0,40}|type your comment.{0,30}|Δ",
        r"this site uses akismet\b.{0,120}|learn how your comment.{0,60}",
        rf"{FORM_FIELD} ?[*:]",
    ),
    rule(
        "share list",
        "anywhere",
        rf"(?={SERVICE_OR_BUTTON}\W.*{SERVICE}"
        rf"|{SERVICE}){SERVICE_OR_BUTTON}(?:\W+(?:and )?{SERVICE_OR_BUTTON}){{1,20}}",
        r"(?:\d[\d.,]{0,6}[km]? )?shares?(?: this)?(?: (?:article|story|post|page|news|link|now))?"
        rf"(?:(?: (?:on|via|to|in|by)| ?:) {SERVICE_OR_BUTTON}(?:\W{{1,3}}{SERVICE_OR_BUTTON}){{0,12}})?"
        r"(?: \(opens in (?:a )?new window\))?",
        r"click to (?:share|e-?mail|print|tweet|copy)\b.{0,80}|copy link|link copied|(?:like|tweet) this",
        r"tweet|like\W{0,3}loading",
    ),
    rule("share list", "edge", SERVICE_OR_BUTTON),
    rule(
        "counter",
        "anywhere",
        r"\d[\d.,]{0,9} ?[km]? (?:views?|likes?|reads?|retweets|reactions|followers|votes)",
        r"(?:post )?views? ?: ?[\d,.]{1,9}|(?:comments?|likes?|shares?|views?) ?[:(] ?\d{1,7}",
    ),
    rule("counter", "edge", r"\d[\d.,]{0,9} ?[km]?"),
    rule(
        "pager",
        "anywhere",
        r"(?:page )?\d{1,4} ?(?:of|/) ?\d{1,4}",
        r"(?:(?:previous|prev|next|newer|older)(?: (?:article|page|story|posts?))?\W*){1,2}",
    ),
    rule("pager", "below", rf"(?:previous|next|prev) (?:article|post|story)\W{{1,3}}{HEADLINE}"),
    rule(
        "button",
        "anywhere",
        r"more ?less|(?:read|show|see|view|load|learn|know) (?:more|less|all)|expand|collapse",
        r"(?:continue|keep) reading|read (?:the )?full (?:story|article)|click to (?:enlarge|expand|continue)",
        r"back to (?:top|home)|(?:scroll|go) to top|skip to (?:main )?(?:content|navigation)|open in app",
        r"(?:subscribe|sign ?up|sign ?in|log ?in|register)(?: now)?|submit|search|menu",
    ),
    rule(
        "link to another article",
        "below",
        r"(?:read (?:more|also|next|this)|also read|related(?: (?:article|story|news|post|link|video|reading"
        r"|coverage|content)s?)?|see also|also see|must[- ]read|don.t miss|recommended|you may (?:also )?like"
        rf"|watch(?: now| live| more| video)?|trending(?: now)?|up next|more on this)\s?[:|»›–—-]\s?{HEADLINE}",
        rf"(?-i:READ MORE|ALSO READ|READ ALSO|SEE ALSO|RELATED|WATCH) {HEADLINE}",
        rf"read more (?:about|on|from|at) {HEADLINE}",
    ),
    rule(
        "newsletter form",
        "below",
        r"(?:sign ?up|subscribe|register now|join (?:now|our|us|the))(?: (?:now|here|today|free))?"
        r" (?:for|to|on|by|with|our|\w+ (?:channel|newsletter))\b.{0,90}\b(?:newsletters?|e-?mails?"
        r"|inbox|alerts|updates|mailing list|free trial|unlimited access|whatsapp|telegram|subscription"
        r"|briefing)\b.{0,60}",
        r"(?:sign up|subscribe) (?:for|to) (?:our|the|my) .{0,60}\b(?:newsletter|list|channel)\b.{0,60}",
        r"get (?:the |our |all )?(?:latest|top|best|breaking|biggest|stock picks|free|exclusive|daily|news)\b"
        r".{0,120}\b(?:inbox|newsletters?|e-?mail|alerts|access|delivered)\b.{0,80}",
        r"join (?:our|us on) (?:whats ?app|telegram)\b.{0,60}|(?:enter )?your e-?mail(?: address)?",
        r"already (?:a |an |have an )?(?:subscriber|member|account)\b.{0,40}",
        r"(?:don.t|do not) have an account\b.{0,40}",
        r"(?:thank you|thanks) for (?:subscribing|signing up|registering)\b.{0,80}",
        r"by (?:signing up|subscribing|clicking|registering)\b.{0,120}\b(?:agree|consent)\b.{0,150}",
    ),
    rule(
        "paywall notice",
        "below",
        r"to (?:(?:continue|keep) reading|read (?:the|this) (?:full|whole|rest|entire|article|story))\b.{0,80}"
        r"\b(?:subscri\w+|sign|log|register|member\w*)\b.{0,80}",
        r"(?:subscribe|register|log in|sign in|become a member)(?: now)? to (?:continue|keep|read|unlock)\b"
        r".{0,100}",
        r"(?:get|enjoy) (?:unlimited|full|instant) (?:digital )?access\b.{0,100}|cancel any ?time",
        r"this (?:article|story|content) is (?:only )?(?:for|available to|reserved for|exclusive to) .{0,60}"
        r"\b(?:subscribers|members)\b.{0,40}",
    ),
    rule(
        "invitation to follow",
        "below",
        rf"(?:follow|like|find|join|visit) (?:us|me)\b.{{0,30}}\b{SERVICE}\b.{{0,80}}",
        rf"follow (?:@|(?-i:[A-Z]))[\w .@’'-]{{1,50}} on {SERVICE_OR_BUTTON}\b.{{0,40}}",
        r"(?:click|tap) here (?:to|for)\b.{1,100}|get .{1,60} by clicking here",
    ),
    rule(
        "site footer",
        "below",
        rf"{FOOTER_LINK}(?:\W+{FOOTER_LINK}){{1,20}}|terms of (?:use|service)|(?:privacy|cookie) policy",
        r"contact us|about us|advertise with us|(?:we use|this (?:web)?site uses) cookies\b.{0,250}",
    ),
    rule(
        "web address", "anywhere", r"(?:https?://|www\.)\S{1,350}(?:\s{1,30}(?:page )?\d{1,4} ?(?:/|of) ?\d{1,4})?"
    ),
    rule(
        "earlier mail",
        "anywhere",
        r"(?:original|forwarded) message(?: follows)?|begin forwarded message:?",
        r"on .{3,100}(?:@|\d:\d\d).{0,120} (?:wrote|writes):",
    ),
    rule(
        "media player",
        "anywhere",
        r"(?:video|audio) player(?: is loading)?|play (?:video|audio)|(?:now playing|loading|unmute|mute)",
        r"listen(?: to (?:this )?(?:article|story|post))?(?: \W?\d{1,3} min\w{0,6}\W?)?|watch(?: the)? video",
        r"\d{1,2}:\d\d ?/ ?\d{1,2}:\d\d|your browser does not support\b.{0,60}",
    ),
    rule("breadcrumb", "anywhere", r"(?-i:[A-Z][\w&’' ]{0,30}(?: ?[>»›] ?[A-Z0-9“‘\"][^>»›]{0,120}){1,6})"),
    rule(
        "section label",
        "top",
        SECTION,
        r"featured|trending|breaking|exclusive|live(?: updates)?|latest|top stor(?:y|ies)|premium|analysis",
        r"explainer|editorial|(?:additional|more) coverage|in focus|just in|press release|print edition",
    ),
)
