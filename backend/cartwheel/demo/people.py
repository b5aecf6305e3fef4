"""Who buys in the demo shop. Nobody: no address and no number here can ever reach a person.

Mail goes to `example.com`, which is reserved. Phone numbers come from the ranges that regulators
keep for films (Ofcom, the FCC, the Bundesnetzagentur, ARCEP, PTS); where a country has none, the
number begins with zeros, which no network assigns.
"""

import unicodedata
from dataclasses import dataclass
from random import Random

FIRST_REACHABLE = 5
"""So many of the first customers have a phone for certain: somebody waits for the first message."""


@dataclass(frozen=True, slots=True)
class Country:
    """Names, streets and towns of a country. `phone` ends in two free digits."""

    code: str
    name: str
    locale: str
    phone: str
    first_names: tuple[str, ...]
    last_names: tuple[str, ...]
    streets: tuple[str, ...]
    towns: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Person:
    """A customer of the demo shop; the same number is always the same person."""

    number: int
    first_name: str
    last_name: str
    email: str
    phone: str | None
    country: Country
    street: str
    town: str
    zip: str
    likes_news: bool


def person(seed: str, number: int) -> Person:
    """The customer of this number in the shop of this seed."""
    chance = Random(f"{seed}/person/{number}")  # noqa: S311  (a play, no secret)
    country, first, last = _who(seed, number)
    town, postcode = chance.choice(country.towns)
    return Person(
        number=number,
        first_name=_shown(first),
        last_name=_shown(last),
        email=f"{_plain(first)}.{_plain(last)}{number}@example.com",
        phone=f"{country.phone}{chance.randrange(10, 100)}"
        if chance.random() < 0.9 or number <= FIRST_REACHABLE
        else None,
        country=country,
        street=f"{chance.choice(country.streets)} {chance.randrange(1, 90)}",
        town=town,
        zip=postcode,
        likes_news=chance.random() < 0.4,
    )


