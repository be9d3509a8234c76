"""Attacks that put a program where a word belongs: in searches, names, paths and files."""

import hashlib
import io
import zipfile
from typing import Any

import pytest
from PIL import Image

from app.domain.catalog.commands import AddVideo, EditProduct
from services.http.problem import MEDIA_TYPE
from tests.services.attacks.target import HOME, Target, order_body

ORDERS = "/shop/v1/orders"
SQL = (
    *("'", "' OR '1'='1", "1) OR 1=1 --", "'; DROP TABLE orders; --", "1 UNION SELECT token_hash FROM buyer_sessions"),
    *("%' AND (SELECT 1 FROM pg_sleep(5)) --", "\\", '"', "?", "%s", "%(x)s", ":x", "$1", "1,1", "updatexml(1,1,1)"),
)


@pytest.mark.parametrize("attack", SQL)
def test_no_word_of_a_buyer_becomes_sql(target: Target, attack: str) -> None:
    """V47, V48, V49, V51: filters, sorts, cursors and ids are words or they are refused; a search finds nothing."""
    malformed = (400, "malformed")
    with target.untouched():
        for name in ("category_id", "sort", "cursor", "limit", "selectId", "groupid", "keywords", "order[0][dir]"):
            target.refused(malformed, "GET", "/shop/v1/products", params={name: attack})
        for name in ("cursor", "limit", "sort", "level"):
            target.refused(malformed, "GET", ORDERS, params={name: attack})
        found = target.ask("GET", "/shop/v1/products", params={"search": attack})
        assert found.status_code == 200 and found.json()["items"] == [], found.text
        lines = [{"sku_id": attack, "qty": 1}]
        target.refused(malformed, "POST", "/shop/v1/quotes", json={"lines": lines})
        target.refused(malformed, "PUT", "/shop/v1/cart/items", json={"items": lines})
        quoted = "".join(f"%{byte:02x}" for byte in attack.encode())
        for path in (f"/shop/v1/products/{quoted}", f"{ORDERS}/{quoted}", f"{ORDERS}/{quoted}/x"):
            assert target.ask("GET", path).status_code in (400, 404)


@pytest.mark.parametrize("attack", SQL)
def test_no_word_of_a_desktop_becomes_sql(target: Target, attack: str) -> None:
    """V50, V52: the staff's side is asked in words too, and what is written is kept as it was written."""
    with target.untouched():
        for path in ("/sync/v1/pull", "/sync/v1/verdicts", "/sync/v1/snapshot/skus"):
            for name in ("after", "after_device_seq", "limit", "epoch", "after_pk"):
                asked = {"epoch": "x", "after": "0"} | {name: attack}
                answer = target.ask("GET", path, "clerks_desktop", params=asked)
                assert answer.status_code in (200, 400, 404, 409), (path, name, answer.text)
        table = "".join(f"%{byte:02x}" for byte in attack.encode())
        target.refused((404, "not_found"), "GET", f"/sync/v1/snapshot/{table}", "clerks_desktop")

    def title() -> str:
        return dict(target.street.shop.rows("products", "id, title"))["p1"]

    before = title()
    named = target.push(EditProduct("p1", {"title": {"from": before, "to": f"豆{attack}"}}), "owner")
    assert (named, title()) == (("applied", ""), f"豆{attack}")
    back = EditProduct("p1", {"title": {"from": f"豆{attack}", "to": before}})
    assert target.push(back, "owner") == ("applied", "")


SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>"


def test_a_script_is_a_word_like_any_other(target: Target) -> None:
    """V53: what a buyer writes comes back as the JSON text it was, under a type that no browser runs."""
    body = order_body(buyer_remark=SCRIPT, contact={**HOME, "name": SCRIPT[:40]})
    placed = target.ask("POST", ORDERS, "trudy", json=body)
    assert placed.status_code == 201
    for answer in (placed, target.ask("GET", ORDERS, "trudy"), target.ask("GET", f"/shop/v1/products/{SCRIPT}")):
        kind = answer.headers["content-type"]
        assert kind in ("application/json", MEDIA_TYPE)
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert placed.json()["buyer_remark"] == SCRIPT


def name_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def jpeg() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (64, 48), (120, 80, 40)).save(file, "JPEG")
    return file.getvalue()


def archive() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("shell.php", "<?php system($_GET['c']); ?>")
    return file.getvalue()


