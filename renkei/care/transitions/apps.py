from django.apps import AppConfig

from renkei.care.transitions.acts import ACTS
from renkei.care.transitions.notices import KINDS
from renkei.foundation.audit import startup
from renkei.foundation.audit.labels import name_acts
from renkei.foundation.notifications.kinds import register


class TransitionsConfig(AppConfig):
    name = "renkei.care.transitions"
    verbose_name = "入退院・急変"

    def ready(self) -> None:
        """Name this room's acts and notifications, and take part in what rooms below do."""
        name_acts(ACTS)
        startup.load_at_setup("load_transition_rules")
        startup.load_at_setup("load_clinical_paths")
        startup.load_at_setup("count_transition_cases")
        for kind in KINDS:
            register(kind)
        # Registrations of other rooms need the models, which are loaded by now.
        from renkei.care.transitions import (
            counters,
            counters_nights,
            registrations,
            registrations_caseforms,
            registrations_duties,
            registrations_end_of_life,
            registrations_paths,
        )

        registrations.register_all()
        registrations_duties.register_all()
        registrations_end_of_life.register_all()
        registrations_paths.register_all()
        counters.register_counters()
        counters_nights.register_night_counters()
        registrations_caseforms.register_all()
