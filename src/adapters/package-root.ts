import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

function folderOf(file: string, from: string): string {
  const above = dirname(from);
  if (existsSync(join(above, file))) return above;
  if (above === from) throw new Error(`There is no ${file} in any folder above this program.`);
  return folderOf(file, above);
}

/**
 * The folder of this product's package.json. Files that are read and not imported are found from there, because a
 * module of the build is in another folder than its source.
 */
export const PACKAGE_ROOT = folderOf('package.json', fileURLToPath(import.meta.url));