FILES: dict[str, bytes] = {
    "V55 html": b"<html><script>alert(1)</script></html>",
    "V55 svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "V56 php": b"<?php system($_GET['c']); ?>",
    "V56 exe": b"MZ\x90\x00" + b"\0" * 200,
    "V54 xml": b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
    "V59 an archive": archive(),
    "V59 an archive that begins like a JPEG": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + archive(),
    "V60 a theme": archive() + b"theme",
}


@pytest.mark.parametrize("file", FILES)
def test_only_pictures_are_taken(target: Target, file: str) -> None:
    """V54, V55, V56, V59, V60: the content decides, not a name or a type that comes along."""
    content = FILES[file]
    for kind in ("image/jpeg", "text/html", "application/zip"):
        path, headers = f"/sync/v1/media/{name_of(content)}", {"Content-Type": kind}
        target.refused((422, "not_a_picture"), "PUT", path, "clerks_desktop", content=content, headers=headers)
    target.refused((404, "not_found"), "GET", f"/sync/v1/media/{name_of(content)}", "clerks_desktop")
    assert not [kept for kept in target.street.service.media_folder.rglob(name_of(content)) if kept.is_file()]


def test_a_picture_that_is_an_archive_as_well_is_served_as_a_picture(target: Target) -> None:
    """V59: whatever follows a picture's end, nobody is told that it is anything else."""
    content = jpeg() + archive()
    if target.ask("PUT", f"/sync/v1/media/{name_of(content)}", "clerks_desktop", content=content).status_code == 204:
        answer = target.ask("GET", f"/sync/v1/media/{name_of(content)}", "clerks_desktop")
        told = answer.headers["content-type"], answer.headers["x-content-type-options"]
        assert told == ("image/jpeg", "nosniff")


@pytest.mark.parametrize(
    "name",
    [
        *("shell.php", "x.php::$DATA", "a.jpg.", "a.jpg%20", "con", "aux.jpg", "0.php", "1", "A" * 64, "g" * 64),
        *("..%2f..%2fservice.json", "..%5c..%5cservice.json", "%2fetc%2fpasswd", "....%2f%2f....%2f%2fshop.db", "%00"),
        *("0" * 63 + "%00", "0" * 64 + ".php", "C:%5cWindows%5cwin.ini", "file:%2f%2f%2fetc%2fpasswd"),
    ],
)
def test_a_file_has_the_name_of_its_content_and_no_other(target: Target, name: str) -> None:
    """V57, V58, V61, V62: nothing is stored, read or removed under a name of one's choice."""
    ways: tuple[tuple[str, dict[str, Any]], ...] = (("PUT", {"content": jpeg()}), ("GET", {}))
    for method, how in ways:
        target.refused((404, "not_found"), method, f"/sync/v1/media/{name}", "clerks_desktop", **how)
        with target.untouched():
            answer = target.ask(method, f"/sync/v1/media/{name}", "mallory", **how)
        assert answer.status_code in (401, 404)
    for path in (f"/shop/v1/media/{name}", f"/shop/v1/media/{name}-375.jpg"):
        answer = target.ask("GET", path)
        assert answer.status_code in (400, 404) and "root:" not in answer.text, path
    for method in ("DELETE", "POST", "PATCH"):
        answer = target.ask(method, f"/sync/v1/media/{'0' * 64}", "clerks_desktop")
        assert answer.status_code == 405


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "gopher://127.0.0.1:6379",
        "//evil",
        "",
        "https:",
    ],
)
def test_an_address_is_never_fetched(target: Target, url: str) -> None:
    """V63: a video's address is told to phones and asked by nobody here; only https is kept."""
    how: dict[str, Any] = {"person": "owner", "desktop": "managers_desktop"}
    target.push_refused("catalog.picture_unfit", AddVideo("p1", "evil", url), **how)


@pytest.mark.parametrize("word", ["$(reboot)", "`id`", "{{7*7}}", "${jndi:ldap://x/a}", "__import__('os')", "|calc"])
def test_no_word_is_run(target: Target, word: str) -> None:
    """V64: a word in a name, a remark or an event is kept and shown, never evaluated."""
    event = {"id": "e1", "kind": "view", "page": word}
    body = {"visitor": "v1", "session": "s1", "events": [event]}
    assert target.ask("POST", "/shop/v1/events", json=body).status_code == 204
    found = target.ask("GET", "/shop/v1/products", params={"search": word})
    assert found.json()["items"] == []
