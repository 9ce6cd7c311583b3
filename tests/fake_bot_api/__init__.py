"""A strict Bot API server for tests: what passes here the real one accepts, and it refuses in its words.

```python
async with FakeBotApi() as api:
    resident = api.phone(42, "覃大娘")
    resident.types("低保咋申请")
    message = await resident.reads()
```

`python -m tests.fake_bot_api --port 8081` starts one to play with by hand.
"""

from .faults import Fault, Kind
from .limits import Limits
from .phone import Phone
from .server import TOKEN, FakeBotApi
from .world import Chat, Seen

__all__ = ["TOKEN", "Chat", "FakeBotApi", "Fault", "Kind", "Limits", "Phone", "Seen"]
