"""Decisions about a product's pictures and videos, which stand in one order; the first picture is the main one."""

from collections.abc import Iterable
from dataclasses import replace

from app.domain.catalog import commands
from app.domain.catalog.model import Media, MediaRole, Product, ProductMedia
from app.domain.catalog.refusals import EXISTS, PICTURE_UNFIT, PRODUCT_NOT_FOUND
from app.domain.command import Context
from app.domain.outcome import Accepted, Change, Decision, Put, Rejected, Remove
from app.domain.view import View

MAX_PICTURES = 30


def add_picture(command: commands.AddPicture, view: View, context: Context) -> Decision:
    if view.get(Product, command.product_id) is None:
        return Rejected(PRODUCT_NOT_FOUND)
    if view.get(ProductMedia, command.media_id) is not None:
        return Rejected(EXISTS)
    present = view.children(ProductMedia, product_id=command.product_id)
    is_hash = len(command.sha256) == 64 and all(sign in "0123456789abcdef" for sign in command.sha256)
    if not is_hash or len(present) >= MAX_PICTURES or command.role is MediaRole.VIDEO:
        return Rejected(PICTURE_UNFIT)
    media = Media(command.sha256, command.mime, command.width, command.height, command.bytes)
    sort = max((m.sort for m in present), default=-1) + 1
    link = ProductMedia(command.media_id, command.product_id, sort, command.role, sha256=command.sha256)
    return Accepted((Put(media), Put(link)))


def add_video(command: commands.AddVideo, view: View, context: Context) -> Decision:
    if view.get(Product, command.product_id) is None:
        return Rejected(PRODUCT_NOT_FOUND)
    if view.get(ProductMedia, command.media_id) is not None:
        return Rejected(EXISTS)
    present = view.children(ProductMedia, product_id=command.product_id)
    if not command.video_url.startswith("https://") or len(command.video_url) > 500 or len(present) >= MAX_PICTURES:
        return Rejected(PICTURE_UNFIT)
    sort = max((m.sort for m in present), default=-1) + 1
    link = ProductMedia(command.media_id, command.product_id, sort, MediaRole.VIDEO, video_url=command.video_url)
    return Accepted((Put(link),))


def remove_picture(command: commands.RemovePicture, view: View, context: Context) -> Decision:
    link = view.get(ProductMedia, command.media_id)
    if link is None:
        return Accepted()
    left = [m for m in in_order(view.children(ProductMedia, product_id=link.product_id)) if m.id != link.id]
    first = next((m for m in left if m.role is not MediaRole.VIDEO), None)
    if link.role is not MediaRole.MAIN or first is None:
        return Accepted((Remove(ProductMedia, (link.id,)),))
    return Accepted((Remove(ProductMedia, (link.id,)), Put(replace(first, role=MediaRole.MAIN))))


def arrange_pictures(command: commands.ArrangePictures, view: View, context: Context) -> Decision:
    """What came meanwhile and is not named stands behind what is; what is gone meanwhile is left out."""
    if view.get(Product, command.product_id) is None:
        return Rejected(PRODUCT_NOT_FOUND)
    wanted = {media_id: place for place, media_id in enumerate(command.media_ids)}
    present = in_order(view.children(ProductMedia, product_id=command.product_id))
    return Accepted(_placed(sorted(present, key=lambda m: wanted.get(m.id, len(wanted)))))


def in_order(media: Iterable[ProductMedia]) -> list[ProductMedia]:
    return sorted(media, key=lambda m: (m.sort, m.id))


def _placed(media: Iterable[ProductMedia]) -> tuple[Change, ...]:
    """The changes that put these at the places they stand in, the first picture as the main one."""
    changes: list[Change] = []
    has_main = False
    for sort, link in enumerate(media):
        role = link.role
        if role is not MediaRole.VIDEO:
            role = MediaRole.DETAIL if has_main else MediaRole.MAIN
            has_main = True
        placed = replace(link, sort=sort, role=role)
        if placed != link:
            changes.append(Put(placed))
    return tuple(changes)
