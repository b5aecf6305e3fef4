type Genitives = Readonly<Record<string, string>>;

/** Languages in which the owner follows what it owns, with the owners' genitives. */
export const GENITIVES: Readonly<Record<string, Genitives | undefined>> = {
  pl: {
    adres: "adresu",
    "adres domyślny": "adresu domyślnego",
    "adres dostawy": "adresu dostawy",
    "adres do faktury": "adresu do faktury",
    klient: "klienta",
    kontakt: "kontaktu",
    koszyk: "koszyka",
    pozycja: "pozycji",
    pozycje: "pozycji",
    "pozycja zamówienia": "pozycji zamówienia",
    produkt: "produktu",
    przepływ: "przepływu",
    sklep: "sklepu",
    subskrypcja: "subskrypcji",
    wysyłka: "wysyłki",
    przesyłka: "przesyłki",
    płatność: "płatności",
    zamówienie: "zamówienia",
    zdarzenie: "zdarzenia",
    zwrot: "zwrotu",
    "zwrot pieniędzy": "zwrotu pieniędzy",
  },
};

/** `Suma zamówienia` of `Zamówienie`, `Suma`; where an owner is not known, `Krok: suma`. */
export function ownedBy(labels: readonly string[], genitives: Genitives): string {
  const [owner, ...rest] = labels;
  if (owner === undefined || rest.length === 0) return owner ?? "";
  const inner = ownedBy(rest, genitives);
  const genitive = genitives[owner.toLocaleLowerCase()];
  if (genitive === undefined)
    return `${owner}: ${inner.charAt(0).toLocaleLowerCase()}${inner.slice(1)}`;
  return inner.toLocaleLowerCase().includes(stemOf(genitive)) ? inner : `${inner} ${genitive}`;
}

/** What names its owner already is enough by itself, in whichever case: "Data zamówienia". */
function stemOf(genitive: string): string {
  return genitive.slice(0, -1);
}
