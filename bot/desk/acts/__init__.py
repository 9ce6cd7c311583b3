"""The acts of the register, one file for each kind; `bot.desk.register.Register` joins them."""
