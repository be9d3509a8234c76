"""Addresses of databases as people write them."""

import pytest

from services.db.address import NoAddress, read_address


@pytest.mark.parametrize(
    ("typed", "database"),
    [
        ("sqlite:////srv/shop/shop.db", "/srv/shop/shop.db"),
        ("sqlite:///C:\\Shops\\我的店 #1?.db", "C:\\Shops\\我的店 #1?.db"),
        ("postgresql://shop@db.example/zhanggui", "zhanggui"),
        ("postgresql+psycopg://shop@[::1]:5432/zhanggui?sslmode=require", "zhanggui"),
        ("postgresql:///zhanggui?host=/run/postgresql", "zhanggui"),
    ],
)
def test_file_and_database_are_read_as_they_stand(typed: str, database: str) -> None:
    assert read_address(typed).database == database


@pytest.mark.parametrize(
    "typed",
    ["", "shop.db", "sqlite://shop.db", "mysql://a/b", "postgres://a/b", "postgresql://a:port/b", "postgresql:a"],
)
def test_what_is_none_is_refused(typed: str) -> None:
    with pytest.raises(NoAddress):
        read_address(typed)


def test_a_password_is_told_to_the_server_and_to_nobody_else() -> None:
    typed = "postgresql://shop:p%40ss:word@db.example:5433/zhanggui?sslmode=require"
    address = read_address(typed)
    assert address.whole == typed
    assert address.shown == str(address) == "postgresql://shop:***@db.example:5433/zhanggui?sslmode=require"
    assert "p%40ss" not in repr(address)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("100%zz", "100%25zz"),
        ("12/3", "12%2F3"),
        ("a?b#c", "a%3Fb%23c"),
        ("p w", "p%20w"),
        ("p@ss", "p%40ss"),
        ("50%25", "50%25"),
        ("", ""),
    ],
)
def test_a_password_is_understood_with_its_signs_escaped_and_without(typed: str, written: str) -> None:
    address = read_address(f"postgresql://shop:{typed}@db.example:5433/zhanggui")
    assert address.whole == f"postgresql://shop:{written}@db.example:5433/zhanggui"
    assert (address.server, address.database) == ("db.example:5433", "zhanggui")
    assert address.shown == f"postgresql://shop:{'***' if typed else ''}@db.example:5433/zhanggui"


def test_another_database_at_the_same_server_is_reached_in_the_same_way() -> None:
    there = read_address("postgresql://shop:secret@db.example:5433/one?sslmode=require")
    assert there.at("two").whole == "postgresql://shop:secret@db.example:5433/two?sslmode=require"


def test_two_ways_to_write_one_address_are_one_address() -> None:
    assert read_address("postgresql+psycopg://a@b/c") == read_address("postgresql://a@b/c")
