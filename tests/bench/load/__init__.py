"""`make bench LOAD=1`: how much our bot carries, beside a bare echo bot of python-telegram-bot.

The fake Bot API and the people who ask run in this process, the bot in one of its own, so that its processor
time and memory are its own.  Three loads:

- *steady*: so many questions a second, evenly, from chats that ask every ten seconds: once without Telegram's
  pace of sending, which shows what the program itself costs, and once with it (the program exactly as
  `disclosure run` starts it) at four fifths of the rate;
- *saturation*: 64 chats that ask again as soon as they are answered, without a pace of sending;
- *flood*: neighbours who ask now and then, beside one chat and beside a hundred that write all the time.
"""
