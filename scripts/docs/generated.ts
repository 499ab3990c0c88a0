/** The documents that are made from the program itself. */
import { configuration } from './configuration.ts';
import { erd } from './erd.ts';
import { events } from './events.ts';

/**
 * @param databaseUrl a database with all migrations applied
 * @returns what each file should hold, by path
 */
export async function generatedDocuments(databaseUrl: string): Promise<Readonly<Record<string, string>>> {
  const made = {
    'docs/generated/configuration.md': configuration,
    'docs/generated/events.md': events,
    'docs/generated/erd.md': (path: string) => erd(path, databaseUrl),
  };
  const texts: Record<string, string> = {};
  for (const [path, make] of Object.entries(made)) texts[path] = await make(path);
  return texts;
}
