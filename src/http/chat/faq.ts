/** Area: those who write what the bot says (docs/design/chat.md#versions). */
import { z } from 'zod';
import { rollbackInput } from '../../commands/chat/publish-faq.ts';
import { currentOf } from '../../commands/chat/faqs.ts';
import { faq as published } from '../../domain/chat/faq.ts';
import { faqContent } from '../../domain/chat/faq-content.ts';
import { ANSWER_OUTCOMES } from '../../domain/chat/talk.ts';
import { think } from '../../domain/chat/thought.ts';
import { division } from '../../domain/vocabulary.ts';
import { answerOf } from '../framework/command-route.ts';
import type { ErrorCode } from '../framework/errors.ts';
import { route } from '../framework/route.ts';
import { scopeWithin } from '../tickets/ticket-scope.ts';
import { CHAT_TAG } from './session.ts';
import { choiceObject } from './thread.ts';

const params = { div: division };
const CONTENT_LIMITS = { bytes: 512 * 1024, members: 20_000 };
const ERRORS: readonly ErrorCode[] = ['DIVISION_FORBIDDEN', 'BUSY'];
const version = z.int().min(0).meta({ description: '0: what the product brings along.', example: 3 });
/** Examples of the members of a content, wherever it is shown. */
const CONTENT_EXAMPLES = {
  name: 'Asisten Sari',
  greeting: 'Halo! Ada yang bisa kami bantu?',
  disclaimer: 'Jawaban otomatis ini panduan umum.',
  suggestions: ['LAYANAN'],
  intents: {
    LAYANAN: {
      title: 'Layanan kami',
      examples: ['layanannya apa saja', 'bisa kirim apa', 'jasa apa saja yang ada'],
      answer: 'Kami mengirim kargo, motor dan barang kantor.',
      benefits: ['Jemput di tempat', 'Asuransi tersedia', 'Laporan posisi'],
      cta_primary: 'Minta penawaran',
      cta_secondary: 'Chat dengan Admin',
    },
  },
};
const SHOWN = { ...CONTENT_EXAMPLES, content: CONTENT_EXAMPLES, faq: CONTENT_EXAMPLES };

export const getFaq = route({
  method: 'get',
  path: '/api/admin/faq/:div',
  name: 'getFaq',
  tag: CHAT_TAG,
  summary: 'What the bot of a division says',
  description: 'The version that counts, and those that one can go back to.',
  access: 'manage_faq',
  params,
  status: 200,
  data: z.strictObject({ version, faq: faqContent, versions: z.array(version) }),
  errors: ERRORS,
  examples: { ...SHOWN, versions: [0, 1, 2, 3] },
  async handle({ params: { div: of }, signedIn, context }) {
    scopeWithin(signedIn.caller, of);
    const state = await context.commands.handler.load(published, of);
    const { version: now, content } = currentOf(state, context.shippedFaqs[of]);
    return {
      data: { version: now, faq: content, versions: [0, ...state.published.map((one) => one.version)] },
    };
  },
});

export const putFaq = route({
  method: 'put',
  path: '/api/admin/faq/:div',
  name: 'putFaq',
  tag: CHAT_TAG,
  summary: 'Publish what the bot of a division says',
  description:
    'The whole content. It counts from the next answer on. The same content again makes no new version. What was published stays on record.',
  access: 'manage_faq',
  params,
  body: faqContent,
  limits: CONTENT_LIMITS,
  status: 200,
  data: z.strictObject({ version }),
  errors: ERRORS,
  examples: SHOWN,
  handle: async ({ params: { div: of }, body, command, context }) =>
    answerOf(await context.chat.faq.publish(command, of, body)),
});

export const rollbackFaq = route({
  method: 'post',
  path: '/api/admin/faq/:div/rollback',
  name: 'rollbackFaq',
  tag: CHAT_TAG,
  summary: 'Go back to an earlier version',
  description: 'It comes back as a new version.',
  access: 'manage_faq',
  params,
  body: rollbackInput,
  status: 200,
  data: z.strictObject({ version }),
  errors: [...ERRORS, 'FAQ_VERSION_NOT_FOUND'],
  examples: { version: 2 },
  handle: async ({ params: { div: of }, body, command, context }) =>
    answerOf(await context.chat.faq.rollback(command, of, body.version)),
});

export const tryFaq = route({
  method: 'post',
  path: '/api/admin/faq/:div/try',
  name: 'tryFaq',
  tag: CHAT_TAG,
  summary: 'What would the bot say?',
  description:
    'Of the published content, or of one that is sent along. Nothing is written, and no language model is asked.',
  access: 'manage_faq',
  params,
  body: z.strictObject({ text: z.string().trim().min(1).max(2_000), content: faqContent.optional() }),
  limits: CONTENT_LIMITS,
  status: 200,
  data: z.strictObject({
    outcome: z.enum(ANSWER_OUTCOMES),
    answer: z.string(),
    confidence: z.number(),
    intents: z.array(z.string()),
    choices: z.array(choiceObject),
    guesses: z.array(z.strictObject({ intent: z.string(), score: z.number() })),
  }),
  errors: ERRORS,
  examples: {
    ...SHOWN,
    text: 'bisa kirim apa aja?',
    outcome: 'answered',
    answer: 'Kami mengirim kargo, motor dan barang kantor.',
    confidence: 0.97,
    'tryFaq.intents': ['LAYANAN'],
    guesses: [{ intent: 'LAYANAN', score: 0.71 }],
    choices: [],
  },
  async handle({ params: { div: of }, body, signedIn, context }) {
    scopeWithin(signedIn.caller, of);
    const { faqs } = context.chat;
    const knowledge = body.content ? faqs.learned(body.content) : await faqs.of(of);
    const { outcome, text, confidence, intents, card } = think(knowledge, body.text);
    const guesses = knowledge.classifier.guess(body.text);
    return {
      data: {
        outcome,
        answer: text,
        confidence,
        intents: [...intents],
        choices: card.choices,
        guesses: [...guesses],
      },
    };
  },
});
