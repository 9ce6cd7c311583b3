"""The mailbox: what comes in is stored before it is acknowledged, what goes out before it is sent.

1. A channel calls `Inbox.receive` with its updates and acknowledges them only afterwards.  An update whose
   key was seen before has no second effect.
2. `Inbox.handle_next` takes the oldest pending update of a chat, lets the dialogue answer it, stores the
   answers in the outbox and marks the update handled: one transaction (which, under load, holds the turns of
   several chats).  A process killed in the middle of it leaves the update pending, with no effect.
3. `Outbox.claim` gives the next messages to send, in order per chat and within the channel's pace;
   the outcome is written back.  A process killed while it sends leaves the message to be sent again.

Any number of threads, processes and machines may share one ledger: whoever handles or sends has claimed the
row in SQL.  On SQLite a transaction is the only writer (BEGIN IMMEDIATE); elsewhere FOR UPDATE SKIP LOCKED,
which SQLite does not have and SQLAlchemy leaves out there, lets workers handle several chats at once.
"""
