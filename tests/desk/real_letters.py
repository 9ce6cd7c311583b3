"""Every letter and every variant of the reply, with facts as long as real ones: for printing."""

from __future__ import annotations

from collections.abc import Iterator

from bot.desk import letters
from bot.desk.model import Outcome
from bot.desk.paper import Written

CONTENT = "洲上乡2024年度部门决算中“三公”经费支出明细，以及村口桥加固工程的招标文件、施工合同和结算审核报告"
FACTS = {
    "agency": "洲上乡人民政府",
    "office_name": "洲上乡党政办公室",
    "document_number": "洲政公开〔2025〕12号",
    "number": "2025-0007",
    "applicant": "王小明",
    "applicant_kind": "自然人",
    "id_number": "11010519491231002X",
    "applicant_contact": "13812341234，洲上乡桥头村三组12号，邮编336000",
    "intake": "互联网",
    "submitted_on": "2025年4月24日",
    "both_confirmed": "是",
    "received_on": "2025年4月25日",
    "content": CONTENT,
    "form": "电子文件",
    "way": "发到邮箱 wang@example.cn",
    "due_on": "2025年5月27日",
    "today": "2025年5月12日",
    "contact": "宜春市袁州区洲上乡政府大院2号楼101室，0795-3200001",
    "reviewing_body": "宜春市袁州区人民政府",
    "court": "宜春市袁州区人民法院",
    "reconsideration_online": "https://fuyi.example.gov.cn/yichun/yuanzhou/apply",
    "what": "请写明需要哪一个年度、哪一个部门的决算；“招标文件”请写明是设计招标还是施工招标。",
    "correct_by": "2025年5月22日",
    "count": "2025年4月共提出申请23件，其中同一工程的申请17件。",
    "reasons_by": "2025年5月21日",
    "until": "2025年8月1日",
    "reason": "需要逐户核对2019年以来的发放记录，信息量大",
    "working_days": "20",
    "party": "江西省袁州建设工程有限公司",
    "disclosed": "施工合同中的合同总价、工期和质量要求",
    "answer_by": "2025年5月16日",
    "amount": "300",
    "nth": "13",
    "fee_payment": "到洲上乡财政所缴纳，或者汇到江西省非税收入专户（账号在缴款书上）",
    "pay_by": "2025年6月5日",
    "record": "2023年农村低保审批表",
    "wrong": "家庭人口写成3人，实际是4人",
    "evidence": "户口簿复印件",
    "goal": "2025年5月27日",
    "ended_on": "2025年5月12日",
    "told_on": "2025年5月8日",
    "answer": "经与户口簿核对，家庭人口已由3人改为4人。",
}
COURSE = {
    "correction_asked_on": "2025年4月28日",
    "corrected_on": "2025年5月6日",
    "consulted_on": "2025年5月7日、2025年5月8日",
    "extended_on": "2025年5月23日",
    "extended_by": "20",
}
_FIELDS = {
    "given": "合同总价、工期和质量要求，结算审核报告的审定金额",
    "withheld": "施工合同中的单价分析表、结算审核报告附件中的材料采购价",
    "ground": "该内容是施工单位未公开过的采购价格，公开后会影响其在今后招标中的竞争地位",
    "mark": "秘密级，依据《某某工作国家秘密范围的规定》第三条",
    "law_article": "《中华人民共和国统计法》第二十五条",
    "case": "洲上乡综合行政执法队2025年第8号案",
    "special_law": "《不动产登记资料查询暂行办法》",
    "existing": "各村民小组分年度的发放表",
    "channel": "洲上乡信访接待窗口（0795-3200002）或者12345热线",
    "earlier_number": "2025-0003",
    "how_to_obtain": "《宜春年鉴（2024）》由方志出版社出版，各新华书店有售",
    "earlier_reply": "2025年3月5日提供的决算表",
    "searched": "档案室2019年以来的文书档案、财政所账簿、乡建设办项目资料",
}
LONG = "\n".join(
    f"{place}. {name}：2025年预算38.6万元，调整后40.2万元，结算审定金额39.8万元，资金来自上级补助。"
    for place, name in enumerate(
        ("村口桥加固", "桥头村排水沟", "中心小学围墙", "敬老院屋面", "灌溉渠清淤") * 3, 1
    )
)
_TEXTS = {
    "long": LONG,
    "attached": "您要的材料见附件。\n附件：1. 洲上乡2024年度部门决算公开表\n2. 村口桥加固工程施工合同"
    "\n3. 村口桥加固工程结算审核报告",
    "one": "您要的材料见附件。\n附件：洲上乡2024年度部门决算公开表",
}


def every_letter() -> Iterator[tuple[str, Written]]:
    """(name, letter): all notices, all replies plain and after all that can happen, all endings."""
    for kind in letters.kinds():
        if kind not in ("reply", "closed", "record_correction_answer"):
            yield kind, letters.write(kind, FACTS)
    acting = {"agent": "代理人王小明，证件11010519491231002X，2025年4月24日的委托书原件"}
    yield "registration_by_an_agent", letters.write("registration", {**FACTS, **acting})
    for outcome in Outcome:
        facts = {**FACTS, **_fields(outcome), "text": _text(outcome)}
        if outcome.is_reply:
            yield f"reply_{outcome.code}", letters.write_reply(outcome, facts)
            yield f"reply_{outcome.code}_long_way", letters.write_reply(outcome, {**facts, **COURSE})
        else:
            yield f"closed_{outcome.code}", letters.write_closing(outcome, facts)
    for name, text in _TEXTS.items():
        facts = {**FACTS, "text": text}
        yield f"reply_A_{name}", letters.write_reply(Outcome.DISCLOSED, facts)
    for end in ("corrected", "transferred", "referred", "declined"):
        yield f"record_{end}", letters.write_record_answer(end, FACTS)
    yield (
        "closed_converted",
        letters.write_closing(Outcome.CLOSED_OTHER, {**FACTS, "record_correction": "G2025-0001"}),
    )


def _fields(outcome: Outcome) -> dict[str, str]:
    chosen = {need.name: need.choices[0] for need in outcome.required if need.choices}
    extra = {"searched": _FIELDS["searched"], "reasons_asked_on": "2025年5月6日"}
    return {
        **{need.name: _FIELDS.get(need.name, FACTS.get(need.name, "")) for need in outcome.required},
        **chosen,
        **extra,
    }


def _text(outcome: Outcome) -> str:
    if outcome.gives_information:
        return "村口桥加固工程2025年3月开工、6月完工，合同总价38.6万元，审定金额37.9万元。"
    return "您如果需要了解工程的其他情况，可以在工作时间到洲上乡建设办咨询。"
