from django.apps import AppConfig

from renkei.foundation.audit.labels import name_acts
from renkei.foundation.notifications.kinds import register
from renkei.programme.planning.acts import ACTS
from renkei.programme.planning.notices import KINDS


class PlanningConfig(AppConfig):
    name = "renkei.programme.planning"
    verbose_name = "計画・会議"

    def ready(self) -> None:
        """Name this room's acts and notifications, and say what its papers mean."""
        name_acts(ACTS)
        for kind in KINDS:
            register(kind)
        # These read models, which are not loaded before this.
        from renkei.care.transitions import hooks  # as above
        from renkei.programme.planning import evidence_kinds, replies_councils  # as above
        from renkei.programme.planning.services import reviews  # as above

        hooks.after_review(reviews.after_review)
        replies_councils.register()
        evidence_kinds.register_all()
