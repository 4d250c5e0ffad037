"""The papers of an information network, in our own words: a start for the region's own texts.

Source: the kinds of paper アザレアネット and MCS regions use (public pages); what a consent must
name follows 個人情報保護法 and the ガイダンス for 医療・介護 (令和5年3月). The words are ours: the
region's council and its lawyer decide the final text.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from renkei.foundation.sheets.shipped.paper_blocks import (
    Paper,
    articles,
    heading,
    notice,
    points,
    rows,
    text,
    ticks,
)

VALID_FROM: Final = date(2026, 4, 1)
DRAFT: Final = "この文面は見本です。地域の協議会で確かめてから使ってください。"

CONSENT: Final = Paper(
    "consent",
    "情報共有に関する同意書",
    1,
    VALID_FROM,
    (
        text("to", "{network} {office} あて"),
        text(
            "statement",
            "私は、説明書（第{explanation_number}版）により、{network}での情報の共有について説明を受け、"
            "次の範囲で情報が共有されることに同意します。",
        ),
        heading("purpose_head", "1. 使う目的"),
        ticks(
            "purposes",
            "治療",
            "介護",
            "入退院の調整",
            "ケアチームの中の情報共有",
            "救急のときの情報提供",
            "個人が分からない形の集計",
        ),
        heading("recipients_head", "2. 共有する相手"),
        rows(
            "recipients",
            ("recipients", "施設・事業所（名前・種類）", True),
            ("excluded", "知らせたくない相手", False),
        ),
        heading("contents_head", "3. 共有する内容"),
        ticks(
            "contents",
            "氏名・連絡先などの基本情報",
            "病気・薬・検査など医療の情報",
            "介護の計画・記録",
            "写真・書類",
            "本人の意思の記録",
        ),
        heading("period_head", "4. 期間"),
        rows("period", ("valid_from", "いつから"), ("valid_until", "いつまで")),
        notice(
            "withdrawal",
            "同意はいつでも取り消せます。取り消すと、その後の共有は止まります。"
            "すでに渡した書類などは取り戻せません。同意しなくても、治療や介護は受けられます。",
        ),
        rows(
            "signature",
            ("signed_on", "同意した日"),
            ("name", "本人の氏名"),
            ("birth_date", "生年月日"),
            ("signature", "署名（代理のときは代理人）", True),
            ("proxy", "代理人の氏名・続柄（代理のとき）"),
            ("family", "情報を使われる家族の氏名・続柄"),
            ("explained_by", "説明した人（職種・氏名・所属）"),
        ),
    ),
)

WITHDRAWAL: Final = Paper(
    "consent_withdrawal",
    "情報共有に関する同意の撤回書",
    1,
    VALID_FROM,
    (
        text("to", "{network} {office} あて"),
        text("statement", "私は、さきに行った情報の共有についての同意を、次のとおり取り消します。"),
        ticks("scope", "すべての同意を取り消す", "次の一部を取り消す"),
        rows(
            "part",
            ("part", "取り消す相手・内容（一部のとき）", True),
            ("consented_on", "同意した日（分かれば）"),
        ),
        notice(
            "effect",
            "この紙を受け取った後は、新しい共有を止めます。すでに渡した情報は取り戻せません。"
            "法令で保存が決められた記録は、その期間は消せません。",
        ),
        rows(
            "signature",
            ("signed_on", "取り消す日"),
            ("name", "本人の氏名"),
            ("birth_date", "生年月日"),
            ("signature", "署名（代理のときは代理人）", True),
            ("proxy", "代理人の氏名・続柄（代理のとき）"),
            ("received_by", "受け付けた人（所属・氏名）"),
            ("received_on", "受け付けた日"),
        ),
    ),
)

EXPLANATION: Final = Paper(
    "explanation",
    "情報共有についての説明書",
    1,
    VALID_FROM,
    (
        text(
            "lead",
            "{network}は、あなたの治療や介護に関わる人が、必要な情報を安全に共有するための仕組みです。"
            "参加するかどうかは、あなたが決めます。",
        ),
        heading("what_head", "1. 何を共有しますか"),
        points(
            "what",
            "氏名・連絡先、病気や薬、介護の計画や日々の記録、写真や書類など、同意した内容だけです。",
            "家族の情報を使うときは、その家族にも同意をいただきます。",
        ),
        heading("who_head", "2. だれが見ますか"),
        points(
            "who",
            "あなたのケアチームに入った人だけです。チームの一覧はいつでも確かめられます。",
            "市町村や県の職員は、人数などの集計だけを見ます。",
            "意識がないなどの緊急のときは、登録した医療機関や救急隊が見ることがあり、その記録が残ります。",
        ),
        heading("log_head", "3. だれが見たかを確かめられますか"),
        points(
            "log", "見た人と時刻はすべて記録します。あなたは「だれが見たか」の一覧を求められます。"
        ),
        heading("safety_head", "4. どのように守りますか"),
        points(
            "safety",
            "通信と保存は暗号にします。見る人には2つの方法で本人の確認を求めます。",
            "退職や異動のときは、その時から見られなくなります。",
        ),
        heading("stop_head", "5. やめたくなったら"),
        points(
            "stop",
            "いつでも撤回書で取り消せます。理由は要りません。",
            "取り消した後の共有は止まります。すでに渡した情報は取り戻せません。",
            "参加しなくても、やめても、治療や介護で不利になることはありません。",
        ),
        heading("ask_head", "6. 問い合わせ"),
        rows("contact", ("office", "事務局"), ("phone", "電話"), ("officer", "個人情報保護責任者")),
    ),
    returns=False,
)

APPLICATION: Final = Paper(
    "application",
    "参加申込書",
    1,
    VALID_FROM,
    (
        text("to", "{network} {office} あて"),
        text(
            "statement",
            "当施設は、運用規則（第{rules_number}版）を守ることを約束し、{network}への参加を申し込みます。",
        ),
        rows(
            "facility",
            ("applied_on", "申込日"),
            ("facility", "施設・事業所の名前"),
            ("facility_code", "医療機関コード・事業所番号"),
            ("address", "所在地"),
            ("telephone", "電話・FAX"),
            ("representative", "代表者の職・氏名"),
        ),
        heading("people_head", "使う人と端末"),
        rows(
            "people",
            ("administrator", "組織管理者の氏名・職種・メール"),
            ("users", "使う人（職種と人数）", True),
            ("devices", "使う端末（種類と台数）", True),
        ),
        heading("kind_head", "参加の形"),
        ticks("kind", "情報を書く・見る", "見るだけ", "FAXと紙でやりとりする"),
        notice("next", "事務局が確かめた後、端末の登録と利用者の招待をお知らせします。"),
    ),
)

PLEDGE: Final = Paper(
    "pledge",
    "誓約書",
    1,
    VALID_FROM,
    (
        text("to", "{network} {office} あて"),
        text("statement", "私は、{network}を使うにあたり、次のことを守ります。"),
        articles(
            "promises",
            "業務で知った秘密をほかに漏らしません。所属を離れた後も同じです。",
            "受け持つ人の情報だけを、必要なときだけ見ます。見たことが記録されることを知っています。",
            "自分の利用者番号とパスワード、確認の道具を、ほかの人に使わせません。",
            "画面の写真や書類を、決められた目的のほかに写したり持ち出したりしません。",
            "端末の紛失、誤った送信、のぞき見に気付いたら、すぐに組織管理者と事務局に知らせます。",
            "急ぎの用件は電話で伝えます。書き込みだけで済ませません。",
            "異動や退職のときは、すぐに届け出ます。",
        ),
        rows(
            "signature",
            ("signed_on", "日付"),
            ("organisation", "所属"),
            ("profession", "職種"),
            ("name", "氏名"),
        ),
    ),
)

RULES: Final = Paper(
    "operating_rules",
    "運用規則",
    1,
    VALID_FROM,
    (
        notice("draft", DRAFT),
        articles(
            "articles",
            "（目的）この規則は、{network}で療養者の情報を安全に共有するために必要なことを定める。",
            "（参加者）病院、診療所、歯科診療所、薬局、訪問看護、介護・障害福祉の事業者、市町村その他、"
            "協議会が認めたものを参加者とする。",
            "（同意）療養者の情報は、本人または代理人の同意がある範囲で共有する。家族の情報を使うときは、"
            "その家族の同意を得る。",
            "（見られる人）療養者の情報は、その人のケアチームに入った者だけが見ることができる。",
            "（緊急のとき）生命や身体を守るために必要で同意を得られないときは、理由を記録して見ることができる。"
            "組織管理者は次の業務日までにその記録を確かめる。",
            "（記録）見ること、書くこと、渡すことは、すべて記録する。記録は変えたり消したりしない。",
            "（訂正）書き込みの訂正は、新しい書き込みで行い、元の書き込みを残す。",
            "（急ぎの連絡）緊急の用件は電話で行い、共有はその後の記録とする。",
            "（端末）端末は登録したものを使い、紛失したときはすぐに届け出る。",
            "（退会と異動）所属を離れた者の利用は、その時に終わる。",
            "（保存と廃棄）保存の期間は書類の種類ごとに別表で定める。廃棄は2人以上で確かめ、証明を残す。",
            "（事故）漏えいなどのおそれがあるときは、事務局が責任者に報告し、法令による報告と本人への"
            "通知を行う。",
            "（診療録との関係）共有の書き込みは診療録や介護記録に代わるものではない。",
            "（改正）この規則の改正は、協議会の議決による。改正した日と版を記す。",
        ),
        rows("dates", ("enforced_on", "施行日"), ("revised_on", "改正日")),
    ),
    returns=False,
)

COUNCIL: Final = Paper(
    "council_rules",
    "協議会規約",
    1,
    VALID_FROM,
    (
        notice("draft", DRAFT),
        articles(
            "articles",
            "（名称）この会は、{council}という。",
            "（目的）この会は、{town}で在宅医療と介護に関わる者が力を合わせ、住み慣れた所で最期まで"
            "暮らせるようにすることを目的とする。",
            "（仕事）情報共有の仕組みの運用、入退院の調整の決まり、研修、住民への周知、課題の検討を行う。",
            "（会員）医師会、歯科医師会、薬剤師会、病院、訪問看護、介護・障害福祉の事業者、"
            "地域包括支援センター、市町村その他、目的に賛同するものを会員とする。",
            "（役員）会長1人、副会長若干名、監事2人を置く。任期は2年とし、再任できる。",
            "（会議）総会と運営委員会を置く。総会は年1回以上開き、出席した会員の過半数で決める。",
            "（部会）必要なときは部会を置くことができる。",
            "（個人情報）個人情報保護責任者を置く。情報の取り扱いは運用規則で定める。",
            "（事務局）事務局を{office}に置く。",
            "（会計）経費は負担金その他で支弁する。会計年度は4月1日から翌年3月31日までとする。",
            "（改正）この規約の改正は、総会の議決による。",
        ),
        rows("dates", ("enforced_on", "施行日"), ("revised_on", "改正日")),
    ),
    returns=False,
)

PAPERS: Final = {
    paper.code: paper
    for paper in (CONSENT, WITHDRAWAL, EXPLANATION, APPLICATION, PLEDGE, RULES, COUNCIL)
}
