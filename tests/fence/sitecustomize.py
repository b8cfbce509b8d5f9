"""Read by every Python that the tests start, since PYTHONPATH names this folder."""

import fence

fence.install()
