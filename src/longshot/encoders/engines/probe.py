"""The text on which forms of one model are compared: law, news, opinion, nature."""

PROBE = (
    "This licence agreement is made on the ninth day of March between Harrowgate "
    "Instruments Limited, whose registered office is at 14 Quay Street (the "
    '"Licensor"), and the party named in Schedule 1. Shares in the two largest ferry '
    "companies fell by a fifth on Tuesday, to $3.40; the minister will answer "
    "questions in parliament. I wanted to like this film far more than I did: the "
    "first half hour is a delight, and then the director loses her nerve. A mouse of "
    "the genus Apodemus weighs about twenty grams, and its whiskers find the edge of a "
    "burrow in complete darkness."
)
