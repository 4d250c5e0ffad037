"""Five lists as offices really keep them, written by the tests. All places are invented."""

from __future__ import annotations

import struct
from pathlib import Path

import xlsxwriter


def disability_offices(folder: Path) -> Path:
    """xlsx: merged title rows, two header rows, half-width kana, two telephone columns, a total."""
    path = folder / "障害福祉サービス事業所一覧（R8.4.1現在）.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("一覧")
        sheet.merge_range("A1:H1", "架空市　障害福祉サービス事業所一覧")
        sheet.merge_range("A2:H2", "令和８年４月１日現在　※変更があれば障害福祉課まで")
        sheet.merge_range("A4:A5", "番号")
        sheet.merge_range("B4:B5", "サービス種別")
        sheet.merge_range("C4:C5", "事業所名称")
        sheet.merge_range("D4:E4", "所在地")
        sheet.write_row("D5", ["郵便番号", "住所"])
        sheet.merge_range("F4:G4", "連絡先")
        sheet.write_row("F5", ["電話番号", "電話番号２"])
        sheet.merge_range("H4:H5", "指定年月日")
        sheet.merge_range("B6:B7", "就労継続支援Ｂ型")
        rows = [
            [
                1,
                None,
                "ｻﾎﾟｰﾄﾊｳｽ 北浜",
                "9990001",
                "架空市北浜１－２－３",
                "０９９９－００－２２０１",
                "090-0000-2201",
                "H25.4.1",
            ],
            [
                2,
                None,
                "作業所　ひだまり\n（第二）",
                "999-0002",
                "架空市港町4-5",
                "0999-00-2202",
                "－",
                "平成31年4月1日",
            ],
            [None] * 8,
            [
                3,
                "生活介護",
                "通所施設 つばさ",
                "",
                "架空郡架空町大字山田10",
                "0999002203",
                None,
                "R元.10.1",
            ],
            [None, "合計", "3か所", None, None, None, None, None],
        ]
        for index, row in enumerate(rows):
            sheet.write_row(5 + index, 0, row)
    return path


def neighbourhoods(folder: Path) -> Path:
    """CSV in CP932: 自治会, no kind column, the chair's name and number, a note at the end."""
    path = folder / "自治会名簿.csv"
    path.write_bytes(
        (
            "自治会名簿（令和8年度）,,,,,\r\n"
            "NO,自治会名,ふりがな,会長氏名,会長電話,集会所の所在地\r\n"
            "1,北浜一丁目町内会,きたはまいっちょうめ,架空　太郎,0999-00-3301,架空市北浜1-1\r\n"
            ",,,,,\r\n"
            "2,髙﨑団地自治会,たかさきだんち,架空　次郎,0999-00-3302,架空市港町㈱跡地2-2\r\n"
            "※個人情報のため取扱注意,,,,,\r\n"
        ).encode("cp932")
    )
    return path


def medical_association(folder: Path) -> Path:
    """xls: the 医師会's list, area code and number apart, weekdays in columns, eras, breaks."""
    path = folder / "医師会在宅医名簿.xls"
    rows = [
        ["架空市医師会　在宅医療対応医療機関"],
        [],
        [
            "医療機関名",
            "医療機関コード",
            "市外局番",
            "電話番号",
            "ＦＡＸ",
            "住　所",
            "診療科目",
            "訪問可能地域",
            "休診日",
            "更新日",
        ],
        [
            "架空内科クリニック",
            "9910112347",
            "0999",
            "00-4401",
            "0999-00-4411",
            "架空県架空市北浜2-1",
            "内科・外科",
            "北浜、港町",
            "木・日",
            "R8.3.1",
        ],
        [
            "みなと医院",
            "9910112354",
            "(0999)",
            "00-4402",
            "なし",
            "架空県架空市港町7",
            "内科\n小児科",
            "市内全域",
            "水、日",
            "令和8年2月10日",
        ],
    ]
    path.write_bytes(xls(rows))
    return path


