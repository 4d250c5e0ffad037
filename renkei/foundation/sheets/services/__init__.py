"""Writes of this room: answers and drafts, editions, sharing."""

from renkei.foundation.sheets.services.answers import (
    AnswerRefusedError,
    destroy_answers,
    record_answer,
)
from renkei.foundation.sheets.services.drafts import (
    ConflictsError,
    discard_draft,
    resolve_conflicts,
    save_draft,
    send_draft,
)
from renkei.foundation.sheets.services.editions import (
    FormFacts,
    create_form,
    discard_version,
    load_edition,
    publish_version,
    save_definition,
    start_version,
    withdraw_version,
)
from renkei.foundation.sheets.services.office_workbooks import (
    map_cells,
    register_office_workbook,
    withdraw_office_workbook,
)
from renkei.foundation.sheets.services.sharing import (
    adopt_version,
    end_adoption,
    share_form,
    stop_sharing,
)

__all__ = [
    "AnswerRefusedError",
    "ConflictsError",
    "FormFacts",
    "adopt_version",
    "create_form",
    "destroy_answers",
    "discard_draft",
    "discard_version",
    "end_adoption",
    "load_edition",
    "map_cells",
    "publish_version",
    "record_answer",
    "register_office_workbook",
    "resolve_conflicts",
    "save_definition",
    "save_draft",
    "send_draft",
    "share_form",
    "start_version",
    "stop_sharing",
    "withdraw_office_workbook",
    "withdraw_version",
]
