import { describe, expect, it } from "vitest";

import { draftOf, keyNameOf } from "./columns";

describe("the key of a table whose columns are edited", () => {
  const mail = { ...draftOf({}), name: "E-mail" };
  const units = { ...draftOf({}), name: "Units" };

  it("follows its column to another name", () => {
    const renamed = [{ ...mail, name: "Address " }, units];
    expect(keyNameOf({ columns: renamed, key: mail.id })).toBe("Address");
  });

  it("is none once its column is gone", () => {
    expect(keyNameOf({ columns: [units], key: mail.id })).toBeNull();
  });

  it("stays none while a new column gets its name", () => {
    expect(keyNameOf({ columns: [mail, draftOf({})], key: null })).toBeNull();
  });
});
