/**
 * Every member of every event that may hold any text is encrypted under a customer's key, or is listed here with why it
 * need not be (docs/erasure.md#what-is-personal). A new member is in neither, and fails.
 */
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { EVENTS } from '../../src/domain/codec.ts';
import { COMMON } from '../../src/domain/crm/fields.ts';
import { FORMS, FREE_TEXTS } from '../../src/domain/crm/forms.ts';

const KEYED_HASH = 'a keyed hash: without BLIND_INDEX_KEY it leads to nobody';
const OWN_WORDS = 'a word that this program chose from a list of its own';
const OF_TIME = 'a month';
const OF_CHANNEL = 'a code of the channel';
const HASH = 'a hash or an id of ours';
const FOR_ALL = 'staff wrote it for all customers: docs/erasure.md names it';
const OF_FAQ = 'from the FAQ, where staff wrote it for all customers';
const OF_STAFF = 'says something of staff or of the firm, not of a customer';
const OF_BOOKS = 'a number of a slip or of the tax office: the books are kept for ten years';
const OPERATOR =
  'the reason a person gave for an act of administration: docs/erasure.md says to write no name into it';

/** By `Type.member`, where the member is not personal. */
const NOT_PERSONAL: Readonly<Record<string, string>> = {
  'TicketOpened.customerKey': KEYED_HASH,
  'TicketCustomerChanged.customerKey': KEYED_HASH,
  'TicketOpened.botId': OF_STAFF,
  'TicketOpened.waPhoneId': OF_STAFF,
  'TicketOpened.waDisplayName': OF_STAFF,
  'TicketAssigned.from': HASH,
  'ChannelCostSet.month': OF_TIME,
  'BotReplied.card.intent': OF_FAQ,
  'BotReplied.card.benefits[]': OF_FAQ,
  'BotReplied.card.cta.primary': OF_FAQ,
  'BotReplied.card.cta.secondary': OF_FAQ,
  'BotReplied.card.sources[].title': OF_FAQ,
  'BotReplied.card.sources[].url': OF_FAQ,
  'BotReplied.card.choices[].intent': OF_FAQ,
  'BotReplied.card.choices[].title': OF_FAQ,
  'FaqAnswered.intents[]': OF_FAQ,
  'FaqPublished.content.name': FOR_ALL,
  'FaqPublished.content.greeting': FOR_ALL,
  'FaqPublished.content.disclaimer': FOR_ALL,
  'FaqPublished.content.suggestions[]': FOR_ALL,
  'FaqPublished.content.intents': FOR_ALL,
  'FaqPublished.hash': HASH,
  'HandoffCodeIssued.customerKey': KEYED_HASH,
  'HandoffCodeUsed.customerKey': KEYED_HASH,
  'ConsentGiven.textHash': HASH,
  'CrmUpdated.changes[].field': OWN_WORDS,
  'CrmUpdated.changes[].from': 'fields that take any words are in `words`: see the test of the forms below',
  'CrmUpdated.changes[].to': 'fields that take any words are in `words`: see the test of the forms below',
  'MessageReceived.channelMessageId': KEYED_HASH,
  'MessageReceived.kind': OF_CHANNEL,
  'MessageReceived.replyTo': KEYED_HASH,
  'MessageReceived.line': OF_STAFF,
  'RepliedElsewhere.channelMessageId': KEYED_HASH,
  'RepliedElsewhere.kind': OF_CHANNEL,
  'RepliedElsewhere.line': OF_STAFF,
  'BotReplied.channelMessageId': KEYED_HASH,
  'TeamReplied.displayName': OF_STAFF,
  'AgentReplied.clientRef': 'a name that the program of an agent gave to a message',
  'FileUploaded.mimeType': 'what the bytes are, of a short list',
  'FileUploaded.sha256': HASH,
  'BlastMessagePosted.senderRole': OWN_WORDS,
  'DeliveryReported.channelMessageId': KEYED_HASH,
  'DeliveryAttempted.line': OF_STAFF,
  'DeliveryAccepted.channelMessageId': KEYED_HASH,
  'DeliveryDeferred.code': OF_CHANNEL,
  'DeliveryFailed.code': OF_CHANNEL,
  'AttachmentStored.mimeType': 'what the bytes are, of a short list',
  'AttachmentStored.sha256': HASH,
  'QueueAlertRaised.tickets[].episode': HASH,
  'IdleTicketsFound.tickets[].episode': HASH,
  'TicketsReturned.tickets[].episode': HASH,
  'CustomerRegistered.customerKey': KEYED_HASH,
  'CustomerErased.customerKey': KEYED_HASH,
  'CustomerErased.absorbed[].customerKey': KEYED_HASH,
  'CustomerMerged.intoKey': KEYED_HASH,
  'CustomerAbsorbed.absorbed.customerKey': KEYED_HASH,
  'CustomerAbsorbed.earlier[].customerKey': KEYED_HASH,
  'CustomerErased.orderingKey': KEYED_HASH,
  'CustomerErased.reason': OPERATOR,
  'IdentityLinked.customerKey': KEYED_HASH,
  'ErasureListed.customerKey': KEYED_HASH,
  'ErasureListed.orderingKey': KEYED_HASH,
  'StaffListed.emailKey': KEYED_HASH,
  'StaffEmailChanged.emailKey': KEYED_HASH,
  'FollowUpsRecommended.leads[].rule': OWN_WORDS,
  'FollowUpsRecommended.leads[].reason': 'a sentence of the rule with a number of days',
  'QuickReplySet.shortcut': FOR_ALL,
  'QuickReplySet.title': FOR_ALL,
  'QuickReplySet.body': FOR_ALL,
  'TagChanged.name': FOR_ALL,
  'TagChanged.color': OWN_WORDS,
  'TagDefined.name': FOR_ALL,
  'TagDefined.color': OWN_WORDS,
  'TemplateDefined.name': FOR_ALL,
  'TemplateDefined.language': OWN_WORDS,
  'TemplateDefined.body': FOR_ALL,
  'TemplateDefined.whatsappName': FOR_ALL,
  'TemplateDefined.contentSid': FOR_ALL,
  'TemplateReworded.name': FOR_ALL,
  'TemplateReworded.language': OWN_WORDS,
  'TemplateReworded.body': FOR_ALL,
  'TemplateReworded.whatsappName': FOR_ALL,
  'TemplateReworded.contentSid': FOR_ALL,
  'TemplateStateChanged.reason': OPERATOR,
  'BlastCreated.creatorRole': OWN_WORDS,
  'BlastCreated.message': FOR_ALL,
  'BlastCreated.template.name': FOR_ALL,
  'BlastCreated.template.language': OWN_WORDS,
  'BlastCreated.template.body': FOR_ALL,
  'BlastCreated.template.whatsappName': FOR_ALL,
  'BlastCreated.template.contentSid': FOR_ALL,
  'BlastCreated.hash': HASH,
  'BlastApproved.hash': HASH,
  'BlastRejected.reason': OPERATOR,
  'BlastPaused.reason': OPERATOR,
  'BlastRecipientAccepted.channelMessageId': KEYED_HASH,
  'BlastRecipientDeferred.code': OF_CHANNEL,
  'BlastRecipientFailed.code': OF_CHANNEL,
  'BlastRecipientUnknown.reason': OWN_WORDS,
  'ExportCompleted.sha256': HASH,
  'SignedIn.sessionId': HASH,
  'SignedIn.origin': KEYED_HASH,
  'SignedOut.sessionId': HASH,
  'SignInFailed.emailKey': KEYED_HASH,
  'SignInFailed.origin': KEYED_HASH,
  'RefreshTokenReused.sessionId': HASH,
  'RefreshTokenReused.origin': KEYED_HASH,
  'AccessRefused.action': OWN_WORDS,
  'AccessRefused.code': OWN_WORDS,
  'AccessRefused.origin': KEYED_HASH,
  'StaffTelegramClaimed.telegramKey': KEYED_HASH,
  'TelegramCodeUsed.telegramKey': KEYED_HASH,
  'PersonalDataRead.searched': KEYED_HASH,
  'PersonalDataRead.origin': KEYED_HASH,
  'PersonalDataRead.subjectId': HASH,
  'PersonalDataRead.filters[]': OWN_WORDS,
  'JobOpened.kind': OWN_WORDS,
  'JobDocumentAdded.sha256': HASH,
  'JobDocumentAdded.type': 'what the bytes are, of a short list',
  'JobDocumentAdded.key': HASH,
  'TechnicianSet.skills[]': OWN_WORDS,
  'OfficeHoursSet.hours[].opens': OF_STAFF,
  'OfficeHoursSet.hours[].closes': OF_STAFF,
  'NotificationPreferencesChanged.preferences[].kind': OWN_WORDS,
  'StreamParked.view': OWN_WORDS,
  'StreamParked.subject': HASH,
  'ParkedStreamFreed.view': OWN_WORDS,
  'ParkedStreamFreed.subject': HASH,
  'InvoiceDrafted.hash': HASH,
  'InvoiceRevised.hash': HASH,
  'InvoiceSubmitted.hash': HASH,
  'InvoiceApproved.hash': HASH,
  'InvoiceRejected.hash': HASH,
  'InvoiceIssued.number': HASH,
  'InvoiceIssued.tokenHash': HASH,
  'PaymentRecorded.proof': OF_BOOKS,
  'TaxNumberRecorded.nsfp': OF_BOOKS,
  'RatingRequested.tokenHash': HASH,
  'ProjectionEventSkipped.view': OWN_WORDS,
  'ProjectionEventSkipped.position': HASH,
  'ProjectionEventSkipped.by': OF_STAFF,
  'ProjectionEventSkipped.reason': OPERATOR,
};

