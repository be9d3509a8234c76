"""What a waybill may show of a person."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.printing.masking import mask_address, mask_name, mask_phone, mask_remark


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张三", "张*"),
        ("欧阳娜娜", "欧**"),
        ("张", "*"),
        ("𠮷野家", "𠮷**"),
        ("John Smith", "J**"),
        ("阿布都热依木·买买提", "阿**"),
        (" ", ""),
    ],
)
def test_a_name_keeps_its_first_sign(name: str, shown: str) -> None:
    assert mask_name(name) == shown


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13812348888", "1******8888"),
        ("+86 138-1234-8888", "1******8888"),
        ("１３８１２３４８８８８", "1******8888"),
        ("18412345678转1234", "1******5678"),
        ("18412345678-1234", "1******5678"),
        ("0571-88881234", "********1234"),
        ("0571-88881234-802", "********1234"),
        ("400-820-8820", "******8820"),
        ("88881234", "******34"),
        ("110", "***"),
        ("", ""),
    ],
)
def test_a_phone_hides_six_digits(phone: str, shown: str) -> None:
    assert mask_phone(phone) == shown


@given(st.from_regex(r"[0-9][0-9 \-]{0,15}[0-9]", fullmatch=True))
def test_no_phone_shows_more_than_five_digits_or_hides_fewer_than_six(phone: str) -> None:
    shown = mask_phone(phone)
    assert shown.count("*") >= min(6, sum(sign.isdigit() for sign in phone))
    assert sum(sign.isdigit() for sign in shown) <= 5


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("杭州市西湖区文三路 398 号 12 幢 1 单元 501 室", "杭州市西湖区文三路398号12幢***"),
        ("西湖区文三路398号1201室", "西湖区文三路398号***"),
        ("浦东新区张江镇123弄4号501", "浦东新区张江镇123弄4号***"),
        ("朝阳区望京西园三区312号楼B座1203", "朝阳区望京西园三区312号楼***"),
        ("南山区科技园南区A座12楼", "南山区科技园南区A座***"),
        ("阳光小区3-2-501", "阳光小区***"),
        ("阳光小区１２＃３０１", "阳光小区12***"),
        ("翠苑三区十二栋三单元五零一室", "翠苑三区十二栋***"),
        ("文三路398-2号 东门 101房", "文三路398-2号***"),
        ("花园小区2号楼2单元302（放门口）", "花园小区2号楼***"),
        ("人民路66号富力城E5-2-1102", "人民路66号富力城***"),
        ("中山路5号院3门501", "中山路5号院***"),
        ("花果山路三楼", "花果山路***"),
        ("Room 1201, No. 12 Nanjing Road", "***"),
        ("房山县三房巷村3组12号", "房山县三房巷村3组12号"),
        ("城南新村17排3号", "城南新村17排3号"),
        ("海淀区中关村大街27号中关村大厦", "海淀区中关村大街27号中关村大厦"),
        ("312国道旁 12号", "312国道旁12号"),
        ("", ""),
    ],
)
def test_an_address_ends_at_the_building(address: str, shown: str) -> None:
    assert mask_address(address) == shown


_PLACES = ("文三路398号", "天目山路9号", "翠苑三区", "阳光小区", "中关村大街27号院", "张江镇123弄4号", "朝阳大街甲92号")
_BUILDINGS = ("12幢", "3号楼", "B座", "7栋", "十二栋", "A1栋", "5#楼", "")
_UNITS = ("2单元", "三单元", "乙单元", "东单元", "B单元", "")
_ENDS = (
    "{room}室",
    "{room}",
    "{room}房",
    "{floor}楼{room}",
    "{floor}层{room}室",
    "{room}（放门口）",
    "-{room}",
    "{room}户 谢谢",
)


def test_no_generated_address_shows_its_room() -> None:
    dice = random.Random(20261112)
    for _ in range(2000):
        room, floor = dice.randint(501, 3999), dice.randint(5, 39)
        end = dice.choice(_ENDS).format(room=room, floor=floor)
        gap = dice.choice(("", " "))
        place, building, unit = dice.choice(_PLACES), dice.choice(_BUILDINGS), dice.choice(_UNITS)
        address = gap.join((f"浙江省杭州市西湖区{place}", building, unit, end))
        shown = mask_address(address)
        assert str(room) not in shown, address
        assert not unit or unit not in shown, address
        assert shown.startswith(f"浙江省杭州市西湖区{place[:3]}"), address
        assert shown.endswith("***"), address


def test_a_name_pasted_into_the_address_is_hidden() -> None:
    assert mask_address("文三路398号 赵小雨 13812349593", "赵小雨") == "文三路398号赵***"


def test_a_remark_loses_phones_rooms_and_names() -> None:
    remark = "放5栋501室门口，电话138 0000 1111或0571-88881234，赵小雨收"
    assert mask_remark(remark, "赵小雨") == "放5栋***门口，电话1******1111或********1234，赵**收"
    assert (
        mask_remark("送 3 单元 502，谢谢") == mask_remark("送3单元502室，谢谢").replace("送", "送 ") == "送 ***，谢谢"
    )
    assert mask_remark("3 件分开包，12 月 5 日前到") == "3 件分开包，12 月 5 日前到"
