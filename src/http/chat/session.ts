/** Area: a visitor of the web chat begins, looks whether anybody is there, and leaves (docs/design/chat.md#sessions). */
import { z } from 'zod';
import { MODEL_CONSENT_TEXT } from '../../domain/chat/consent.ts';
import type { ChatSite } from '../../domain/chat/sites.ts';
import type { HttpContext } from '../framework/http-context.ts';
import { route } from '../framework/route.ts';
import { id, time } from '../framework/schemas.ts';
import { choiceObject } from './thread.ts';
import { admitPage, admitSession, admitVisitorWrite, OF_VISITORS, siteNamed, visitorOf } from './visitors.ts';
import { statusObject, statusOf } from './waiting-state.ts';

export const CHAT_TAG = 'Web chat';
export const TOKEN_NOTE = 'With the header `Authorization: Chat <token>` of `POST /api/chat/session`.';
const siteKey = z.string().min(1).max(40).meta({ example: 'sari' });

/** A new visitor of this site, who is nobody before they write. */
export function newSession({ ids, chatTokens }: Pick<HttpContext, 'ids' | 'chatTokens'>, site: ChatSite) {
  const visitor = { sessionId: ids.next(), siteKey: site.key, division: site.division };
  return { visitor, ...chatTokens.give(visitor) };
}

export const chatSession = route({
  method: 'post',
  path: '/api/chat/session',
  name: 'startChat',
  tag: CHAT_TAG,
  summary: 'Begin to chat',
  description:
    'For a page of the site (`SITES`): its `Origin` must be one of the site’s. The token goes into `Authorization: Chat <token>` of ' +
    'every later call, and is good for 30 days. Nothing is stored before the visitor writes.',
  access: 'public',
  admit: admitSession,
  body: z.strictObject({ site_key: siteKey }),
  status: 201,
  data: z.strictObject({
    session_id: id,
    token: z.string(),
    expires_at: time,
    name: z.string().meta({ description: 'How the bot calls itself.', example: 'Asisten Sari' }),
    greeting: z.string(),
    disclaimer: z.string(),
    suggestions: z.array(choiceObject),
    status: statusObject,
    language_model: z.strictObject({ version: z.int(), text: z.string() }).nullable().meta({
      description: 'What the visitor is asked for `language_model` of `POST /api/chat`; null: there is none.',
    }),
  }),
  errors: OF_VISITORS,
  examples: {
    language_model: MODEL_CONSENT_TEXT,
    token: 'eyJzIjoi….5f1c',
    greeting: 'Halo! Ada yang bisa kami bantu?',
    disclaimer: 'Jawaban otomatis ini panduan umum.',
  },
  async handle({ body, req, context }) {
    const site = siteNamed(body.site_key, req, context);
    const { visitor, token, expiresAt } = newSession(context, site);
    const { content } = await context.chat.faqs.of(site.division);
    const { name, greeting, disclaimer, suggestions, intents } = content;
    return {
      data: {
        ...{ session_id: visitor.sessionId, token, expires_at: expiresAt, name, greeting, disclaimer },
        suggestions: suggestions.map((intent) => ({ intent, title: intents[intent]?.title ?? intent })),
        status: await statusOf(context, site.division),
        language_model: context.chat.hasModel ? MODEL_CONSENT_TEXT : null,
      },
    };
  },
});

export const chatStatus = route({
  method: 'get',
  path: '/api/chat/status',
  name: 'chatStatus',
  tag: CHAT_TAG,
  summary: 'Is anybody there?',
  description:
    'In the office hours of the division; `busy`: they are open and nobody is online. `eta_minutes`: the median wait of the last seven ' +
    'days, as a step.',
  access: 'public',
  admit: admitPage,
  query: { site_key: siteKey },
  status: 200,
  data: statusObject,
  errors: OF_VISITORS,
  handle: async ({ query, req, context }) => ({
    data: await statusOf(context, siteNamed(query.site_key, req, context).division),
  }),
});

export const chatFaq = route({
  method: 'get',
  path: '/api/faq',
  name: 'chatFaq',
  tag: CHAT_TAG,
  summary: 'Which topics the bot knows',
  description: 'Their names, without the answers.',
  access: 'public',
  admit: admitPage,
  query: { site_key: siteKey },
  status: 200,
  data: z.strictObject({
    version: z.int().meta({ example: 3 }),
    intents: z.array(
      z.strictObject({ key: z.string().meta({ example: 'ONGKIR_MOBIL' }), title: z.string() }),
    ),
  }),
  errors: OF_VISITORS,
  examples: { title: 'Biaya kirim mobil' },
  async handle({ query, req, context }) {
    const { version, content } = await context.chat.faqs.of(siteNamed(query.site_key, req, context).division);
    const intents = Object.entries(content.intents).map(([key, { title }]) => ({ key, title }));
    return { data: { version, intents } };
  },
});

export const endChat = route({
  method: 'delete',
  path: '/api/chat/session',
  name: 'endChat',
  tag: CHAT_TAG,
  summary: 'Be forgotten',
  description: `Closes the talk and erases the visitor, like any customer who asks for it. ${TOKEN_NOTE}`,
  access: 'public',
  admit: admitVisitorWrite,
  status: 204,
  data: null,
  errors: [...OF_VISITORS, 'CUSTOMER_HAS_OPEN_TICKET'],
  async handle({ req, info, context }) {
    const visitor = visitorOf(req);
    await context.chat.forget(visitor, info.id);
    context.chatHub.changed(visitor.sessionId);
    return { data: null };
  },
});
