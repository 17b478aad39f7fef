import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.records import RemovalKind
from pipelines.line_rules import LONGEST_LINE, LineRule, line_rules, match_line, rules_digest, tidy_line


def examples(side: str) -> list[tuple[LineRule, str]]:
    return [(rule, line) for rule in line_rules() for line in getattr(rule, side)]


def named(pair: object) -> str:
    return pair.name if isinstance(pair, LineRule) else str(pair)


@pytest.mark.parametrize(("rule", "line"), examples("drops"), ids=named)
def test_a_rule_takes_its_own_examples(rule: LineRule, line: str):
    assert rule.matches(tidy_line(line))
    found = match_line(line)
    assert found is not None
    assert found.kind is rule.kind or found.kind in {RemovalKind.RELATED, RemovalKind.NAVIGATION, RemovalKind.SHARE}


@pytest.mark.parametrize(("rule", "line"), examples("keeps"), ids=named)
def test_no_rule_takes_a_story_line(rule: LineRule, line: str):
    assert match_line(line) is None


def test_every_rule_is_documented_and_named_once():
    names = [rule.name for rule in line_rules()]
    assert len(set(names)) == len(names)
    for rule in line_rules():
        assert rule.reason
        assert rule.drops
        assert rule.keeps


@pytest.mark.parametrize("kind", ["date", "signup", "consent"])
def test_eight_languages_have_rules_for(kind: str):
    """Each of these is one line in English, German, French, Spanish, Italian, Portuguese, Dutch and Japanese."""
    lines = {
        "date": [
            "4 March 2025",
            "4. März 2025",
            "4 mars 2025",
            "4 de marzo de 2025",
            "4 marzo 2025",
            "4 de março de 2025",
            "4 maart 2025",
            "2025年3月4日",
        ],
        "signup": [
            "Subscribe to our newsletter",
            "Abonnieren Sie unseren Newsletter",
            "Abonnez-vous à la newsletter",
            "Suscríbete al boletín",
            "Iscriviti alla nostra newsletter",
            "Inscreva-se na nossa newsletter",
            "Schrijf je in voor de nieuwsbrief",
            "ニュースレターに登録",
        ],
        "consent": [
            "By subscribing you agree to our terms of service.",
            "Mit dem Absenden stimmst du der Verarbeitung deiner Daten zu.",
            "En cliquant sur valider, vous acceptez de recevoir nos messages.",
            "Al registrarte aceptas las condiciones de uso.",
            "Cliccando su invia acconsenti al trattamento dei dati.",
            "Ao clicar em enviar, você aceita os termos.",
            "Door op verzenden te klikken ga je akkoord met de voorwaarden.",
            "送信することでプライバシーポリシーに同意します。",
        ],
    }
    kinds = {line: found.kind.value if (found := match_line(line)) else None for line in lines[kind]}
    assert set(kinds.values()) == {kind}, kinds


def test_spaces_and_quotes_do_not_matter():
    assert tidy_line("  Don’t\u00a0 miss\nout ") == "Don't miss out"
    assert match_line("Don’t  miss out") is not None


def test_a_long_paragraph_is_never_a_line_of_furniture():
    assert match_line("© " + "word " * LONGEST_LINE) is None
    assert match_line("") is None


@given(st.text(max_size=200))
def test_any_text_gives_an_answer(text: str):
    found = match_line(text)
    assert found is None or found.matches(tidy_line(text))


def test_the_digest_is_stable():
    assert rules_digest() == rules_digest()
    assert len(rules_digest()) == 12
