"""One meeting: invitation, answers, agenda, papers, minutes, decisions, fees."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

from renkei.foundation.accounts.models import Organisation
from renkei.foundation.papers.models import StoredFile, Ticket
from renkei.programme.planning.models.councils import Council, CouncilMember, Position


class Audience(models.TextChoices):
    """Who reads an item, a paper, a line. What is closed stands in no public file."""

    PUBLIC = "public", "公開"
    CLOSED = "closed", "非公開"


class MeetingMode(models.TextChoices):
    ROOM = "room", "対面"
    WEB = "web", "Web会議"
    BOTH = "both", "対面とWebの併用"
    # Held on paper alone, as in the years of COVID (種子島 R3).
    WRITTEN = "written", "書面開催"


class MeetingState(models.TextChoices):
    """Source: domain/training-outreach-consult.md §1.2."""

    PLANNED = "planned", "予定"
    CALLED = "called", "案内済み"
    MATERIALS_SENT = "materials_sent", "資料送付済み"
    HELD = "held", "開催済み"
    MINUTES_DRAFT = "minutes_draft", "議事録の案を確認中"
    MINUTES_CONFIRMED = "minutes_confirmed", "議事録を確定"
    PUBLISHED = "published", "要旨を公開"
    CLOSED = "closed", "完了"
    CANCELLED = "cancelled", "中止"


class Meeting(models.Model):
    """One meeting of one council."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    council = models.ForeignKey(Council, models.PROTECT, related_name="meetings")
    fiscal_year = models.PositiveSmallIntegerField("年度")
    number = models.PositiveSmallIntegerField("回")
    begins_at = models.DateTimeField("会議の始まり")
    minutes = models.PositiveSmallIntegerField("会議の時間（分）", default=90)
    mode = models.CharField("開き方", max_length=10, choices=MeetingMode, default=MeetingMode.ROOM)
    place = models.CharField("会場", max_length=200, blank=True)
    # Closed as a whole: then nothing but day and place is public.
    audience = models.CharField(
        "会議の公開", max_length=10, choices=Audience, default=Audience.PUBLIC
    )
    closed_reason = models.CharField("公開しない理由", max_length=200, blank=True)
    state = models.CharField(
        "会議の状態", max_length=20, choices=MeetingState, default=MeetingState.PLANNED
    )
    # Counts up with every change after the invitation, for calendars.
    edition = models.PositiveSmallIntegerField("会議の版", default=0)
    document_number = models.CharField("文書番号", max_length=60, blank=True)
    call_on = models.DateField("通知の日付", null=True, blank=True)
    reply_by = models.DateField("出欠の返事の期限", null=True, blank=True)
    call_note = models.TextField("通知に添える文", max_length=1000, blank=True)
    guest_count = models.PositiveSmallIntegerField("傍聴した人の数", null=True, blank=True)
    called_at = models.DateTimeField("案内した日時", null=True, blank=True)
    published_at = models.DateTimeField("要旨を公開した日時", null=True, blank=True)
    cancelled_reason = models.CharField("中止の理由", max_length=200, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["council", "fiscal_year", "number"],
                name="meeting_one_per_number",
                violation_error_message="この年度の同じ回の会議がすでにあります。",
            ),
            models.CheckConstraint(
                condition=Q(audience="public") | ~Q(closed_reason=""),
                name="meeting_closed_with_reason",
                violation_error_message="公開しない理由を入力してください。",
            ),
        )
        indexes = (
            models.Index(fields=["council", "begins_at"], name="meeting_council"),
            models.Index(fields=["state", "begins_at"], name="meeting_state"),
        )

    def __str__(self) -> str:
        return f"{self.council} 第{self.number}回"

    @property
    def ends_at(self) -> datetime:
        return self.begins_at + timedelta(minutes=self.minutes)


class AgendaKind(models.TextChoices):
    REPORT = "report", "報告"
    DISCUSSION = "discussion", "協議"
    VOTE = "vote", "議決"
    OTHER = "other", "その他"