type Json = Readonly<Record<string, unknown>>;

/** Where a text of any form may be: no uuid, no time, no member of a list. */
function textsIn(root: Json): readonly string[] {
  const found = new Set<string>();
  const into = (node: Json, path: string): void => {
    const kinds = [node['type']].flat();
    for (const one of [node['anyOf'], node['oneOf']].flatMap((all) => (all as Json[] | undefined) ?? []))
      into(one, path);
    for (const [name, member] of Object.entries((node['properties'] ?? {}) as Record<string, Json>))
      into(member, path === '' ? name : `${path}.${name}`);
    if (typeof node['items'] === 'object') into(node['items'] as Json, `${path}[]`);
    const isAnything = kinds[0] === undefined && node['anyOf'] === undefined && node['oneOf'] === undefined;
    const isText = kinds.includes('string') && node['format'] === undefined;
    const isFixed = node['enum'] !== undefined || node['const'] !== undefined || node['$ref'] !== undefined;
    if ((isText || isAnything || typeof node['additionalProperties'] === 'object') && !isFixed)
      found.add(path);
  };
  into(root, '');
  return [...found];
}

const unencrypted = [...EVENTS.values()].flatMap(({ type, data, personal, secret }) => {
  const fields = [...personal, ...secret];
  const schema = z.toJSONSchema(data, { unrepresentable: 'any', reused: 'inline' }) as Json;
  return textsIn(schema)
    .filter((path) => !fields.includes(path.split(/[.[]/)[0] ?? ''))
    .map((path) => `${type}.${path}`);
});

describe('texts in events', () => {
  it('are encrypted under the key of the customer, or it is written down why not', () => {
    expect(unencrypted.filter((path) => !(path in NOT_PERSONAL))).to.deep.equal([]);
    expect(Object.keys(NOT_PERSONAL).filter((path) => !unencrypted.includes(path))).to.deep.equal([]);
  });

  it('of a CRM form that may be any words are among those that are encrypted', () => {
    const fields = Object.entries({
      ...COMMON,
      ...Object.fromEntries(
        Object.values(FORMS).flatMap((form) => [
          ...Object.entries(form.fields),
          ...Object.entries(form.groups).map(([name, { type }]) => [name, type] as const),
        ]),
      ),
    });
    const free = fields
      .filter(([, type]) => type.safeParse('Kampung Qistibox').success)
      .map(([name]) => name);
    expect([...FREE_TEXTS].sort()).to.deep.equal(free.sort());
  });

  it('that an operator must write no name into are named in the document', () => {
    const document = readFileSync('docs/erasure.md', 'utf8');
    const named = Object.entries(NOT_PERSONAL).filter(([, why]) => why === OPERATOR || why === FOR_ALL);
    const missing = named
      .map(([path]) => path.split('.')[0] ?? '')
      .filter((type) => !document.includes(`\`${type}\``));
    expect([...new Set(missing)]).to.deep.equal([]);
  });
});
