"""What each relay sends when it tells of a mail, in the shape that its documentation shows.

`told` makes the request for one of the things that a relay tells (`KINDS`).
"""

import base64
import hashlib
import hmac
import json

NAME, PASSWORD = "relay", "a-long-random-password"
SECRET = f"{NAME}:{PASSWORD}"
MAILGUN_KEY = "mailgun-signing-key"
SAID = "550 5.1.1 <grace@example.com> no such user here"
KINDS = ("delivered", "deferred", "opened", "returned", "blocked", "complained", "unsubscribed")


def brevo(kind, carried):
    event = {
        "delivered": "delivered", "deferred": "deferred", "opened": "unique_opened",
        "returned": "hard_bounce", "complained": "spam", "unsubscribed": "unsubscribe",
        "blocked": "blocked",
    }[kind]  # fmt: skip
    return {
        "event": event,
        "email": "grace@example.com",
        "id": 26224,
        "date": "2027-03-01 09:00:00",
        "ts": 1803891600,
        "message-id": "<202703010800.1234567@smtp-relay.mailin.fr>",
        "ts_event": 1803891600,
        "subject": "Your booking",
        "X-Mailin-custom": carried["X-Mailin-custom"],
        "sending_ip": "185.41.28.109",
        "ts_epoch": 1803891600000,
        "tag": "",
        **({"reason": SAID} if kind in ("returned", "blocked", "deferred") else {}),
    }


def mailgun(kind, carried):
    event = {"returned": "failed", "deferred": "failed", "blocked": "rejected"}.get(kind, kind)
    stamp, token = "1803891600", "06c96bafc3f42a66b9edd546347a2fe18dc23461fe80dc52f0"
    signature = hmac.new(MAILGUN_KEY.encode(), f"{stamp}{token}".encode(), hashlib.sha256)
    failure = {
        "severity": "permanent" if kind == "returned" else "temporary",
        "reason": "bounce",
        "delivery-status": {"code": 550, "message": SAID, "description": "", "attempt-no": 1},
    }
    return {
        "signature": {"timestamp": stamp, "token": token, "signature": signature.hexdigest()},
        "event-data": {
            "event": event,
            "id": "G9Bn5sl1TC6nu79C8C0bwg",
            "timestamp": 1803891600.52,
            "recipient": "grace@example.com",
            "message": {"headers": {"message-id": "abc@book.example.org", "to": "grace@…"}},
            "user-variables": json.loads(carried["X-Mailgun-Variables"]),
            "flags": {"is-test-mode": False},
            "tags": [],
            **(failure if event == "failed" else {}),
            **({"reject": {"reason": SAID}} if event == "rejected" else {}),
        },
    }


def mailjet(kind, carried):
    event = {
        "delivered": "sent", "deferred": "bounce", "opened": "open", "returned": "bounce",
        "complained": "spam", "unsubscribed": "unsub", "blocked": "blocked",
    }[kind]  # fmt: skip
    bounce = {
        "returned": {
            "blocked": False, "hard_bounce": True, "error_related_to": "recipient",
            "error": "user unknown", "smtp_reply": SAID,
        },
        "blocked": {"error_related_to": "mailjet", "error": "preblocked", "smtp_reply": SAID},
        "deferred": {"hard_bounce": False, "error_related_to": "domain", "error": "greylisted"},
    }  # fmt: skip
    return [
        {
            "event": event,
            "time": 1803891600,
            "MessageID": 13792286917004336,
            "Message_GUID": "1ab23cd4-e567-8901-2345-6789f0gh1i2j",
            "email": "grace@example.com",
            "mj_campaign_id": 0,
            "mj_contact_id": 2,
            "customcampaign": "",
            "CustomID": "",
            "Payload": carried["X-MJ-EventPayload"],
            **bounce.get(kind, {}),
        }
    ]


def postmark(kind, carried):
    common = {
        "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
        "ServerID": 23,
        "MessageStream": "outbound",
        "Metadata": {"visavis": carried["X-PM-Metadata-visavis"]},
        "Tag": "",
    }
    bounce = {
        "ID": 692560173, "Email": "grace@example.com", "From": "bookings@example.org",
        "BouncedAt": "2027-03-01T09:00:00Z", "Inactive": True, "Subject": "Your booking",
    }  # fmt: skip
    own = {
        "delivered": {"RecordType": "Delivery", "Recipient": "grace@example.com",
                      "DeliveredAt": "2027-03-01T09:00:00Z", "Details": "250 ok"},
        "opened": {"RecordType": "Open", "Recipient": "grace@example.com", "FirstOpen": True},
        "deferred": {"RecordType": "Bounce", "Type": "Transient", "TypeCode": 2,
                     "Details": "451 later", **bounce},
        "returned": {"RecordType": "Bounce", "Type": "HardBounce", "TypeCode": 1,
                     "Description": "The server was unable to deliver your message.",
                     "Details": SAID, **bounce},
        "blocked": {"RecordType": "Bounce", "Type": "Blocked", "TypeCode": 100006,
                    "Details": SAID, **bounce},
        "complained": {"RecordType": "SpamComplaint", "Type": "SpamComplaint",
                       "TypeCode": 100001, "Details": "", **bounce},
        "unsubscribed": {"RecordType": "SubscriptionChange", "Recipient": "grace@example.com",
                         "Origin": "Recipient", "SuppressSending": True,
                         "SuppressionReason": "ManualSuppression",
                         "ChangedAt": "2027-03-01T09:00:00Z"},
    }[kind]  # fmt: skip
    return common | own


def sendgrid(kind, carried):
    event = {
        "delivered": "delivered", "deferred": "deferred", "opened": "open", "returned": "bounce",
        "complained": "spamreport", "unsubscribed": "unsubscribe", "blocked": "dropped",
    }[kind]  # fmt: skip
    own = {
        "returned": {"reason": SAID, "status": "5.1.1", "type": "bounce", "tls": 1},
        "blocked": {"reason": "Bounced Address", "status": "5.0.0"},
        "deferred": {"response": "451 later", "attempt": "1"},
        "delivered": {"response": "250 ok"},
    }
    return [
        {
            "email": "grace@example.com",
            "timestamp": 1803891600,
            "smtp-id": "<14c5d75ce93.dfd.64b469@ismtpd-555>",
            "event": event,
            "sg_event_id": "ZGVsaXZlcmVkLTAtMTUzNjI",
            "sg_message_id": "14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0",
            # What was given as unique arguments stands among the rest.
            **json.loads(carried["X-SMTPAPI"])["unique_args"],
            **own.get(kind, {}),
        }
    ]


BODIES = {
    "brevo": brevo,
    "mailgun": mailgun,
    "mailjet": mailjet,
    "postmark": postmark,
    "sendgrid": sendgrid,
}


def post(client, body, *, secret=SECRET, **headers):
    """Send the relay's request; a body that is no text is turned into JSON."""
    raw = body if isinstance(body, str | bytes) else json.dumps(body)
    if secret:
        headers["authorization"] = f"Basic {base64.b64encode(secret.encode()).decode()}"
    return client.post("/inbound/mail/", raw, content_type="application/json", headers=headers)
