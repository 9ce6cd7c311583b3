"""The correction of a request (补正, art. 30): what a notice may ask, and how the answer is added.  Pure."""

from __future__ import annotations

import re

from bot.desk.folding import folded

# Art. 27 knows no purpose, need or interest: what somebody wants information for is nobody's business.  用途
# and 目的 of money, land or a project are contents of a document and may be asked about.
_OF_THE_MATTER = re.compile(
    r"(?:资金|经费|款项?|钱|拨款|收入|土地|用地|地块|宅基地|房屋|建筑|工程|项目|建设|补助|补贴|专项|规划|物资|设备)"
    r"的?(?:具体|主要|实际|规定)?(?:用途|用处|(?:使用)?目的|使用范围)"
)
_WHAT, _YOU = r"(?:什么|何|啥)", r"(?:您|你|本人|申请人|自身|自己)"
_PAPERS = r"(?:信息|材料|资料|文件|答复)"
_PURPOSE = re.compile(
    rf"用途|用处|(?<![项科题数栏节名账条纲品书])目的(?!地)|[做作干](?:什么|啥)用|[有派]{_WHAT}用(?![途地])|[用拿][来去]?[做作干](?:什么|啥|嘛)"
    r"|(?:要|想|申请)[^,。;]{0,6}干(?:嘛|什么|啥)"
    rf"|(?:为了?{_WHAT}|因为?{_WHAT}|缘何|何故){_YOU}?会?(?:要|需要|申请|索取|想|查|公开|获取|了解)|为{_WHAT}$|{_YOU}是?为了?{_WHAT}"
    r"|(?<!不予)(?:申请|索取|查询|查阅|需要|公开)的?(?:原因|理由|缘由|事由|初衷|动机|必要)"
    rf"|{_PAPERS}的?(?:具体|主要)?(?:使用|利用)(?:目的|范围|方式|方向)"
    rf"|{_PAPERS}(?:是|将|要|会|准备|打算)*(?:用于|用在|用到|用作)(?:何|什么(?:地方|方面|用)?$|哪里|哪(?:些)?方面|诉讼|维权|上访|复议)"
    r"|(?:取得|获取|拿到|得到|收到)[^,。;]{0,8}(?:怎么|如何)(?:使用|用|利用)|打算(?:怎么|如何)用"
    r"|是(?:否|不是)(?:用于|用来|为了|要|想|准备|打算)(?:诉讼|打官司|维权|上访|信访)"
    r"|生产(?:和|及|与)?生活|生活(?:和|及|与)?科研|科研的?需要|(?:特殊|自身)需[要求]|三个?需要"
    rf"|利害关系|关联性|[与跟和同]{_YOU}[的之]?[^,。;]{{0,6}}(?:什么|何)?关系|{_YOU}[^,。;]{{0,4}}[与和跟同][^,。;]{{1,12}}(?:关系|关联)"
    r"|证明(?:您|你|本人|申请人|自己)(?:就?是|系|为)[^,。;]{0,8}(?:村民|业主|居民|当事人|权利人|相对人|户主|征收人|家属)"
    r"|使用(?:者|人)?身份|purpose|whatfor|whydoyou|interestinthe"
)


def asks_for_purpose(what: str) -> str:
    """The words of a notice that ask for purpose or interest, "" when none do."""
    plain = _OF_THE_MATTER.sub("", re.sub(r"[\s、·\"'“”‘’]", "", folded(what)))
    found = _PURPOSE.search(plain)
    return found[0] if found else ""


def with_correction(asked: str, answer: str) -> str:
    """What was asked stays; the answer to the notice is added."""
    return f"{asked}（补正：{answer}）"