def housing(folder: Path) -> Path:
    """xlsx with two sheets, address in three columns, 定員 with its unit, a key of its own."""
    path = folder / "高齢者向け住まい.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("説明").write("A1", "この表の使い方")
        sheet = book.add_worksheet("住まい")
        rows = [
            [
                "登録番号",
                "名称",
                "都道府県",
                "市区町村",
                "番地以下",
                "運営法人名",
                "定員",
                "緯度",
                "経度",
                "月額費用",
            ],
            [
                "架住第1号",
                "サービス付き高齢者向け住宅 なぎさ",
                "架空県",
                "架空市",
                "北浜9-9",
                "（株）なぎさ",
                "30戸",
                35.71,
                141.22,
                "12万円～",
            ],
            [
                "架住第2号",
                "有料老人ホーム 灯台",
                "架空県",
                "架空町",
                "岬1",
                "医療法人 灯台会",
                "１８名",
                0,
                0,
                "",
            ],
        ]
        for index, row in enumerate(rows):
            sheet.write_row(index, 0, row)
    return path


def volunteers(folder: Path) -> Path:
    """CSV, UTF-8 with BOM, section rows, the same heading twice, an unmarked first column."""
    path = folder / "NPO・ボランティア団体.csv"
    path.write_text(
        "\ufeff,団体名,活動内容,電話,電話,対象地域,ホームページ\r\n"
        "【北地区】,,,,,,\r\n"
        ",NPO法人 おたがいさま,買い物の手伝い,0999-00-5501,0999-00-5502,北地区,https://otagaisama.example\r\n"
        "【南地区】,,,,,,\r\n"
        ",傾聴の会,話し相手,0999-00-5503,,南地区,ﾅｼ\r\n"
        ",,活動内容だけの行,,,,\r\n",
        encoding="utf-8",
        newline="",
    )
    return path


def xls(rows: list[list[str]]) -> bytes:
    """A workbook of Excel 97: one sheet of texts in an OLE container (MS-XLS, MS-CFB)."""

    def record(kind: int, body: bytes) -> bytes:
        return struct.pack("<HH", kind, len(body)) + body

    def bof(kind: int) -> bytes:
        return record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0, 1997, 0, 6))

    labels = b"".join(
        record(0x0204, struct.pack("<HHHHB", y, x, 0, len(text), 1) + text.encode("utf-16-le"))
        for y, row in enumerate(rows)
        for x, text in enumerate(row)
        if text
    )
    name = "名簿"
    head = bof(0x0005)
    sheet_at = len(head) + 4 + 8 + 2 * len(name) + 4
    bound = struct.pack("<IHBB", sheet_at, 0, len(name), 1) + name.encode("utf-16-le")
    stream = head + record(0x0085, bound) + record(0x000A, b"")
    stream += bof(0x0010) + labels + record(0x000A, b"")
    return _compound(stream.ljust(4096, b"\0"))


def _compound(stream: bytes) -> bytes:
    """An OLE file with one stream named Workbook; one FAT sector holds up to 63 KB."""
    sectors = -(-len(stream) // 512)
    end, free = 0xFFFFFFFE, 0xFFFFFFFF
    chain = [0xFFFFFFFD, end, *range(3, 2 + sectors), end]
    fat = struct.pack("<128I", *chain, *[free] * (128 - len(chain)))
    header = struct.pack(
        "<8s16sHHHHH6sIIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"",
        0x3E,
        3,
        0xFFFE,
        9,
        6,
        b"",
        0,
        1,
        1,
        0,
        4096,
        end,
        0,
        end,
        0,
        0,
    )
    header += struct.pack("<108I", *[free] * 108)

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        raw = (name + "\0").encode("utf-16-le") if name else b""
        return struct.pack(
            "<64sHBBIII16sIQQIQ",
            raw,
            len(raw),
            kind,
            1,
            free,
            free,
            child,
            b"",
            0,
            0,
            0,
            start,
            size,
        )

    directory = entry("Root Entry", 5, 1, end, 0) + entry("Workbook", 2, free, 2, len(stream))
    directory += entry("", 0, free, 0, 0) * 2
    return header + fat + directory + stream.ljust(sectors * 512, b"\0")
