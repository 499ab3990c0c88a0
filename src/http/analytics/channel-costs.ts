/** Area: what the channels cost (docs/design/api.md#channel-costs). */
import { z } from 'zod';
import { input, requireSeesCosts } from '../../commands/analytics/set-channel-cost.ts';
import { listed } from '../../domain/analytics/channel-costs.ts';
import { channel } from '../../domain/vocabulary.ts';
import { answerOf } from '../framework/command-route.ts';
import { route } from '../framework/route.ts';

const TAG = 'Analytics';
const PATH = '/api/admin/channel-costs';

const data = z.strictObject({
  channel_costs: z
    .array(
      z.strictObject({
        month: z.string().meta({ example: '2026-07' }),
        channel,
        amount: z.int().min(0).meta({ description: 'Rupiah.', example: 1_500_000 }),
      }),
    )
    .meta({ description: 'Oldest month first; a channel and month without a line cost nothing.' }),
});

export const listChannelCosts = route({
  method: 'get',
  path: PATH,
  name: 'listChannelCosts',
  tag: TAG,
  summary: 'What the channels cost',
  description: 'By month, of the whole firm. Only for those who see all divisions.',
  access: 'analytics_division',
  status: 200,
  data,
  errors: [],
  async handle({ signedIn: { caller }, context }) {
    requireSeesCosts(caller);
    return { data: { channel_costs: [...listed(await context.commands.channelCosts.load())] } };
  },
});

export const setChannelCost = route({
  method: 'put',
  path: PATH,
  name: 'setChannelCost',
  tag: TAG,
  summary: 'Say what a channel cost in a month',
  description:
    'Replaces what was said about this month and channel. The figures of a division bear its share of the channel’s leads of that month.',
  access: 'analytics_division',
  body: input,
  status: 200,
  data,
  errors: ['BUSY'],
  handle: async ({ body, command, context }) =>
    answerOf(await context.commands.channelCosts.set(command, body)),
});
