// Made by `npm run contract` from the description of the API. Change the API, not this file.

export const BrowserError = {
  "name": {
    "required": true,
    "maxLength": 60,
    "pattern": "^\\w+$"
  },
  "message": {
    "required": true,
    "maxLength": 500
  },
  "places": {
    "required": true
  },
  "page": {
    "required": true,
    "maxLength": 200,
    "pattern": "^/[\\w/-]*$"
  }
} as const;

export const DestinationIn = {
  "queue_id": {
    "required": false
  },
  "menu_id": {
    "required": false
  },
  "priority": {
    "required": false,
    "minimum": 1,
    "maximum": 99
  }
} as const;

export const DialRequest = {
  "number": {
    "required": false,
    "minLength": 1,
    "maxLength": 40
  },
  "handle": {
    "required": false,
    "minLength": 1,
    "maxLength": 80
  },
  "name": {
    "required": false,
    "maxLength": 80
  }
} as const;

export const ExitIn = {
  "action": {
    "required": true
  },
  "target_queue_id": {
    "required": false
  },
  "message": {
    "required": false,
    "maxLength": 80
  }
} as const;

export const ExtendRequest = {
  "seen": {
    "required": true,
    "maxLength": 80
  },
  "seconds": {
    "required": false,
    "minimum": 1,
    "maximum": 600
  }
} as const;

export const HoldRequest = {
  "seen": {
    "required": true,
    "maxLength": 80
  },
  "held": {
    "required": true
  }
} as const;

export const HoursModel = {
  "name": {
    "required": true,
    "minLength": 1,
    "maxLength": 80
  },
  "time_zone": {
    "required": true,
    "maxLength": 80
  },
  "week": {
    "required": false
  },
  "holidays": {
    "required": false
  }
} as const;

export const KeysRequest = {
  "seen": {
    "required": true,
    "maxLength": 80
  },
  "digits": {
    "required": true,
    "maxLength": 32,
    "pattern": "^[0-9*#]+$"
  }
} as const;

export const LevelIn = {
  "level": {
    "required": true,
    "minimum": 0,
    "maximum": 10
  }
} as const;

export const LimitsIn = {
  "a_minute": {
    "required": false,
    "minimum": 0,
    "maximum": 60
  },
  "at_once": {
    "required": false,
    "minimum": 0,
    "maximum": 50
  }
} as const;

export const MembershipIn = {
  "penalty": {
    "required": false,
    "minimum": 0,
    "maximum": 100
  },
  "position": {
    "required": false,
    "minimum": 0,
    "maximum": 10000
  }
} as const;

export const MenuModel = {
  "name": {
    "required": true,
    "minLength": 1,
    "maxLength": 80
  },
  "prompt": {
    "required": true
  },
  "options": {
    "required": true
  },
  "repeats": {
    "required": false,
    "minimum": 1,
    "maximum": 10
  },
  "patience_seconds": {
    "required": false,
    "minimum": 1,
    "maximum": 60
  },
  "otherwise_queue_id": {
    "required": false
  }
} as const;

export const MicrophoneRequest = {
  "usable": {
    "required": true
  }
} as const;

export const MoveRequest = {
  "to": {
    "required": true,
    "minimum": 1,
    "maximum": 100000
  }
} as const;

export const MuteRequest = {
  "seen": {
    "required": true,
    "maxLength": 80
  },
  "muted": {
    "required": true
  }
} as const;

export const NewCodeIn = {
  "name": {
    "required": true,
    "minLength": 1,
    "maxLength": 80
  },
  "key": {
    "required": false
  },
  "queue_id": {
    "required": false
  }
} as const;

export const NewDestinationIn = {
  "prefix": {
    "required": true,
    "minLength": 1,
    "maxLength": 40
  },
  "allowed": {
    "required": false
  },
  "name": {
    "required": false,
    "minLength": 1,
    "maxLength": 80
  }
} as const;

export const NewNamed = {
  "name": {
    "required": true,
    "minLength": 1,
    "maxLength": 80
  }
} as const;

export const NewNumber = {
  "queue_id": {
    "required": false
  },
  "menu_id": {
    "required": false
  },
  "priority": {
    "required": false,
    "minimum": 1,
    "maximum": 99
  },
  "number": {
    "required": true,
    "maxLength": 40
  }
} as const;

