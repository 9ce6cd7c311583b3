"""`Base`: the only door through which the bot uses the knowledge.  (Contract; body by the knowledge helpers.)

base = Base.open(home / "knowledge.db")
base.ask("低保咋申请")            -> Answer | Suggest | Unknown
base.entry(entry_id) / base.by_token(token)  -> Entry | None
base.categories()                -> [(category, number of entries)]  in catalogue order
base.browse(category, offset, limit) -> [Entry]
base.guide(topic)                -> Entry | None     (topic = id in guide.yaml, without "guide:")
base.version                     -> str, changes with each swap

build(sources, target, extra=[Entry, ...]) -> ReloadReport   (knowledge/index.py)
"""
