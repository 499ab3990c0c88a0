/** A customer of a division on a channel, and which of their tickets is the current one. */
import { z } from 'zod';
import { ConsentGiven, ConsentWithdrawn } from '../chat/consent.ts';
import { type Aggregate, defineEvent, type EventOf } from '../event.ts';
import { channel, type Channel, division, type Division } from '../vocabulary.ts';
import {
  afterRegistration,
  NO_REGISTRATION,
  type Registration,
  type RegistrationEvent,
  registrationEvents,
} from './registration.ts';

// ---------------------------------------------------------------- stream name

/** `key`: `<division>_<keyed hash of the channel user id>`; no phone number in clear. */
export const customerStream = (key: string): string => `customer-${key}`;

/** Second names of a customer (a business-scoped user id) point to their stream from here. */
export const identityStream = (key: string): string => `identity-${key}`;

// ---------------------------------------------------------------- events (stored format: change by adding a version and an upcaster)

export const CustomerRegistered = defineEvent(
  'CustomerRegistered',
  {
    customerId: z.uuid(),
    customerKey: z.string(),
    division,
    channel,
    /** As the channel names them, prefixed: `wa_6281...`, `tg_...`, or `wa_ID.<business-scoped id>`. */
    channelUserId: z.string(),
    phone: z.string().nullable(),
    name: z.string().nullable(),
    /** The channel's time of the message that says so; absent in old events. */
    saidAt: z.iso.datetime().optional(),
  },
  { personal: ['channelUserId', 'phone', 'name'] },
);
/** The one place where 'one open ticket per customer and division' is decided. */
export const CustomerTicketStarted = defineEvent('CustomerTicketStarted', {
  customerId: z.uuid(),
  ticketId: z.uuid(),
  previousTicketId: z.uuid().nullable(),
});
export const CustomerTicketResumed = defineEvent('CustomerTicketResumed', {
  customerId: z.uuid(),
  ticketId: z.uuid(),
  /** How often the ticket had been closed by then: while that is so, it is about to be open again. */
  closes: z.int().optional(),
});
/** Their name, number or id came later, or changed. The newest is shown and written to. */
export const CustomerContactChanged = defineEvent(
  'CustomerContactChanged',
  {
    customerId: z.uuid(),
    channelUserId: z.string(),
    phone: z.string().nullable(),
    name: z.string().nullable(),
    /** The channel's time of the message that says so; absent in old events. */
    saidAt: z.iso.datetime().optional(),
  },
  { personal: ['channelUserId', 'phone', 'name'] },
);
const absorbed = z.object({ customerId: z.uuid(), customerKey: z.string() });
const OPTED_OUT_BY = ['keyword', 'channel', 'agent'] as const;
/** They want no more offers: they wrote so, the channel reports it (131050), or they told an agent. */
export const CustomerOptedOut = defineEvent(
  'CustomerOptedOut',
  {
    customerId: z.uuid(),
    by: z.enum(OPTED_OUT_BY),
    /** What the agent writes about it. */
    reason: z.string().optional(),
  },
  { personal: ['reason'] },
);
/** They want offers again. */
export const CustomerOptedIn = defineEvent(
  'CustomerOptedIn',
  { customerId: z.uuid(), by: z.enum(['keyword', 'agent']), reason: z.string().optional() },
  { personal: ['reason'] },
);
/**
 * Their own key is destroyed with it: names, numbers and texts in all earlier events are lost (Indonesian law 27/2022).
 * When the same person writes again, they are a new customer on the same stream.
 */
export const CustomerErased = defineEvent('CustomerErased', {
  customerId: z.uuid(),
  customerKey: z.string(),
  division,
  /** Every ticket they ever had. */
  ticketIds: z.array(z.uuid()),
  /** Keyed hash under which the webhook inbox has what they wrote. */
  orderingKey: z.string(),
  /** The reason of the request: `permintaan pelanggan`, a case number. No name. */
  reason: z.string().nullable(),
  /** Who turned out to be this customer: erased with them, each on their own stream. Absent: nobody did. */
  absorbed: z.array(absorbed).optional(),
});
/**
 * They turned out to be the same person as another customer (docs/design/business-rules.md#two-customers-who-are-one).
 * From here on this stream decides nothing: whatever is about them is about the one they were merged into.
 */
