"""Settings of Wagtail: its admin, images, documents and search."""

WAGTAIL_SITE_NAME = "IKOE"
WAGTAILADMIN_PERMITTED_LANGUAGES = [("de", "Deutsch")]
WAGTAILIMAGES_IMAGE_MODEL = "home.SiteImage"
WAGTAILIMAGES_IMAGE_FORM_BASE = "home.image_forms.SiteImageForm"
WAGTAILIMAGES_RENDITION_STORAGE = "renditions"
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp", "avif", "svg"]
WAGTAILIMAGES_FORMAT_CONVERSIONS = {"webp": "webp", "avif": "avif"}
WAGTAILDOCS_DOCUMENT_MODEL = "archive.Document"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "archive.forms.DocumentForm"
WAGTAILDOCS_EXTENSIONS = [
    "pdf", "pptx", "docx", "xlsx", "odt", "odp", "jpg", "jpeg", "png", "txt", "mp4", "webm", "vtt",
]  # fmt: skip
WAGTAILDOCS_MAX_UPLOAD_SIZE = 100 * 1024 * 1024
WAGTAILSEARCH_BACKENDS = {
    "default": {
        "BACKEND": "wagtail.search.backends.database",
        # Words are reduced to stems before they reach the index, so both databases answer alike.
        "SEARCH_CONFIG": "simple",
    }
}
# Page titles in the admin must not tell a third party who edits what.
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
# Shared passwords are kept in plain text by Wagtail.
WAGTAIL_PRIVATE_PAGE_OPTIONS = {"SHARED_PASSWORD": False}
# Every half second (the default) floods the history of a page. The editor says "Speichern …" from the first change
# until it has saved, so a longer interval would look as if it hung.
WAGTAIL_AUTOSAVE_INTERVAL = 8_000
# Of the whole list of Python some zones ("localtime") are unknown to browsers, and the form of the account fails.
WAGTAIL_USER_TIME_ZONES = ["Europe/Berlin", "Europe/London", "Europe/Kyiv", "Europe/Istanbul", "UTC"]
WAGTAIL_DATE_FORMAT = "%d.%m.%Y"
WAGTAIL_DATETIME_FORMAT = "%d.%m.%Y %H:%M"
# Passwords and second factors are allauth's business (see cms/urls.py); addresses are changed by the administration.
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
# Who has no password logs in with a code by mail.
WAGTAILUSERS_PASSWORD_REQUIRED = False
