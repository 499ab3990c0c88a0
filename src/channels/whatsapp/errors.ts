/** Codes of the Cloud API (docs/design/whatsapp.md#error-codes). */
import { type ErrorTable, giveUp, slowCustomer, slowLine, stop } from '../error-actions.ts';

export const WHATSAPP_ERRORS: ErrorTable = [
  // Permission, payment, registration: the same for every message of this line.
  [stop, '131005 131031 131042 131045 133016'],
  // Limits of the app or the number, and a number under upgrade: the whole line slows down.
  [slowLine, '80007 130429 131057'],
  // Quality and spam limits: a pause of one customer would not help, so the whole line waits.
  [slowLine, '131048 131064'],
  // Trouble at the channel, or too much for this one customer (131056: the pair rate).
  [slowCustomer, '131056 131000 131016'],
  [giveUp('recipient'), '131026 131050 130403 130472 130497'],
  [giveUp('not_now'), '131049'],
  [giveUp('template'), '131047'],
  [
    giveUp('content'),
    '131008 131009 131051 131052 131053 131063 132000 132001 132005 132007 132012 132015 132016 131062',
  ],
];
