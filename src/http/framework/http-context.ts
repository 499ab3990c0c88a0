import type { PermissionCache } from '../staff/permission-cache.ts';
import type { ChatHub } from '../chat/chat-hub.ts';
import type { ChatTokens } from '../chat/chat-tokens.ts';
import type { LinkSigner } from './server/link-signer.ts';
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
  readonly chatTokens: ChatTokens;
  readonly chatHub: ChatHub;
  readonly checklistLinks: LinkSigner;
  readonly transcriptLinks: LinkSigner;
  readonly exportLinks: ExportLinks;
  readonly fileLinks: FileLinks;
  readonly messageWording: MessageWording;
}
