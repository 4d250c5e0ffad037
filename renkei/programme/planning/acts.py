"""What the acts of this room are called in the audit trail. Each theme adds its own mapping."""

from typing import Final

from renkei.programme.planning.acts_councils import COUNCIL_ACTS
from renkei.programme.planning.acts_issues import ISSUE_ACTS
from renkei.programme.planning.acts_plans import PLAN_ACTS
from renkei.programme.planning.acts_programme import PROGRAMME_ACTS
from renkei.programme.planning.acts_reports import REPORT_ACTS
from renkei.programme.planning.acts_support import SUPPORT_ACTS

ACTS: Final = COUNCIL_ACTS | ISSUE_ACTS | PLAN_ACTS | PROGRAMME_ACTS | REPORT_ACTS | SUPPORT_ACTS
