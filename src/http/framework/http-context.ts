import type { Authority } from '../staff/permission-cache.ts';
import type { ExportLinks } from '../exports/export-links.ts';
import type { Streams } from '../live/sse-hub.ts';
import type { Tokens } from '../staff/tokens.ts';
import type { Deps } from './dependencies.ts';

export interface Parts extends Deps {
  readonly tokens: Tokens;
  readonly authority: Authority;
  readonly streams: Streams;
  readonly exportLinks: ExportLinks;
}
