"""T-CARD1: cards on label sheets, where they lie, and what they say; T-TOB3."""

from __future__ import annotations

import io
from datetime import date

import pypdfium2
import pytest
import zxingcpp
from psycopg.types.range import Range

from renkei.care.patients.models import Provider, ProviderRole
from renkei.care.patients.tests import factories as patients
from renkei.care.transitions.card_prints import manager_cards_pdf, person_cards_pdf
from renkei.care.transitions.card_values import ManagerCard, PersonCard
from renkei.care.transitions.label_sheets import A4_MM, LABEL_SHEETS, SHEETS
from renkei.care.transitions.queries.card_prints import person_card
from renkei.care.transitions.tests import factories
from renkei.care.transitions.tests.test_referrals import browser, url
from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.audit.models import AuditEvent

NOW = factories.at(date(2026, 11, 20), 9)
MM = 72 / 25.4
CARD = ManagerCard(
    name="架空 大森",
    profession="介護支援専門員",
    office="架空居宅介護支援事業所",
    phone="0999-00-1234",
    fax="0999-00-1235",
    hours="月～金 8:30～17:15",
)


def corners(pdf: bytes, word: str) -> list[list[tuple[float, float]]]:
    """Per page, the left and upper edge in mm of each place where ``word`` stands."""
    pages = []
    for page in pypdfium2.PdfDocument(pdf):
        text = page.get_textpage()
        found, search = [], text.search(word)
        while (hit := search.get_next()) is not None:
            left, _, _, top = text.get_charbox(hit[0])
            found.append((left / MM, A4_MM[1] - top / MM))
        pages.append(found)
    return pages


@pytest.mark.parametrize("sheet", LABEL_SHEETS, ids=lambda one: one.code)
def test_t_card1_every_label_lies_on_the_sheet_and_none_on_another(sheet):
    right = sheet.left + (sheet.columns - 1) * sheet.pitch_x + sheet.width
    bottom = sheet.top + (sheet.rows - 1) * sheet.pitch_y + sheet.height
    assert sheet.places == 10
    assert (sheet.pitch_x >= sheet.width, sheet.pitch_y >= sheet.height) == (True, True)
    # The same margin right as left, within what makers call exact.
    assert right == pytest.approx(A4_MM[0] - sheet.left, abs=0.5)
    assert bottom == pytest.approx(A4_MM[1] - sheet.top, abs=1)
    assert sheet.source


@pytest.mark.parametrize("sheet", LABEL_SHEETS, ids=lambda one: one.code)
def test_t_card1_ten_cards_stand_on_the_ten_labels_of_a_sheet(sheet):
    [page] = corners(manager_cards_pdf([CARD] * 10, sheet), "架空居宅介護")

    first = page[0]
    assert len(page) == 10
    for place, (x, y) in enumerate(page):
        left, top = sheet.corner(place)
        # Each card is the first one, moved by the measures of the sheet to a tenth of a mm.
        assert x - first[0] == pytest.approx(left - sheet.left, abs=0.1)
        assert y - first[1] == pytest.approx(top - sheet.top, abs=0.1)
        # And stands inside its label, with room for a printer that pulls askew.
        assert left + 3 < x < left + sheet.width - 3
        assert top + 2 < y < top + sheet.height - 2


def test_t_card1_a_half_used_sheet_is_used_up():
    sheet = SHEETS["card-10"]
    pages = corners(manager_cards_pdf([CARD] * 9, sheet, start=3), "架空居宅介護")

    assert [len(page) for page in pages] == [7, 2]
    whole = corners(manager_cards_pdf([CARD] * 10, sheet), "架空居宅介護")[0]
    assert pages[0] == [pytest.approx(each, abs=0.05) for each in whole[3:]]
    assert pages[1] == [pytest.approx(each, abs=0.05) for each in whole[:2]]


def test_the_place_is_said_in_words():
    words = [SHEETS["card-10"].place_words(place) for place in (0, 3, 9)]
    assert words == ["1段目の左", "2段目の右", "5段目の右"]


