/** Area: our lines at the channels, for who looks after them (docs/design/api.md#lines). */
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { covers } from '../../domain/staff/privileges.ts';
import { HttpError } from '../framework/errors.ts';
import type { HttpContext } from '../framework/http-context.ts';
import { fileRoute, route, type SignedIn } from '../framework/route.ts';
import { lineObject } from './lines-office.ts';

const TAG = 'Administration';
const params = { id: z.string().min(1).max(100).meta({ example: '6221500100' }) };

/** @throws HttpError LINE_NOT_FOUND, DIVISION_FORBIDDEN */
async function requireLine({ lines }: HttpContext, { caller }: SignedIn, id: string) {
  const found = (await lines.list()).find((line) => line.id === id);
  if (!found) throw new HttpError('LINE_NOT_FOUND');
  // A grant reaches no further than the division of who has it.
  if (!covers(caller, found.division)) throw new HttpError('DIVISION_FORBIDDEN');
  return found;
}

export const channels = route({
  method: 'get',
  path: '/api/admin/channels',
  name: 'listLines',
  tag: TAG,
  summary: 'Our lines, by provider',
  description:
    'Numbers, pages, bots and sessions as configured, with what the watcher saw last and when a message came and went.',
  access: 'manage_channels',
  status: 200,
  data: z.strictObject({ lines: z.array(lineObject) }),
  errors: [],
  handle: async ({ signedIn, context }) => ({
    data: { lines: (await context.lines.list()).filter((one) => covers(signedIn.caller, one.division)) },
  }),
});

export const line = route({
  method: 'get',
  path: '/api/admin/channels/:id',
  name: 'getLine',
  tag: TAG,
  summary: 'One line',
  description: 'As in the list.',
  access: 'manage_channels',
  params,
  status: 200,
  data: z.strictObject({ line: lineObject }),
  errors: ['LINE_NOT_FOUND', 'DIVISION_FORBIDDEN'],
  handle: async ({ params: { id }, signedIn, context }) => ({
    data: { line: await requireLine(context, signedIn, id) },
  }),
});

export const restartLine = route({
  method: 'post',
  path: '/api/admin/channels/:id/restart',
  name: 'restartLine',
  tag: TAG,
  summary: 'Start a line again at its provider',
  description:
    'Of lines that are sessions at a provider. `restarted: false`: the provider did not take it. What is queued waits and goes out afterwards.',
  access: 'manage_channels',
  reads: 'line',
  params,
  status: 200,
  data: z.strictObject({ restarted: z.boolean() }),
  errors: ['LINE_NOT_FOUND', 'DIVISION_FORBIDDEN', 'LINE_CANNOT'],
  examples: { restarted: true },
  async handle({ params: { id }, signedIn, context }) {
    await requireLine(context, signedIn, id);
    const restarted = await context.lines.restart(id);
    if (restarted === null) throw new HttpError('LINE_CANNOT');
    return { data: { restarted } };
  },
});

export const testLine = route({
  method: 'post',
  path: '/api/admin/channels/:id/test',
  name: 'testLine',
  tag: TAG,
  summary: 'Send a test message by a line',
  description:
    'Fixed words, to a phone or account of your own that wrote to this line before. It is in no talk. `outcome` is what the ' +
    'channel said at once; `text` says what to do about it.',
  access: 'manage_channels',
  reads: 'line',
  params,
  body: z.strictObject({
    to: z
      .string()
      .regex(/^\+?[\w.@-]{1,100}$/)
      .meta({
        description: 'A number with country code, or the id at the channel.',
        example: '+6281200000001',
      }),
  }),
  status: 200,
  data: z.strictObject({
    outcome: z.enum(['accepted', 'refused', 'not_sent', 'unknown']),
    code: z.string().nullable(),
    text: z.string().nullable(),
  }),
  errors: ['LINE_NOT_FOUND', 'DIVISION_FORBIDDEN'],
  examples: { outcome: 'accepted', code: null, text: null },
  async handle({ params: { id }, body, signedIn, context }) {
    await requireLine(context, signedIn, id);
    return { data: await context.lines.test(id, body.to.replace(/^\+/, '')) };
  },
});

export const lineQr = fileRoute({
  path: '/api/admin/channels/:id/qr',
  name: 'getLineQr',
  tag: TAG,
  summary: 'The picture that links a line with a phone',
  description: 'While its state is `scan`. Whoever scans it has the line: it is on record who asked.',
  access: 'manage_channels',
  reads: 'line',
  params,
  errors: ['LINE_NOT_FOUND', 'DIVISION_FORBIDDEN', 'LINE_CANNOT'],
  async send({ params: { id }, signedIn, context }, res) {
    await requireLine(context, signedIn, id);
    const picture = await context.lines.qr(id);
    if (picture?.kind !== 'open') throw new HttpError('LINE_CANNOT');
    res.setHeader('Content-Type', 'image/png');
    res.setHeader('Cache-Control', 'private, no-store');
    await pipeline(picture.content, res).catch(() => {
      res.destroy();
    });
  },
});
