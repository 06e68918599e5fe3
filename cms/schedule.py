"""What is done again and again, and when (in the zone of `CELERY_TIMEZONE`): sweeps, periods of deletion, upkeep."""

from typing import Any

from celery.schedules import crontab

SCHEDULE: dict[str, dict[str, Any]] = {
    "publish-scheduled-pages": {"task": "home.tasks.publish_scheduled_pages", "schedule": 60.0},
    "purge-old-revisions": {
        "task": "home.tasks.purge_old_revisions",
        "schedule": crontab(day_of_week="sunday", hour=3, minute=40),
    },
    "clear-sessions": {"task": "home.tasks.clear_sessions", "schedule": crontab(hour=3, minute=30)},
    "forget-subscribers": {"task": "newsletter.tasks.forget_subscribers", "schedule": crontab(hour=2, minute=50)},
    "end-pauses": {"task": "newsletter.tasks.end_pauses", "schedule": crontab(minute=5)},
    "sweep-mailings": {"task": "newsletter.tasks.sweep_mailings", "schedule": 30.0},
    "read-bounces": {"task": "newsletter.bounces.tasks.read_bounces", "schedule": 300.0, "options": {"expires": 290}},
    # A sweep that waited behind other work is of no use; many of them would queue everything many times.
    "sweep-extractions": {"task": "archive.tasks.sweep_extractions", "schedule": 60.0, "options": {"expires": 55}},
    "sweep-documentations": {
        "task": "archive.documentation.tasks.sweep_builds",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    # Every night what was not checked for a week.
    "verify-files": {"task": "archive.tasks.verify_files", "schedule": crontab(hour=1, minute=30)},
    "forget-accesses": {"task": "archive.tasks.forget_accesses", "schedule": crontab(hour=4, minute=30)},
    "sweep-notices": {"task": "archive.notices.tasks.sweep_notices", "schedule": 600.0},
    "sweep-account-mails": {"task": "cms.tasks.sweep_account_mails", "schedule": 120.0},
    "forget-old-requests": {"task": "cms.tasks.forget_old_requests", "schedule": crontab(hour=4, minute=10)},
    "forget-attempts": {"task": "cms.tasks.forget_attempts", "schedule": crontab(minute=25)},
    "forget-sessions": {"task": "cms.tasks.forget_ended_sessions", "schedule": crontab(hour=3, minute=35)},
    "forget-log-entries": {"task": "cms.tasks.forget_old_log_entries", "schedule": crontab(hour=4, minute=40)},
    "call-for-review": {"task": "cms.tasks.call_for_review", "schedule": crontab(day_of_month=1, hour=7, minute=0)},
    "check-external-links": {"task": "home.upkeep.tasks.check_external_links", "schedule": crontab(hour=2, minute=20)},
    "forward-barrier-reports": {"task": "home.feedback.tasks.forward_waiting_reports", "schedule": 300.0},
    "forget-barrier-senders": {"task": "home.feedback.tasks.forget_reporters", "schedule": crontab(hour=4, minute=20)},
}
