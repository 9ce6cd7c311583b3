"""The register (登记簿): every act on a request, each one method in the caller's transaction.

Every method takes the caller's `connection` and, where time matters, `now` (aware); what it writes is
rolled back with the caller's transaction.  It returns the request as it stands afterwards, or raises a
`DeskError`.  `officer`, `reviewer`, `approver` and `person` are addresses such as `telegram:42`.

    acts/intake.py          submit, enter, confirm_receipt, undo_receipt, take, assign
    acts/splitting.py       split
    acts/correspondence.py  ask_correction, receive_correction, lapse_uncorrected, ask_reasons,
                            receive_reasons, defer, notice_fee, withdraw_fee, receive_payment, lapse_unpaid,
                            extend, note, receive_correction_notice
    acts/openness.py        why_closed
    acts/late_entries.py    late_entries, may_confirm_late_entry, confirm_late_entry, decline_late_entry
    acts/consulting.py      consult_third_party, consult_agency, receive_opinion, ask_cooperation,
                            receive_cooperation, cooperation_pending
    acts/replying.py        record_search, draft_reply, discard_draft, review, sign, inform_third_party,
                            third_parties_to_inform, third_parties_refusing, serve, withdraw, archive
    acts/remedies.py        record_remedy, order_redecision, remedies_of, pending_remedies, remedy_can_begin,
                            redecision_can_be_ordered, ordered_until
    acts/reading.py         get, queue, requests_of, search, find, unconfirmed, confirm_by, history,
                            standing, due, filed_within, applicant, applicant_for_letters, keep_letter,
                            letters_of, verify, recompute
    acts/publishing.py      draft_publication, publish, decline_publication, publications
    acts/privacy.py         data_of, take_identity, record_representation, record_authority,
                            authority_is_awaited, record_identity_check, erase_identity, expired_identities,
                            expired_inquiries, erase_inquiry
    acts/writing.py         write_letter
    acts/reporting.py       table_3, table_4
    acts/record_base.py     record_correction, record_corrections_open, record_corrections_of,
                            own_record_details, record_correction_goal
    acts/record_corrections.py  ask_record_correction, enter_record_correction,
                            convert_to_record_correction, take_record_correction,
                            take_record_identity, record_details,
                            end_record_correction, withdraw_record_correction
    acts/record_keeping.py  write_record_letter, record_letters_of, record_correction_data,
                            erase_record_correction, expired_record_corrections
    acts/inquiries.py       open_inquiry, answer_inquiry, close_inquiry, inquiry, inquiries_open,
                            inquiries_of
    acts/roles.py           grant_role, revoke_role, make_role_code, use_role_code
"""

from __future__ import annotations

from bot.desk.acts.consulting import ConsultingActs
from bot.desk.acts.inquiries import InquiryActs
from bot.desk.acts.intake import IntakeActs
from bot.desk.acts.openness import OpennessActs
from bot.desk.acts.privacy import PrivacyActs
from bot.desk.acts.publishing import PublishingActs
from bot.desk.acts.reading import ReadingActs
from bot.desk.acts.record_corrections import RecordCorrectionActs
from bot.desk.acts.record_keeping import RecordKeepingActs
from bot.desk.acts.remedies import RemedyActs
from bot.desk.acts.replying import ReplyActs
from bot.desk.acts.reporting import ReportingActs
from bot.desk.acts.roles import RoleActs
from bot.desk.acts.splitting import SplittingActs
from bot.desk.acts.writing import WritingActs


class Register(
    IntakeActs,
    SplittingActs,
    OpennessActs,
    ConsultingActs,
    ReplyActs,
    ReadingActs,
    PublishingActs,
    PrivacyActs,
    WritingActs,
    ReportingActs,
    RemedyActs,
    InquiryActs,
    RoleActs,
    RecordCorrectionActs,
    RecordKeepingActs,
):
    """Requests and inquiries of one office: `Register(office, calendar, vault)`."""
