/** What the program can do with its lines, for `/api/admin/channels` (docs/design/api.md#lines). */
import { z } from 'zod';
import { channel, division } from '../../domain/vocabulary.ts';
import { type Fetched, LINE_STATES } from '../../ports.ts';
import { time } from '../framework/schemas.ts';

export const lineObject = z
  .strictObject({
    id: z.string(),
    provider: z.string(),
    channel,
    division,
    name: z.string().nullable(),
    state: z.enum(LINE_STATES).meta({
      description:
        '`scan`: a person links it with a phone, by `GET .../qr`. `stopped`: a person has to act. `unknown`: it cannot be asked, or was not yet.',
    }),
    detail: z.string().nullable().meta({ description: "The provider's own word for it." }),
    can: z.array(z.enum(['restart', 'qr'])).meta({
      description:
        '`restart`: it is a session at its provider. `qr`: it is linked with a phone by a picture.',
    }),
    last_inbound_at: time.nullable(),
    last_outbound_at: time.nullable(),
  })
  .meta({
    id: 'Line',
    memberExamples: {
      id: '6221500100',
      provider: 'twilio',
      name: 'Saga Kargo',
      state: 'working',
      detail: 'active',
      can: [],
    },
  });

export interface LinesOffice {
  /** In the order of the configuration. @throws StoreUnavailable */
  list(): Promise<readonly z.infer<typeof lineObject>[]>;
  /** @returns null: this line cannot be restarted; false: its provider did not take it */
  restart(id: string): Promise<boolean | null>;
  /** @returns null: this line is not linked by a picture */
  qr(id: string): Promise<Fetched | null>;
  /** Never rejects. @param to the customer as the channel names them, without our prefix */
  test(
    id: string,
    to: string,
  ): Promise<{
    readonly outcome: 'accepted' | 'refused' | 'not_sent' | 'unknown';
    readonly code: string | null;
    readonly text: string | null;
  }>;
}
