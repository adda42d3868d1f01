"""Words that name one thing: here and over the Atlantic, shortened and written out, a place's old and new name."""

from __future__ import annotations

from collections.abc import Sequence

from spindetect.kinds import Variant
from spindetect.records import Word
from spindetect.segment.english import CALENDAR, CLITICS, OTHER_ABBREVIATIONS, OTHER_CLITICS, TITLE_ABBREVIATIONS

# American and British, as stems are made of them; facts that any dictionary has.
_PAIRS = (
    "gasoline petrol, gas petrol, truck lorry, diaper nappy, sidewalk pavement, elevator lift, apartment flat, "
    "cookie biscuit, soccer football, soccer field/football pitch, cell phone/mobile phone, cellphone mobile, "
    "flashlight torch, elementary school/primary school, apartment building/block of flats, vacation holiday, "
    "fall autumn, movie theater/cinema, garbage rubbish, trash rubbish, garbage can/dustbin, trash can/dustbin, "
    "candy sweets, candy sweet, fries chips, french fries/chips, chips crisps, faucet tap, highway motorway, "
    "freeway motorway, parking lot/car park, hood bonnet, trunk boot, windshield windscreen, fender wing, "
    "subway underground, line queue, mail post, mailman postman, mailbox postbox, zip code/postcode, "
    "drugstore chemist, pharmacy chemist, pants trousers, sneakers trainers, sweater jumper, undershirt vest, "
    "vest waistcoat, suspenders braces, stroller pushchair, baby carriage/pram, crib cot, pacifier dummy, "
    "eggplant aubergine, zucchini courgette, cilantro coriander, arugula rocket, shrimp prawn, "
    "ground beef/mince, stove cooker, closet wardrobe, cupboard closet, yard garden, realtor/estate agent, "
    "railroad railway, train station/railway station, airplane aeroplane, plane aeroplane, baggage luggage, "
    "overpass flyover, traffic circle/roundabout, rotary roundabout, detour diversion, "
    "license plate/number plate, driver's license/driving licence, stick shift/manual, math maths, grade year, "
    "principal headmaster, principal headteacher, high school/secondary school, public school/state school, "
    "private school/public school, semester term, eraser rubber, period full stop, toilet loo, restroom toilet, "
    "bathroom toilet, first floor/ground floor, second floor/first floor, downtown city centre, check bill, "
    "bill note, checking account/current account, bank teller/cashier, raise rise, rent hire, resume cv, "
    "labor union/trade union, social security/benefits, welfare benefits, district attorney/prosecutor, "
    "emergency room/casualty, emergency room/accident and emergency, doctor's office/surgery, "
    "physical therapist/physiotherapist, band-aid plaster, adhesive tape/sellotape, thumbtack drawing pin, "
    "flashlight battery/torch battery, antenna aerial, can tin, jello jelly, jelly jam, popsicle ice lolly, "
    "soda fizzy drink, bachelorette party/hen party, bachelor party/stag party, mom mum, mommy mummy, "
    "counterclockwise anticlockwise, zero nought, sunday brunch/sunday lunch, tractor-trailer articulated lorry, "
    "semi articulated lorry, dumpster skip, wrench spanner, hardware store/ironmonger, liquor store/off-licence, "
    "barrette slide, bangs fringe, purse handbag, wallet purse, tuxedo dinner jacket, robe dressing gown, "
    "rerun repeat, commercial advert, ad advert, anchor newsreader, soccer game/football match, field pitch, "
    "tie draw, uniform kit, cleats boots, track athletics, penitentiary prison, jail gaol, prison gaol, "
    "lawyer solicitor, attorney solicitor, jewelry jewellery, pajamas pyjamas, mustache moustache, "
    "skeptic sceptic, skeptical sceptical, donut doughnut, curb kerb, story storey, artifact artefact, "
    "maneuver manoeuvre, mold mould, smolder smoulder, draft draught, inquiry enquiry, practice practise, "
    "cozy cosy, ax axe, whiskey whisky, sulfur sulphur, enroll enrol, enrollment enrolment, fulfill fulfil, "
    "skillful skilful, installment instalment, willful wilful, distill distil, aging ageing, "
    "specialty speciality, yogurt yoghurt, mollusk mollusc, chili chilli, plow plough, jeweler jeweller, "
    "program programme, licorice liquorice, ton tonne, while whilst, among amongst, amid amidst, learn learnt, "
    "leaped leapt, leaned leant, smelled smelt, spilled spilt, spoiled spoilt, quarter term, aluminum aluminium, "
    "burglarize burgle, acclimate acclimatise, vacuum hoover, vacuum cleaner/hoover, dollars quid, bucks quid, "
    "guy bloke, guy chap, kid lad, thrilled chuffed, yard/back garden, trash can/wheelie bin, "
    "garbage can/wheelie bin, student driver/learner driver, student driver/learner, sweatsuit tracksuit, "
    "cup of tea/cuppa, cup of coffee/cuppa, linen closet/airing cupboard, beltway/ring road, bypass/ring road, "
    "cat moggy, pantyhose tights, bathing suit/swimming costume, bathrobe/dressing gown, raincoat mac, "
    "rubber boots/wellingtons, rubber boots/wellies, cotton candy/candyfloss, corn maize, cornstarch cornflour, "
    "all-purpose flour/plain flour, self-rising flour/self-raising flour, confectioners' sugar/icing sugar, "
    "powdered sugar/icing sugar, superfine sugar/caster sugar, molasses treacle, heavy cream/double cream, "
    "light cream/single cream, baking soda/bicarbonate of soda, broil grill, skillet/frying pan, "
    "scallion/spring onion, green onion/spring onion, beet beetroot, rutabaga swede, fava bean/broad bean, "
    "plastic wrap/cling film, aluminum foil/tin foil, parchment paper/baking paper, dish towel/tea towel, "
    "washcloth flannel, comforter duvet, drapes curtains, outlet/power point, outlet socket, "
    "garage sale/car boot sale, gas station/petrol station, sedan saloon, station wagon/estate car, "
    "station wagon/estate, turn signal/indicator, crosswalk/zebra crossing, crosswalk/pedestrian crossing, "
    "divided highway/dual carriageway, round trip/return, one-way ticket/single, carry-on/hand luggage, "
    "kindergarten/reception, report card/school report, recess playtime, graduate student/postgraduate, "
    "mom-and-pop store/corner shop, shopping cart/trolley, shopping mall/shopping centre, drugstore/chemist's, "
    "babysitter childminder, pediatrician/children's doctor, operating room/operating theatre, shot jab, "
    "layoff redundancy, laid off/made redundant, savings bank/building society, janitor caretaker, "
    "fire department/fire brigade, firehouse/fire station, speed bump/sleeping policeman, toward towards, "
    "gotten got, learned learnt, burned burnt, dreamed dreamt, spelled spelt"
)


