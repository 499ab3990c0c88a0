/** The build puts style sheets in as texts, and these values in the place of their names (scripts/site.mjs). */
declare module '*.css' {
  const text: string;
  export default text;
}
/** The address of the panel. */
declare const PANEL: string;
/** What a visitor agrees to who leaves a way to be reached: the wording that the API has on record. */
declare const CONSENT: string;
