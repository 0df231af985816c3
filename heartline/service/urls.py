"""Addresses of the desk, under /desk/."""

from django.urls import path

from heartline.service.pages import case_work, cases, contacts, desk

app_name = "desk"
urlpatterns = [
    path("", desk.desk, name="page"),
    path("case/<int:case_id>/", desk.desk, name="case_page"),
    path("api/snapshot", desk.snapshot, name="snapshot"),
    path("api/cases/<int:case_id>", desk.case, name="case"),
    path("api/cases/<int:case_id>/story", desk.story, name="story"),
    path("api/cases/<int:case_id>/online", cases.online, name="online"),
    path("api/cases/<int:case_id>/edit", cases.edit, name="edit_case"),
    path("api/cases/<int:case_id>/tried", cases.tried, name="tried"),
    path("api/cases/<int:case_id>/draft", cases.draft, name="draft"),
    path("api/cases/<int:case_id>/drafts", cases.drafts, name="drafts"),
    path("api/cases/<int:case_id>/messages-before/<int:before>", cases.earlier, name="earlier"),
    path("api/cases/<int:case_id>/tags", case_work.tags, name="tags"),
    path("api/cases/<int:case_id>/snooze", case_work.snooze, name="snooze"),
    path("api/cases/<int:case_id>/take-up", case_work.take_up, name="take_up"),
    path("api/tags", case_work.tag_names, name="tag_names"),
    path("api/snooze-times", case_work.times, name="snooze_times"),
    path("api/follow-ups/<int:follow_up_id>/finish", cases.finish, name="finish_follow_up"),
    path("api/presence", contacts.presence, name="presence"),
    path("api/offers/<int:offer_id>/accept", contacts.accept, name="accept"),
    path("api/offers/<int:offer_id>/decline", contacts.decline, name="decline"),
    path("api/contacts/<int:contact_id>/take", contacts.take, name="take"),
    path("api/contacts/<int:contact_id>/messages", contacts.messages, name="messages"),
    path("api/contacts/<int:contact_id>/seen", contacts.seen, name="seen"),
    path("api/contacts/<int:contact_id>/typing", contacts.typing, name="typing"),
    path("api/contacts/<int:contact_id>/files", contacts.files, name="upload"),
    path("api/contacts/<int:contact_id>/transfer", contacts.transfer, name="transfer"),
    path("api/contacts/<int:contact_id>/give-back", contacts.give_back, name="give_back"),
    path("api/contacts/<int:contact_id>/end", contacts.end, name="end"),
    path("api/contacts/<int:contact_id>/wrap-up", contacts.wrap_up, name="wrap_up"),
    path("api/contacts/<int:contact_id>/experts", contacts.experts, name="experts"),
    path("api/contacts/<int:contact_id>/join", contacts.join, name="join"),
    path("api/contacts/<int:contact_id>/leave", contacts.leave, name="leave"),
]
