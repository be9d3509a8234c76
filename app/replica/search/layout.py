"""The tables of an index, and the triggers that note which rows have changed since they were put into it."""

from typing import Final

from app.replica.database import ReplicaDatabase
from app.replica.search.frequent import table_sql
from app.replica.search.subject import Feeder, Subject

_EVENTS: Final = ("INSERT", "UPDATE", "DELETE")


def create(database: ReplicaDatabase, subject: Subject) -> None:
    facts = "rid INTEGER NOT NULL, marks INTEGER NOT NULL, total_fen INTEGER NOT NULL"
    database.execute(f"CREATE TABLE {subject.places} (place INTEGER PRIMARY KEY, {facts})")
    more = f"wish INTEGER NOT NULL, {facts}, text TEXT NOT NULL"
    database.execute(f"CREATE TABLE {subject.documents} (place INTEGER PRIMARY KEY, {more})")
    database.execute(f"CREATE TABLE {subject.marks} (id INTEGER PRIMARY KEY, said TEXT NOT NULL UNIQUE)")
    create_words(database, subject)
    database.execute(f"CREATE TABLE {subject.dirty} (rid INTEGER PRIMARY KEY)")
    for feeder in subject.feeders:
        for event in _EVENTS:
            database.execute(_trigger(subject, feeder, event))


def create_words(database: ReplicaDatabase, subject: Subject) -> None:
    """The text index, and what is known of its words."""
    database.execute(
        f"CREATE VIRTUAL TABLE {subject.words} USING fts5"
        "(words, content='', columnsize=0, detail=none, tokenize=\"ascii tokenchars '^=~_#!'\")"
    )
    for statement in table_sql(subject):
        database.execute(statement)


def drop_words(database: ReplicaDatabase, subject: Subject) -> None:
    for table in (subject.words, subject.frequent):
        database.execute(f"DROP TABLE IF EXISTS {table}")


def fill_places(database: ReplicaDatabase, subject: Subject) -> None:
    """After all documents, and before anything else: what lies side by side in the file is at hand together."""
    database.execute(f"INSERT INTO {subject.places} {subject.its_places} ORDER BY place")
    database.execute(f"CREATE UNIQUE INDEX ix_{subject.places}_rid ON {subject.places} (rid)")


def drop(database: ReplicaDatabase, subject: Subject) -> None:
    for feeder in subject.feeders:
        for event in _EVENTS:
            database.execute(f"DROP TRIGGER IF EXISTS {_trigger_name(subject, feeder, event)}")
    for side in (subject, subject.beside):
        drop_words(database, side)
    for table in (subject.words_before, subject.documents, subject.places, subject.marks, subject.dirty):
        database.execute(f"DROP TABLE IF EXISTS {table}")


def _trigger_name(subject: Subject, feeder: Feeder, event: str) -> str:
    return f"{subject.dirty}_of_{feeder.table}_{event.lower()}"


def _trigger(subject: Subject, feeder: Feeder, event: str) -> str:
    rows = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}[event]
    when = ""
    if event == "UPDATE":  # an upsert names all columns, though it changes few of them
        when = " WHEN " + " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in feeder.columns)
    body = " ".join(f"INSERT INTO {subject.dirty} {feeder.rids.format(r=row)} ON CONFLICT DO NOTHING;" for row in rows)
    return (
        f"CREATE TRIGGER {_trigger_name(subject, feeder, event)} AFTER {event} ON {feeder.table}{when} BEGIN {body} END"
    )
