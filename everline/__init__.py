import zoneinfo
from importlib.util import find_spec

if find_spec("tzdata") is not None:
    # Rules of time zones are pinned with us, as those of telephone numbers are: a machine's own may be years old.
    zoneinfo.reset_tzpath(to=())
