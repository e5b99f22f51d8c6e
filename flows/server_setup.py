"""What a Prefect server needs beside the deployments: the work pool, and automations that tell of trouble.

`python -m flows.server_setup` sets up the server that PREFECT_API_URL names. Done again it changes what has changed.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from prefect.automations import CallWebhook, ChangeFlowRunState, DoNothing, EventTrigger, Posture
from prefect.blocks.webhook import Webhook
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import WorkPoolCreate, WorkPoolUpdate
from prefect.client.schemas.objects import StateType
from prefect.events.schemas.automations import AutomationCore
from prefect.exceptions import ObjectNotFound
from prefect.workers.process import ProcessWorker
from pydantic import SecretStr

from flows.telling import FAILED, RESOURCE

POOL = "onrecord"
FLOWS = ("build-tables", "maintain", "backfill")
# Notifications go to this address, as JSON with one field "text", which chat programs take as a message.
WEBHOOK_SETTING = "ONRECORD_WEBHOOK"
WEBHOOK_BLOCK = "onrecord-webhook"
# Hours without a new document after which that is told of.
QUIET_SETTING = "ONRECORD_QUIET_HOURS"
QUIET = timedelta(days=1)
# Prefect waits for nothing shorter.
SHORTEST_QUIET = timedelta(seconds=10)
LONG_RUN = timedelta(hours=6)
# Ten signs of life that did not come: prefect.yaml has a run give one every half minute.
SILENCE = timedelta(minutes=5)
HEARTBEAT = "prefect.flow-run.heartbeat"
# A worker has taken the run, whose process is to begin within seconds; and that has begun.
TAKEN, BEGUN = "prefect.flow-run.Pending", "prefect.flow-run.Running"
ENDS = {f"prefect.flow-run.{name}" for name in ("Completed", "Failed", "Crashed", "Cancelled")}
RUN_TEXT = 'run "{{ flow_run.name }}" of {{ flow.name }} is {{ flow_run.state.name }}: {{ flow_run|ui_url }}'

Labels = dict[str, str | list[str]]
OF_OURS: Labels = {"prefect.resource.role": "flow", "prefect.resource.name": list(FLOWS)}
RUNS: Labels = {"prefect.resource.id": "prefect.flow-run.*"}
EACH_OF_OURS: dict[str, Any] = {"match": RUNS, "match_related": OF_OURS, "for_each": {"prefect.resource.id"}}
OF_WAREHOUSES: Labels = {"prefect.resource.id": RESOURCE}


@dataclass(frozen=True, kw_only=True)
class Watch:
    """One thing to tell of: when, and in which words (a template over the event that led to it)."""

    name: str
    description: str
    trigger: EventTrigger
    text: str
    # Done whether or not there is a webhook, which then is not called.
    action: ChangeFlowRunState | None = None

    def payload(self) -> str:
        """What the webhook is sent. Names come from outside: the text is quoted as a whole, whatever stands in it."""
        return "{% set text %}" + f"{self.name}: {self.text}" + '{% endset %}{"text": {{ text|string|tojson }}}'


def make_watches(
    *, quiet: timedelta = QUIET, long_run: timedelta = LONG_RUN, silence: timedelta = SILENCE
) -> list[Watch]:
    """What is told of: runs that fail, are late or take as long as `long_run`, many refusals, no news for `quiet`.

    A run that gives no sign of life for as long as `silence` is ended, so that others may begin.
    """
    return [
        Watch(
            name="onrecord: a run failed",
            description="A run failed for good or its process died. What was published before stays as it was.",
            trigger=_whenever(
                # A flow tells of its failure itself; of a process that died, or never came to its code, Prefect tells.
                {FAILED, "prefect.flow-run.Crashed"},
                match={"prefect.resource.id": [RESOURCE, "prefect.flow-run.*"]},
                match_related=OF_OURS,
            ),
            text=RUN_TEXT,
        ),
        Watch(
            name="onrecord: a run is late",
            description="A scheduled run has not begun: no worker is there, or the run before it does not end.",
            trigger=_whenever({"prefect.flow-run.Late"}, match=RUNS, match_related=OF_OURS),
            text=RUN_TEXT,
        ),
        Watch(
            name="onrecord: a run does not end",
            description=f"A run has been at work for {long_run.total_seconds() / 3600:g} hours.",
            trigger=_without(ENDS, long_run, after={BEGUN}, **EACH_OF_OURS),
            text=RUN_TEXT,
        ),
        Watch(
            name="onrecord: a run's process is gone",
            description=(
                f"A run gave no sign of life for {silence.total_seconds() / 60:g} minutes, or did not begin so long "
                "after a worker took it: the worker died with it. It "
                'is set to Crashed, since no other would ever begin; "a run failed" tells of it.'
            ),
            trigger=_without({BEGUN, HEARTBEAT, *ENDS}, silence, after={TAKEN, HEARTBEAT}, **EACH_OF_OURS),
            text=RUN_TEXT,
            # The server does not let a run crash that has ended, should the word of its end come late.
            action=ChangeFlowRunState(
                state=StateType.CRASHED, name="Crashed", message="its process is gone", force=False
            ),
        ),
        Watch(
            name="onrecord: much is refused",
            description="A run refused a larger share of its inputs than its parameter alert_share allows.",
            trigger=_whenever({"onrecord.quarantine.high"}, match=OF_WAREHOUSES),
            text=(
                "{{ event.payload.quarantined_count }} of {{ event.payload.input_count }} inputs were refused; "
                "snapshot {{ event.payload.snapshot_number }}, see `onrecord quarantine`"
            ),
        ),
        Watch(
            name="onrecord: nothing new",
            description=f"No run took in a new document for {quiet.total_seconds() / 3600:g} hours.",
            trigger=_without({"onrecord.news.received"}, quiet, match=OF_WAREHOUSES),
            text=f"no new document for {quiet.total_seconds() / 3600:g} hours",
        ),
    ]


def _whenever(events: set[str], **options: Any) -> EventTrigger:
    """Each time that one of the events comes."""
    return EventTrigger(
        expect=events,
        for_each={"prefect.resource.id"},
        posture=Posture.Reactive,
        threshold=1,
        within=timedelta(0),
        **options,
    )


def _without(events: set[str], time: timedelta, **options: Any) -> EventTrigger:
    """When none of the events has come for so long."""
    return EventTrigger(expect=events, posture=Posture.Proactive, threshold=1, within=time, **options)


def set_up_server(*, webhook: str | None, watches: Sequence[Watch]) -> list[str]:
    """Makes the work pool and the automations, or brings them up to date; names of the automations come back.

    Without `webhook` an automation only leaves its event; one that has an action, given on a page or by an earlier
    webhook, keeps it. One that was switched off stays so.
    """
    with get_client(sync_client=True) as client:
        _set_up_pool(client)
        action = _make_action(webhook)
        for watch in watches:
            _set_up_watch(client, watch, action)
    return [watch.name for watch in watches]


def _set_up_pool(client: SyncPrefectClient) -> None:
    template = ProcessWorker.get_default_base_job_template()
    # One run at a time, of whichever deployment: each writes to the warehouse. A limit that somebody chose stays.
    try:
        limit = client.read_work_pool(POOL).concurrency_limit or 1
    except ObjectNotFound:
        client.create_work_pool(
            WorkPoolCreate(name=POOL, type="process", base_job_template=template, concurrency_limit=1)
        )
    else:
        client.update_work_pool(POOL, WorkPoolUpdate(base_job_template=template, concurrency_limit=limit))


def _make_action(webhook: str | None) -> CallWebhook | None:
    if not webhook:
        return None
    block_id = Webhook(url=SecretStr(webhook)).save(WEBHOOK_BLOCK, overwrite=True)
    # Outside of an event loop the library saves at once, though its types allow for one.
    return CallWebhook(block_document_id=cast(UUID, block_id))


def _set_up_watch(client: SyncPrefectClient, watch: Watch, action: CallWebhook | None) -> None:
    there = next(iter(client.read_automations_by_name(watch.name)), None)
    actions: list[Any] = there.actions if there else [DoNothing()]
    if watch.action:
        actions = [watch.action]
    elif action:
        actions = [action.model_copy(update={"payload": watch.payload()})]
    core = AutomationCore(
        name=watch.name,
        description=watch.description,
        enabled=there.enabled if there else True,
        tags=["onrecord"],
        trigger=watch.trigger,
        actions=actions,
    )
    if there:
        client.update_automation(there.id, core)
    else:
        client.create_automation(core)


def read_quiet(given: str | None) -> timedelta:
    """How long nothing new may come, from hours as text: a day where none are given; SystemExit where they are none."""
    try:
        quiet = timedelta(hours=float(given)) if given else QUIET
    except (ValueError, OverflowError):
        quiet = timedelta(0)
    if quiet < SHORTEST_QUIET:
        raise SystemExit(
            f"{QUIET_SETTING} is {given!r}: give hours as a number, as 24 or 1.5, not less than ten seconds"
        )
    return quiet


def main() -> None:
    """Sets up the configured server; the webhook is read from the environment, where no list of processes shows it."""
    quiet = read_quiet(os.environ.get(QUIET_SETTING))
    names = set_up_server(webhook=os.environ.get(WEBHOOK_SETTING), watches=make_watches(quiet=quiet))
    print(f"work pool {POOL!r}; {len(names)} automations")


if __name__ == "__main__":
    main()
