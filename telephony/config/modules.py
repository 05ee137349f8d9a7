"""The modules we load, by name. Loading all of them is slow, noisy and opens ports that nobody asked for."""

from telephony.config.site import AsteriskSite
from telephony.errors import ProgramUnsuitable

_SORCERY = ("res_sorcery_config", "res_sorcery_astdb", "res_sorcery_memory", "res_sorcery_memory_cache")
_HTTP = ("res_http_websocket", "res_websocket_client", "res_crypto")
_SIP = (
    # Writes down who fails to prove who he is.
    "res_security_log",
    "res_pjproject",
    "res_pjsip",
    "res_pjsip_session",
    "res_pjsip_acl",
    "res_pjsip_authenticator_digest",
    "res_pjsip_caller_id",
    "res_pjsip_dlg_options",
    "res_pjsip_empty_info",
    "res_pjsip_dtmf_info",
    "res_pjsip_endpoint_identifier_ip",
    "res_pjsip_endpoint_identifier_user",
    "res_pjsip_header_funcs",
    "res_pjsip_logger",
    "res_pjsip_nat",
    "res_pjsip_outbound_authenticator_digest",
    "res_pjsip_outbound_registration",
    "res_pjsip_path",
    # Only it answers a phone's own transfer button: with a refusal, as no endpoint allows transfers. Without it the
    # phone would wait 32 s, and some phones then drop the call.
    "res_pjsip_refer",
    "res_pjsip_pubsub",
    "res_pjsip_registrar",
    "res_pjsip_rfc3326",
    "res_pjsip_sdp_rtp",
    "res_pjsip_transport_websocket",
    "chan_pjsip",
)
_MEDIA = (
    "res_timing_timerfd",
    "res_rtp_asterisk",
    "res_srtp",
    "res_musiconhold",
    "codec_ulaw",
    "codec_alaw",
    "codec_a_mu",
    "codec_g722",
    "codec_resample",
    "format_pcm",
    "format_sln",
    "format_wav",
    "bridge_simple",
    "bridge_softmix",
    "bridge_native_rtp",
    "bridge_builtin_features",
    "bridge_holding",
    # The channels that record a bridge and play to it.
    "chan_bridge_media",
)
_ARI = (
    "res_stasis",
    "res_stasis_answer",
    "res_stasis_playback",
    "res_stasis_recording",
    "res_stasis_snoop",
    "res_ari",
    "res_ari_model",
    "res_ari_applications",
    "res_ari_asterisk",
    "res_ari_bridges",
    "res_ari_channels",
    "res_ari_endpoints",
    "res_ari_events",
    "res_ari_playbacks",
    "res_ari_recordings",
    "res_ari_sounds",
)
_DIALPLAN = (
    "pbx_config",
    "app_stasis",
    "app_playback",
    "app_echo",
    # By which a phone is rung for another node.
    "app_dial",
    "app_stack",
    "func_callerid",
    "func_channel",
    "func_logic",
    "func_strings",
    "func_timeout",
)

REQUIRED = _SORCERY + _HTTP + _SIP + _MEDIA + _ARI + _DIALPLAN
OPTIONAL = ("codec_opus_open_source", "codec_opus", "res_format_attr_opus", "app_amd", "app_chanspy")
"""Loaded where they exist. Opus has two names: the distributions' own and the one from source."""


def modules_conf(site: AsteriskSite) -> str:
    """modules.conf. Raises ProgramUnsuitable when this Asterisk was built without a module that we need."""
    present = {path.stem for path in site.program.module_dir.glob("*.so")}
    missing = [name for name in REQUIRED if name not in present]
    if missing:
        raise ProgramUnsuitable(f"This Asterisk lacks {', '.join(missing)} in {site.program.module_dir}")
    names = [*REQUIRED, *(name for name in OPTIONAL if name in present)]
    loads = "\n".join(f"load = {name}.so" for name in names)
    return f"[modules]\nautoload = no\n{loads}\n#tryinclude everline-extra/modules.conf\n"
