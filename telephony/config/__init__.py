"""Every configuration file of one Asterisk, rendered from one description of the site."""

from telephony.config.site import AsteriskSite
from telephony.config.write import changed_files, write_configuration

__all__ = ["AsteriskSite", "changed_files", "write_configuration"]
