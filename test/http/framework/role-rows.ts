/** What a row of the reviewed matrix of roles says (test/http/framework/reviewed-roles.ts), and rows that several routes have. */
import type { ErrorCode } from '../../../src/http/framework/errors.ts';
import type { Role } from '../../../src/domain/vocabulary.ts';

/**
 * What each role gets on a FREE ticket (or whatever the route is about) of sari, savi and safia. Agent and viewer
 * are of sari; the lead's own division is sari too. `ok`: the success the route declares. Reviewed against
 * docs/design/api.md#roles-and-privileges: change it with care, and only together with that table.
 */
type Cell = 'ok' | ErrorCode;
type Cells = readonly [sari: Cell, savi: Cell, safia: Cell];
/** A role of field service that a row leaves out is refused. */
type FieldRole = 'dispatcher' | 'technician';
export type Row = Readonly<Record<Exclude<Role, FieldRole>, Cells> & Partial<Record<FieldRole, Cells>>>;

export const all = (cell: Cell): readonly [Cell, Cell, Cell] => [cell, cell, cell];
export const ok = all('ok');
export const no = all('FORBIDDEN');

export const own = ['ok', 'DIVISION_FORBIDDEN', 'DIVISION_FORBIDDEN'] as const;

export const everybody: Row = {
  super_admin: ok,
  team_lead: ok,
  sales_agent: ok,
  dispatcher: ok,
  technician: ok,
  viewer: ok,
};
/** All but technicians: they have nothing of the inbox. */
export const office: Row = { ...everybody, technician: no };
const nobodyMay: Row = { super_admin: no, team_lead: no, sales_agent: no, viewer: no };
/** Allowed, and there is nothing to do it with. */
export const nobodyYet = (cell: Cell): Row => ({
  super_admin: all(cell),
  team_lead: all(cell),
  sales_agent: all(cell),
  dispatcher: all(cell),
  technician: all(cell),
  viewer: all(cell),
});
/** Visits as technicians see and take them; one of another division is as unknown as none. */
export const technicians: Row = { ...nobodyMay, technician: ok };
export const ofTechnician: Row = { ...nobodyMay, technician: ['ok', 'JOB_NOT_FOUND', 'JOB_NOT_FOUND'] };
/** What a technician hears of a visit of theirs that nobody has, and of others. */
export const pooled = ['JOB_NOT_ASSIGNED', 'JOB_NOT_FOUND', 'JOB_NOT_FOUND'] as const;
/** Of a visit that nobody has. */
export const addsDocument: Row = {
  super_admin: all('JOB_NOT_ASSIGNED'),
  team_lead: no,
  sales_agent: no,
  dispatcher: ['JOB_NOT_ASSIGNED', 'DIVISION_FORBIDDEN', 'DIVISION_FORBIDDEN'],
  technician: pooled,
  viewer: no,
};
/** Of a visit that nobody has made. */
export const ofReport: Row = {
  super_admin: all('JOB_NOT_DONE'),
  team_lead: no,
  sales_agent: no,
  dispatcher: ['JOB_NOT_DONE', 'DIVISION_FORBIDDEN', 'DIVISION_FORBIDDEN'],
  viewer: no,
};
export const superAdmin: Row = {
  super_admin: ok,
  team_lead: no,
  sales_agent: no,
  viewer: no,
};
export const leads: Row = {
  super_admin: ok,
  team_lead: ok,
  sales_agent: no,
  viewer: no,
};
/** No quick reply has the id of a person. */
export const quickReplyGone: Row = {
  super_admin: all('QUICK_REPLY_NOT_FOUND'),
  team_lead: all('QUICK_REPLY_NOT_FOUND'),
  sales_agent: all('QUICK_REPLY_NOT_FOUND'),
  viewer: no,
};
/** No invoice has the id of a person: who may ask hears that, others are refused. */
const noInvoice = all('INVOICE_NOT_FOUND');
export const ofInvoice = {
  drafts: { super_admin: noInvoice, team_lead: no, sales_agent: no, dispatcher: noInvoice, viewer: no },
  signs: { super_admin: noInvoice, team_lead: noInvoice, sales_agent: noInvoice, viewer: no },
  reads: {
    super_admin: noInvoice,
    team_lead: noInvoice,
    sales_agent: noInvoice,
    dispatcher: noInvoice,
    viewer: no,
  },
} satisfies Readonly<Record<string, Row>>;
/** No tag has the id of a person. */
export const noTag: Row = { ...superAdmin, super_admin: all('TAG_NOT_FOUND') };
/** A customer of another division is as unknown as none. */
export const ofCustomer: Row = {
  super_admin: ok,
  team_lead: ok,
  sales_agent: ['ok', 'CUSTOMER_NOT_FOUND', 'CUSTOMER_NOT_FOUND'],
  dispatcher: ['ok', 'CUSTOMER_NOT_FOUND', 'CUSTOMER_NOT_FOUND'],
  viewer: no,
};
/** Who only looks on sees them, too. */
export const ofAnyCustomer: Row = { ...ofCustomer, viewer: ofCustomer.sales_agent };
/** Customers by hand: what is refused of one with an open ticket is not the person. @param cell of a customer that they may see */
export const ofRecord = (cell: Cell): Row => ({
  super_admin: all(cell),
  team_lead: all(cell),
  sales_agent: no,
  dispatcher: [cell, 'CUSTOMER_NOT_FOUND', 'CUSTOMER_NOT_FOUND'],
  viewer: no,
});
export const ownOrLeads: Row = {
  super_admin: ok,
  team_lead: ok,
  sales_agent: own,
  dispatcher: own,
  viewer: own,
};
export const ownOrLeadsNotViewer: Row = {
  super_admin: ok,
  team_lead: ok,
  sales_agent: own,
  viewer: no,
};
/** An agent only on tickets of their own, a viewer never: L2, follow-ups. */
export const notes: Row = {
  super_admin: ok,
  team_lead: ok,
  sales_agent: ['NOT_ASSIGNEE', 'DIVISION_FORBIDDEN', 'DIVISION_FORBIDDEN'],
  viewer: no,
};

export const ofSomebody: Row = {
  super_admin: all('NOT_ASSIGNED'),
  team_lead: all('NOT_ASSIGNED'),
  sales_agent: ['NOT_ASSIGNED', 'DIVISION_FORBIDDEN', 'DIVISION_FORBIDDEN'],
  viewer: no,
};

/** Blasts that somebody else made: of an agent's own there is a test of its own. Nobody else's is there for them. */
export const blasts = (cell: Cell): Row => ({
  super_admin: all(cell),
  team_lead: all(cell),
  sales_agent: all('BLAST_NOT_FOUND'),
  viewer: no,
});

/** A team lead takes out of the house only what is of their own division (docs/design/api.md#roles-and-privileges). */
export const exporting: Row = {
  super_admin: ok,
  team_lead: own,
  sales_agent: no,
  viewer: no,
};