export const CustomerMerged = defineEvent('CustomerMerged', {
  customerId: z.uuid(),
  into: z.uuid(),
  intoKey: z.string(),
  /** Who says so: the channel, which named both in one message, or a person. */
  because: z.enum(['channel', 'agent']),
  /** Two open tickets become one. */
  joinTickets: z.boolean(),
});
/** The other side of it: what they have and are called since. Follows a `CustomerMerged`, which decided it. */
export const CustomerAbsorbed = defineEvent(
  'CustomerAbsorbed',
  {
    customerId: z.uuid(),
    division,
    absorbed,
    /** Whom that one had absorbed before. */
    earlier: z.array(absorbed),
    /** The tickets that came with them. */
    ticketIds: z.array(z.uuid()),
    /** The current ticket since, and how often it had been closed when it was resumed last. */
    currentTicketId: z.uuid().nullable(),
    resumed: z.int().nullable(),
    optedOut: z.boolean(),
    channelUserId: z.string(),
    phone: z.string().nullable(),
    name: z.string().nullable(),
    /** The name was typed by a person of ours. */
    nameIsOurs: z.boolean(),
    saidAt: z.iso.datetime().nullable(),
    email: z.string().nullable(),
    address: z.string().nullable(),
    notes: z.string().nullable(),
  },
  { personal: ['channelUserId', 'phone', 'name', 'email', 'address', 'notes'] },
);
/** A person of ours wrote down who they are; a member that is absent stays as it is. No channel changes that name. */
export const CustomerEdited = defineEvent(
  'CustomerEdited',
  {
    customerId: z.uuid(),
    name: z.string().nullable().optional(),
    email: z.string().nullable().optional(),
    address: z.string().nullable().optional(),
    notes: z.string().nullable().optional(),
  },
  { personal: ['name', 'email', 'address', 'notes'] },
);
/** Nothing is expected of them any more: they are off the list until they write again, or a person brings them back. */
export const CustomerArchived = defineEvent('CustomerArchived', { customerId: z.uuid() });
export const CustomerUnarchived = defineEvent('CustomerUnarchived', { customerId: z.uuid() });
export const IdentityLinked = defineEvent('IdentityLinked', { customerKey: z.string() });

export const customerEvents = [
  CustomerRegistered,
  CustomerTicketStarted,
  CustomerTicketResumed,
  CustomerContactChanged,
  CustomerOptedOut,
  CustomerOptedIn,
  CustomerErased,
  CustomerMerged,
  CustomerAbsorbed,
  CustomerEdited,
  CustomerArchived,
  CustomerUnarchived,
  ConsentGiven,
  ConsentWithdrawn,
  ...registrationEvents,
] as const;
export type CustomerEvent = EventOf<(typeof customerEvents)[number]>;
export const identityEvents = [IdentityLinked] as const;
export type IdentityEvent = EventOf<typeof IdentityLinked>;

// ---------------------------------------------------------------- state

export type Customer =
  | {
      readonly status: 'unknown';
      /** Who they were before the last erasure; null: never seen. */
      readonly erased: Erased | null;
    }
  | KnownCustomer
  | {
      readonly status: 'merged';
      readonly id: string;
      readonly division: Division;
      /** Who they are now: what that stream says counts. */
      readonly into: AbsorbedCustomer;
      readonly joinTickets: boolean;
      /** As they were then. */
      readonly was: KnownCustomer;
    };

export type AbsorbedCustomer = z.infer<typeof absorbed>;

/** Who is behind a name now: never somebody who was merged into another. */
export type CurrentCustomer = Exclude<Customer, { status: 'merged' }>;
export type MergedCustomer = Extract<Customer, { status: 'merged' }>;

export interface KnownCustomer {
  readonly status: 'known';
  readonly id: string;
  readonly key: string;
  readonly division: Division;
  readonly channel: Channel;
  readonly channelUserId: string;
  readonly phone: string | null;
  readonly name: string | null;
  /** A person of ours typed it, so no channel changes it. */
  readonly nameIsOurs: boolean;
  readonly email: string | null;
  readonly address: string | null;
  readonly notes: string | null;
  /** When that was said, as the channel counts; null: nobody wrote it down. */
  readonly contactSaidAt: string | null;
  readonly currentTicketId: string | null;
  /** `closes` of the current ticket when it was resumed last; null: it never was. */
  readonly resumed: number | null;
  /** The ticket before the current one, for who handled the customer last. */
  readonly previousTicketId: string | null;
  /** Oldest first. */
  readonly ticketIds: readonly string[];
  /** Gets no offers. Outlives an erasure: nothing else of the customer does. */
  readonly optedOut: boolean;
  /** Who turned out to be this customer. */
  readonly absorbed: readonly AbsorbedCustomer[];
  /** Off the list. */
  readonly archived: boolean;
  /** A language model may read what they ask. Of this customer only: not of those who turned out to be them. */
  readonly letsModelRead: boolean;
  /** How far they are in registering by WhatsApp. */
  readonly registration: Registration;
}

export interface Erased {
  readonly id: string;
  readonly facts: EventOf<typeof CustomerErased>['data'];
  readonly optedOut: boolean;
}

export interface Identity {
  readonly customerKey: string | null;
}

