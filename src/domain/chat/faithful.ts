/** Does a rewording say nothing that the answer does not? (docs/design/chat.md#language-model) */

/** What a model may not add: numbers with what belongs to them, addresses, and names. */
const numbersOf = (text: string): string[] => text.match(/\d+(?:[.,]\d+)*/g) ?? [];
const linksOf = (text: string): string[] =>
  text.toLowerCase().match(/\b(?:https?:\/\/|www\.)\S+|\S+@\S+/g) ?? [];
/** Within a sentence: its first word is written so in any case. */
const namesOf = (text: string): string[] => text.match(/(?<=[\p{Ll}\p{N},)] )\p{Lu}[\p{L}\p{N}]+/gu) ?? [];
const COUNTED =
  /\b(?:satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh|sebelas|puluh|belas|ratus|ribu|juta|gratis|pasti|dijamin|garansi|diskon|murah)\w*/gi;
const countedOf = (text: string): string[] => (text.match(COUNTED) ?? []).map((word) => word.toLowerCase());

const LONGER = 1.3;

/** @returns whether it may be sent in place of the answer */
export function isFaithful(answer: string, reworded: string): boolean {
  const said = reworded.trim();
  if (said === '' || said.length > answer.length * LONGER) return false;
  const within = (of: (text: string) => string[]): boolean => {
    const allowed = new Set(of(answer));
    return of(said).every((one) => allowed.has(one));
  };
  const words = answer.toLowerCase();
  return (
    within(numbersOf) &&
    within(linksOf) &&
    within(countedOf) &&
    namesOf(said).every((name) => words.includes(name.toLowerCase()))
  );
}
