"""The fixed lists of the register: sources, services, groups of services, capabilities.

Source: 介護サービス情報公表システム（サービスコード3桁と名称）、医療情報ネット（ファイルの種類）。
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SourceInfo:
    """One publisher of records, with the attribution every use must show."""

    key: str
    name: str
    licence: str
    attribution: str
    website: str = ""


CARE, MEDICAL, BUREAU, LOCAL = "care", "medical", "bureau", "local"
SOURCES: dict[str, SourceInfo] = {
    source.key: source
    for source in (
        SourceInfo(
            CARE,
            "介護サービス情報公表システム",
            "CC BY 4.0",
            "介護サービス情報公表システムのオープンデータ（厚生労働省、CC BY 4.0）を加工して作成",
            "https://www.kaigokensaku.mhlw.go.jp/",
        ),
        SourceInfo(
            MEDICAL,
            "医療情報ネット",
            "PDL1.0",
            "医療情報ネットのオープンデータ（厚生労働省、公共データ利用規約第1.0版）を加工して作成",
            "https://www.iryou.teikyouseido.mhlw.go.jp/",
        ),
        SourceInfo(
            BUREAU,
            "地方厚生局 届出受理医療機関名簿",
            "PDL1.0",
            "届出受理医療機関名簿（地方厚生局、公共データ利用規約第1.0版）を加工して作成",
        ),
        SourceInfo(LOCAL, "市町村の調べ", "市町村による", "市町村の調べ"),
    )
}


@dataclass(frozen=True)
class GroupInfo:
    """A group of services as residents think of them; shape and letter are those of the map."""

    key: str
    label: str
    plain: str  # in the words of somebody looking for help
    shape: str  # circle, square, triangle, diamond, hexagon
    letter: str


GROUPS: dict[str, GroupInfo] = {
    group.key: group
    for group in (
        GroupInfo("nursing", "訪問看護", "看護師に来てほしい", "circle", "看"),
        GroupInfo("clinic", "診療所・病院", "医師にみてほしい", "square", "医"),
        GroupInfo("pharmacy", "薬局", "薬のことを頼みたい", "hexagon", "薬"),
        GroupInfo("dental", "歯科", "歯科にかかりたい", "square", "歯"),
        GroupInfo("care_manager", "ケアマネジャー", "介護の計画を頼みたい", "triangle", "ケ"),
        GroupInfo("home_help", "訪問の介護", "家で介護や入浴を手伝ってほしい", "circle", "訪"),
        GroupInfo("rehabilitation", "リハビリ", "リハビリをしたい", "diamond", "リ"),
        GroupInfo("day_care", "通い", "昼間に通いたい", "diamond", "通"),
        GroupInfo(
            "multi", "通い・泊まり・訪問", "通い・泊まり・訪問をまとめて頼みたい", "diamond", "多"
        ),
        GroupInfo("short_stay", "短期の泊まり", "数日泊まりたい", "diamond", "泊"),
        GroupInfo("facility", "入所・住まい", "施設や住まいをさがしたい", "square", "住"),
        GroupInfo("equipment", "福祉用具", "福祉用具を借りたい・買いたい", "triangle", "具"),
        GroupInfo(
            "support", "相談・生活の支援", "相談したい・生活を手伝ってほしい", "triangle", "相"
        ),
    )
}


@dataclass(frozen=True)
class ServiceInfo:
    """One kind of service: the code of its dataset, its official name and its group."""

    code: str
    label: str
    group: str
    source: str = CARE


SERVICES: dict[str, ServiceInfo] = {
    service.code: service
    for service in (
        ServiceInfo("110", "訪問介護", "home_help"),
        ServiceInfo("120", "訪問入浴介護", "home_help"),
        ServiceInfo("130", "訪問看護", "nursing"),
        ServiceInfo("140", "訪問リハビリテーション", "rehabilitation"),
        ServiceInfo("150", "通所介護", "day_care"),
        ServiceInfo("155", "療養通所介護", "day_care"),
        ServiceInfo("160", "通所リハビリテーション", "rehabilitation"),
        ServiceInfo("170", "福祉用具貸与", "equipment"),
        ServiceInfo("210", "短期入所生活介護", "short_stay"),
        ServiceInfo("220", "短期入所療養介護（介護老人保健施設）", "short_stay"),
        ServiceInfo("230", "短期入所療養介護（療養病床を有する病院等）", "short_stay"),
        ServiceInfo("320", "認知症対応型共同生活介護", "facility"),
        ServiceInfo("331", "特定施設入居者生活介護（有料老人ホーム）", "facility"),
        ServiceInfo("332", "特定施設入居者生活介護（軽費老人ホーム）", "facility"),
        ServiceInfo("334", "特定施設入居者生活介護（サービス付き高齢者向け住宅）", "facility"),
        ServiceInfo(
            "335", "特定施設入居者生活介護（有料老人ホーム、外部サービス利用型）", "facility"
        ),
        ServiceInfo(
            "336", "特定施設入居者生活介護（軽費老人ホーム、外部サービス利用型）", "facility"
        ),
        ServiceInfo(
            "337",
            "特定施設入居者生活介護（サービス付き高齢者向け住宅、外部サービス利用型）",
            "facility",
        ),
        ServiceInfo("361", "地域密着型特定施設（有料老人ホーム）", "facility"),
        ServiceInfo("362", "地域密着型特定施設（軽費老人ホーム）", "facility"),
        ServiceInfo("364", "地域密着型特定施設（サービス付き高齢者向け住宅）", "facility"),
        ServiceInfo("410", "特定福祉用具販売", "equipment"),
        ServiceInfo("430", "居宅介護支援", "care_manager"),
        ServiceInfo("510", "介護老人福祉施設", "facility"),
        ServiceInfo("520", "介護老人保健施設", "facility"),
        ServiceInfo("530", "介護療養型医療施設", "facility"),
        ServiceInfo("540", "地域密着型介護老人福祉施設", "facility"),
        ServiceInfo("550", "介護医療院", "facility"),
        ServiceInfo("551", "短期入所療養介護（介護医療院）", "short_stay"),
        ServiceInfo("710", "夜間対応型訪問介護", "home_help"),
        ServiceInfo("720", "認知症対応型通所介護", "day_care"),
        ServiceInfo("730", "小規模多機能型居宅介護", "multi"),
        ServiceInfo("760", "定期巡回・随時対応型訪問介護看護", "home_help"),
        ServiceInfo("770", "看護小規模多機能型居宅介護", "multi"),
        ServiceInfo("780", "地域密着型通所介護", "day_care"),
        ServiceInfo("hospital", "病院", "clinic", MEDICAL),
        ServiceInfo("clinic", "診療所", "clinic", MEDICAL),
        ServiceInfo("dental", "歯科診療所", "dental", MEDICAL),
        ServiceInfo("maternity", "助産所", "clinic", MEDICAL),
        ServiceInfo("pharmacy", "薬局", "pharmacy", MEDICAL),
        # Kinds that no ministry file has; they come by local lists (T-A10).
        ServiceInfo("general_support", "地域包括支援センター", "support", LOCAL),
        ServiceInfo("coordination", "在宅医療・介護連携の相談窓口", "support", LOCAL),
        ServiceInfo("disability_service", "障害福祉サービス", "support", LOCAL),
        ServiceInfo("disability_support", "障害者相談支援", "support", LOCAL),
        ServiceInfo("housing", "高齢者の住まい", "facility", LOCAL),
        ServiceInfo("seniors_club", "老人クラブ", "support", LOCAL),
        ServiceInfo("neighbourhood", "自治会・町内会", "support", LOCAL),
        ServiceInfo("npo", "NPO・ボランティア", "support", LOCAL),
        ServiceInfo("paediatric", "小児・難病の支援", "support", LOCAL),
        ServiceInfo("other", "そのほか", "support", LOCAL),
    )
}

CAPABILITIES: dict[str, str] = {
    "home_visit": "訪問診療",
    "house_call": "往診",
    "home_care_support_clinic": "在宅療養支援診療所",
    "home_care_support_hospital": "在宅療養支援病院",
    "enhanced_home_care": "機能強化型の在宅療養支援",
    "backup_hospital": "在宅療養後方支援病院",
    "home_care_support_dental": "在宅療養支援歯科診療所",
    "home_dental_visit": "訪問歯科診療",
    "home_pharmacy": "在宅患者訪問薬剤管理指導",
    "round_the_clock": "24時間連絡できる",
    "end_of_life": "在宅での看取り",
    "community_care_ward": "地域包括ケア病棟",
    "home_oxygen": "在宅酸素療法",
    "ventilator": "人工呼吸器",
    "paediatric_home_care": "小児の在宅医療",
    "palliative_home_care": "在宅の緩和ケア",
}
