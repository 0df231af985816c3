"""Whatever a page can do, a program can do, or docs/api.md says why not: the inventory that keeps this sentence true."""

from __future__ import annotations

from pathlib import Path

from heartline.api.urls import house
from heartline.people.doors import CLOSED, PUBLIC, SIGNED_IN, VISITOR
from heartline.people.permissions import ROLES_WITH, ROUTES

ROLES = frozenset().union(*ROLES_WITH.values())

# For each room the routes of its pages, each with the operation that does the same for programs.
COUNTERPARTS = {
    "account": "page=change_account",
    "setup": """
        brands=list_set_up_brands brand=change_brand brand_add=add_brand brand_remove=remove_brand hours=set_hours
        holidays=add_holidays holidays_file=upload_holidays holiday_remove=remove_holiday sites=list_set_up_sites site=change_site site_add=add_site
        site_remove=remove_site skills=list_set_up_skills skill=change_skill skill_add=add_skill skill_remove=remove_skill
        queues=list_set_up_queues queue=change_queue queue_add=add_queue queue_remove=remove_queue
        teams=list_set_up_teams team=change_team team_add=add_team team_remove=remove_team people=list_people
        person=change_abilities audit=list_audit audit_csv=list_audit""",
    "plan": """
        plan=read_plan edit=save_plan_draft autosave=save_plan_draft act=publish_plan version=read_plan_version
        roll_back=roll_back_plan download=download_plan upload=upload_plan_draft preview=try_plan
        holidays=add_plan_holidays""",
    "case_types": """
        list=list_case_types add=add_case_type type=change_case_type move=move_case_type remove=remove_case_type
        field_add=add_case_field field=change_case_field field_move=move_case_field field_remove=remove_case_field""",
    "reasons": """
        list=list_reasons add=add_reason usual=plant_usual_reasons reason=change_reason move=move_reason
        remove=remove_reason""",
    "customer_setup": """
        attributes=list_attributes attribute_add=add_attribute attribute=change_attribute
        attribute_remove=remove_attribute tiers=list_tier_rules tier_add=add_tier_rule tier_rule=change_tier_rule
        tier_move=move_tier_rule tier_remove=remove_tier_rule retention=change_retention""",
    "writing": "settings=change_writing",
    "webhooks": """
        list=list_webhooks add=create_webhook webhook=read_webhook change=change_webhook secret=renew_webhook_secret
        switch=change_webhook test=test_webhook remove=remove_webhook send_again=resend_delivery""",
    "desk": """
        page=list_contacts case_page=read_case snapshot=list_contacts case=list_messages story=read_story
        timeline=list_timeline inbox_views=add_inbox_view inbox_view=change_inbox_view inbox_view_remove=remove_inbox_view
        live_tags=list_tag_names notices=change_notices next_item=read_next said=list_messages online=list_online
        edit_case=change_case tried=add_tried tags=change_tags case_fields=change_case_fields tag_names=list_tag_names
        snooze=snooze_case take_up=take_up_case neighbours=list_cases merge=merge_case move=move_contacts link=link_case
        undo=undo_deed macros=list_macros macro_add=add_macro macro=change_macro macro_remove=remove_macro
        macro_choices=list_macros macro_on_case=run_macro case_list=list_cases bulk=change_cases tasks=open_task
        watch=watch_case task=act_on_task task_page=list_tasks task_act=act_on_task draft=keep_draft drafts=list_drafts
        finish_follow_up=finish_follow_up presence=set_presence accept=accept_offer decline=decline_offer
        take=take_contact messages=add_note send=add_reply take_back=take_back_planned_reply
        change_plan=change_planned_reply send_now=send_planned_reply share_draft=share_draft
        go_on_with_draft=go_on_with_draft mentionable=list_mentionable_people mentions_read=read_mentions
        seen=see_messages upload=upload_file transfer=transfer_contact give_back=give_back_contact end=end_contact
        wrap_up=wrap_up_contact experts=ask_question join=join_contact leave=leave_contact call=add_try""",
    "experts": "list=list_asked_of_me own=change_own_expertise question=read_asked_of_me act=answer_question steer=withdraw_question",
    "experts_setup": """
        overview=list_all_experts time_add=set_answer_time time=set_answer_time time_remove=remove_time_of_skill
        person_add=change_expertise person=change_expertise person_remove=change_expertise""",
    "quick_replies": """
        list=list_quick_replies add=add_quick_reply quick_reply=change_quick_reply remove=remove_quick_reply
        for_contact=list_filled_quick_replies used=use_quick_reply""",
    "customers": """
        list=list_customer_rows add=add_customer export=export_customers keep_view=keep_customer_view
        drop_view=remove_customer_view organisations=list_organisations organisation_add=add_organisation
        organisation=list_organisations organisation_edit=change_organisation duplicates=list_duplicates
        dismiss=dismiss_duplicate unmerge=undo_merge imports=upload_import import=map_import import_stop=stop_import
        import_go_on=start_import import_progress=read_import import_problems=list_import_problems
        customer=read_customer edit=change_customer reveal=list_addresses notes=add_customer_note
        drop_note=remove_customer_note drop_address=remove_address consent=change_consent find_other=search
        merge=merge_customers export_one=read_customer_data erase=erase_customer""",
    "articles": """
        list=list_articles add=add_article article=read_article edit=change_article publish=publish_article
        withdraw=withdraw_article from_answer=make_article_of_answer for_contact=list_articles_for_reply
        used=use_article""",
    "search": "page=search quick=search",
    "files": "file=download_file",
    "floor": """
        page=read_floor wall=read_floor wall_state=read_floor state=read_floor choices=list_candidates
        announcements=announce withdraw=withdraw_announcement whisper=whisper_to_contact take_over=take_over_contact
        notices=list_unread_announcements read_announcement=read_announcement read_whisper=read_whisper
        give=assign_contact take_back=take_back_offer presence=set_presence_of controls=list_controls
        contact=read_standing decide=pin_contact undo=undo_control resume=resume_queue take_down=end_emergency
        person=list_why_not own=list_why_not_me""",
    "alerts": """
        list=list_ended_alerts open=list_alerts acknowledge=acknowledge_alert rules=list_alert_rules
        rule_add=add_alert_rule rule=change_alert_rule rule_remove=remove_alert_rule""",
    "insight": """
        overview=list_figures rows=list_figure_contacts csv=export_figure_contacts past=list_past_figures
        past_csv=export_past_figures past_rows=list_past_rows past_rows_csv=export_past_rows
        mine=list_own_figures mine_rows=list_own_rows mine_csv=export_own_figures mine_rows_csv=export_own_rows
        definitions=list_metrics
        definition=list_metrics""",
    "quality": """
        work=list_reviews_to_score review=read_review score=read_review submit=submit_own_review share=share_review_of
        reopen=reopen_own_review remark=answer_about_review draft=read_review answer=keep_answer
        comment=keep_review_comment hand_on=hand_review_on mine=list_own_reviews shared=read_own_review
        say=say_about_own_review cards=list_scorecards card_add=add_scorecard card=change_scorecard
        card_use=change_scorecard version_begin=begin_card_version version=write_card_version samples=list_samples
        draw=draw_sample sample=list_sample_contacts agreement=list_agreement calibrations=list_calibrations
        calibration_add=open_calibration calibration=read_calibration calibration_move=compare_calibration
        calibration_agree=agree_on_answer team=list_quality_trends person=list_quality_trends
        coaching_write=write_coaching coaching=read_coaching coaching_agree=agree_to_coaching
        coaching_close=close_coaching""",
    "promises": "list=list_follow_ups finish=finish_follow_up take=take_follow_up",
}
# What stays on pages, each group with its reason as docs/api.md gives it.
PAGE_ONLY = {
    "Who somebody is, is proved to a page": """
        account_change_password account_set_password account_reauthenticate mfa_index mfa_reauthenticate
        mfa_activate_totp mfa_deactivate_totp mfa_view_recovery_codes mfa_generate_recovery_codes
        mfa_download_recovery_codes mfa_list_webauthn mfa_add_webauthn mfa_edit_webauthn mfa_remove_webauthn
        mfa_reauthenticate_webauthn socialaccount_connections account:end_session account:end_all_sessions""",
    "A key never makes or ends a key": "keys:list keys:revoke",
    "worth more than the rights it has": """
        setup:person_add setup:person_invite setup:person_sessions setup:person_may_sign_in""",
    "done once, by hand": "sample:remove",
    "a hand at a keyboard": "desk:typing",
    "no data of their own": "setup:overview desk:snooze_times quality:home plan:trial",
}
# What fewer roles may read by program than on a page: analysts, who get there what /customer-rows tells them too.
FEWER = {"read_customer"}


