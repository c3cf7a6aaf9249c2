"""Documents with several labels, and labels that form a tree, made of public data.

Each set comes twice: one to develop with and one to report, from other articles or
other intents, so that nothing reported was looked at before.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from benchmarks.data.corpora import Corpus, read_corpus

Part = Literal["develop", "report"]
SetName = Literal["bbc-mixed", "clinc-mixed", "clinc-facets"]
N_DOCUMENTS = {"bbc-mixed": 400, "clinc-mixed": 1500, "clinc-facets": 2250}

DOMAINS = {
    "banking": "freeze_account routing pin_change bill_due pay_bill account_blocked "
    "interest_rate min_payment bill_balance transfer order_checks balance "
    "spending_history transactions report_fraud",
    "credit_cards": "replacement_card_duration expiration_date damaged_card "
    "improve_credit_score report_lost_card card_declined credit_limit_change apr "
    "redeem_rewards credit_limit rewards_balance application_status credit_score "
    "new_card international_fees",
    "kitchen_and_dining": "food_last confirm_reservation how_busy ingredients_list "
    "calories nutrition_info recipe restaurant_reviews restaurant_reservation "
    "meal_suggestion restaurant_suggestion cancel_reservation "
    "ingredient_substitution cook_time accept_reservations",
    "home": "what_song play_music todo_list_update reminder reminder_update "
    "calendar_update order_status update_playlist shopping_list calendar next_song "
    "order todo_list shopping_list_update smart_home",
    "auto_and_commute": "current_location oil_change_when oil_change_how uber traffic "
    "tire_pressure schedule_maintenance gas mpg distance directions last_maintenance "
    "gas_type tire_change jump_start",
    "travel": "plug_type travel_notification translate flight_status "
    "international_visa timezone exchange_rate travel_suggestion travel_alert "
    "vaccines lost_luggage book_flight book_hotel carry_on car_rental",
    "utility": "weather alarm date find_phone share_location timer make_call "
    "calculator definition measurement_conversion flip_coin spelling time roll_dice "
    "text",
    "work": "pto_request_status next_holiday insurance_change insurance "
    "meeting_schedule payday taxes income rollover_401k pto_balance pto_request w2 "
    "schedule_meeting direct_deposit pto_used",
    "small_talk": "who_made_you meaning_of_life who_do_you_work_for do_you_have_pets "
    "what_are_your_hobbies fun_fact what_is_your_name where_are_you_from goodbye "
    "thank_you greeting tell_joke are_you_a_bot how_old_are_you what_can_i_ask_you",
    "meta": "change_speed user_name whisper_mode yes change_volume no change_language "
    "repeat change_accent cancel sync_device change_user_name change_ai_name "
    "reset_settings maybe",
}
"""The ten domains of CLINC150 with their intents, as its authors published them."""

DOMAIN_OF = {
    intent: domain for domain, intents in DOMAINS.items() for intent in intents.split()
}


@dataclass(frozen=True, kw_only=True, slots=True)
class LabelledSet:
    """Texts with any number of labels each."""

    name: str
    texts: tuple[str, ...]
    labels: tuple[tuple[str, ...], ...]


def read_set(name: SetName, part: Part, folder: Path) -> LabelledSet:
    """Make a set; the same one every time."""
    corpus = read_corpus("bbc" if name == "bbc-mixed" else "clinc150", folder)
    random = np.random.default_rng(0 if part == "develop" else 1)
    if name == "bbc-mixed":
        rows = _half_of_rows(len(corpus.texts), part)
        mixed = _mixed(corpus, rows, random, N_DOCUMENTS[name], "\n\n", none_share=0.0)
    elif name == "clinc-mixed":
        rows = _half_of_intents(corpus, part)
        mixed = _mixed(corpus, rows, random, N_DOCUMENTS[name], " ", none_share=0.05)
    else:
        rows = _half_of_intents(corpus, part)
        drawn = random.choice(rows, N_DOCUMENTS[name], replace=False)
        pairs = [(corpus.texts[row], corpus.labels[row]) for row in drawn]
        mixed = iter(
            [(text, (one, DOMAIN_OF[one])) for text, one in pairs if one != "oos"]
        )
    texts, labels = zip(*mixed, strict=True)
    return LabelledSet(name=name, texts=texts, labels=labels)


def _half_of_rows(n_rows: int, part: Part) -> np.ndarray:
    shuffled = np.random.default_rng(7).permutation(n_rows)
    halves = np.array_split(shuffled, 2)
    return halves[part == "report"]


def _half_of_intents(corpus: Corpus, part: Part) -> np.ndarray:
    """Give the rows of every second intent, and all that are out of scope."""
    intents = sorted(set(corpus.labels) - {"oos"})[part == "report" :: 2]
    wanted = {*intents, "oos"}
    return np.flatnonzero([label in wanted for label in corpus.labels])


def _mixed(
    corpus: Corpus,
    rows: np.ndarray,
    random: np.random.Generator,
    n_documents: int,
    between: str,
    *,
    none_share: float,
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Put one to three texts of different labels together; a few have none."""
    labels = np.array(corpus.labels)
    of_class = {one: rows[labels[rows] == one] for one in np.unique(labels[rows])}
    none = of_class.pop("oos", np.array([], dtype=np.int64))
    classes = sorted(of_class)
    for _ in range(n_documents):
        if random.random() < none_share:
            yield corpus.texts[random.choice(none)], ()
            continue
        chosen = random.choice(classes, random.integers(1, 4), replace=False).tolist()
        texts = [corpus.texts[random.choice(of_class[one])] for one in chosen]
        yield between.join(texts), tuple(sorted(chosen))


def draw_examples(
    members: np.ndarray, shots: int, random: np.random.Generator
) -> np.ndarray:
    """Draw documents until every class has so many; the rest is judged.

    Parameters
    ----------
    members
        Documents by classes, true where a label applies.
    shots
        How many documents each class is to have at least.
    random
        What draws.
    """
    counts = np.zeros(members.shape[1], dtype=int)
    drawn: list[int] = []
    for row in random.permutation(len(members)):
        is_none = not members[row].any() and len(drawn) % 20 == 19
        if is_none or (counts[members[row]] < shots).any():
            drawn.append(int(row))
            counts += members[row]
    return np.array(drawn)