export const NewQueueIn = {
  "name": {
    "required": true,
    "minLength": 1,
    "maxLength": 80
  }
} as const;

export const NewReason = {
  "name": {
    "required": true,
    "minLength": 1,
    "maxLength": 80
  }
} as const;

export const NewTrunkIn = {
  "host": {
    "required": true,
    "maxLength": 260
  },
  "match": {
    "required": false,
    "maxLength": 1000
  },
  "username": {
    "required": false,
    "maxLength": 64
  },
  "password": {
    "required": false,
    "maxLength": 128
  },
  "registers": {
    "required": false
  },
  "from_user": {
    "required": false,
    "maxLength": 64
  },
  "from_domain": {
    "required": false,
    "maxLength": 260
  },
  "proxy": {
    "required": false,
    "maxLength": 260
  },
  "transport": {
    "required": false
  },
  "number_format": {
    "required": false
  },
  "caller_format": {
    "required": false
  },
  "shown": {
    "required": false,
    "maxLength": 40
  },
  "trusted": {
    "required": false
  },
  "position": {
    "required": false
  },
  "prefixes": {
    "required": false
  },
  "codecs": {
    "required": false,
    "maxLength": 80
  },
  "dtmf": {
    "required": false
  },
  "setup_seconds": {
    "required": false
  },
  "ring_seconds": {
    "required": false
  },
  "max_channels": {
    "required": false
  },
  "limits_inbound": {
    "required": false
  },
  "allowed": {
    "required": false
  },
  "anonymous": {
    "required": false
  },
  "srtp": {
    "required": false
  },
  "login_password": {
    "required": false,
    "maxLength": 128
  },
  "name": {
    "required": true,
    "maxLength": 40
  }
} as const;

export const NewUserIn = {
  "name": {
    "required": true,
    "minLength": 1,
    "maxLength": 80
  },
  "role": {
    "required": false
  },
  "kind": {
    "required": false
  },
  "agent_id": {
    "required": false,
    "maxLength": 16,
    "pattern": "^[0-9]{1,16}$"
  },
  "password": {
    "required": false,
    "minLength": 10,
    "maxLength": 128
  },
  "extension": {
    "required": false,
    "maxLength": 16,
    "pattern": "^[0-9]{2,10}$"
  },
  "sip_secret": {
    "required": false,
    "minLength": 12,
    "maxLength": 128
  }
} as const;

export const PartRequest = {
  "code": {
    "required": true,
    "maxLength": 80
  }
} as const;

export const PasswordChange = {
  "current": {
    "required": true,
    "maxLength": 128
  },
  "new": {
    "required": true,
    "maxLength": 128
  }
} as const;

export const PasswordIn = {
  "password": {
    "required": false,
    "minLength": 10,
    "maxLength": 128
  }
} as const;

export const PauseRequest = {
  "reason": {
    "required": false,
    "maxLength": 80
  }
} as const;

export const PhoneIn = {
  "number": {
    "required": false,
    "maxLength": 16,
    "pattern": "^[0-9]{2,10}$"
  },
  "kind": {
    "required": false
  },
  "sip_secret": {
    "required": false,
    "minLength": 12,
    "maxLength": 128
  }
} as const;

export const QualityRequest = {
  "jitter_ms": {
    "required": true,
    "minimum": 0,
    "maximum": 86400000
  },
  "loss": {
    "required": true,
    "minimum": 0,
    "maximum": 1
  },
  "round_trip_ms": {
    "required": false,
    "minimum": 0,
    "maximum": 86400000
  },
  "samples": {
    "required": true,
    "minimum": 1,
    "maximum": 100000
  }
} as const;

