"""Telling receipts and picking lists for the printing tests."""

from app.printing.picking import PickingData, PickLine, PickOrder
from app.printing.receipt import Amount, ReceiptData, ReceiptLine

CODE = "P1AAAQEAYEAUDAOCAJBIFQYDIOB4BUOBQ3LTAB"
RECEIPT = ReceiptData(
    shop_name="山野咖啡",
    order_no="WX20261123040012",
    placed_at="2026-11-23 16:40",
    printed_at="2026-11-23 17:21",
    lines=(
        ReceiptLine("云南小粒咖啡豆 深烘", "深烘/250g", 2, 6_800, 13_600),
        ReceiptLine("燕麦奶 1L 咖啡大师", "整箱 6 瓶", 1, 11_400, 11_400),
    ),
    goods_fen=25_000,
    steps=(Amount("会员价", -1_120), Amount("满 200 减 30", -3_000), Amount("运费", 800)),
    total_fen=21_680,
    paid_fen=21_680,
    place="文三路店 · 杭州市西湖区文三路 398 号",
    phone="0571-88066288",
    staff="陈子墨",
    counter="1 号柜台",
    delivery="到店自提",
    slot="今天 17:00–18:00",
    shelf="A-07",
    tender="微信支付",
    transaction_tail="8F3K",
    buyer_name="林晓雨",
    buyer_phone="13812348888",
    remark="放门口，电话 13812348888",
    qr_text=CODE,
    human_code="4821 7093",
    footer="谢谢惠顾",
)
BEAN = PickLine("云南小粒咖啡豆 深烘", "深烘/250g", "SY-bean", "A-10-1", 2)
MILK = PickLine("燕麦奶 1L 咖啡大师", "整箱 6 瓶", "SY-milk", "A-2-3", 1)
LOOSE = PickLine("手写贺卡", "", "SY-card", "", 1)


def order(number: int, *lines: PickLine) -> PickOrder:
    no = f"WX2026112304{number:04}"
    return PickOrder(no, "快递", lines or (BEAN, MILK), "林晓雨", "13812348888", "送 3 单元 502", "老客户")


def picking(*orders: PickOrder) -> PickingData:
    return PickingData("山野咖啡", "2026-11-23 17:21", orders, "陈子墨")
