from django.apps import AppConfig

from renkei.care.patients.acts_emergency import ACTS as EMERGENCY_ACTS
from renkei.care.patients.acts_emergency import READS
from renkei.care.patients.notices import KINDS
from renkei.care.patients.read_labels import name_reads
from renkei.foundation.audit.labels import name_acts
from renkei.foundation.notifications.kinds import register

ACTS = {
    "patient.read": "療養者の記録を見た",
    "patient.list_read": "療養者の一覧を見た",
    "patient.registered": "療養者を登録した",
    "patient.corrected": "療養者の基本情報を直した",
    "patient.change_undone": "基本情報を前の値に戻した",
    "patient.certified": "要介護認定を記録した",
    "patient.independence_judged": "自立度を記録した",
    "relative.added": "家族を記録した",
    "relative.corrected": "家族の記録を直した",
    "relative.removed": "家族を欄から外した",
    "relative.restored": "家族を欄に戻した",
    "provider.added": "医療機関・事業所を記録した",
    "provider.corrected": "医療機関・事業所の記録を直した",
    "provider.ended": "医療機関・事業所を終わりにした",
    "provider.resumed": "医療機関・事業所の終わりを取り消した",
    "consent.recorded": "同意・拒否を記録した",
    "consent.withdrawn": "同意の撤回を記録した",
    "consent.paper_received": "同意書・撤回書が届いた",
    "consent.paper_set_aside": "届いた紙を記録せずに片付けた",
    "consent.faxed": "同意の書類のFAXを作った",
    "team.invited": "チームに招いた",
    "team.joined": "チームに参加した",
    "team.declined": "チームへの招待を断った",
    "team.invitation_withdrawn": "チームへの招待を取り消した",
    "team.left": "チームを抜けた・外した",
    "team.handed_over": "チームの役割を引き継いだ",
    "team.host_changed": "連携ホストを変えた",
    "team.arranged": "チームでの役割を決めた",
    "team.history_chosen": "新しい人が読める範囲を決めた",
    "family.invited": "本人・家族の部屋に招いた",
    "family.joined": "本人・家族の部屋に参加した",
    "family.removed": "本人・家族の部屋から外した",
    "patient.merged": "2つの記録をまとめた",
    "patient.merge_undone": "まとめた記録を元に戻した",
    "patient.duplicate_answered": "同じ方の記録かどうかを答えた",
    "network.added": "ほかの連携システムを記録した",
    "network.corrected": "ほかの連携システムの記録を直した",
}


class PatientsConfig(AppConfig):
    name = "renkei.care.patients"
    verbose_name = "療養者"

    def ready(self) -> None:
        """Name this room's acts and pages."""
        # Reads models, which are not loaded before this.
        from renkei.care.patients import registrations, registrations_emergency

        name_acts(ACTS | EMERGENCY_ACTS)
        name_reads(READS)
        for kind in KINDS:
            register(kind)
        registrations.register_all()
        registrations_emergency.register_all()