export const QueueChanges = {
  "strategy": {
    "required": false
  },
  "weight": {
    "required": false,
    "minimum": 0,
    "maximum": 100
  },
  "ring_seconds": {
    "required": false,
    "minimum": 5,
    "maximum": 120
  },
  "wrap_up_seconds": {
    "required": false,
    "minimum": 0,
    "maximum": 3600
  },
  "wrap_up_code_required": {
    "required": false
  },
  "recorded": {
    "required": false
  },
  "music": {
    "required": false,
    "maxLength": 40
  },
  "no_answer_limit": {
    "required": false,
    "minimum": 1,
    "maximum": 100
  },
  "max_wait_seconds": {
    "required": false,
    "minimum": 5,
    "maximum": 86400
  },
  "max_waiting": {
    "required": false,
    "minimum": 0,
    "maximum": 10000
  },
  "aging_seconds": {
    "required": false,
    "minimum": 1,
    "maximum": 3600
  },
  "skill_widening_seconds": {
    "required": false,
    "minimum": 1,
    "maximum": 3600
  },
  "service_level_seconds": {
    "required": false,
    "minimum": 1,
    "maximum": 3600
  },
  "service_level_formula": {
    "required": false
  },
  "short_abandon_seconds": {
    "required": false,
    "minimum": 0,
    "maximum": 60
  },
  "announce_seconds": {
    "required": false,
    "minimum": 15,
    "maximum": 3600
  },
  "announce_position": {
    "required": false
  },
  "announce_wait": {
    "required": false
  },
  "callback_key": {
    "required": false
  },
  "callback_attempts": {
    "required": false,
    "minimum": 1,
    "maximum": 10
  },
  "callback_busy_seconds": {
    "required": false,
    "minimum": 10,
    "maximum": 86400
  },
  "callback_no_answer_seconds": {
    "required": false,
    "minimum": 10,
    "maximum": 86400
  },
  "shown_number": {
    "required": false,
    "maxLength": 40
  },
  "schedule_id": {
    "required": false
  },
  "name": {
    "required": false,
    "minLength": 1,
    "maxLength": 80
  }
} as const;

export const ReachRequest = {
  "seen": {
    "required": true,
    "maxLength": 80
  },
  "purpose": {
    "required": true
  },
  "user_id": {
    "required": false
  },
  "number": {
    "required": false,
    "maxLength": 40
  }
} as const;

export const RecordingRequest = {
  "seen": {
    "required": true,
    "maxLength": 80
  },
  "paused": {
    "required": true
  }
} as const;

export const Request = {
  "seen": {
    "required": true,
    "maxLength": 80
  }
} as const;

export const StateRequest = {
  "state": {
    "required": true
  },
  "reason": {
    "required": false,
    "maxLength": 80
  }
} as const;

export const TrunkChanges = {
  "host": {
    "required": false,
    "maxLength": 260
  },
  "match": {
    "required": false,
    "maxLength": 1000
  },
  "username": {
    "required": false,
    "maxLength": 64
  },
  "password": {
    "required": false,
    "maxLength": 128
  },
  "registers": {
    "required": false
  },
  "from_user": {
    "required": false,
    "maxLength": 64
  },
  "from_domain": {
    "required": false,
    "maxLength": 260
  },
  "proxy": {
    "required": false,
    "maxLength": 260
  },
  "transport": {
    "required": false
  },
  "number_format": {
    "required": false
  },
  "caller_format": {
    "required": false
  },
  "shown": {
    "required": false,
    "maxLength": 40
  },
  "trusted": {
    "required": false
  },
  "position": {
    "required": false
  },
  "prefixes": {
    "required": false
  },
  "codecs": {
    "required": false,
    "maxLength": 80
  },
  "dtmf": {
    "required": false
  },
  "setup_seconds": {
    "required": false
  },
  "ring_seconds": {
    "required": false
  },
  "max_channels": {
    "required": false
  },
  "limits_inbound": {
    "required": false
  },
  "allowed": {
    "required": false
  },
  "anonymous": {
    "required": false
  },
  "srtp": {
    "required": false
  },
  "login_password": {
    "required": false,
    "maxLength": 128
  }
} as const;

export const UserChanges = {
  "name": {
    "required": false,
    "minLength": 1,
    "maxLength": 80
  },
  "agent_id": {
    "required": false,
    "maxLength": 16,
    "pattern": "^[0-9]{1,16}$"
  },
  "role": {
    "required": false
  },
  "shown_number": {
    "required": false,
    "maxLength": 40
  }
} as const;

export const WrapUpRequest = {
  "seen": {
    "required": true,
    "maxLength": 80
  },
  "code": {
    "required": false,
    "maxLength": 80
  }
} as const;
