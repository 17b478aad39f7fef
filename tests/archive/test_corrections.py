"""Correction notes in the languages of the press, and sentences that only look like them."""

import pytest

from archive.corrections import is_correction_note


@pytest.mark.parametrize(
    "note",
    [
        "Correction: The berth is 40 metres long, not 14.",
        "CORRECTION (13 January): The name of the pilot was misspelt.",
        "Correction, Jan. 13, 2026: The pier opened in 1911.",
        "Clarification — the vote was in committee.",
        "• This article was amended on 13 January 2026 to give the right year.",
        "An earlier version of this story gave the wrong depth.",
        "Editor's note: The figures have been put right.",
        "Korrektur: Der Pegel stand bei 4,10 Metern.",
        "In einer früheren Version stand, der Kai sei gesperrt. Das war falsch.",
        "Anm. d. Red.: Der Name wurde richtiggestellt.",
        "Rectificatif : le quai mesure 40 mètres.",
        "Une version précédente de cet article donnait un autre chiffre.",
        "Corrección: el muelle mide 40 metros.",
        "Fe de errores: la cifra correcta es 40.",
        "Una versión anterior de este artículo daba otra cifra.",
        "Errata corrige: il molo misura 40 metri.",
        "Una precedente versione di questo articolo riportava un'altra cifra.",
        "Errata: o cais mede 40 metros.",
        "Uma versão anterior deste texto informava outro número.",
        "Correctie: de kade is 40 meter lang.",
        "In een eerdere versie van dit artikel stond een verkeerd getal.",
        "Rättelse: kajen är 40 meter.",
        "Rettelse: Kajen er 40 meter.",
        "Oikaisu: laituri on 40 metriä.",
        "Sprostowanie: nabrzeże ma 40 metrów.",
        "Исправление: длина причала 40 метров.",
        "訂正:桟橋の長さは40メートルでした。",
        "記事の見出しを14日に訂正しました。",
        "更正:码头长四十米。",
        "정정보도: 부두의 길이는 40미터입니다.",
    ],
)
def test_notes(note: str) -> None:
    assert is_correction_note(note)


@pytest.mark.parametrize(
    "paragraph",
    [
        "",
        "The correction of the course took the pilot an hour.",
        "Correction fluid sales fell.",
        "Corrections officers went on strike on Monday.",
        "Correction-centre staff walked out.",
        "An earlier version of the ferry had two decks.",
        "The treaty was amended in 1911.",
        "Die Korrektur des Kurses dauerte eine Stunde.",
        "La corrección del rumbo duró una hora.",
        "Amendment bills were read twice.",
    ],
)
def test_sentences_of_a_story(paragraph: str) -> None:
    assert not is_correction_note(paragraph)


def test_a_long_paragraph_is_part_of_the_story() -> None:
    assert not is_correction_note("Correction: " + "word " * 400)