// ---------------------------------------------------------------- evolve

function evolve(state: Customer, event: CustomerEvent): Customer {
  const { type, data } = event;
  if (type === 'CustomerRegistered') {
    return {
      status: 'known',
      id: data.customerId,
      key: data.customerKey,
      division: data.division,
      channel: data.channel,
      channelUserId: data.channelUserId,
      phone: data.phone,
      name: data.name,
      nameIsOurs: false,
      email: null,
      address: null,
      notes: null,
      contactSaidAt: data.saidAt ?? null,
      currentTicketId: null,
      resumed: null,
      previousTicketId: null,
      ticketIds: [],
      optedOut: state.status === 'unknown' && state.erased?.optedOut === true,
      absorbed: [],
      archived: false,
      letsModelRead: false,
      registration: NO_REGISTRATION,
    };
  }
  if (state.status === 'unknown') return state;
  if (type === 'CustomerErased') {
    const { optedOut } = state.status === 'merged' ? state.was : state;
    return { status: 'unknown', erased: { id: data.customerId, facts: data, optedOut } };
  }
  if (state.status === 'merged') return state;
  switch (type) {
    case 'CustomerTicketStarted':
      return {
        ...state,
        currentTicketId: data.ticketId,
        resumed: null,
        previousTicketId: data.previousTicketId,
        ticketIds: [...state.ticketIds, data.ticketId],
      };
    case 'CustomerTicketResumed':
      return { ...state, currentTicketId: data.ticketId, resumed: data.closes ?? null };
    case 'CustomerContactChanged':
      return {
        ...state,
        channelUserId: data.channelUserId,
        phone: data.phone,
        name: data.name,
        contactSaidAt: data.saidAt ?? state.contactSaidAt,
      };
    case 'CustomerOptedOut':
      return { ...state, optedOut: true };
    case 'CustomerOptedIn':
      return { ...state, optedOut: false };
    case 'CustomerEdited':
      return edited(state, data);
    case 'CustomerArchived':
      return { ...state, archived: true };
    case 'CustomerUnarchived':
      return { ...state, archived: false };
    case 'ConsentGiven':
    case 'ConsentWithdrawn':
      return data.purpose === 'language_model' ? { ...state, letsModelRead: type === 'ConsentGiven' } : state;
    case 'RegistrationAsked':
    case 'RegistrationEnded':
    case 'CustomerSelfRegistered':
      return registering(state, event);
    case 'CustomerMerged':
      return {
        status: 'merged',
        id: state.id,
        division: state.division,
        into: { customerId: data.into, customerKey: data.intoKey },
        joinTickets: data.joinTickets,
        was: state,
      };
    case 'CustomerAbsorbed':
      return absorbing(state, data);
    default:
      return state;
  }
}

function edited(state: KnownCustomer, data: EventOf<typeof CustomerEdited>['data']): KnownCustomer {
  const { name = state.name, email = state.email, address = state.address, notes = state.notes } = data;
  return {
    ...state,
    ...{ name, email, address, notes },
    nameIsOurs: state.nameIsOurs || data.name !== undefined,
  };
}

function registering(state: KnownCustomer, event: RegistrationEvent): KnownCustomer {
  const after = { ...state, registration: afterRegistration(event) };
  if (event.type !== 'CustomerSelfRegistered') return after;
  const { name, address } = event.data;
  return { ...after, name: name ?? state.name, address: address ?? state.address, nameIsOurs: true };
}

function absorbing(state: KnownCustomer, data: EventOf<typeof CustomerAbsorbed>['data']): KnownCustomer {
  const { channelUserId, phone, name, nameIsOurs, email, address, notes } = data;
  return {
    ...state,
    ...{ channelUserId, phone, name, nameIsOurs, email, address, notes },
    contactSaidAt: data.saidAt,
    currentTicketId: data.currentTicketId,
    resumed: data.resumed,
    // Their ids grow with time.
    ticketIds: [...new Set([...state.ticketIds, ...data.ticketIds])].sort(),
    optedOut: state.optedOut || data.optedOut,
    absorbed: [...state.absorbed, ...data.earlier, data.absorbed],
  };
}

/** Is this the id of this customer, or of one who turned out to be them? */
export const isKnownAs = (state: KnownCustomer, customerId: string): boolean =>
  state.id === customerId || state.absorbed.some((one) => one.customerId === customerId);

export const customer: Aggregate<Customer, CustomerEvent> = {
  category: 'customer',
  stream: customerStream,
  initial: { status: 'unknown', erased: null },
  evolve,
};

export const identity: Aggregate<Identity, IdentityEvent> = {
  category: 'identity',
  stream: identityStream,
  initial: { customerKey: null },
  evolve: (_state, event) => ({ customerKey: event.data.customerKey }),
};