def test_the_code_holds_the_office_and_no_person():
    pdf = person_cards_pdf(PersonCard("架空 澄江", CARD), SHEETS["plain-10"])
    image = pypdfium2.PdfDocument(pdf)[0].render(scale=4).to_pil()

    [code] = zxingcpp.read_barcodes(image)

    assert code.text == "MECARD:N:架空 大森;TEL:0999001234;ORG:架空居宅介護支援事業所;;"
    assert "澄江" not in code.text
    assert ManagerCard("a;b", "", 'c"', "").code == 'MECARD:N:a\\;b;ORG:c\\";;'


def test_a_card_without_a_care_manager_or_a_number_is_printed_as_well():
    bare = ManagerCard("", "", "架空事業所", "")
    for card in (PersonCard("架空 澄江", None), PersonCard("架空 澄江", bare)):
        [page] = corners(person_cards_pdf(card, SHEETS["label-10"], copies=2), "澄江")
        assert len(page) == 2


@pytest.mark.django_db
class TestPages:
    @pytest.fixture(autouse=True)
    def _on_friday(self, time_machine):
        time_machine.move_to(NOW, tick=False)

    def test_t_card1_an_office_prints_its_people_s_cards(self):
        suzuki = accounts.suzuki()
        office = patients.membership_of(suzuki).organisation
        colleague = accounts.person(
            "架空 同僚", "douryou@care.example.test", office, Role.PROFESSIONAL, "介護支援専門員"
        )
        factories.point(office, NOW, fax="0999-00-6101", phone="0999-00-6100")
        client = browser(suzuki)
        page = patients.text_of(client.get(url("manager_card_print")))
        assert "0999-00-6101" in page
        assert accounts.takahashi().name not in page
        people = [str(patients.membership_of(one).pk) for one in (suzuki, colleague)]

        answer = client.post(
            url("manager_card_print"),
            {"people": people, "sheet": "card-10", "start": "8", "copies": "2"},
        )

        text = "".join(
            page.get_textpage().get_text_range()
            for page in pypdfium2.PdfDocument(io.BytesIO(answer.content))
        )
        assert (text.count(suzuki.name), text.count("架空 同僚")) == (2, 2)
        assert "0999-00-6100" in text
        assert "月～金 8:30～17:15" in text
        wrong = client.post(url("manager_card_print"), {"sheet": "card-10", "copies": "0"})
        assert wrong.status_code == 422

    def test_t_card1_a_person_s_card_says_whom_to_call_and_its_print_is_logged(self):
        patient = patients.joined(accounts.suzuki(), name="架空 澄江")
        for role, name in (
            (ProviderRole.MAIN_DOCTOR, "架空内科"),
            (ProviderRole.STATION, "架空訪看"),
            (ProviderRole.PHARMACY, "架空薬局"),
        ):
            Provider.objects.create(
                patient=patient,
                role=role,
                name=name,
                phone="0999-00-7000",
                period=Range(date(2026, 1, 1), None),
            )
        card = person_card(patient)
        assert card.manager is not None
        assert card.manager.name == accounts.suzuki().name
        assert (card.doctor, card.pharmacy[0]) == (("架空内科", "0999-00-7000"), "架空薬局")
        client = browser(accounts.suzuki())
        assert "架空訪看" in patients.text_of(client.get(url("person_card_print", patient.uid)))

        answer = client.post(
            url("person_card_print", patient.uid), {"sheet": "plain-10", "start": "0", "copies": 2}
        )

        [page] = pypdfium2.PdfDocument(answer.content)
        assert page.get_textpage().get_text_range().count("架空 澄江") == 2
        assert AuditEvent.objects.filter(
            action="patient.read", detail__what="医療・介護連携カード（印刷）"
        ).exists()
        stranger = browser(accounts.tanaka())
        assert stranger.get(url("person_card_print", patient.uid)).status_code == 404

    def test_a_person_without_a_care_manager_gets_a_card_of_the_rest(self):
        patient = patients.joined(accounts.takahashi(), host=factories.hospital())
        assert person_card(patient).manager is None
        page = browser(accounts.takahashi()).get(url("person_card_print", patient.uid))
        assert "記録なし" in patients.text_of(page)

    def test_t_tob3_the_page_of_stays_leads_to_number_and_card_in_one_tap(self):
        patient = patients.joined(accounts.suzuki())
        page = browser(accounts.suzuki()).get(url("patient_cases", patient.uid))
        assert url("person_card_print", patient.uid) in patients.text_of(page)
