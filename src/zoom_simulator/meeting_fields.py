"""What can be said about a meeting, and what Zoom takes for granted when it is not said."""

from dataclasses import dataclass, field

from zoom_simulator.models import JSON

DEFAULT_SETTINGS: JSON = {
    "host_video": False,
    "participant_video": False,
    "join_before_host": False,
    "jbh_time": 0,
    "mute_upon_entry": False,
    "watermark": False,
    "use_pmi": False,
    "approval_type": 2,
    "registration_type": 1,
    "audio": "both",
    "auto_recording": "none",
    "alternative_hosts": "",
    "alternative_hosts_email_notification": True,
    "close_registration": False,
    "registrants_confirmation_email": True,
    "registrants_email_notification": True,
    "email_notification": True,
    "waiting_room": False,
    "meeting_authentication": False,
    "encryption_type": "enhanced_encryption",
    "private_meeting": False,
    "allow_multiple_devices": False,
    "show_share_button": False,
    "push_change_to_calendar": False,
    "contact_name": "",
    "contact_email": "",
    "meeting_invitees": [],
}


@dataclass
class Wanted:
    """What a body asks for; only fields which were given are set."""

    fields: JSON = field(default_factory=dict)
    settings: JSON = field(default_factory=dict)
