/** JSON pointers (RFC 6901), the way problems and dynamic ports name a place in a config. */
import { isObject, type Json } from "./values";

export function pointerParts(pointer: string): readonly string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

export function readPointer(document: Json, pointer: string): Json | undefined {
  let place: Json | undefined = document;
  for (const part of pointerParts(pointer)) place = child(place, part);
  return place;
}

function child(place: Json | undefined, part: string): Json | undefined {
  if (Array.isArray(place)) return (place as readonly Json[])[Number(part)];
  return isObject(place) && Object.hasOwn(place, part) ? place[part] : undefined;
}
