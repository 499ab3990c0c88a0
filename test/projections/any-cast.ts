/** Who and what a history of everything is about (any-history.ts), and the events that need no story. */
import { ticketEvents } from '../../src/domain/tickets/ticket.ts';
import { DIVISIONS } from '../../src/domain/vocabulary.ts';
import { uuid } from './analytics/history.ts';

export const SEEN_BY_NO_VIEW = [
  'SuperAdminAppointed',
  'SuperAdminStoodDown',
  'StaffListed',
  'StaffEmailChanged',
  'StaffUnlisted',
  'IdentityLinked',
  'ErasureListed',
  'FileUploaded',
  'QuickReplySet',
  'QuickReplyDeleted',
  'HandoffCodeIssued',
  'HandoffCodeUsed',
  'TelegramCodeIssued',
  'TelegramCodeUsed',
  'StaffTelegramClaimed',
  'StaffTelegramReleased',
  'RegistrationAsked',
  'RegistrationEnded',
  'InvoiceNumberTaken',
] as const;
/** Events of a ticket that need no more than their stored example: new ones come in by themselves. */
const OF_ITS_OWN =
  /Opened|CustomerChanged|TakenOver|ssigned|Queued|Withdrawn|Released|Closed|Reopened|agged|CrmUpdated/;
export const PLAIN = ticketEvents.map(({ type }) => type).filter((type) => !OF_ITS_OWN.test(type));
export const OFFERS = ['CustomerOptedOut', 'CustomerOptedIn'] as const;
export const OF_TAGS = ['TagDefined', 'TagDefined', 'TagChanged', 'TagDeleted'] as const;
export const USERS = [0, 1, 2, 3, 4].map((n) => uuid(1, n));
export const CUSTOMERS = [0, 1, 2, 3].map((n) => ({
  customerId: uuid(2, n),
  division: DIVISIONS[n % 2]!,
  customerKey: `${DIVISIONS[n % 2]!}_k${String(n)}`,
}));
export const TICKETS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => ({
  ...CUSTOMERS[n % CUSTOMERS.length]!,
  ticketId: uuid(3, n),
}));
