/** A file is here that is to go to a customer (docs/design/api.md#files-to-a-customer). Its bytes were written before. */
import { carriedAs, type FileKind, type OfferedFile } from '../../domain/media/outgoing.ts';
import { type UploadEvent, uploads } from '../../domain/media/upload.ts';
import { Refusal } from '../../domain/refusals.ts';
import { type ExistingTicket, ticket } from '../../domain/tickets/ticket.ts';
import type { Clock } from '../../ports.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import { type CommandContext, eventContextOf } from '../context.ts';
import { requireReplyAllowed } from '../conversation/reply.ts';

export interface NewFile extends OfferedFile {
  readonly mediaId: string;
  readonly sha256: string;
}

/** @throws Refusal MEDIA_NOT_SUPPORTED */
export function decideUploadFile(found: ExistingTicket, file: NewFile, uploaderId: string): UploadEvent[] {
  const carried = carriedAs(found.channel, file);
  if ('reason' in carried)
    throw new Refusal('MEDIA_NOT_SUPPORTED', [{ path: 'file', message: carried.reason }]);
  const { mediaId, mimeType, size, sha256, name } = file;
  const about = { ticketId: found.id, division: found.division, mediaId, uploaderId };
  return [
    { type: 'FileUploaded', data: { ...about, kind: carried.kind, mimeType, size, sha256, fileName: name } },
  ];
}

/** Who may answer may upload. The functions throw what `requireReplyAllowed` and the decider refuse, and StoreUnavailable. */
export const uploadFile = ({ handler, clock }: { handler: CommandHandler; clock: Clock }) => {
  const allowed = async (ctx: CommandContext, ticketId: string): Promise<ExistingTicket> =>
    requireReplyAllowed(await handler.load(ticket, ticketId), ctx.caller);
  return {
    /** Before a byte is read. */
    requireAllowed: allowed,
    record: async (
      ctx: CommandContext,
      ticketId: string,
      file: NewFile,
    ): Promise<{ readonly kind: FileKind }> => {
      const found = await allowed(ctx, ticketId);
      const made = decideUploadFile(found, file, ctx.caller.id);
      await handler.executeCommand(uploads, ticketId, eventContextOf(ctx, clock), () => made);
      const [event] = made;
      return { kind: event?.data.kind ?? 'document' };
    },
  };
};
