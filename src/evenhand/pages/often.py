"""How often one address may do something that costs us, before it is asked to wait."""

from __future__ import annotations

from hashlib import sha256

from axes.helpers import get_client_ip_address
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest


def too_often(request: HttpRequest, what: str, *, most: int, seconds: int) -> bool:
    """Count one more of this from the address that asks; says whether that is more than ``most`` within ``seconds``.

    The address itself is not kept: only a fingerprint of it, in memory, until the time is over. Each process of the
    site counts for itself, so that somebody may get a few more than ``most``, never without bound.
    """
    address = str(get_client_ip_address(request))
    key = f"{what}-{sha256(f'{settings.SECRET_KEY} {what} {address}'.encode()).hexdigest()}"
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key) > most
    except ValueError:
        # Its time was over between the two.
        return False
