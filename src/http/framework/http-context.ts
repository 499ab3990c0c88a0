import type { PermissionCache } from '../staff/permission-cache.ts';
import type { ExportLinks } from '../exports/export-links.ts';
import type { FileLinks } from '../media/file-links.ts';
import type { MessageWording } from '../../ports.ts';
import type { DeskSignals } from '../live/desk-signals.ts';
import type { SseHub } from '../live/sse-hub.ts';
import type { Tokens } from '../staff/tokens.ts';
import type { Deps } from './dependencies.ts';

export interface HttpContext extends Deps {
  readonly tokens: Tokens;
  readonly permissions: PermissionCache;
  readonly sseHub: SseHub;
  readonly deskSignals: DeskSignals;
  readonly exportLinks: ExportLinks;
  readonly fileLinks: FileLinks;
  readonly messageWording: MessageWording;
}
