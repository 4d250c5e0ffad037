from django.apps import AppConfig

from renkei.foundation.audit import startup
from renkei.foundation.audit.labels import name_acts
from renkei.programme.indicators.acts import ACTS


class IndicatorsConfig(AppConfig):
    name = "renkei.programme.indicators"
    verbose_name = "指標"

    def ready(self) -> None:
        """Name this room's acts; the shipped catalogue is there from the first start."""
        name_acts(ACTS)
        startup.load_at_setup("load_indicators")
