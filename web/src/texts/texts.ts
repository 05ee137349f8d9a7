// All texts of the page by their keys. Keys and what is to be filled in are checked by the compiler; plurals, and numbers
// within texts, are those of the language (i18next, Intl).

import i18next from "i18next";
import { en } from "./en";

type Plural = Intl.LDMLPluralRule;
type Written = typeof en;
type Key = keyof Written;
type KeyOf<K> = K extends `${infer Base}_${Plural}` ? Base : K;
/** The key of a text, without the ending of its plural. */
export type TextKey = KeyOf<Key>;
type Text<K extends TextKey> = K extends Key ? Written[K] : Written[`${K}_other` & Key];
type NameIn<Place> = Place extends `${infer Name},${string}` ? Name : Place;
type Names<T> = T extends `${string}{{${infer Place}}}${infer Rest}` ? NameIn<Place> | Names<Rest> : never;
type Values<K extends TextKey> = Record<Names<Text<K>> | (K extends Key ? never : "count"), string | number>;
/** A language: all texts, and more plurals where it has them. */
export type Catalogue = Record<Key, string> & Partial<Record<`${TextKey}_${Plural}`, string>>;

/** The language of the page, which is also that of its dates and numbers. */
export const LOCALE = "en-GB";
const CATALOGUES: Record<string, Catalogue> = { [LOCALE]: en };

void i18next.init({
  lng: LOCALE,
  resources: Object.fromEntries(Object.entries(CATALOGUES).map(([name, texts]) => [name, { translation: texts }])),
  keySeparator: false,
  nsSeparator: false,
  // Texts are put into the page as text.
  interpolation: { escapeValue: false },
});

/** A text, with everything filled in that it names. */
export function t<K extends TextKey>(key: K, ...values: keyof Values<K> extends never ? [] : [Values<K>]): string {
  return String(i18next.t(key as string, values[0] ?? {}));
}
