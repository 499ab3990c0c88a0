/** One session of WAHA, and what it delivers (docs/design/channels.md#waha). */
import { createLines } from '../../../src/channels/lines.ts';
import { wahaItems } from '../../../src/channels/waha/normalize.ts';
import { receivedAt } from './normalizing.ts';

export const LINE = 'cs-sari';
export const lines = createLines([
  { id: LINE, channel: 'whatsapp', division: 'sari', name: 'Saga Kargo', templatesBy: 'none' },
]);
export const PHONE = '6281234567890@c.us';
export const payload = {
  id: `false_${PHONE}_3EB0A`,
  timestamp: 1783074600,
  from: PHONE,
  fromMe: false,
  to: 'us',
  body: 'Halo',
};
export const read = (event: string, over: object = {}) =>
  wahaItems({ id: 'evt_1', event, session: LINE, payload: { ...payload, ...over } }, { lines, receivedAt });
export const message = (over: object = {}) => read('message', over);
