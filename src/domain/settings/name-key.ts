/** Names that a person takes for the same (docs/design/api.md#tag-catalogue). */

/** In NFC, without the case: `Kafé` typed with one character or with two, and `KAFÉ`, are one name. */
export const nameKey = (name: string): string => name.normalize('NFC').toLowerCase().normalize('NFC');