def _phrases(table: str = _PAIRS) -> frozenset[tuple[str, str]]:
    """The American phrase and the British one of each pair, or what else a table has."""
    pairs = [pair.split("/") if "/" in pair else pair.split(" ", 1) for pair in table.split(", ")]
    return frozenset([(american, british) for american, british in pairs])


# Places that changed their names or have two of them; former names first.
_PLACES = (
    "peking beijing, bombay mumbai, madras chennai, burma myanmar, rangoon yangon, ceylon/sri lanka, persia iran, "
    "saigon/ho chi minh city, swaziland eswatini, czech republic/czechia, ivory coast/cote d'ivoire, "
    "holland/netherlands, "
    "cape verde/cabo verde, east timor/timor-leste, constantinople istanbul, leningrad/st. petersburg, "
    "bangalore bengaluru, "
    "danzig gdansk, breslau wroclaw, lemberg lviv, macedonia/north macedonia, astana nur-sultan, "
    "abyssinia ethiopia, "
    "siam thailand, rhodesia zimbabwe, zaire/democratic republic of congo, stalingrad volgograd, "
    "dnepropetrovsk dnipro, formosa taiwan, turkey turkiye, canton guangzhou, batavia jakarta, falklands malvinas"
)


# Short forms that aren't made of the first letters, and names as people are called.
_SHORT = (
    "chief executive/ceo, prime minister/pm, television tv, photograph photo, telephone phone, bicycle bike, "
    "laboratory lab, influenza flu, refrigerator fridge, advertisement ad, advertisement advert, "
    "andrew andy, anthony tony, benjamin ben, catherine cathy, catherine kate, charles charlie, christine chris, "
    "christopher chris, daniel dan, david dave, deborah debbie, donald don, douglas doug, edward ed, edward ted, "
    "elizabeth beth, elizabeth betty, elizabeth liz, elizabeth lizzie, eugene gene, frederick fred, "
    "gregory greg, henry harry, jacqueline jackie, james jim, james jimmy, jeffrey jeff, john jack, john johnny, "
    "jonathan jon, joseph joe, joshua josh, judith judy, katherine kate, katherine kathy, kenneth ken, "
    "kimberly kim, lawrence larry, margaret maggie, margaret peggy, matthew matt, michael mick, michael mike, "
    "nathaniel nat, nicholas nick, pamela pam, patricia pat, patrick pat, peter pete, philip phil, rebecca becky, "
    "richard dick, richard rick, robert bob, robert bobby, robert rob, ronald ron, samantha sam, samuel sam, "
    "stephen steve, steven steve, susan sue, theodore ted, thomas tom, timothy tim, victoria vicky, vincent vince, "
    "walter walt, william bill, william billy, william will"
)


