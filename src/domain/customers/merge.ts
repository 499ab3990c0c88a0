/** What two customers who turned out to be one have together (docs/design/business-rules.md#two-customers-who-are-one). Pure. */
import type { EventOf } from '../event.ts';
import type { CustomerAbsorbed, KnownCustomer, MergedCustomer } from './customer.ts';

/** Of two customers the older one stays: ids grow with time, so nobody is ever merged in a circle. */
export const olderFirst = <T extends { readonly id: string }>(a: T, b: T): readonly [T, T] =>
  a.id < b.id ? [a, b] : [b, a];

/** Whether the current ticket of each is open, or about to be. */
export interface OpenOfBoth {
  readonly own: boolean;
  readonly theirs: boolean;
}

interface CurrentTicket {
  readonly currentTicketId: string | null;
  readonly resumed: number | null;
}

/** The older open ticket goes on; without an open one, the newest is the last. Ids of tickets grow with time. */
function currentOf(own: KnownCustomer, theirs: KnownCustomer, open: OpenOfBoth): CurrentTicket {
  const [a, b] = [own.currentTicketId, theirs.currentTicketId];
  if (a === null || b === null) return b === null ? own : theirs;
  if (open.own !== open.theirs) return open.own ? own : theirs;
  const ownIsOlder = a < b;
  return ownIsOlder === open.own ? own : theirs;
}

/** Who said last what they are called at; null: nobody wrote down when. */
const saidLast = (own: KnownCustomer, theirs: KnownCustomer): readonly [KnownCustomer, KnownCustomer] => {
  const at = ({ contactSaidAt }: KnownCustomer) => (contactSaidAt === null ? 0 : Date.parse(contactSaidAt));
  return at(theirs) > at(own) ? [theirs, own] : [own, theirs];
};

function nameOf(own: KnownCustomer, theirs: KnownCustomer): string | null {
  const typed = [own, theirs].find(({ nameIsOurs, name }) => nameIsOurs && name !== null);
  const [last, first] = saidLast(own, theirs);
  return typed?.name ?? last.name ?? first.name;
}

/** What the one who stays has since. A number is what a customer is reached by, so nobody loses it. */
export function absorbedData(
  own: KnownCustomer,
  key: string,
  { id: customerId, was: theirs }: MergedCustomer,
  open: OpenOfBoth,
): EventOf<typeof CustomerAbsorbed>['data'] {
  const [last, first] = saidLast(own, theirs);
  const reached = last.phone === null && first.phone !== null ? first : last;
  const { currentTicketId, resumed } = currentOf(own, theirs, open);
  return {
    customerId: own.id,
    division: own.division,
    absorbed: { customerId, customerKey: key },
    earlier: [...theirs.absorbed],
    ticketIds: [...theirs.ticketIds],
    currentTicketId,
    resumed,
    optedOut: theirs.optedOut,
    channelUserId: reached.channelUserId,
    phone: reached.phone,
    name: nameOf(own, theirs),
    nameIsOurs: own.nameIsOurs || theirs.nameIsOurs,
    saidAt: last.contactSaidAt,
    email: own.email ?? theirs.email,
    address: own.address ?? theirs.address,
    notes: own.notes ?? theirs.notes,
  };
}
