/** What stands behind `?` in an address of the dashboard (docs/design/dashboard.md#addresses). */

/** Plain words in the address, as a person would write them: `?tab=free&channel=whatsapp`. */
export const parseSearch = (text: string): Record<string, string> =>
  Object.fromEntries(new URLSearchParams(text));

export const stringifySearch = (search: Record<string, unknown>): string => {
  const words = new URLSearchParams();
  for (const [name, value] of Object.entries(search))
    if (typeof value === 'string' && value !== '') words.set(name, value);
  const text = words.toString();
  return text === '' ? '' : `?${text}`;
};

/** What a person wrote of these words of the address, and no other. */
export const words =
  <N extends string>(...names: readonly N[]) =>
  (search: Record<string, unknown>): { [Name in N]?: string } =>
    Object.fromEntries(
      names.flatMap((name) =>
        typeof search[name] === 'string' && search[name] !== '' ? [[name, search[name]]] : [],
      ),
    ) as { [Name in N]?: string };
