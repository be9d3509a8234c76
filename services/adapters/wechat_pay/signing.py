"""What we sign: requests to WeChat Pay and the parameters that open the payment sheet on the phone."""

from dataclasses import dataclass

from services.adapters.wechat_pay import crypto
from services.adapters.wechat_pay.config import WechatPayConfig


@dataclass(frozen=True, slots=True)
class PaymentParams:
    """The five fields ``wx.requestPayment`` takes; the names are the protocol's own."""

    time_stamp: str
    nonce_str: str
    package: str
    sign_type: str
    pay_sign: str

    def as_dict(self) -> dict[str, str]:
        return {
            "timeStamp": self.time_stamp,
            "nonceStr": self.nonce_str,
            "package": self.package,
            "signType": self.sign_type,
            "paySign": self.pay_sign,
        }


def request_message(method: str, target: str, timestamp: str, nonce: str, body: bytes) -> bytes:
    """The five signed lines; ``target`` is path and query exactly as sent."""
    return f"{method}\n{target}\n{timestamp}\n{nonce}\n".encode() + body + b"\n"


def response_message(timestamp: str, nonce: str, body: bytes) -> bytes:
    """The three lines WeChat Pay signs in answers and notices."""
    return f"{timestamp}\n{nonce}\n".encode() + body + b"\n"


def payment_message(appid: str, timestamp: str, nonce: str, package: str) -> bytes:
    """The four lines behind ``paySign``."""
    return f"{appid}\n{timestamp}\n{nonce}\n{package}\n".encode()


def authorization(config: WechatPayConfig, method: str, target: str, body: bytes) -> str:
    """The ``Authorization`` header of one request."""
    timestamp, nonce = _timestamp(config), config.nonce()
    signature = crypto.sign(config.merchant_key, request_message(method, target, timestamp, nonce, body))
    return (
        f'{crypto.SIGNATURE_TYPE} mchid="{config.mchid}",nonce_str="{nonce}",timestamp="{timestamp}",'
        f'serial_no="{config.merchant_serial}",signature="{signature}"'
    )


def payment_params(config: WechatPayConfig, prepay_id: str) -> PaymentParams:
    """Parameters for the mini-program; the app id is signed though it is not passed on."""
    timestamp, nonce, package = _timestamp(config), config.nonce(), f"prepay_id={prepay_id}"
    signature = crypto.sign(config.merchant_key, payment_message(config.appid, timestamp, nonce, package))
    return PaymentParams(timestamp, nonce, package, "RSA", signature)


def _timestamp(config: WechatPayConfig) -> str:
    return str(int(config.clock().timestamp()))
