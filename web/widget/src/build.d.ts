/** The build puts style sheets in as texts, and the panel's address in the place of its name (scripts/site.mjs). */
declare module '*.css' {
  const text: string;
  export default text;
}
declare const PANEL: string;
