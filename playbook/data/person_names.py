"""Names of people, told by their form: Russian with or without a patronymic, and European."""

from __future__ import annotations

import re

_FIRST_NAMES = """
    александр александра алексей алёна алина алиса алла альбина анастасия анатолий андрей анжела
    анна антон антонина аркадий арсений артём артур богдан борис вадим валентин валентина валерий
    валерия варвара василий василиса вера вероника виктор виктория виталий владимир владислав
    владислава всеволод вячеслав галина геннадий георгий герман глеб григорий давид даниил данила
    дарья денис диана динара дмитрий ева евгений евгения егор екатерина елена елизавета жанна
    захар зинаида зоя иван игорь илья инна ирина кирилл клавдия константин кристина ксения лариса
    лев леонид лидия любовь людмила максим маргарита марина мария марк матвей милана мирон михаил
    надежда наталия наталья никита николай нина оксана олег олеся ольга павел пётр полина раиса
    регина римма роман руслан рустам савелий светлана семён сергей снежана софия софья станислав
    степан таисия тамара татьяна тимофей тимур ульяна фёдор филипп эдуард эльвира эмилия эльдар
    юлия юрий яков яна ярослав ярослава азамат айгуль алия ильдар ильнур марат наиль рамиль ринат
    adam agnieszka alessandro alexander alice andrea andreas andrew ann anna anne anthony antonio
    barbara ben benjamin carlos carmen caroline catherine charles charlotte chris christian
    christine christopher claire claudia daniel david diana dominik eleanor elena elizabeth emily
    emma eric erik eva fatima felix florian francesca francesco frank franziska gabriel george
    giovanni giulia grace hannah hans helen henry ian ingrid isabella ivan jack jakub james jan
    jane jean jennifer jessica joan joanna john jonas jose joseph juan julia julie jürgen
    karen karl katarzyna kate katharina kevin klaus krzysztof lars laura leon linda lisa louise
    luca lucas lucia luis lukas magdalena manuel marco maria marie mario mark marta martin mary
    matthew maximilian michael michel michał monika natalia nicolas nicole nina oliver olivia
    pablo paolo patricia paul paula pedro peter philip philippe pierre piotr rachel richard robert
    ruth sabine samuel sandra sara sarah sebastian simon sofia sophie stefan stephen steven susan
    susanne sven thomas tim tomasz ursula victoria vincent walter wei william wolfgang zoe
"""


def _plain(word: str) -> str:
    return word.casefold().replace("ё", "е")


FIRST_NAMES = frozenset(map(_plain, _FIRST_NAMES.split()))
PATRONYMIC = r"[а-яё]{2,}(?:ович|евич|ич|овна|евна|ична|инична)|[а-яё]{2,}[ -](?:оглы|кызы|улы)"
_WITH_PATRONYMIC = re.compile(
    rf"[а-яё][а-яё-]+(?:\s+[а-яё][а-яё-]+)?\s+(?:{PATRONYMIC})"
    rf"|[а-яё]{{3,}}\s+(?:{PATRONYMIC})\s+[а-яё][а-яё-]+",
    re.IGNORECASE,
)
_CAPITAL = r"(?:[А-ЯЁ][а-яё]+|[А-ЯЁ]{2,}|[A-ZÀ-Þ][a-zß-ÿ'’]+|[A-ZÀ-Þ]{2,})"
_INITIALS = re.compile(
    rf"{_CAPITAL}(?:-{_CAPITAL})?,?\s+[А-ЯЁ]\.\s?[А-ЯЁ]\.?|[А-ЯЁ]\.\s?[А-ЯЁ]\.\s?{_CAPITAL}"
)
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_SURNAME = re.compile(
    r"[а-яё]{2,}(?:ов|ев|ёв|ин|ын|ова|ева|ёва|ина|ына|ский|ская|цкий|цкая|енко|чук|швили|дзе|ян)",
    re.IGNORECASE,
)


def has_patronymic(text: str) -> bool:
    """Whether a text is a name with a patronymic, or a surname with two initials.

    Example:
        >>> [has_patronymic(t) for t in ("Иванов Иван Ильич", "Иванов И.И.", "Чай Ильич")]
        [True, True, False]
    """
    return bool(_INITIALS.fullmatch(text)) or (
        bool(_WITH_PATRONYMIC.fullmatch(text)) and _has_name_before(text)
    )


def _has_name_before(text: str) -> bool:
    """Three words are a name by their form; of two the first must be a first name."""
    words = text.split()
    return len(words) > 2 or _plain(words[0]) in FIRST_NAMES


def has_first_name(text: str) -> bool:
    """Whether one of up to three words, nothing else in the text, is a common first name.

    Example:
        >>> [has_first_name(t) for t in ("Smith, John", "Ольга", "Red apples", "Anna 5")]
        [True, True, False, False]
    """
    words = _WORD.findall(text)
    rest = _WORD.sub("", text)
    return (
        1 <= len(words) <= 3
        and not rest.strip(" ,.")
        and any(_plain(word) in FIRST_NAMES for word in words)
    )


def is_surname(text: str) -> bool:
    """Whether a single word ends as Russian surnames do."""
    return bool(_SURNAME.fullmatch(text))
