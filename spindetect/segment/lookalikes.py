"""Letters of other alphabets, and odd Latin ones, that look like the letters A to Z."""

from __future__ import annotations

# After the confusables of Unicode Technical Standard #39 (https://www.unicode.org/reports/tr39/), kept to single
# letters of the alphabets that hold most of them, with the small capitals and the looser likenesses that spinners
# use as well [т for t, п for n]. Full-width, mathematical and circled letters aren't in it: NFKC undoes those.
_LIKE = {
    "a": "ɑαаᴀ",
    "b": "ʙβЬвьᏏ",
    "c": "ϲсᴄⲥꮯ",
    "d": "ԁᏧᴅꓒ",
    "e": "εеҽᴇꬲ",
    "f": "քẝꞙꬵ",
    "g": "ɡɢԍցᶃ",
    "h": "ʜнһհᏂ",
    "i": "ɩɪιіᎥꙇꭵ",
    "j": "ϳјᴊ",
    "k": "κкᴋ",
    "l": "ʟӀӏℓⲒꓲ",
    "m": "мᴍ",
    "n": "ɴηпոռ",
    "o": "οσоօᴏᴑⲟꬽ",
    "p": "ρрᴘⲣ",
    "q": "ԛգզ",
    "r": "ʀгᴦⲅꭇꭈꮁ",
    "s": "ѕꜱꮪ",
    "t": "τтᴛ",
    "u": "ʋυսᴜꞟꭎꭒ",
    "v": "νѵᴠꮩ",
    "w": "ɯωѡԝաᴡꮃ",
    "x": "χх",
    "y": "ɣʏγуүᶌỿꭚ",
    "z": "ᴢꮓ",
    "A": "ΑАᎪꓮ",
    "B": "ΒВᏴꓐꞴ",
    "C": "СᏟⲤꓚ",
    "D": "Ꭰꓓ",
    "E": "ΕЕᎬꓰ",
    "F": "ϜꓝꞘ",
    "G": "ԌᏀᏳꓖ",
    "H": "ΗНᎻⲎꓧ",
    "I": "ΙІ",
    "J": "ͿЈᎫꓙꞲ",
    "K": "ΚКᏦⲔꓗ",
    "L": "ᏞⳐꓡ",
    "M": "ΜϺМᎷⲘꓟ",
    "N": "ΝⲚꓠ",
    "O": "ΟОՕⲞꓳ",
    "P": "ΡРᏢⲢꓑ",
    "Q": "Ԛ",
    "R": "ᎡᏒꓣ",
    "S": "ЅՏᏕᏚꓢ",
    "T": "ΤТᎢⲦꓔ",
    "U": "Սꓴ",
    "V": "ѴᏙꓦ",
    "W": "ԜᎳᏔꓪ",
    "X": "ΧХⲬꓫꞳ",
    "Y": "ΥУҮᎩᎽⲨꓬ",
    "Z": "ΖᏃꓜ",
}
LOOKALIKES: dict[str, str] = {char: letter for letter, chars in _LIKE.items() for char in chars}

# Those that can't be told from the Latin letter by eye, so that a whole word may be written in them.
CLOSE = frozenset(
    "аеорсухіјѕԁԛԝһӏАВЕКМНОРСТУХІЈЅԌԚԜҮү"  # Cyrillic
    "οναιρκυχωΑΒΕΖΗΙΚΜΝΟΡΤΥΧϲϳ"  # Greek
)
