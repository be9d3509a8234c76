"""What the replica knows of an issue, as the issue centre says it: what happened, how it went, what to do."""

from datetime import datetime
from typing import Any

from app.desk.queries import SyncIssue, SyncOverview
from app.desk.wording import sentence, word
from app.domain.adoption.handlers import CAME_BACK, DIFFERS
from app.domain.incidents.model import RESTORED, Incident
from app.kernel import codec
from app.kernel.i18n import tr
from app.kernel.zone import local
from ui.shell.acts import act, field_name, shown_value
from ui.shell.issue_state import Choice, Fact, HistoryRow, IssueAction, IssueView

CONFLICT = "catalog.conflict"
TAKE_THEIRS, KEEP_MINE, CLOSE, SETTLE, GO_ON = "take_theirs", "keep_mine", "close", "settle", "go_on"


def issue_views(known: SyncOverview) -> tuple[IssueView, ...]:
    return tuple(_issue(issue, known) for issue in known.issues) + tuple(_incident(i, known) for i in known.incidents)


def _name(staff_id: str, known: SyncOverview) -> str:
    return known.staff_names.get(staff_id, staff_id)


def _issue(issue: SyncIssue, known: SyncOverview) -> IssueView:
    return _conflict(issue, known) if issue.code == CONFLICT else _refused(issue, known)


def _reference(issue: SyncIssue, known: SyncOverview) -> tuple[str, str]:
    """The group and the words for what an issue is about."""
    order_id = str(issue.args.get("order_id", ""))
    if order_id:
        return order_id, tr("Order {no}", no=known.order_nos.get(order_id, ""))
    key = str(issue.args.get("sku_id") or issue.args.get("product_id") or issue.id)
    return key, known.product_titles.get(key, "")


def _refused(issue: SyncIssue, known: SyncOverview) -> IssueView:
    group, about = _reference(issue, known)
    did = act(issue.name, issue.args, known)
    reason = sentence(issue.code, issue.params)
    who = _name(issue.actor, known)
    return IssueView(
        id=issue.id,
        group=group,
        icon="shipping" if issue.name == "order.ship" else "issue",
        at=issue.created_at,
        title=_title(issue),
        subtitle=about,
        headline=f"{_title(issue)}{tr(': ')}{reason}",
        reference=about,
        sentence=tr(
            "{who} did this at {time} while it could not be sent: {did}. Meanwhile something else had come first, so it"
            " was not accepted. {reason}",
            who=who,
            time=_clock(issue.issued_at),
            did=did,
            reason=reason,
        ),
        history=(
            *_came_first(issue, known),
            HistoryRow(issue.issued_at, who, tr("{did}, recorded on this computer", did=did)),
            HistoryRow(issue.created_at, tr("Network"), tr("Back again; this was not accepted"), "trouble"),
        ),
        facts=_facts(issue),
        advice=_advice(issue),
        actions=(IssueAction(CLOSE, tr("Done, close"), icon="check", kind="primary"),),
        note=tr("Nothing of it is stored with the service, and this computer shows the state as it is there."),
        closed_at=issue.resolved_at,
    )


def _came_first(issue: SyncIssue, known: SyncOverview) -> tuple[HistoryRow, ...]:
    """What the service had from somebody else by then."""
    if "event" not in issue.params or "changed_at" not in issue.params:
        return ()
    who = known.staff_names.get(str(issue.params.get("changed_by", "")), tr("Mini-program"))
    at = codec.parse_time(str(issue.params["changed_at"]))
    return (HistoryRow(at, who, word(str(issue.params["event"]), "event")),)


def _title(issue: SyncIssue) -> str:
    if issue.name == "order.ship":
        return tr("Not shipped")
    if issue.name.startswith("stock."):
        return tr("Stock was not changed")
    if issue.name in ("sku.change_price",):
        return tr("The price was not changed")
    return tr("A change was not accepted")


def _advice(issue: SyncIssue) -> str:
    if issue.name == "order.ship":
        return tr("Look for the packed goods: do not hand them to the carrier before the order is clear.")
    if issue.name == "stock.adjust":
        return tr("Count the shelf and enter what really lies there.")
    return ""


def _facts(issue: SyncIssue) -> tuple[Fact, ...]:
    if issue.name == "order.ship" and "state" in issue.params:
        return (Fact("orders", tr("Order"), word(str(issue.params["state"]))),)
    return ()


def _conflict(issue: SyncIssue, known: SyncOverview) -> IssueView:
    params = issue.params
    field = str(params.get("field", ""))
    group, about = _reference(issue, known)
    me, other = _name(issue.actor, known), _name(str(params.get("changed_by", "")), known)
    changed_at = codec.parse_time(str(params["changed_at"])) if "changed_at" in params else issue.created_at
    mine, theirs = shown_value(field, params.get("wanted")), shown_value(field, params.get("current"))
    return IssueView(
        id=issue.id,
        group=group,
        icon="products",
        at=issue.created_at,
        title=tr("Two values for {field}", field=field_name(field)),
        subtitle=about,
        headline=tr("Two people changed {field}", field=field_name(field)),
        reference=about,
        sentence=tr(
            "{me} changed {field} from {seen} to {mine} at {my_time}, and {other} had changed it to {theirs} at"
            " {their_time}. Neither is taken before you decide; {theirs} is valid until then.",
            me=me,
            other=other or tr("Somebody"),
            field=field_name(field),
            seen=shown_value(field, params.get("seen")),
            mine=mine,
            theirs=theirs,
            my_time=_clock(issue.issued_at),
            their_time=_clock(changed_at),
        ),
        history=tuple(
            sorted(
                (
                    HistoryRow(changed_at, other, tr("{field} to {value}", field=field_name(field), value=theirs)),
                    HistoryRow(issue.issued_at, me, tr("{field} to {value}", field=field_name(field), value=mine)),
                ),
                key=lambda row: row.at,
            )
        )
        + (HistoryRow(issue.created_at, tr("Network"), tr("Back again; both changes met"), "trouble"),),
        choices=_choices((me, mine, issue.issued_at), (other, theirs, changed_at)),
        closed_at=issue.resolved_at,
    )


