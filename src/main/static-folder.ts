/** Where the static files of the dashboard and of the company site are: in the build that production runs, else where a clone builds them. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../adapters/package-root.ts';

/** @returns a folder, which may not be there: `/app` then says how to make it (docs/design/dashboard.md#serving) */
export function staticFolder(name: 'web' | 'site'): string {
  const clone = join(PACKAGE_ROOT, name, 'dist');
  return existsSync(clone) ? clone : join(PACKAGE_ROOT, 'dist', name);
}
