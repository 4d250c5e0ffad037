"""The pages of one's own account, of invitations and of an organisation's people."""

from renkei.foundation.accounts.views.own import home, second_factor_setup

__all__ = ["home", "second_factor_setup"]