class AgendaItem(models.Model):
    """One item of the 次第."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="items")
    place_number = models.PositiveSmallIntegerField("順番")
    kind = models.CharField("議題の種類", max_length=12, choices=AgendaKind)
    title = models.CharField("議題", max_length=200)
    presenter = models.CharField("説明する人", max_length=100, blank=True)
    planned_minutes = models.PositiveSmallIntegerField("予定の時間（分）", null=True, blank=True)
    text = models.TextField("議題の説明", max_length=4000, blank=True)
    audience = models.CharField("公開", max_length=10, choices=Audience, default=Audience.PUBLIC)
    closed_reason = models.CharField("公開しない理由", max_length=200, blank=True)
    # What an earlier meeting left open.
    continues = models.ForeignKey(
        "MinutesLine",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="taken_up",
        verbose_name="前の会議の継続",
    )

    class Meta:
        ordering = ("place_number", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(audience="public") | ~Q(closed_reason=""),
                name="agenda_item_closed_with_reason",
                violation_error_message="公開しない理由を入力してください。",
            ),
        )
        indexes = (models.Index(fields=["meeting", "place_number"], name="agenda_item_order"),)

    def __str__(self) -> str:
        return self.title


class Material(models.Model):
    """One paper of the meeting: 資料1, 資料1-2, 当日資料."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="materials")
    item = models.ForeignKey(
        AgendaItem,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="materials",
        verbose_name="議題",
    )
    number = models.CharField("資料番号", max_length=20)
    title = models.CharField("資料の名前", max_length=200)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    audience = models.CharField("公開", max_length=10, choices=Audience, default=Audience.PUBLIC)
    handed_out_on_the_day = models.BooleanField("当日に配る", default=False)

    class Meta:
        ordering = ("number", "pk")
        indexes = (models.Index(fields=["meeting", "number"], name="material_order"),)

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class Answer(models.TextChoices):
    WAITING = "waiting", "返事待ち"
    COMES = "comes", "出席"
    COMES_BY_WEB = "web", "Webで出席"
    PROXY = "proxy", "代理が出席"
    ABSENT = "absent", "欠席"


class AnswerWay(models.TextChoices):
    ACCOUNT = "account", "連携で"
    PAPER = "paper", "紙・FAXで"
    PHONE = "phone", "電話で"
    MAIL = "mail", "メールで"
    OTHER = "other", "そのほか"


class Attendance(models.TextChoices):
    UNKNOWN = "unknown", "記録なし"
    CAME = "came", "出席"
    CAME_BY_WEB = "web", "Webで出席"
    PROXY = "proxy", "代理が出席"
    ABSENT = "absent", "欠席"


CAME = (Attendance.CAME, Attendance.CAME_BY_WEB, Attendance.PROXY)


