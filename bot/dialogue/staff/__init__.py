"""What staff do in chat: see the queue, receive, reply, answer inquiries, publish.

- `card` - one request or inquiry on one screen, with what can be done next; notices to staff
- `queue` - open requests by due date, open inquiries
- `receiving` - confirm receipt (art. 31), take, see the identity, ask for a correction (art. 30)
- `situations` - from a plain situation to an outcome of Table 3
- `replying` - the reply: outcome, what it must record, text, read-back, saved
- `serving` - review by a second person (art. 17), service, what the applicant is told
- `forms` - all forms of staff by name, which of them fit now; `recording` - how a form is filled in;
  `questions`, `days` - how an answer is read; `telling` - who is told afterwards
- `opinions`, `extending`, `demands`, `filekeeping`, `intake` - the forms themselves
- `late_entries`, `waiting_entries` - 补登: entered late, in effect once a second person confirms it
- `acknowledging` - 知道了 under a reminder; `proposing` - what several people asked for (art. 44)
- `spoken` - what a clerk types instead of pressing: `actions` reads it, `opened` says which request is meant
- `possible` - which forms a request can take now, and why not those that the law has closed
- `resulting` - the day that follows from a form, said before it is on record
- `inquiries` - answering an inquiry
- `publishing` - a reply becomes public (art. 44)

Who is not staff gets the sentence of an old button, whatever they press here: no hint that it exists.
"""
