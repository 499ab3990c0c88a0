/** Markdown as prettier leaves it, so that generated documents pass the same check as written ones. */
import { format, resolveConfig } from 'prettier';

export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(inCell).join(' | ')} |`).join('\n');

const inCell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

export const code = (text: string): string => `\`${text}\``;

export async function document(path: string, parts: readonly string[]): Promise<string> {
  const note = '<!-- Made by `npm run docs:generate`: do not edit. -->';
  return format([note, ...parts].join('\n\n'), { ...(await resolveConfig(path)), filepath: path });
}
