/** What shows a customer says so: a route whose answer has their name, number or words declares `reads`. */
import { expect } from 'chai';
import { z } from 'zod';
import type { Route } from '../../../src/http/framework/route.ts';
import { routes } from '../../../src/http/routes.ts';

/** Members of answers that name a customer, or quote them or what they were told. */
const PERSONAL: ReadonlySet<string> = new Set([
  'customer_name',
  'customer_phone',
  'last_message_preview',
  'content',
  'preview',
  'text',
  'payload',
  'idle_tickets',
]);

/** Names of all members anywhere in a schema. */
function membersOf(schema: unknown): Set<string> {
  const names = new Set<string>();
  const document = z.toJSONSchema(schema as z.ZodType, { unrepresentable: 'any', io: 'output' });
  const walk = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return;
    const { properties } = part as { properties?: object };
    if (properties) Object.keys(properties).forEach((name) => names.add(name));
    Object.values(part).forEach(walk);
  };
  walk(document);
  return names;
}

function shows(route: Route): string[] {
  const schemas = route.stream ? Object.values(route.stream.events) : route.data ? [route.data] : [];
  return schemas.flatMap((schema) => [...membersOf(schema)].filter((name) => PERSONAL.has(name)));
}

/** A command on a ticket answers the ticket as it is afterwards, and is on record as a read of it: nothing to review. */
const showsItsTicket = ({ method, path, reads }: Route): boolean =>
  method !== 'get' && path.startsWith('/api/admin/ticket/:id') && reads === 'ticket';

/** So does a command on a visit or an invoice. */
const showsItsWork = ({ method, reads }: Route): boolean =>
  method !== 'get' && (reads === 'job' || reads === 'invoice');

describe('routes that show personal data', () => {
  for (const route of routes) {
    // Who reads there is the customer.
    if (route.access === 'public' && route.path.startsWith('/api/chat/')) continue;
    const shown = shows(route);
    if (shown.length === 0) continue;
    it(`${route.name} is put on record (it shows ${[...new Set(shown)].join(', ')})`, () => {
      expect(route.reads).to.be.a('string');
      // A public route has nobody to put on record.
      expect(route.access).to.not.equal('public');
    });
  }

  it('are the ones that were looked at by a person', () => {
    const declared = routes.flatMap((route) =>
      route.reads === undefined || showsItsTicket(route) || showsItsWork(route)
        ? []
        : [`${route.name}: ${route.reads}`],
    );
    expect(declared.sort()).to.deep.equal([
      'archiveCustomer: customer',
      'correctCustomer: customer',
      'downloadAttachment: attachment',
      'editCustomer: customer',
      'getAgentAnalytics: analytics',
      'getBlast: blast',
      'getChatAnalytics: analytics',
      'getCustomer: customer',
      'getCustomerRecord: customer',
      'getHistory: history',
      'getInvoice: invoice',
      'getJob: job',
      'getLineQr: line',
      'getMyJob: job',
      'getNotification: notifications',
      'getTicket: ticket',
      'getUser: users',
      'listAccess: access_log',
      'listAdminAudit: admin_audit',
      'listAudit: audit_log',
      'listConversations: inbox',
      'listCustomerMessages: messages',
      'listCustomers: customer',
      'listDeadLetters: dead_letters',
      'listFreeTickets: inbox',
      'listInbox: inbox',
      'listInternalMessages: internal_messages',
      'listInvoices: invoice',
      'listJobs: job',
      'listMessages: messages',
      'listMyJobs: job',
      'listNotifications: notifications',
      'listRatings: rating',
      'listRecommendations: followups',
      'listUsers: users',
      'mergeCustomers: customer',
      'openJobDocument: job_document',
      'optInCustomer: customer',
      'optOutCustomer: customer',
      'previewBlast: blast',
      'registerCustomer: customer',
      'replyToConversation: ticket',
      'resendMessage: messages',
      'restartLine: line',
      'searchMessages: search',
      'stream: live',
      'testLine: line',
      'unarchiveCustomer: customer',
    ]);
  });
});
