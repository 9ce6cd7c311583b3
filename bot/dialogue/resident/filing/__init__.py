"""Filing: a formal disclosure request (art. 29) step by step, and an inquiry (咨询) in two.

- `form` - the steps, in order, and what has been given (pure)
- `contact` - reads a telephone, an e-mail, an address out of what was typed (pure)
- `asking_for` - what each step says
- `taking` - what each step makes of an answer
- `request` - the walk through the form
- `submitting` - the read-back, and filing it
- `inquiry` - the two steps of an inquiry
"""
