/** The outcome of a file that a customer sent, as an event; once. */
import { decideMedia, media, type MediaEvent } from '../../domain/media/media.ts';
import type { Clock } from '../../ports.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import type { Cause } from '../outbound/record-delivery.ts';

export type RecordMedia = (event: MediaEvent, cause: Cause) => Promise<void>;

/** The function throws StoreUnavailable. */
export const recordMedia =
  ({ handler, clock }: { handler: CommandHandler; clock: Clock }): RecordMedia =>
  async (event, cause) => {
    const { messageId } = event.data;
    const eventContext = {
      actor: { kind: 'system', process: 'media' } as const,
      correlationId: cause.metadata.correlationId,
      causationId: cause.id,
      requestId: cause.metadata.requestId,
      at: clock.now().toISOString(),
    };
    await handler.executeCommand(media, messageId, eventContext, (state) => [...decideMedia(state, event)]);
  };
