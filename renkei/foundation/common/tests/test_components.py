"""Components as templates draw them."""

from __future__ import annotations

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import Context, Template
from django.utils.datastructures import MultiValueDict

from renkei.foundation.common.templatetags.components import error_texts
from renkei.foundation.common.views import COMPONENTS, ExampleForm


def drawn(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


def test_status_says_word_and_escapes_it():
    html = drawn('{% status "done" word %}', word="確認<b>")

    assert '<span class="st st--done">' in html
    assert "確認&lt;b&gt;" in html


def test_pin_of_unknown_shape_is_a_circle():
    assert "<circle" in drawn('{% pin "star" 3 %}')


def test_phone_link_dials_digits_only():
    assert 'href="tel:0999000110">0999-00-0110<' in drawn('{% phone_link "0999-00-0110" %}')


def test_phone_link_leaves_words_as_they_are():
    assert drawn('{% phone_link "記録なし" %}') == '<span class="">記録なし</span>'


def test_notice_wraps_its_content():
    html = drawn('{% notice kind="soon" title="先に" %}<p>{{ text }}</p>{% endnotice %}', text="<&")

    assert '<div class="note note--soon">' in html
    assert "<p>&lt;&amp;</p>" in html


def test_table_region_can_be_reached_by_keyboard():
    html = drawn('{% table_region "一覧" %}<table></table>{% endtable_region %}')

    assert 'tabindex="0" role="region" aria-label="一覧"><table>' in html


class Needs(forms.Form):
    text = forms.CharField(label="氏名")
    choice = forms.ChoiceField(label="地区", choices=[("a", "北浜")])
    tick = forms.BooleanField(label="確かめました")
    file = forms.FileField(label="台帳")
    own = forms.CharField(
        label="入院日", error_messages={"required": "入院した日を教えてください。"}
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("text", "氏名を入力してください。"),
        ("choice", "地区を選んでください。"),
        ("tick", "「確かめました」に印を付けてください。"),
        ("file", "台帳のファイルを選んでください。"),
        ("own", "入院した日を教えてください。"),
    ],
)
def test_refused_field_says_what_to_do(name, text):
    html = Needs({})[name].as_field_group()

    assert f"<p>＊{text}</p>" in html
    assert f'id="id_{name}_error"' in html
    assert "※必須" in html


class Limits(forms.Form):
    text = forms.CharField(label="目的", max_length=3)
    count = forms.IntegerField(label="時間", min_value=1, max_value=9)
    weight = forms.DecimalField(label="上限", max_digits=3, decimal_places=1)
    choice = forms.ChoiceField(label="地区", choices=[("a", "北浜")])
    file = forms.FileField(label="台帳", max_length=1)


@pytest.mark.parametrize(
    ("data", "name", "text"),
    [
        ({"text": "あいうえ"}, "text", "目的は3字以内で入力してください（いま4字）。"),
        ({"text": "\0"}, "text", "目的に使えない文字があります。消して入力し直してください。"),
        ({"count": "0"}, "count", "時間は1以上の数を入力してください。"),
        ({"count": "10"}, "count", "時間は9以下の数を入力してください。"),
        ({"weight": "1.23"}, "weight", "上限は小数点以下1桁までで入力してください。"),
        ({"choice": "z"}, "choice", "地区を選び直してください。"),
    ],
)
def test_what_the_framework_refuses_is_said_in_our_words(data, name, text):
    assert f"<p>＊{text}</p>" in Limits(data)[name].as_field_group()


def test_a_code_with_other_facts_keeps_its_own_words():
    form = Limits({}, MultiValueDict({"file": [SimpleUploadedFile("long.pdf", b"x")]}))

    assert error_texts(form["file"]) == form["file"].errors


def test_refused_form_links_each_error_to_its_control():
    html = str(ExampleForm({"kind": "x"}))

    assert '<a href="#id_name">氏名を入力してください。</a>' in html
    assert 'href="#id_kind_0"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html


def test_every_component_names_its_parameters():
    assert [
        path.name for path in COMPONENTS.glob("*.html") if "{% comment %}" not in path.read_text()
    ] == []
