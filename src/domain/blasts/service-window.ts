/** WhatsApp takes free text for so long after the customer wrote (docs/design/whatsapp.md#service-window). */
const WINDOW_MS = 24 * 3_600_000;

/** For how long free text still reaches who wrote then, in whole seconds, 0 at least. @param now milliseconds since 1970 */
export const windowLeftSeconds = (wroteAt: string, now: number): number =>
  Math.max(Math.floor((Date.parse(wroteAt) + WINDOW_MS - now) / 1_000), 0);

/** May a blast still be free text? @param wroteAt when the customer wrote last; null: never. @param now milliseconds since 1970 */
export const takesFreeText = (wroteAt: string | null, now: number): boolean =>
  wroteAt !== null && now - Date.parse(wroteAt) < WINDOW_MS;
