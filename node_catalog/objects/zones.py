"""The time zone that a customer most probably lives in, from what a run knows of them.

A country with several zones counts with the one where most of its people live.
"""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cartwheel.node_sdk import Context, NodeError

_PLACES = (
    "order.shipping_address.country_code",
    "order.billing_address.country_code",
    "customer.address.country_code",
    "customer.default_address.country_code",
    "customer.country_code",
)
_PHONES = ("customer.phone", "contact.phone", "order.phone")


def zone_named(name: str) -> ZoneInfo:
    """The zone of an IANA name such as Europe/Warsaw. Raises `NodeError`."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise NodeError(
            f"There is no time zone “{name[:60]}”.",
            code="unknown_zone",
            fix="Write it as a place, such as Europe/Warsaw or America/New_York.",
        ) from None


def zone_for(ctx: Context, whose: str, name: str = "") -> ZoneInfo:
    """The zone of `whose`: `workspace`, `recipient`, `field` (`name` is where a zone stands) or
    `fixed` (`name` is the zone). Where a recipient or a field tells none, the workspace's."""
    if whose == "fixed":
        return zone_named(name)
    found = _of_recipient(ctx) if whose == "recipient" else None
    if whose == "field":
        found = _known(ctx.read(name))
    return zone_named(found or str(ctx.read("workspace.timezone") or "UTC"))


def _known(name: object) -> str | None:
    """The name of a zone that exists; a shop's data may hold anything there."""
    try:
        return str(zone_named(name)) if isinstance(name, str) and name else None
    except NodeError:
        return None


def _of_recipient(ctx: Context) -> str | None:
    if said := _known(ctx.read("customer.timezone")):
        return said
    for place in _PLACES:
        country = ctx.read(place)
        if isinstance(country, str) and country.upper() in _ZONES:
            return _ZONES[country.upper()]
    return next((zone for phone in _PHONES if (zone := _of_phone(ctx.read(phone)))), None)


def _of_phone(phone: object) -> str | None:
    digits = str(phone).lstrip("+") if isinstance(phone, str) and phone.startswith("+") else ""
    countries = (_PREFIXES.get(digits[:length]) for length in (4, 3, 2, 1))
    return next((_ZONES[country] for country in countries if country), None)


_ZONES = {
    "AE": "Asia/Dubai", "AR": "America/Argentina/Buenos_Aires", "AT": "Europe/Vienna",
    "AU": "Australia/Sydney", "BD": "Asia/Dhaka", "BE": "Europe/Brussels", "BG": "Europe/Sofia",
    "BR": "America/Sao_Paulo", "CA": "America/Toronto", "CH": "Europe/Zurich",
    "CL": "America/Santiago", "CN": "Asia/Shanghai", "CO": "America/Bogota",
    "CY": "Asia/Nicosia", "CZ": "Europe/Prague", "DE": "Europe/Berlin", "DK": "Europe/Copenhagen",
    "EE": "Europe/Tallinn", "EG": "Africa/Cairo", "ES": "Europe/Madrid", "FI": "Europe/Helsinki",
    "FR": "Europe/Paris", "GB": "Europe/London", "GR": "Europe/Athens", "HK": "Asia/Hong_Kong",
    "HR": "Europe/Zagreb", "HU": "Europe/Budapest", "ID": "Asia/Jakarta", "IE": "Europe/Dublin",
    "IL": "Asia/Jerusalem", "IN": "Asia/Kolkata", "IS": "Atlantic/Reykjavik", "IT": "Europe/Rome",
    "JP": "Asia/Tokyo", "KE": "Africa/Nairobi", "KR": "Asia/Seoul", "LT": "Europe/Vilnius",
    "LU": "Europe/Luxembourg", "LV": "Europe/Riga", "MA": "Africa/Casablanca",
    "MT": "Europe/Malta", "MX": "America/Mexico_City", "MY": "Asia/Kuala_Lumpur",
    "NG": "Africa/Lagos", "NL": "Europe/Amsterdam", "NO": "Europe/Oslo",
    "NZ": "Pacific/Auckland", "PE": "America/Lima", "PH": "Asia/Manila", "PK": "Asia/Karachi",
    "PL": "Europe/Warsaw", "PT": "Europe/Lisbon", "RO": "Europe/Bucharest",
    "RS": "Europe/Belgrade", "SA": "Asia/Riyadh", "SE": "Europe/Stockholm",
    "SG": "Asia/Singapore", "SI": "Europe/Ljubljana", "SK": "Europe/Bratislava",
    "TH": "Asia/Bangkok", "TR": "Europe/Istanbul", "TW": "Asia/Taipei", "UA": "Europe/Kyiv",
    "US": "America/New_York", "VN": "Asia/Ho_Chi_Minh", "ZA": "Africa/Johannesburg",
}  # fmt: skip

_PREFIXES = {
    "1": "US", "20": "EG", "27": "ZA", "30": "GR", "31": "NL", "32": "BE", "33": "FR", "34": "ES",
    "36": "HU", "39": "IT", "40": "RO", "41": "CH", "43": "AT", "44": "GB", "45": "DK",
    "46": "SE", "47": "NO", "48": "PL", "49": "DE", "51": "PE", "52": "MX", "54": "AR",
    "55": "BR", "56": "CL", "57": "CO", "60": "MY", "61": "AU", "62": "ID", "63": "PH",
    "64": "NZ", "65": "SG", "66": "TH", "81": "JP", "82": "KR", "84": "VN", "86": "CN",
    "90": "TR", "91": "IN", "92": "PK", "212": "MA", "234": "NG", "254": "KE", "351": "PT",
    "352": "LU", "353": "IE", "354": "IS", "356": "MT", "357": "CY", "358": "FI", "359": "BG",
    "370": "LT", "371": "LV", "372": "EE", "380": "UA", "381": "RS", "385": "HR", "386": "SI",
    "420": "CZ", "421": "SK", "852": "HK", "880": "BD", "886": "TW", "966": "SA", "971": "AE",
    "972": "IL",
}  # fmt: skip
