"""Parts of something that are made when they are asked for first, by whichever thread."""

from collections.abc import Callable
from threading import RLock
from typing import Any, Generic, TypeVar, overload

T = TypeVar("T")


class once(Generic[T]):
    """A method as an attribute: called by the first who asks, and held; two threads that ask at once get the same."""

    def __init__(self, make: Callable[[Any], T]) -> None:
        self._make = make
        self._lock = RLock()
        self.__doc__ = make.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> "once[T]": ...
    @overload
    def __get__(self, instance: object, owner: type) -> T: ...
    def __get__(self, instance: object | None, owner: type) -> "once[T] | T":
        if instance is None:
            return self
        held = instance.__dict__
        with self._lock:
            if self._name not in held:
                held[self._name] = self._make(instance)
        found: T = held[self._name]
        return found
