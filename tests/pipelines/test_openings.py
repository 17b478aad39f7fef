import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.line_rules import line_rules, match_line, tidy_line
from pipelines.openings import ANY, END, forms_of, opening_of, openings_of


@pytest.mark.parametrize(
    ("pattern", "openings"),
    [
        ("share", {"sha"}),
        ("ad|by", {"ad" + END, "by" + END}),
        (r"\(?[12]\d min", {"(00", "00 "}),
        ("(?:the )*end", {"the", "end"}),
        (r"(?=x)\bo+", {"o" + END + END, "oo" + END, "ooo"}),
        (r".{0,9}end", {"end", ANY + "en", ANY + ANY + "e", ANY * 3}),
        (r"[^a]\w+?z", {ANY + ANY + "z", ANY * 3}),
        (r"[a-z]o", {ANY + "o" + END}),
    ],
)
def test_the_openings_of_a_pattern(pattern: str, openings: set[str]):
    assert openings_of(pattern) == openings


@pytest.mark.parametrize("pattern", ["(?P<name>a)", "a)b", "(?<=a)b"])
def test_a_pattern_that_is_not_understood_is_refused(pattern: str):
    with pytest.raises(ValueError, match="not understood"):
        openings_of(pattern)


def test_any_digit_and_the_end_of_a_line_have_a_sign_of_their_own():
    assert opening_of("٣ min") == opening_of("7 min") == "0 m"
    assert opening_of("") == END * 3


@settings(max_examples=15, deadline=None)
@given(st.data())
@pytest.mark.parametrize("rule", line_rules(), ids=lambda rule: rule.name)
def test_no_line_that_a_rule_takes_is_missed(rule, data: st.DataObject):
    """What a pattern itself makes up begins like the pattern, and some rule takes it."""
    line = tidy_line(data.draw(st.from_regex(rule.pattern, fullmatch=True)))
    if rule.matches(line) and len(line) <= 400:
        assert not openings_of(rule.pattern.pattern).isdisjoint(forms_of(opening_of(line.lower())))
        if not rule.holds or any(part in line.lower() for part in rule.holds):
            assert match_line(line) is not None
