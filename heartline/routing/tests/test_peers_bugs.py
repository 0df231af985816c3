"""Bugs that other queues have had, each as a test of ours (threads in the names are those of the peers' trackers)."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

from heartline.conversations.actions.contacts import abandon_contact, end_contact
from heartline.conversations.models import Assignment, Contact
from heartline.ledger.models import Entry
from heartline.people.models import Presence
from heartline.routing import dispatcher, lease
from heartline.routing.actions import accept_offer
from heartline.routing.models import DispatcherLease, Offer
from heartline.routing.rules import Server, Work, decide, in_order
from heartline.routing.tests.helpers import TEST, at_once, by, dispatch, free, later, pending, sweep
from tests.cast import NOON, Cast, waiting_contact

CHAT = Work(id=1, queue_id=1, channel="webchat", asked_at=NOON)
AGENT = Server(id=1, name="A", available=True, queues=frozenset({1, 2}), limits={"webchat": 3})


def test_no_double_claim_asterisk_176(open_cast: Cast) -> None:
    """Two servers gave one call to two members. Here two dispatchers tick at once, and both agents accept."""
    contact = waiting_contact(open_cast)
    free(open_cast.grace, open_cast.lina, now=NOON)

    def tick() -> int:
        return dispatcher.Candidate().tick(NOON)

    results = at_once([tick, tick, tick])
    assert sorted(results) in ([0, 0, 1], [0, 0, 0]), results
    if not Offer.objects.exists():
        DispatcherLease.objects.all().delete()
        assert tick() == 1
    assert Offer.objects.filter(contact=contact).count() == 1


def test_no_double_count_asterisk_1736(cast: Cast) -> None:
    """A call answered and then ended was counted twice. Each change tells the ledger once, however often it is tried."""
    contact = waiting_contact(cast)
    free(cast.grace, now=NOON)
    dispatch(NOON)
    made = pending(contact)
    assert made
    accept_offer(made.id, cast.grace, by=by(cast.grace), now=NOON)
    contact.refresh_from_db()
    end_contact(contact, ended_by="person", by=TEST, now=later(NOON, minutes=5))
    for _ in range(3):
        sweep(later(NOON, minutes=9))
        dispatch(later(NOON, minutes=9))
    counted = Counter(Entry.objects.filter(contact_id=contact.id).values_list("kind", flat=True))
    assert counted["routing.offer_made"] == counted["routing.offer_ended"] == 1
    assert counted["conversations.contact_answered"] == counted["conversations.contact_ended"] == 1


def test_no_blocking_by_ineligible_work_asterisk_1561(cast: Cast) -> None:
    """Calls of a heavier queue that nobody there could take held back calls of a lighter one."""
    for number in range(5):
        stuck = waiting_contact(cast, now=NOON - timedelta(hours=number + 1))
        stuck.needs = {"language": "zh-hans", "skills": {"installation": 5}}
        stuck.customer.tier = "top"
        stuck.customer.save()
        stuck.save()
    plain = waiting_contact(cast)
    free(cast.lina, now=NOON)
    assert dispatch(NOON) == 1
    assert pending(plain)


def test_no_stuck_reserved_freeswitch_2540(cast: Cast) -> None:
    """Agents stayed "reserved" after their process died. An offer is a lease in the database and ends by itself."""
    contact = waiting_contact(cast)
    free(cast.grace, now=NOON)
    dispatch(NOON)
    # everything that knew of the offer is gone: process, memory, browser; another dispatcher starts
    assert dispatch(later(NOON, seconds=25)) == 0
    free(cast.grace, cast.lina, now=later(NOON, seconds=26))
    assert dispatch(later(NOON, seconds=26)) == 1
    assert pending(contact)
    assert Offer.objects.filter(state="pending").count() == 1


def test_a_dead_dispatcher_is_noticed_and_replaced_freeswitch_1641(cast: Cast) -> None:
    """The dispatching thread died and calls waited for ever. The lease runs out and the next candidate goes on."""
    contact = waiting_contact(cast)
    free(cast.grace, now=NOON)
    dead = dispatcher.Candidate()
    assert dead.leads()
    DispatcherLease.objects.update(expires_at=lease.database_now())  # a while later, nobody renewed
    assert dispatcher.Candidate().tick(NOON) == 1
    assert pending(contact)


def test_an_offer_is_withdrawn_when_the_customer_leaves_freeswitch_2529(cast: Cast) -> None:
    """Agents' phones went on ringing for callers who had hung up."""
    contact = waiting_contact(cast)
    free(cast.grace, now=NOON)
    dispatch(NOON)
    abandon_contact(contact, "left", by=TEST, now=later(NOON, seconds=4))
    dispatch(later(NOON, seconds=4))
    made = Offer.objects.get(contact=contact)
    assert (made.state, made.end_reason) == ("withdrawn", "customer_left")
    assert Presence.objects.get(person=cast.grace).state == "available"  # it was not their fault


def test_load_is_even_chatwoot_11034() -> None:
    """One agent got everything. Forty contacts on four equal agents, as in life: ten each."""
    people = {number: replace(AGENT, id=number, limits={"webchat": 99}) for number in range(1, 5)}
    got: Counter[int] = Counter()
    for number in range(40):
        now = NOON + timedelta(seconds=number)
        (match,) = decide([replace(CHAT, id=number)], people.values(), now)
        person = people[match.person_id]
        held = {"webchat": got[person.id] + 1}
        people[person.id] = replace(person, last_offered_at=now, held=held)
        got[person.id] += 1
    assert set(got.values()) == {10}


def test_nothing_old_is_forgotten_chatwoot_age_filter(cast: Cast) -> None:
    """Conversations older than some hours were left out of assignment for good."""
    old = waiting_contact(cast, now=NOON - timedelta(days=90))
    new = waiting_contact(cast)
    free(cast.grace, now=NOON)
    dispatch(NOON)
    assert pending(old)
    assert pending(new) is None


def test_a_transfer_does_not_lose_the_earned_wait_genesys() -> None:
    """A transferred call started again at the end of the line, whatever it had waited."""
    handed_over = replace(CHAT, id=2, queue_id=2, asked_at=NOON - timedelta(minutes=9), handed_over=True)
    newcomer = replace(CHAT, id=1, queue_id=2, asked_at=NOON - timedelta(minutes=2), tier="top")
    assert [work.id for work in in_order([newcomer, handed_over], NOON)] == [2, 1]


def test_three_free_agents_serve_three_waiting_at_once_asterisk_autofill(cast: Cast) -> None:
    """Without `autofill` only the head of the line was served, however many agents were free."""
    for _ in range(3):
        waiting_contact(cast)
    free(cast.grace, cast.lina, cast.supervisor, now=NOON)
    assert dispatch(NOON) == 3
    assert Contact.objects.filter(state="waiting").count() == 3
    assert not Assignment.objects.exists()