def _both_ways(pairs: frozenset[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    return pairs | {(other, one) for one, other in pairs}


_AMERICAN_FIRST = _phrases()
_BOTH_WAYS = _both_ways(_AMERICAN_FIRST)


_RENAMED = _both_ways(_phrases(_PLACES))
_ABBREVIATIONS = TITLE_ABBREVIATIONS | OTHER_ABBREVIATIONS
_SHORTENED = _both_ways(_phrases(_SHORT))
_CONTRACTIONS = _both_ways(OTHER_CLITICS | frozenset(CLITICS.items()))
# Which letters an abbreviation leaves out doesn't tell [Lt. -> Lieutenant], nor are these made of initials alone.
_FEWEST_INITIALS = 2


def listed(reference: Sequence[Word], suspect: Sequence[Word]) -> Variant | None:
    """Why two phrases name one thing, as lists of such phrases have it; None if they don't.

    They are American and British words, the plural too, names that a place has [Bombay -> Mumbai], and short forms
    [Jan. -> January].
    """
    phrases = " ".join([word.norm for word in reference]), " ".join([word.norm for word in suspect])
    if not _singulars(*phrases).isdisjoint(_BOTH_WAYS):
        return Variant.REGIONAL
    if phrases in _RENAMED:
        return Variant.RENAMED
    return Variant.SHORTENED if phrases in _SHORTENED or _abbreviated(reference, suspect) else None


def contracted(reference: Sequence[Word], suspect: Sequence[Word]) -> bool:
    """Whether the sides differ in nothing but contractions [is -> 's, cannot -> can't, let's -> let us]."""
    pairs = [(one.norm, other.norm) for one, other in zip(reference, suspect, strict=False)]
    differing = [pair for pair in pairs if pair[0] != pair[1]]
    return len(reference) == len(suspect) and bool(differing) and _CONTRACTIONS.issuperset(differing)


def _abbreviated(reference: Sequence[Word], suspect: Sequence[Word]) -> bool:
    """Whether one side abbreviates the other [Jan. -> January, U.N. -> United Nations, Calif. -> California]."""
    short, full = sorted((reference, suspect), key=lambda side: sum(len(word.norm) for word in side))
    if len(short) != 1:
        return False
    brief = short[0].norm.replace(".", "")
    if len(full) > 1:
        named = [word for word in full if not word.function]
        initials = ["".join(word.norm[0] for word in words) for words in (named, full)]
        return len(brief) >= _FEWEST_INITIALS and short[0].text.isupper() and brief in initials
    word = full[0].norm
    if len(brief) == 1:  # [D. Mercer -> Diane Mercer]
        return short[0].text.endswith(".") and full[0].capitalised and word.startswith(brief)
    if word in CALENDAR:
        return len(brief) >= 3 and word.startswith(brief)
    return f"{brief}." in _ABBREVIATIONS and len(brief) < len(word) and _in_order(brief, word)


def _in_order(brief: str, word: str) -> bool:
    """Whether a word has an abbreviation's letters in their order, and begins with its first."""
    place = 0
    for letter in brief:
        place = word.find(letter, place) + 1
        if not place:
            return False
    return brief[:1] == word[:1]


def american_for(british: str, american: str) -> bool:
    """Whether two normal forms name one thing, the first in British and the second in American English."""
    return not _singulars(american, british).isdisjoint(_AMERICAN_FIRST)


def _singulars(one: str, other: str) -> set[tuple[str, str]]:
    """The pair as it stands, and with plural endings taken off both."""
    return {(one, other), *((left, right) for left in _singular(one) for right in _singular(other))}


def _singular(phrase: str) -> list[str]:
    """What a plural may be the plural of [lorries -> lorry, lorrie; torches -> torch, torche]."""
    if not phrase.endswith("s"):
        return []
    found = [phrase[:-1]]
    if phrase.endswith("es"):
        found.append(phrase[:-2])
    if phrase.endswith("ies"):
        found.append(phrase[:-3] + "y")
    return found
