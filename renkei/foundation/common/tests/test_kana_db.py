"""The search literals on a real PostgreSQL: they find what the folded text contains, no more."""

from __future__ import annotations

import pytest
from django.db import connection
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from renkei.foundation.common.kana import fold, phrase_query, tsvector_text

pytestmark = pytest.mark.django_db

WORDS = st.text(
    "訪問看護架空ステションー・髙高㈱（）々𠮷吉aＡ1１'&|!:*\\%_\u2028葛\U000e0100ｶﾞ", max_size=6
)
FIELDS = st.lists(
    st.text("訪問看護架空ステションー髙高㈱々𠮷吉aＡ1１'&ｶﾞ 　", max_size=14), max_size=3
)


def found(fields: list[str], query: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT %s::tsvector @@ %s::tsquery", [tsvector_text(fields), phrase_query(query)]
        )
        row = cursor.fetchone()
    assert row
    return bool(row[0])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(FIELDS, WORDS)
@example(["訪問", "看護"], "問看")
@example(["訪問看護"], "護")
@example(["ｶﾞ"], "カ")
def test_a_word_is_found_where_a_field_contains_it_and_nowhere_else(fields, word):
    wanted = fold(word)
    if not wanted or "々" in wanted:  # 々 is resolved by what stands before it
        return

    assert found(fields, word) is any(wanted in fold(field) for field in fields)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
# Without what folds by its neighbours, which a space between the words keeps apart.
@given(
    FIELDS,
    st.text(st.characters(exclude_characters="々〻仝ヽヾゝゞ)）゛゜ﾞﾟ\u3099\u309a"), max_size=30),
)
def test_any_text_is_a_query_that_postgresql_accepts(fields, query):
    assert found([*fields, query], query) in ((True,) if phrase_query(query) else (False,))


def test_two_words_are_found_in_any_order_and_field():
    fields = ["架空訪問看護ステーション", "㈱架空"]

    assert found(fields, "株式会社　看護")
    assert not found(fields, "株式会社　薬局")


def test_a_very_long_text_is_kept_and_found_at_its_end():
    text = "".join(map(chr, range(0x4E00, 0x9F00))) * 2 + "架空看護"

    assert found([text], "架空看護")
