from django.apps import AppConfig

from renkei.foundation.audit.labels import name_acts
from renkei.foundation.notifications import kinds

ACTS = {
    "audit.read": "監査記録を調べた",
    "invitation.made": "利用登録の案内を作った",
    "invitation.renewal_made": "サインインのやり直しの案内を作った",
    "invitation.revoked": "案内を取り消した",
    "invitation.accepted": "案内を使った",
    "membership.started": "所属を始めた",
    "membership.ended": "所属の終わりを決めた",
    "membership.revoked": "所属をすぐに終えた",
    "membership.role_changed": "役割を変えた",
    "member.phone_replaced": "なくした端末を止め、サインインのコードを作った",
    "member.sessions_ended": "人のサインインをすべて終えた",
    "membership.chosen": "立場を切り替えた",
    "organisation.registered": "組織を登録した",
    "organisation.changed": "組織の情報を直した",
    "joining.applied": "参加の申込みを受け付けた",
    "joining.asked": "申込みの施設に確認した",
    "joining.answered": "申込みの施設が返事をした",
    "joining.approved": "参加の申込みを承認した",
    "joining.refused": "参加の申込みを断った",
    "device.added": "端末の登録コードを作った",
    "device.registered": "端末を登録した",
    "device.revoked": "端末を止めた",
    "outside_office.saved": "参加していない事業所を記録した",
    "outside_office.removed": "参加していない事業所を一覧から外した",
    "transfer.drafted": "人事異動の表を読み込んだ",
    "transfer.planned": "人事異動を予約した",
    "transfer.withdrawn": "人事異動を取りやめた",
    "transfer.carried_out": "人事異動の引き継ぎをした",
    "policy.written": "ポリシーを書きはじめた",
    "policy.version_written": "ポリシーの版を書いた",
    "policy.published": "ポリシーの版を公開した",
    "policy.withdrawn": "ポリシーを取り下げた",
    "policy.accepted": "ポリシーに誓約した",
}


class AccountsConfig(AppConfig):
    name = "renkei.foundation.accounts"
    verbose_name = "利用者・組織"

    def ready(self) -> None:
        """Listen to allauth, and add our own checks."""
        # These read models, which are not loaded before this.
        from allauth.mfa.signals import authenticator_added

        from renkei.foundation.accounts import checks  # noqa: F401 - registers itself
        from renkei.foundation.accounts.second_factor import count_first_factor  # reads models
        from renkei.foundation.accounts.services import agreements  # reads models

        authenticator_added.connect(count_first_factor)
        name_acts(ACTS)
        for kind in agreements.KINDS:
            kinds.register(kind)
