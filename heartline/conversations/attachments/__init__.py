"""Files in conversations: judged by their bytes, cleaned, stored under names of ours, served so that they can do no harm."""

from heartline.conversations.attachments.store import Examined, examine, keep, store_upload

__all__ = ["Examined", "examine", "keep", "store_upload"]
