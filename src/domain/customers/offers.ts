/** What a customer says about our offers, in a message of a few words (docs/design/business-rules.md#opt-out). */

const STOP: ReadonlySet<string> = new Set([
  'stop',
  'berhenti',
  'unsubscribe',
  'unsub',
  'berhenti berlangganan',
  'berhenti promo',
  'berhenti promosi',
  'hentikan promo',
  'hentikan promosi',
  'stop promo',
  'stop promosi',
  // Meta's own button.
  'stop promotions',
]);
const START: ReadonlySet<string> = new Set([
  'start',
  'mulai',
  'mulai lagi',
  'mulai berlangganan',
  'mulai promo',
  'mulai promosi',
  'subscribe',
  'start promo',
  'start promosi',
  'start promotions',
]);

const LONGEST = 40;
/** A question, and a command of Telegram that starts a talk, ask for something else. */
const ASKS_OTHER = /[?/]/;

/** Its words, whatever is around them: full-width letters, emoji, quotes, what nobody sees. */
const wordsOf = (content: string): string =>
  content
    .normalize('NFKC')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** `stop`: no more offers; `start`: offers again. Null: the message says something else; 'Jangan berhenti' does. */
export function wishOf(content: string): 'stop' | 'start' | null {
  if (content.length > LONGEST || ASKS_OTHER.test(content.normalize('NFKC'))) return null;
  const words = wordsOf(content);
  if (STOP.has(words)) return 'stop';
  return START.has(words) ? 'start' : null;
}
