"""Asterisk's own files: paths, log, HTTP and RTP ports."""

import resource

from telephony.config.site import AsteriskSite

# A call takes about ten file descriptors; the usual soft limit of 1,024 ends at some hundred calls.
_WANTED_FILES = 65_536


MESSAGES_LOG = "messages.log"
"""Where Asterisk writes what goes wrong. The node process reads in it why a registration failed."""
SECURITY_LOG = "security.log"
"""Where Asterisk writes which address has logged in, or failed to. The node process reads it."""


def asterisk_conf(site: AsteriskSite) -> str:
    """asterisk.conf: every path redirected, so that nothing outside these folders is touched."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    files = _WANTED_FILES if hard == resource.RLIM_INFINITY else min(hard, _WANTED_FILES)
    return f"""\
[directories]
astetcdir = {site.config_dir}
astmoddir = {site.program.module_dir}
astvarlibdir = {site.state_dir}
astdbdir = {site.state_dir}
astkeydir = {site.state_dir}
astdatadir = {site.program.data_dir}
astagidir = {site.state_dir}/agi-bin
astspooldir = {site.spool_dir}
astrundir = {site.run_dir}
astlogdir = {site.log_dir}
[options]
systemname = {site.node_name}
defaultlanguage = {site.program.language}
documentation_language = en_US
hideconnect = yes
live_dangerously = no
maxfiles = {files}
"""


def logger_conf(_site: AsteriskSite) -> str:
    """logger.conf: one file for us, which names no caller unless someone turns debugging on; one for security."""
    return f"""\
[general]
dateformat = %F %T.%3q
queue_log = no
rotatestrategy = rotate
[logfiles]
{MESSAGES_LOG} => notice,warning,error
{SECURITY_LOG} => security
console => warning,error
"""


def http_conf(site: AsteriskSite) -> str:
    """http.conf: this port carries ARI, so it is for this machine alone."""
    # Every browser phone is one session, through the portal's proxy; the default limit is 100.
    return f"""\
[general]
servername = Everline
enabled = yes
enable_static = no
enable_status = no
bindaddr = 127.0.0.1
bindport = {site.http_port}
sessionlimit = 5000
"""


def rtp_conf(site: AsteriskSite) -> str:
    """rtp.conf. Strict RTP drops audio from any address but the caller's. RTP starts at an even port."""
    return f"""\
[general]
rtpstart = {site.rtp_start + site.rtp_start % 2}
rtpend = {site.rtp_end}
strictrtp = yes
icesupport = yes
"""