def _choices(mine: tuple[str, str, datetime], theirs: tuple[str, str, datetime]) -> tuple[Choice, ...]:
    return (
        Choice(
            tr("This computer"), tr("not valid yet"), "amber", mine[1], mine[0], _clock(mine[2]),
            IssueAction(KEEP_MINE, tr("Use {value}", value=mine[1])),
        ),
        Choice(
            tr("The other one"), tr("valid now"), "green", theirs[1], theirs[0], _clock(theirs[2]),
            IssueAction(TAKE_THEIRS, tr("Leave {value}", value=theirs[1])),
        ),
    )  # fmt: skip


def keep_mine(issue: SyncIssue) -> dict[str, Any]:
    """The arguments of the same command once more, knowing now what the other person has made of it."""
    args = dict(issue.args)
    field = str(issue.params["field"])
    if "from_fen" in args:
        args["from_fen"] = issue.params["current"]
    else:
        again = {field: {"from": issue.params["current"], "to": issue.params["wanted"]}}
        args["changes"] = {**issue.args.get("changes", {}), **again}  # one field held the whole edit up
    return args


def _incident(incident: Incident, known: SyncOverview) -> IssueView:
    words = {
        "stock.short": tr("Goods promised to orders are missing"),
        "payment.unknown_number": tr("Money came in that belongs to no order"),
        "payment.wrong_amount": tr("A payment's amount does not fit its order"),
        "payment.second_transaction": tr("An order was paid twice"),
        "payment.transaction_booked": tr("A payment was booked under another order already"),
        "payment.order_not_waiting": tr("Money came in for an order that no longer waits for it"),
        "shop.restored": tr("The service was put back to an older state; computers have sent it what it had lost"),
        "command.parked": tr("Something that happened could not be booked because of a fault in the program"),
        "command.dismissed_actor": tr("Somebody who has left the staff did something"),
    }
    title = words.get(incident.kind) or word(incident.kind)
    refs = incident.refs
    thing = known.product_titles.get(str(refs.get("sku_id", "")), "")
    missing = refs.get("missing_qty")
    note = tr("{count} pieces are missing.", count=missing) if missing else _after_restore(incident)
    return IssueView(
        id=incident.id,
        group=str(refs.get("order_id") or refs.get("sku_id") or incident.id),
        icon="stock" if incident.kind.startswith("stock") else "issue",
        at=incident.opened_at,
        title=title,
        subtitle=thing,
        headline=title,
        reference=thing,
        sentence=note,  # the headline says what happened
        advice=tr("Count the shelf, and write to the buyers who cannot get their goods in time.")
        if missing
        else _advice_after_restore(incident),
        actions=(_way_out(incident),),
        note=tr("This needs the network and the owner's right.") if incident.kind == RESTORED else "",
    )


def _way_out(incident: Incident) -> IssueAction:
    if incident.kind == RESTORED:
        return IssueAction(GO_ON, tr("Let refunds go on"), icon="check", kind="primary")
    return IssueAction(SETTLE, tr("Settled"), icon="check", kind="primary")


def _after_restore(incident: Incident) -> str:
    """What came back to a shop that was put back to an older state."""
    refs = incident.refs
    if incident.kind == RESTORED:
        return tr("Until the owner has looked, nothing is paid back and nothing else is spent by itself.")
    if incident.kind == CAME_BACK:
        nos, count = list(refs.get("nos", ())), int(refs.get("count", 0))
        listed = tr(", ").join(nos)
        if count > len(nos):
            return tr(
                "{count} orders of the lost hours came back from the computers, among them {nos}.",
                count=count,
                nos=listed,
            )
        return tr("{count} orders of the lost hours came back from the computers: {nos}.", count=count, nos=listed)
    if incident.kind == DIFFERS:
        return tr(
            "A computer remembers order {no} as {state}, but it has gone another way here since the backup was put"
            " back.",
            no=refs.get("no", ""),
            state=word(str(refs.get("state", ""))),
        )
    return ""


def _advice_after_restore(incident: Incident) -> str:
    return {
        RESTORED: tr(
            "Wait until every computer of the shop has been online once, look at the orders that came back, and compare"
            " the refunds of the lost hours with WeChat's own list. Then let refunds go on."
        ),
        CAME_BACK: tr(
            "Look at these orders once: their payments are checked with WeChat, and what left the shop is on the shelf"
            " no more."
        ),
        DIFFERS: tr("Look at both and settle by hand what has to be sent or paid back."),
    }.get(incident.kind, "")


def _clock(at: datetime) -> str:
    return local(at).strftime("%H:%M")
