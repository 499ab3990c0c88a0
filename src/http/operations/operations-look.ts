/** What the program says of itself in `GET /api/admin/operations` (docs/design/api.md#operations). */
import { z } from 'zod';
import { channel, division } from '../../domain/vocabulary.ts';
import { time } from '../framework/schemas.ts';

const parked = z.strictObject({
  streams: z.int(),
  events: z.int(),
  because: z.string().nullable().meta({ example: 'TicketTagged: tag is missing' }),
});
export const view = z.strictObject({
  view: z.string().meta({ example: 'inbox' }),
  state: z.enum(['running', 'stopped', 'wrong_store']),
  lag_events: z.int().nullable().meta({ description: 'null: it belongs to another store.' }),
  lag_seconds: z.number(),
  stopped_because: z.string().nullable().meta({ example: null }),
  parked: parked
    .nullable()
    .meta({ description: 'What it holds back while it goes on with everything else.' }),
});
export const job = z.strictObject({
  job: z.string().meta({ example: 'routing' }),
  state: z.enum(['running', 'wrong_store']),
  lag_events: z.int().nullable(),
  updated_at: time.meta({ description: 'When it last moved on.' }),
});
export const line = z.strictObject({
  channel,
  id: z.string().meta({ example: 'PHONE_ID_001' }),
  name: z.string().nullable().meta({ example: 'Saga Logistics' }),
  division,
  state: z.enum(['sending', 'stopped', 'unknown']).meta({
    description: '`stopped`: it sends nothing until somebody acts. `unknown`: another process sends.',
  }),
  stopped_by: z
    .string()
    .nullable()
    .meta({ description: 'The code that stopped it.', example: 'token_invalid' }),
});

/** What the program can say of itself. */
export interface OperationsLook {
  readonly views: z.infer<typeof view>[];
  readonly jobs: z.infer<typeof job>[];
  readonly lines: z.infer<typeof line>[];
  readonly webhooks: {
    readonly pending: number;
    readonly dead: number;
    readonly oldest_pending_at: string | null;
  };
}
