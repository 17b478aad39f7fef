"""How newspapers say that they got something wrong: the opening words of correction notes, by language.

Written from the general usage of each language's press. A note is a paragraph that opens with a label
(``Correction:``) or has one of the sentences that only a note about the article itself has.
"""

import re

# Labels that open a note; a colon, dash, full stop, bracket, date or the paragraph's end must follow.
LABELS = {
    "en": "corrections?|clarifications?|corrections? (?:and|&) clarifications?|correction appended"
    "|editor['’]?s['’]? note|erratum|amendment",
    "de": "korrektur(?:hinweis)?|berichtigung|richtigstellung|anmerkung der redaktion|hinweis der redaktion"
    "|transparenzhinweis|anm\\. ?d\\. ?red\\.?",
    "fr": "correction|rectificatif|erratum|précision|note de la rédaction|mise au point|rectification",
    "es": "corrección|fe de errores?|fe de erratas|rectificación|aclaración|nota de la redacción|nota del editor",
    "it": "correzione|errata corrige|rettifica|precisazione|nota della redazione|nota di redazione",
    "pt": "correção|correcção|errata|erramos|retificação|rectificação|nota da redação|nota do editor|esclarecimento",
    "nl": "correctie|rectificatie|verbetering|verduidelijking|noot van de redactie|aanvullingen (?:en|&) verbeteringen",
    "sv": "rättelse|förtydligande|korrigering",
    "da": "rettelse|berigtigelse|præcisering",
    "nb": "retting|rettelse|presisering",
    "fi": "oikaisu|korjaus|täsmennys",
    "pl": "sprostowanie|korekta|wyjaśnienie redakcji|od redakcji",
    "cs": "oprava|upřesnění",
    "tr": "düzeltme|tekzip",
    "ru": "исправление|уточнение|поправка|от редакции",
    "uk": "виправлення|уточнення|спростування",
    "ja": "訂正|おわび|お詫びと訂正|訂正とおわび|訂正しておわびします",
    "zh": "更正|勘误|勘誤|更正启事|更正啟事",
    "ko": "정정보도|바로잡습니다|정정합니다",
    "ar": "تصحيح|تصويب|توضيح",
}

# Sentences that speak of this article's earlier state, wherever in the paragraph they stand.
SENTENCES = (
    r"\b(?:an?|the|this) (?:earlier|previous|original|prior|initial) (?:version|edition) of (?:this|the) (?:\w+ )?"
    r"(?:article|story|report|piece|post|column|headline|page|caption|podcast|newsletter)\b"
    r"|\bthis (?:article|story|report|piece|page|headline) (?:was|has been|has since been) (?:\w+ ){0,3}"
    r"(?:amended|corrected|clarified)\b"
    r"|\bwe (?:have )?(?:incorrectly|wrongly|mistakenly) (?:stated|said|reported|wrote|named|identified)\b"
    r"|\bin (?:einer|der) (?:früheren|vorherigen|ursprünglichen|ersten) (?:version|fassung)\b"
    r"|\b(?:eine|die) (?:frühere|vorherige|ursprüngliche) (?:version|fassung) (?:dieses|des) "
    r"(?:artikels|textes|beitrags)\b"
    r"|\bwir haben (?:den fehler|das|die stelle|den artikel|den text) (?:\w+ ){0,3}korrigiert\b"
    r"|\bune (?:première |précédente )?version (?:antérieure |précédente |initiale )?de (?:cet article|ce texte)\b"
    r"|\bcet article a été (?:corrigé|rectifié|amendé)\b"
    r"|\b(?:una|la) (?:primera )?versión (?:anterior |previa |inicial |original )?de (?:este|esta) "
    r"(?:artículo|noticia|información|texto)\b"
    r"|\beste artículo (?:ha sido|fue) (?:corregido|rectificado)\b"
    r"|\b(?:una|la) (?:precedente )?versione (?:precedente )?di questo articolo\b"
    r"|\b(?:uma|a) versão (?:anterior |inicial |original )?(?:deste|desta) "
    r"(?:artigo|texto|reportagem|notícia|matéria)\b"
    r"|\bin een (?:eerdere|vorige|oorspronkelijke) versie van dit (?:artikel|bericht|verhaal|stuk)\b"
    r"|\bi en tidigare version av (?:artikeln|texten|den här)\b"
    r"|\bi en tidligere (?:versjon|version|udgave) a[vf] (?:denne|artikkelen|artiklen|saken)\b"
    r"|\bw (?:poprzedniej|pierwotnej|wcześniejszej) wersji (?:tego )?(?:artykułu|tekstu)\b"
    r"|\bв (?:предыдущей|первоначальной|более ранней) версии (?:этой |этого )?(?:статьи|материала|текста|новости)\b"
    r"|(?:当初|以前)(?:の|、).{0,24}(?:訂正|修正)(?:し|いたし)"
    r"|(?:記事|見出し|本文).{0,20}(?:を|に).{0,16}訂正し"
    r"|(?:此前|早前|先前)(?:版本|报道|報道).{0,24}(?:有误|有誤|更正)"
)

LABEL = re.compile(
    r"[\W_]*(?:"
    r"(?:\d{1,2}[./]\d{1,2}[./]\d{2,4}\W+)?"
    rf"(?:{'|'.join(LABELS.values())})"
    r")(?=\s*[:：.!。)\]】(（—]|\s[-–]\s|\s*$|,? (?:\w+\.? )?\d)",
    re.IGNORECASE,
)
SENTENCE = re.compile(SENTENCES, re.IGNORECASE)
# One of these stands in each of the sentences: looking for them takes a twentieth of the time.
TELLING = (
    *("version", "versión", "versão", "versie", "versjon", "fassung", "edition", "udgave", "wersji", "версии"),
    *("amended", "corrected", "clarified", "incorrectly", "wrongly", "mistakenly", "korrigiert"),
    *("corrigé", "rectifié", "amendé", "corregido", "rectificado", "訂正", "修正", "版本", "报道", "報道"),
)
LONGEST_NOTE = 1_500  # characters; a longer paragraph is part of the story


def is_correction_note(paragraph: str) -> bool:
    """Whether ``paragraph`` is the newspaper's own note that the article was wrong and has been put right.

    >>> is_correction_note("Correction: an earlier version gave the wrong year.")
    True
    >>> is_correction_note("The correction of the course took an hour.")
    False
    """
    if len(paragraph) > LONGEST_NOTE:
        return False
    lower = paragraph.lower()
    return LABEL.match(paragraph) is not None or (
        any(word in lower for word in TELLING) and SENTENCE.search(paragraph) is not None
    )
