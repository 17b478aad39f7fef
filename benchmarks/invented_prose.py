"""Sentences of an invented county's papers, drawn from phrases: many different ones, all of them plain English."""

import random

WHO = (
    *("The harbour board", "A retired pilot", "The ferry company", "Councillor Odile Marsh", "The school's head"),
    *(
        "A bakery in Cooper Lane",
        "The museum's keeper",
        "Trainer Ivo Lund",
        "The lifeboat crew",
        "Farmers on the marsh",
    ),
    *(
        "The theatre's director",
        "A group of neighbours",
        "The hospital trust",
        "Inspector Rhea Dunn",
        "The bus drivers",
    ),
    *("Archaeologists", "The swimming club", "A judge at the county court", "The reservoir's engineers", "Residents"),
)
DID = (
    *("has asked for", "voted against", "found fault with", "welcomed", "put off", "measured", "gave up", "repaired"),
    *(
        "counted the cost of",
        "signed a contract for",
        "drew up plans for",
        "lost patience with",
        "took a second look at",
    ),
    *("defended", "paid for", "withdrew its support from", "opened", "closed", "promised to look into", "wrote about"),
)
WHAT = (
    *("the eastern slipway", "a new timetable", "the winter programme", "two disused warehouses", "the old tollhouse"),
    *("a footbridge over the Penn", "the flood defences at Saltmarsh", "the annual regatta", "the library's roof"),
    *("a playing field behind the station", "the parish accounts", "the oyster beds", "a row of plane trees"),
    *(
        "the county's only observatory",
        "the night service to Orrin",
        "a mural by the late Tamsin Vale",
        "the weighbridge",
    ),
)
WHEN = (
    *(
        "on Monday",
        "after months of argument",
        "in front of some forty listeners",
        "without giving a reason",
        "last week",
    ),
    *("at a meeting that ran past midnight", "for the second time this year", "despite the rain", "before the season"),
    *("at a cost of £{} thousand", "by {} votes to seven", "for the first time in {} years", "with {} days to spare"),
)
AND = (
    *(
        "Nobody had expected it.",
        "The decision takes effect in spring.",
        "Work is to begin within weeks.",
        "A report follows.",
    ),
    *(
        "Others were less sure.",
        "It was not the only surprise.",
        "The figures were checked twice.",
        "Much depends on the tide.",
    ),
)


def sentence(chance: random.Random) -> str:
    """Who did what, and when."""
    when = chance.choice(WHEN).format(chance.randrange(12, 900))
    return f"{chance.choice(WHO)} {chance.choice(DID)} {chance.choice(WHAT)} {when}."


def paragraph(chance: random.Random) -> str:
    """One to three sentences, now and then with a remark behind them."""
    more = [chance.choice(AND)] if chance.random() < 0.4 else []
    return " ".join([sentence(chance) for _ in range(chance.choice((1, 2, 2, 3)))] + more)


def title(chance: random.Random) -> str:
    """Who did what."""
    return f"{chance.choice(WHO)} {chance.choice(DID)} {chance.choice(WHAT)}"