def counterparts() -> dict[str, str]:
    """Return the operation for each route of a page."""
    pairs = [(room, *pair.split("=")) for room, text in COUNTERPARTS.items() for pair in text.split()]
    return {f"{room}:{page}": operation for room, page, operation in pairs}


def roles_with(right: str) -> frozenset[str]:
    return ROLES if right == SIGNED_IN else ROLES_WITH[right]


def test_whatever_a_page_can_do_a_program_can_do_or_a_reason_is_given() -> None:
    ours = {name for name, right in ROUTES.items() if right not in (PUBLIC, VISITOR, CLOSED)}
    pages = {name for name in ours if not name.startswith("api:")}
    alone = {name for names in PAGE_ONLY.values() for name in names.split()}
    assert pages - counterparts().keys() - alone == set(), (
        "give these an operation, or a reason here and in docs/api.md"
    )
    assert (counterparts().keys() | alone) - pages == set(), "there are no such pages"
    assert counterparts().keys() & alone == set()


def test_a_counterpart_is_there_for_everybody_who_may_use_the_page() -> None:
    operations = {one["operationId"] for path in house.get_openapi_schema()["paths"].values() for one in path.values()}
    assert set(counterparts().values()) - operations == set()
    narrower = {
        operation
        for page, operation in counterparts().items()
        if not roles_with(ROUTES[page]) <= roles_with(ROUTES[f"api:{operation}"])
    }
    assert narrower == FEWER


def test_every_reason_is_in_the_guide() -> None:
    guide = " ".join((Path(__file__).parents[3] / "docs" / "api.md").read_text("utf-8").split())
    assert [reason for reason in PAGE_ONLY if reason not in guide] == []
