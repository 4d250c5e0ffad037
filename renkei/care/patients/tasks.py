"""Background work of this room; the worker looks here alone."""

from renkei.care.patients import tasks_emergency  # noqa: F401 - registers its tasks
