"""The chat bot: dialogue, desk, channels, command line."""

import knowledge as knowledge  # before numpy: it settles how many threads numpy takes
