/** Whether a person sees anything of a text (docs/design/api.md#reply). */

/** Controls, blanks, and what fonts draw as nothing: zero-width characters, fillers, the empty Braille cell. */
const NOTHING = /^[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]*$/u;

/** False for blanks, zero-width characters and the like alone: a customer would get an empty bubble. */
export const showsSomething = (text: string): boolean => !NOTHING.test(text);