class Seat(models.Model):
    """One member asked to one meeting, as they were then."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="seats")
    member = models.ForeignKey(CouncilMember, models.PROTECT, related_name="seats")
    # Frozen: minutes of last year name last year's office.
    name = models.CharField("氏名", max_length=100)
    profession = models.CharField("職種", max_length=60)
    organisation_name = models.CharField("所属", max_length=200)
    title = models.CharField("職名", max_length=100, blank=True)
    position = models.CharField("会議での役", max_length=10, choices=Position)
    answer = models.CharField("出欠の返事", max_length=10, choices=Answer, default=Answer.WAITING)
    answered_at = models.DateTimeField("返事の日時", null=True, blank=True)
    answered_way = models.CharField("返事のしかた", max_length=10, choices=AnswerWay, blank=True)
    proxy_name = models.CharField("代理の人", max_length=100, blank=True)
    remark = models.CharField("返事に添えた言葉", max_length=300, blank=True)
    ticket = models.ForeignKey(Ticket, models.PROTECT, null=True, blank=True, related_name="+")
    # The paper that came back; a person reads it and types the answer.
    reply_file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+"
    )
    attendance = models.CharField(
        "出席", max_length=10, choices=Attendance, default=Attendance.UNKNOWN
    )
    fee_yen = models.PositiveIntegerField("報償費（円）", null=True, blank=True)
    tax_percent = models.DecimalField(
        "源泉徴収の率（％）", max_digits=6, decimal_places=3, null=True, blank=True
    )
    tax_yen = models.PositiveIntegerField("源泉徴収額（円）", null=True, blank=True)
    travel_yen = models.PositiveIntegerField("費用弁償・旅費（円）", default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["meeting", "member"], name="seat_one_per_member"),
            models.CheckConstraint(
                condition=Q(tax_yen=None) | Q(tax_yen__lte=models.F("fee_yen")),
                name="seat_tax_within_fee",
            ),
        )

    def __str__(self) -> str:
        return f"{self.meeting} {self.get_position_display()}"


class Outcome(models.TextChoices):
    """What came of an item; empty for what was merely said."""

    DECIDED = "decided", "決定"
    CONTINUED = "continued", "継続"
    REPORTED = "reported", "報告"


class MinutesLine(models.Model):
    """One line of the minutes: what somebody said, or what came of the item."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="lines")
    item = models.ForeignKey(
        AgendaItem,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="lines",
        verbose_name="議題",
    )
    place_number = models.PositiveIntegerField("順番")
    speaker = models.CharField("話した人", max_length=100, blank=True)
    text = models.TextField("議事の内容", max_length=4000)
    outcome = models.CharField("議事の結果", max_length=10, choices=Outcome, blank=True)
    # Lines of the public 要旨; results always stand in it.
    in_summary = models.BooleanField("要旨に載せる", default=True)
    audience = models.CharField("公開", max_length=10, choices=Audience, default=Audience.PUBLIC)
    owner = models.CharField("担当", max_length=100, blank=True)
    due_on = models.DateField("期限", null=True, blank=True)

    class Meta:
        ordering = ("item__place_number", "place_number", "pk")
        constraints = (
            # Source: domain/training-outreach-consult.md §12.3.
            models.CheckConstraint(
                condition=~Q(outcome="decided") | (~Q(owner="") & Q(due_on__isnull=False)),
                name="minutes_decision_has_owner_and_date",
                violation_error_message="決定には担当と期限が要ります。決まっていなければ「継続」にしてください。",
            ),
        )
        indexes = (models.Index(fields=["meeting", "place_number"], name="minutes_line_order"),)

    def __str__(self) -> str:
        return self.text[:40]


class ActionState(models.TextChoices):
    OPEN = "open", "これから"
    DOING = "doing", "進めている"
    DONE = "done", "済んだ"
    DROPPED = "dropped", "やめた"


class Action(models.Model):
    """すべきこと: what a decision asks of whom until when."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    council = models.ForeignKey(Council, models.PROTECT, related_name="actions")
    # Empty for what came from elsewhere (a case review, an issue): then ``origin`` says from where.
    line = models.OneToOneField(
        MinutesLine, models.PROTECT, null=True, blank=True, related_name="action"
    )
    origin = models.CharField("もと", max_length=200, blank=True)
    text = models.TextField("すべきこと", max_length=4000)
    owner = models.CharField("担当", max_length=100)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    due_on = models.DateField("期限")
    state = models.CharField(
        "進み具合", max_length=10, choices=ActionState, default=ActionState.OPEN
    )
    result = models.TextField("したこと・結果", max_length=2000, blank=True)
    finished_on = models.DateField("済んだ日", null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~Q(owner=""),
                name="action_has_an_owner",
                violation_error_message="担当を入力してください。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "doing"]) | ~Q(result=""),
                name="action_ends_with_a_result",
                violation_error_message="したこと・結果を入力してください。",
            ),
        )
        indexes = (models.Index(fields=["council", "state", "due_on"], name="action_open"),)

    def __str__(self) -> str:
        return self.text[:40]
