"""What the demo shop sells: tea, and what one needs for it."""

from dataclasses import dataclass
from decimal import Decimal
from random import Random


@dataclass(frozen=True, slots=True)
class Product:
    """One product in one variant; `weight` says how often it is bought."""

    number: int
    sku: str
    title: str
    variant: str | None
    price: Decimal
    vendor: str
    weight: int


@dataclass(frozen=True, slots=True)
class Line:
    """So many of a product."""

    product: Product
    quantity: int

    @property
    def total(self) -> Decimal:
        return self.product.price * self.quantity


def basket(chance: Random, at_least: Decimal = Decimal(0)) -> tuple[Line, ...]:
    """A believable basket: few different things, seldom many of one, worth `at_least` so much."""
    most = chance.choices((1, 2, 3, 4, 5), (30, 30, 22, 12, 6))[0]
    chosen: dict[int, Line] = {}
    while len(chosen) < most or sum(line.total for line in chosen.values()) < at_least:
        product = chance.choices(PRODUCTS, [each.weight for each in PRODUCTS])[0]
        quantity = chance.choices((1, 2, 3, 6), (70, 20, 8, 2))[0]
        chosen[product.number] = Line(product, quantity)
        if len(chosen) == len(PRODUCTS):
            break
    return tuple(chosen.values())


def _product(
    number: int, sku: str, title: str, variant: str | None, price: str, vendor: str, weight: int
) -> Product:
    return Product(number, sku, title, variant, Decimal(price), vendor, weight)


PRODUCTS = (
    _product(7001, "KETTLE-09-SG", "Stovetop kettle 0.9 l", "Sage green", "79.00", "Hallbro", 5),
    _product(7002, "KETTLE-09-CR", "Stovetop kettle 0.9 l", "Cream", "79.00", "Hallbro", 4),
    _product(7010, "POT-CAST-08", "Cast-iron teapot 0.8 l", None, "64.50", "Iwate Works", 6),
    _product(7014, "TEA-SENCHA-100", "Sencha, first flush", "100 g", "14.90", "Teehaus Nord", 18),
    _product(
        7015, "TEA-DARJ-250", "Darjeeling Margaret's Hope", "250 g", "22.40", "Teehaus Nord", 12
    ),
    _product(7016, "TEA-OOLONG-50", "Dong Ding oolong", "50 g", "18.90", "Nantou Farm", 10),
    _product(7017, "TEA-ROOIBOS-250", "Rooibos vanilla", "250 g", "9.80", "Teehaus Nord", 14),
    _product(7020, "MATCHA-30", "Ceremonial matcha", "30 g", "29.00", "Uji Green", 9),
    _product(7021, "WHISK-80", "Bamboo whisk", None, "16.50", "Uji Green", 6),
    _product(7033, "CUP-STONE", "Stoneware cup", None, "24.90", "Hallbro", 11),
    _product(7034, "CUP-STONE-SET4", "Stoneware cups, set of four", None, "89.00", "Hallbro", 4),
    _product(7040, "TRAY-OAK", "Oak tea tray", "40 × 25 cm", "48.00", "Hallbro", 4),
    _product(7045, "FILTER-100", "Paper filters", "100 pieces", "4.60", "Teehaus Nord", 12),
    _product(7050, "GIFT-BOX", "Gift box “A quiet hour”", None, "119.00", "Teehaus Nord", 3),
    _product(7060, "SAMOVAR-30", "Electric samovar 3 l", "Brass", "249.00", "Tula Forge", 1),
)
