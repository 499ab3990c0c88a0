/** Area: what a visitor writes and reads (docs/design/chat.md#answers). */
import { z } from 'zod';
import { ANSWER_OUTCOMES } from '../../domain/chat/talk.ts';
import { HttpError } from '../framework/errors.ts';
import { route } from '../framework/route.ts';
import { id } from '../framework/schemas.ts';
import { CHAT_TAG, newSession, TOKEN_NOTE } from './session.ts';
import { chatMessageObject, choiceObject, ctaObject, sourceObject, threadOf } from './thread.ts';
import {
  admitMessage,
  admitVisitorRead,
  OF_VISITORS,
  siteOfPage,
  visitorIfAny,
  visitorOf,
} from './visitors.ts';
import { mode, waitingMembers, waitingOf } from './waiting-state.ts';

const MOST_CHARACTERS = 2_000;
const turn = z
  .strictObject({ role: z.enum(['user', 'assistant', 'admin']), content: z.string().max(MOST_CHARACTERS) })
  .meta({ memberExamples: { role: 'user', content: 'Berapa biaya kirim mobil ke Batam?' } });

export const chatAsk = route({
  method: 'post',
  path: '/api/chat',
  name: 'chat',
  tag: CHAT_TAG,
  summary: 'Write to the bot, or to who has the talk',
  description:
    'Of `messages` only the last turn of the user counts. The bot answers from the FAQ of the division, or asks which topic was meant ' +
    '(`choices`: send the chosen one as `intent`), or offers a person: it never answers what it is not sure of. While a person has the ' +
    'talk, or it waits for one, `answer` is null and the message goes to them. Without a token a session is made, for the site whose ' +
    `page asks. ${TOKEN_NOTE}`,
  access: 'public',
  admit: admitMessage,
  body: z.strictObject({
    messages: z.array(turn).min(1).max(50),
    session_id: id.optional().meta({ description: 'Of the token, if one is sent.' }),
    max_tokens: z
      .int()
      .min(1)
      .max(2_000)
      .optional()
      .meta({ description: 'For a language model, if there is one.' }),
    language_model: z.boolean().optional().meta({
      description:
        'Whether a language model may read what this visitor asks, redacted. On record; without it, as they said before, and at first no.',
      example: true,
    }),
    intent: z.string().max(60).optional().meta({ description: 'Of a button that was pressed.' }),
  }),
  status: 200,
  data: z.strictObject({
    answer: z.string().nullable(),
    benefits: z.array(z.string()),
    cta: ctaObject.nullable(),
    usage: z.strictObject({ input_tokens: z.int(), output_tokens: z.int() }),
    confidence: z.number(),
    intent: z.string().nullable(),
    outcome: z.enum(ANSWER_OUTCOMES).nullable(),
    sources: z.array(sourceObject),
    choices: z.array(choiceObject),
    mode,
    message_id: id.meta({ description: 'Of the answer; without one, of what was written.' }),
    session_id: id,
    token: z.string(),
  }),
  errors: [...OF_VISITORS, 'EMPTY_MESSAGE'],
  examples: {
    answer: 'Biaya kirim mobil tergantung rute dan jenis mobil.',
    benefits: ['Jemput di rumah', 'Asuransi perjalanan', 'Laporan posisi'],
    input_tokens: 0,
    output_tokens: 0,
    confidence: 0.97,
    intent: 'ONGKIR_MOBIL',
    outcome: 'answered',
    max_tokens: 500,
    sources: [],
    choices: [],
    token: 'eyJzIjoi….5f1c',
  },
  async handle({ body, req, info, context }) {
    const text = body.messages.findLast(({ role }) => role === 'user')?.content.trim() ?? '';
    if (text === '') throw new HttpError('EMPTY_MESSAGE');
    const known = visitorIfAny(req);
    if (known && body.session_id !== undefined && body.session_id !== known.sessionId)
      throw new HttpError('CHAT_SESSION_INVALID');
    const token = /^Chat (.*)$/i.exec(req.headers.authorization ?? '')?.[1] ?? '';
    const session = known ? { visitor: known, token } : newSession(context, siteOfPage(req, context));
    const { visitor } = session;
    const { max_tokens: mostTokens, intent, language_model: letsModelRead } = body;
    const asked = { text, intent, mostTokens, letsModelRead };
    const answered = await context.chat.ask(visitor, asked, info.id);
    context.chatHub.changed(visitor.sessionId);
    const { thought, use } = answered;
    return {
      data: {
        answer: thought?.text ?? null,
        benefits: thought?.card.benefits ?? [],
        cta: thought?.card.cta ?? null,
        usage: { input_tokens: use.inputTokens, output_tokens: use.outputTokens },
        confidence: thought?.confidence ?? 0,
        intent: thought?.card.intent ?? null,
        outcome: thought?.outcome ?? null,
        sources: thought?.card.sources ?? [],
        choices: thought?.card.choices ?? [],
        mode: answered.mode,
        message_id: answered.messageId,
        session_id: visitor.sessionId,
        token: session.token,
      },
    };
  },
});

export const chatMessages = route({
  method: 'get',
  path: '/api/chat/messages',
  name: 'chatMessages',
  tag: CHAT_TAG,
  summary: 'The talk of this visitor',
  description: `Oldest first, the newest talks only. What somebody else says is there at once. ${TOKEN_NOTE}`,
  access: 'public',
  admit: admitVisitorRead,
  query: { after: id.optional().meta({ description: 'Id of a message: what comes behind it.' }) },
  status: 200,
  data: z.strictObject({ messages: z.array(chatMessageObject), ...waitingMembers }),
  errors: OF_VISITORS,
  async handle({ query, req, context }) {
    const talk = await context.chat.talkOf(visitorOf(req));
    const messages = await threadOf(context, talk, query.after);
    return { data: { messages: [...messages], ...(await waitingOf(context, talk.ticket)) } };
  },
});
