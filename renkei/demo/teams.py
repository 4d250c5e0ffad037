"""Ten people of 架空広域 and the month their teams wrote together. All invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Line:
    """One entry: so many days ago, at a time, by whom, as what; ``to`` names professions."""

    days_ago: int
    at: str
    by: str
    kind: str
    text: str
    to: tuple[str, ...] = ()
    reply_in_days: int | None = None
    # How many lines above the one this answers.
    answers: int | None = None
    family_room: bool = False
    seen_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Relative:
    """Somebody of the family; ``account`` signs in and writes in the family room."""

    name: str
    kana: str
    relation: str
    phone: str
    key_person: bool = False
    carer: bool = False
    together: bool = False
    account: str = ""


@dataclass(frozen=True)
class Person:
    """One person with what their team knows. ``team`` names accounts; the first one hosts."""

    name: str
    kana: str
    sex: str
    born: date
    kind: str
    address: str
    household: str
    insured_number: str
    level: str
    certified: tuple[date, date] | None
    independence: tuple[str, str]
    team: tuple[str, ...]
    relatives: tuple[Relative, ...]
    diseases: tuple[str, ...]
    drugs: tuple[str, ...]
    allergies: tuple[str, ...]
    devices: tuple[str, ...]
    key_place: str
    wish: str
    weight: float
    story: tuple[Line, ...]


TEAM = ("omori", "shirai", "hayakawa", "miyashita", "miyoshi")
# One person is one paragraph.
# fmt: off
PERSONS = (
    Person(
        "湊 ハル江", "ミナト ハルエ", "female", date(1936, 5, 3), "older", "架空市北浜3丁目7-2",
        "alone", "0000100001", "23", (date(2025, 4, 1), date(2027, 4, 1)), ("21", "02"), TEAM,
        (
            Relative("湊 さと子", "ミナト サトコ", "長女", "090-0000-0412", key_person=True, carer=True, account="satoko"),
            Relative("湊 浩", "ミナト ヒロシ", "長男", "090-0000-0413"),
        ),
        ("心不全", "心房細動", "骨粗しょう症", "高血圧"),
        ("アピキサバン 2.5mg", "フロセミド 20mg", "ビソプロロール 0.625mg", "アセトアミノフェン 500mg", "アレンドロン酸"),
        ("ペニシリン（発疹・息苦しさ 2019年）",), ("在宅酸素 1L/分",),
        "玄関右の箱（番号は長女に聞く）",
        "心肺蘇生は望まない。苦しさは取ってほしい。", 42.4,
        (
            Line(27, "10:05", "omori", "notice", "サービス担当者会議を11月27日13時30分からつむぎで開きます。オンラインでも入れます。出欠を返してください。", ("医師", "看護師", "薬剤師", "訪問介護員")),
            Line(20, "16:40", "miyoshi", "question", "入浴のあと息切れが強い日が増えました。お湯の温度と時間を変えたほうがよいですか。", ("看護師",), 2),
            Line(19, "12:10", "hayakawa", "notice", "シャワー浴にして10分以内にしてください。SpO2が90％を下回ったらその日は清拭に変えましょう。", answers=1),
            Line(12, "9:30", "shirai", "order", "フロセミドを朝1錠に戻します。体重が42.8kgを超えたら連絡してください。", ("看護師", "薬剤師"), seen_by=("miyashita", "hayakawa")),
            Line(9, "18:20", "satoko", "notice", "週末に泊まりました。夜中に2回トイレに起きています。食欲はあります。", family_room=True),
            Line(8, "9:15", "omori", "notice", "お知らせありがとうございます。夜の足元の明かりを福祉用具の担当に頼みます。", family_room=True),
            Line(3, "16:20", "hayakawa", "question", "昼の薬が4回分残っています。飲み忘れか、眠気で飲めないのか、薬の形を変えられるか見てもらえますか。", ("薬剤師",), 2),
            Line(3, "18:02", "miyashita", "notice", "土曜に訪問して数えます。", answers=1),
            Line(2, "9:40", "shirai", "order", "アセトアミノフェン500mgを1回1錠、痛いとき。1日3回まで、6時間あける。体重が42.8kgを超えたら連絡。", ("看護師", "薬剤師"), seen_by=("miyashita",)),
            Line(2, "10:12", "omori", "urgent", "朝8時ごろ居間で転び、右の腰を打ちました。歩けますが痛みが強いです。頭は打っていません。9時に電話で本人と話しました。", ("看護師", "医師"), seen_by=("shirai",)),
        ),
    ),
    Person(
        "沖 正次", "オキ マサツグ", "male", date(1942, 1, 18), "older", "架空市港町1丁目2-11",
        "older", "0000100002", "22", (date(2025, 10, 1), date(2027, 10, 1)), ("12", "03"), TEAM,
        (Relative("沖 たか", "オキ タカ", "妻", "0999-00-4401", key_person=True, carer=True, together=True),),
        ("脳梗塞後遺症", "嚥下障害"), ("クロピドグレル 75mg", "ランソプラゾール 15mg"), (), (),
        "妻が在宅", "できるだけ家で食べたい。", 55.1,
        (
            Line(15, "11:00", "miyashita", "notice", "一包化にしました。残薬はありません。"),
            Line(4, "13:30", "miyoshi", "question", "夜のむせが増えました。とろみの量を変えてよいですか。", ("看護師",), 1),
            Line(1, "15:10", "omori", "notice", "歯科の訪問が12月2日に決まりました。"),
        ),
    ),
    Person(
        "浜口 トミ", "ハマグチ トミ", "female", date(1931, 2, 9), "older", "架空市みずほ台2丁目5-1",
        "children", "0000100003", "24", (date(2026, 2, 1), date(2028, 2, 1)), ("32", "04"), TEAM,
        (Relative("浜口 修", "ハマグチ オサム", "長男", "090-0000-0421", key_person=True, carer=True, together=True),),
        ("慢性心不全", "褥瘡（仙骨部）", "認知症"), ("フロセミド 20mg", "ドネペジル 5mg"), ("そば",), ("エアマットレス",),
        "長男が同居", "最期まで家で、家族と過ごしたい。", 38.9,
        (
            Line(14, "10:20", "hayakawa", "record", "仙骨部の褥瘡 2×1.5cm、浸出液少なめ。洗浄して保護材を交換。"),
            Line(6, "10:30", "hayakawa", "record", "褥瘡 1.5×1cmに縮小。痛みの訴えなし。"),
            Line(2, "9:40", "shirai", "order", "フロセミド20mgを朝1錠に。体重が1kg増えたら連絡。", ("看護師",)),
        ),
    ),
    Person(
        "潮 いさ子", "ウシオ イサコ", "female", date(1938, 8, 21), "older", "架空市北浜1丁目3-4",
        "alone_by_day", "0000100004", "21", (date(2026, 6, 1), date(2028, 6, 1)), ("12", "02"), TEAM,
        (Relative("潮 健太", "ウシオ ケンタ", "孫", "090-0000-0431", key_person=True, together=True),),
        ("変形性膝関節症", "高血圧"), ("アムロジピン 5mg", "セレコキシブ 100mg"), (), (),
        "孫が18時に帰宅", "", 47.0,
        (
            Line(2, "13:05", "miyashita", "question", "痛み止めが重なっていないか、残っている薬の数を見てほしいです。", ("看護師",), 3),
            Line(1, "9:10", "hayakawa", "notice", "今日の訪問で数えます。", answers=1),
        ),
    ),
    Person(
        "岬 道子", "ミサキ ミチコ", "female", date(1948, 3, 30), "older", "架空市みずほ台1丁目8-6",
        "alone", "0000100005", "13", (date(2026, 1, 1), date(2027, 1, 1)), ("11", "01"), TEAM,
        (Relative("岬 由美", "ミサキ ユミ", "二女", "090-0000-0441", key_person=True),),
        ("糖尿病",), ("メトホルミン 250mg",), (), (), "本人が開ける", "", 51.3,
        (Line(5, "14:00", "hayakawa", "notice", "次の訪問を27日（金）10時に変えます。"),),
    ),
    Person(
        "灘 義男", "ナダ ヨシオ", "male", date(1945, 11, 2), "older", "架空市山手4丁目1-9",
        "older", "0000100006", "25", (date(2026, 9, 1), date(2027, 3, 1)), ("41", "01"), TEAM,
        (Relative("灘 和子", "ナダ カズコ", "妻", "0999-00-4461", key_person=True, carer=True, together=True),),
        ("膵がん（終末期）",), ("フェンタニル貼付剤", "オキシコドン（頓用）", "酸化マグネシウム"), (), ("尿道カテーテル", "CVポート"),
        "妻が在宅", "家で最期まで過ごしたい。痛みを取ってほしい。", 48.8,
        (
            Line(10, "20:15", "hayakawa", "urgent", "痛みがNRS8。頓用を1回使い30分後に4まで下がりました。今夜の増量を相談したいです。", ("医師",), seen_by=("shirai",)),
            Line(10, "20:31", "shirai", "order", "貼付剤を1段階上げます。明朝9時に往診します。", ("看護師", "薬剤師"), answers=1, seen_by=("hayakawa", "miyashita")),
            Line(4, "11:20", "shirai", "notice", "奥さんと今後の見通しを話しました。希望は変わりません。次は木曜に来ます。"),
            Line(1, "16:45", "miyoshi", "record", "口の渇きがあり、スポンジで湿らせました。眠っている時間が長くなっています。"),
        ),
    ),
    Person(
        "磯部 ふみ", "イソベ フミ", "female", date(1940, 6, 12), "older", "架空市港町3丁目4-4",
        "alone", "0000100007", "23", (date(2025, 8, 1), date(2027, 8, 1)), ("12", "05"), TEAM,
        (Relative("磯部 明", "イソベ アキラ", "甥", "090-0000-0471", key_person=True),),
        ("アルツハイマー型認知症",), ("ガランタミン 8mg",), ("造影剤",), (), "鍵はつむぎに1本預かり", "", 44.6,
        (
            Line(16, "17:50", "miyoshi", "question", "夕方に外へ出てしまう日が続いています。見守りの方法を決めたいです。", ("介護支援専門員",), 3),
            Line(14, "10:00", "omori", "notice", "地域包括支援センターと見守りの登録をしました。写真と特徴を警察に届けています。", answers=1),
        ),
    ),
    Person(
        "波多野 健", "ハタノ ケン", "male", date(1981, 4, 27), "intractable", "架空市山手1丁目6-3",
        "children", "0000100008", "25", (date(2025, 12, 1), date(2027, 12, 1)), ("42", "01"), TEAM,
        (Relative("波多野 恵", "ハタノ メグミ", "妻", "090-0000-0481", key_person=True, carer=True, together=True),),
        ("筋萎縮性側索硬化症",), ("リルゾール 50mg",), (), ("人工呼吸器", "胃ろう", "吸引器"),
        "妻が在宅。停電時は予備電池で6時間", "意思は文字盤で伝える。気管切開は自分で決めた。", 52.0,
        (
            Line(7, "10:40", "hayakawa", "record", "呼吸器の回路を交換。吸引は日中8回。文字盤で「夜が不安」と話されました。"),
            Line(6, "9:05", "omori", "notice", "停電のときの連絡表を作り直しました。様式に入れてあります。"),
        ),
    ),
    Person(
        "渚 そら", "ナギサ ソラ", "female", date(2020, 2, 14), "child", "架空市みずほ台3丁目2-2",
        "children", "", "", None, ("", ""), ("hayakawa", "shirai", "miyashita"),
        (Relative("渚 美帆", "ナギサ ミホ", "母", "090-0000-0491", key_person=True, carer=True, together=True),),
        ("先天性心疾患", "慢性呼吸不全"), ("フロセミド（小児用量）",), ("ラテックス",), ("在宅酸素 0.5L/分", "経鼻胃管"),
        "母が在宅", "", 15.2,
        (Line(11, "15:00", "hayakawa", "notice", "就学前の相談に母と行きました。学校の看護師さんとの面談は12月です。"),),
    ),
    Person(
        "津島 勝", "ツシマ マサル", "male", date(1954, 9, 9), "disabled", "架空市港町2丁目9-1",
        "alone", "0000100010", "22", (date(2026, 10, 1), date(2027, 4, 1)), ("22", "01"), TEAM,
        (Relative("津島 栄", "ツシマ サカエ", "弟", "090-0000-0501", key_person=True),),
        ("脳出血後遺症（右片麻痺）",), ("アムロジピン 5mg", "バルプロ酸 200mg"), (), (), "本人が開ける（時間がかかる）", "", 60.4,
        (
            Line(13, "11:30", "omori", "notice", "11月9日に退院しました。退院前に決めた手すりは設置済みです。"),
            Line(5, "10:10", "shirai", "order", "血圧が160を超える日が3日続いたら連絡してください。", ("看護師",), seen_by=("hayakawa",)),
        ),
    ),
)
# fmt: on
