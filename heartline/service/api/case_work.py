"""Working on a case as a whole, for programs: tags, snoozes, merging and moving, tasks, following."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from ninja import Query, Router
from pydantic import BaseModel, Field

from heartline.common.paging import page_of
from heartline.common.schemas import Done, Id, Moment, Page, PageAsked, Sent
from heartline.conversations.models import Tag, Task
from heartline.conversations.queries import case_for, task_for, tasks_for
from heartline.people.requests import StaffRequest
from heartline.service.api.desk import worker_of
from heartline.service.cases import bulk
from heartline.service.cases import work as case_work

router = Router(tags=["Case work"])

Names = Annotated[list[Annotated[str, Field(min_length=1, max_length=40)]], Field(max_length=20)]


class TagsSent(Sent):
    """Tags to put on a case and to take off."""

    add: Names = []
    remove: Names = []


class TagsShown(BaseModel):
    """The tags of a case, or those in use."""

    tags: list[str]


class SnoozeSent(Sent):
    """When to see the case again."""

    until: Moment


class SnoozeShown(BaseModel):
    """A snooze of one's own."""

    case_id: int
    until: datetime


class MergeSent(Sent):
    """The case that stays."""

    into_id: Id


class MoveSent(Sent):
    """Contacts that go to another case, or, without one, to a new case with a subject."""

    contact_ids: Annotated[list[Id], Field(min_length=1, max_length=100)]
    to_id: Id | None = None
    subject: Annotated[str, Field(max_length=200)] = ""


class DeedShown(BaseModel):
    """What was done in one go, and can be undone at `/deeds/{id}/undo`. `case_id` is where it led."""

    id: int
    case_id: int | None


class LinkSent(Sent):
    """Another case, and whether it belongs to this one."""

    other_id: Id
    linked: bool = True


class WatchSent(Sent):
    """Whether to hear of a case."""

    watching: bool


class TaskSent(Sent):
    """What is to be done, by whom (`person:7` or `team:3`), by when."""

    what: Annotated[str, Field(min_length=1, max_length=300)]
    who: Annotated[str, Field(pattern=r"^(person|team):[0-9]{1,15}$")]
    due_at: Moment | None = None


class TaskActSent(Sent):
    """What to do with a task, and what came of it."""

    act: Literal["take", "done", "dropped", "reopen"]
    outcome: Annotated[str, Field(max_length=1000)] = ""


class TaskShown(BaseModel):
    """Work in the back office for a case."""

    id: int
    case_id: int
    what: str
    state: str
    owner_id: int | None
    team_id: int | None
    due_at: datetime | None
    outcome: str


class TasksAsked(PageAsked):
    """Which tasks are wanted."""

    state: Literal["open", "done", "dropped"] | None = None
    case_id: Id | None = None
    owner_id: Id | None = None
    team_id: Id | None = None


@router.post("/cases/{case_id}/tags", response=TagsShown)
def change_tags(request: StaffRequest, case_id: Id, sent: TagsSent) -> TagsShown:
    """Put tags on a case and take others off; returns what it has now."""
    case = case_for(request.scope, case_id)
    case_work.tag(worker_of(request), case, sent.add, sent.remove)
    return TagsShown(tags=list(Tag.objects.filter(tagged__case=case).order_by("name").values_list("name", flat=True)))


@router.get("/tags", response=TagsShown)
def list_tag_names(request: StaffRequest) -> TagsShown:
    """Return the tags of the cases the caller may see, the most used first."""
    return TagsShown(tags=case_work.known_tags(request.scope))


@router.put("/cases/{case_id}/snooze", response=SnoozeShown)
def snooze_case(request: StaffRequest, case_id: Id, sent: SnoozeSent) -> SnoozeShown:
    """Put a case out of one's own sight until a time."""
    case_work.snooze(worker_of(request), case_for(request.scope, case_id), sent.until)
    return SnoozeShown(case_id=case_id, until=sent.until)


@router.delete("/cases/{case_id}/snooze", response=SnoozeShown)
def take_up_case(request: StaffRequest, case_id: Id) -> SnoozeShown:
    """Take one's snooze back, or say that what it reminded of is dealt with."""
    ended = case_work.take_up(worker_of(request), case_for(request.scope, case_id))
    return SnoozeShown(case_id=case_id, until=ended.until)


@router.post("/cases/{case_id}/merge", response=DeedShown)
def merge_case(request: StaffRequest, case_id: Id, sent: MergeSent) -> DeedShown:
    """Merge this case into another of the same customer."""
    deed = case_work.merge(worker_of(request), case_for(request.scope, case_id), sent.into_id)
    return DeedShown(id=deed.id, case_id=deed.case_id)


@router.post("/cases/{case_id}/move", response=DeedShown)
def move_contacts(request: StaffRequest, case_id: Id, sent: MoveSent) -> DeedShown:
    """Move contacts to another case, or let them become a case of their own."""
    case = case_for(request.scope, case_id)
    deed = case_work.move(worker_of(request), case, sent.contact_ids, sent.to_id, sent.subject)
    return DeedShown(id=deed.id, case_id=deed.case_id)


@router.post("/deeds/{deed_id}/undo", response=DeedShown)
def undo_deed(request: StaffRequest, deed_id: Id) -> DeedShown:
    """Take back what was done in one go, while nobody has built upon it."""
    deed = bulk.undo(worker_of(request), deed_id)
    return DeedShown(id=deed.id, case_id=deed.from_case_id or deed.case_id)


@router.put("/cases/{case_id}/links", response=Done)
def link_case(request: StaffRequest, case_id: Id, sent: LinkSent) -> Done:
    """Say that two cases belong together, or that they do not."""
    case_work.link(worker_of(request), case_for(request.scope, case_id), sent.other_id, linked=sent.linked)
    return Done()


@router.put("/cases/{case_id}/watch", response=Done)
def watch_case(request: StaffRequest, case_id: Id, sent: WatchSent) -> Done:
    """Hear of a case from now on, or no longer."""
    case_work.watch(worker_of(request), case_for(request.scope, case_id), watching=sent.watching)
    return Done()


@router.get("/tasks", response=Page[TaskShown])
def list_tasks(request: StaffRequest, asked: Query[TasksAsked]) -> Page[TaskShown]:
    """Return the tasks the caller may see, newest first."""
    wanted = {name: value for name, value in asked.model_dump(exclude={"limit", "cursor"}).items() if value}
    found, following = page_of(tasks_for(request.scope).filter(**wanted), asked.cursor, asked.limit)
    return Page(items=[_task(row) for row in found], next=following)


@router.post("/cases/{case_id}/tasks", response={201: TaskShown})
def open_task(request: StaffRequest, case_id: Id, sent: TaskSent) -> TaskShown:
    """Give a task to a colleague or a team."""
    case = case_for(request.scope, case_id)
    return _task(case_work.ask(worker_of(request), case, sent.what, sent.who, sent.due_at))


@router.post("/tasks/{task_id}/act", response=TaskShown)
def act_on_task(request: StaffRequest, task_id: Id, sent: TaskActSent) -> TaskShown:
    """Take a task, close it as done or not needed, or open it again."""
    worker, task = worker_of(request), task_for(request.scope, task_id)
    if sent.act == "take":
        return _task(case_work.take_task(worker, task))
    if sent.act == "reopen":
        return _task(case_work.open_again(worker, task))
    return _task(case_work.close_task(worker, task, sent.outcome, dropped=sent.act == "dropped"))


def _task(row: Task) -> TaskShown:
    return TaskShown(**{name: getattr(row, name) for name in TaskShown.model_fields})
