import { describe, expect, it } from "vitest";

import { GENITIVES, ownedBy } from "./genitives";

describe("what belongs to what in Polish", () => {
  it.each([
    [["Zamówienie", "Suma"], "Suma zamówienia"],
    [["Zamówienie", "Adres dostawy", "Kraj"], "Kraj adresu dostawy zamówienia"],
    [["Zamówienie", "Nazwa zamówienia"], "Nazwa zamówienia"],
    [["Zamówienie", "Pozycje", "Dostawca"], "Dostawca pozycji zamówienia"],
    [["Klient", "E-mail"], "E-mail klienta"],
    [["Ustaw wartości", "Wynik"], "Ustaw wartości: wynik"],
    [["Suma"], "Suma"],
  ])("%j is called “%s”", (labels, phrase) => {
    expect(ownedBy(labels, GENITIVES.pl ?? {})).toBe(phrase);
  });
});