def _who(seed: str, number: int) -> tuple[Country, str, str]:
    """Country and names. They go round instead of being drawn, so that nobody meets a namesake
    before every pair of names was there."""
    start = Random(f"{seed}/people").randrange(1_000)  # noqa: S311
    lap, place = divmod(start + number * _STRIDE, len(COUNTRIES))
    country = COUNTRIES[place]
    first, last = country.first_names, country.last_names
    return country, first[lap % len(first)], last[(lap + lap // len(first)) % len(last)]


_STRIDE = 3
"""From one customer's country to the next one's; shares no divisor with how many there are."""
_WITHOUT_ACCENT = str.maketrans("łŁøß", "lLos")
"""Letters that Unicode does not take apart into a plain one and its accent."""


def _shown(name: str) -> str:
    return name.partition("|")[0]


def _plain(name: str) -> str:
    """The name as it stands in an address: `Łukasz` is `lukasz`, `陳|Chen` is `chen`."""
    bare = name.rpartition("|")[2].translate(_WITHOUT_ACCENT)
    letters = unicodedata.normalize("NFKD", bare).encode("ascii", "ignore").decode()
    return "".join(each for each in letters.lower() if each.isalnum())


COUNTRIES = (
    Country(
        "DE", "Germany", "de", "+4917139200",
        ("Lena", "Jürgen", "Anneke", "Mehmet", "Sophie", "Bjarne"),
        ("Brandt", "Müller", "Großmann", "Yıldız", "Schäfer", "Hoffmann"),
        ("Große Bergstraße", "Lindenallee", "Am Markt", "Goethestraße"),
        (("Hamburg", "22767"), ("Köln", "50667"), ("Leipzig", "04109")),
    ),
    Country(
        "PL", "Poland", "pl", "+480000000",
        ("Zofia", "Łukasz", "Małgorzata", "Paweł", "Agnieszka", "Żaneta"),
        ("Nowak", "Wiśniewska", "Dąbrowski", "Zieliński", "Wójcik", "Król"),
        ("ul. Długa", "ul. Świętokrzyska", "al. Róż", "ul. Ogrodowa"),
        (("Kraków", "31-147"), ("Łódź", "90-001"), ("Gdańsk", "80-831")),
    ),
    Country(
        "GB", "United Kingdom", "en-GB", "+4477009001",
        ("Olivia", "Callum", "Priya", "Siobhán", "Harry", "Amara"),
        ("Whitfield", "O'Neill", "Patel", "Okafor", "Hughes", "Macleod"),
        ("High Street", "Station Road", "Church Lane", "Mill Hill"),
        (("Bristol", "BS1 4DJ"), ("Leeds", "LS1 4DY"), ("Glasgow", "G1 1XQ")),
    ),
    Country(
        "US", "United States", "en-US", "+120255501",
        ("Emma", "Marcus", "Guadalupe", "Tyrone", "Hannah", "Wei"),
        ("Johnson", "García", "Washington", "Kowalczyk", "Nguyen", "Miller"),
        ("Maple Avenue", "Main Street", "Cedar Court", "Lakeview Drive"),
        (("Austin", "78701"), ("Portland", "97201"), ("Madison", "53703")),
    ),
    Country(
        "FR", "France", "fr", "+336399801",
        ("Chloé", "Étienne", "Inès", "Maël", "Zoé", "François"),
        ("Lefèvre", "Dubois", "Moreau", "Benali", "Gauthier", "Noël"),
        ("rue des Écoles", "avenue Foch", "rue du Bac", "quai Voltaire"),
        (("Lyon", "69002"), ("Nantes", "44000"), ("Lille", "59000")),
    ),
    Country(
        "SE", "Sweden", "sv", "+467017406",
        ("Åsa", "Björn", "Elin", "Oskar", "Märta", "Nils"),
        ("Lindqvist", "Åkesson", "Öberg", "Sjöström", "Nyman", "Holm"),
        ("Drottninggatan", "Kungsgatan", "Storgatan", "Ängsvägen"),
        (("Göteborg", "411 03"), ("Uppsala", "753 10"), ("Malmö", "211 20")),
    ),
    Country(
        "BR", "Brazil", "pt-BR", "+550000000",
        ("João", "Conceição", "Thiago", "Letícia", "Antônio", "Beatriz"),
        ("Gonçalves", "da Silva", "Araújo", "Ferreira", "Brandão", "Lima"),
        ("Rua das Flores", "Avenida Paulista", "Rua Augusta", "Travessa do Sol"),
        (("São Paulo", "01310-100"), ("Recife", "50030-230"), ("Curitiba", "80010-000")),
    ),
    Country(
        "TW", "Taiwan", "zh-TW", "+88600000",
        ("怡君|Yi-Chun", "志明|Chih-Ming", "雅婷|Ya-Ting", "家豪|Chia-Hao", "淑芬|Shu-Fen"),
        ("陳|Chen", "林|Lin", "黃|Huang", "張|Chang", "王|Wang"),
        ("中山路", "民生東路", "復興北路", "大安街"),
        (("台北市", "104"), ("台中市", "400"), ("高雄市", "802")),
    ),
    Country(
        "JP", "Japan", "ja", "+8100000000",
        ("葵|Aoi", "蓮|Ren", "結衣|Yui", "大翔|Hiroto", "さくら|Sakura"),
        ("佐藤|Sato", "鈴木|Suzuki", "高橋|Takahashi", "田中|Tanaka", "渡辺|Watanabe"),
        ("本町", "緑が丘", "桜台", "中央"),
        (("東京都", "150-0001"), ("大阪市", "530-0001"), ("札幌市", "060-0001")),
    ),
    Country(
        "UA", "Ukraine", "uk", "+38000000",
        ("Олена|Olena", "Тарас|Taras", "Ірина|Iryna", "Андрій|Andrii", "Марія|Mariia"),
        ("Шевченко|Shevchenko", "Коваленко|Kovalenko", "Бондар|Bondar", "Мельник|Melnyk"),
        ("вул. Городоцька", "вул. Садова", "пр. Свободи", "вул. Франка"),
        (("Львів", "79000"), ("Одеса", "65000"), ("Київ", "01001")),
    ),
)  # fmt: skip
