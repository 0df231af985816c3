"""What is said: cases, contacts, messages, attachments, drafts, hand-overs and wrap-up."""
