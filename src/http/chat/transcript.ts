/** Area: a visitor takes the talk along, as a file or to WhatsApp (docs/design/chat.md#papers). */
import type { Request } from 'express';
import { z } from 'zod';
import type { Visitor } from '../../commands/chat/visitor.ts';
import { division } from '../../domain/vocabulary.ts';
import type { Document, Section } from '../../ports.ts';
import { HttpError } from '../framework/errors.ts';
import type { HttpContext } from '../framework/http-context.ts';
import { fileRoute, route, type Route } from '../framework/route.ts';
import { anything, momentOf, paper, sendBytes, sendDocument, SIGNED } from './papers.ts';
import { CHAT_TAG, TOKEN_NOTE } from './session.ts';
import { type ChatMessage, threadOf } from './thread.ts';
import { WHATSAPP_URL_EXAMPLE, whatsappUrl } from './to-people.ts';
import { admitPage, admitVisitorWrite, OF_VISITORS, visitorOf } from './visitors.ts';

const TITLE = 'Percakapan dengan Saga';
const ROLES: Readonly<Record<ChatMessage['role'], string>> = {
  visitor: 'Anda',
  bot: 'Asisten',
  admin: 'Admin',
  system: 'Saga',
};

const speakerOf = ({ role, name }: ChatMessage): string =>
  name === null ? ROLES[role] : `${ROLES[role]} (${name})`;

type Lines = readonly (readonly [at: string, from: string, text: string])[];

/** What the visitor reads in the widget, oldest first. */
async function linesOf(context: HttpContext, visitor: Visitor): Promise<Lines> {
  const { timezone } = context.config;
  const messages = await threadOf(context, await context.chat.talkOf(visitor));
  return messages.map((one) => [momentOf(new Date(one.sent_at), timezone), speakerOf(one), one.text]);
}

const madeAt = ({ clock, config }: HttpContext): string => `Dibuat ${momentOf(clock.now(), config.timezone)}`;

function transcriptDocument(context: HttpContext, rows: Lines): Document {
  const section: Section = {
    kind: 'table',
    title: 'Pesan',
    table: {
      headings: ['Waktu', 'Dari', 'Pesan'],
      widths: [2, 2, 6],
      numeric: [false, false, false],
      rows,
    },
  };
  return paper(TITLE, [madeAt(context)], 'Saga', section);
}

export const chatTranscript = fileRoute({
  method: 'post',
  path: '/api/chat/transcript',
  name: 'chatTranscript',
  tag: CHAT_TAG,
  summary: 'The talk as a file',
  description: `What the visitor reads in the widget, as text or PDF. ${TOKEN_NOTE}`,
  access: 'public',
  admit: admitVisitorWrite,
  params: {},
  body: z.strictObject({ format: z.enum(['text', 'pdf']) }),
  errors: OF_VISITORS,
  examples: { format: 'pdf' },
  async send({ req, body, context }, res) {
    const lines = await linesOf(context, visitorOf(req));
    if (body.format === 'text') {
      const text = [TITLE, madeAt(context), '', ...lines.map((parts) => parts.join(' | '))];
      res.setHeader('Content-Type', 'text/plain; charset=utf-8');
      sendBytes(Buffer.from(`${text.join('\r\n')}\r\n`), 'percakapan.txt', res);
      return;
    }
    await sendDocument(context, transcriptDocument(context, lines), 'percakapan.pdf', res);
  },
});

/** Days. */
const LINK_GOOD_FOR = 7;

/** An address that is a credential in itself. Without PUBLIC_URL it is of the host that was asked: an installation for trials. */
function transcriptUrl(
  context: HttpContext,
  req: Pick<Request, 'headers'>,
  { division: of, sessionId }: Visitor,
): string {
  const seconds = String(Math.floor(context.clock.now().getTime() / 1000) + LINK_GOOD_FOR * 86_400);
  const signature = context.transcriptLinks.sign(of, sessionId, seconds);
  const base = context.config.publicUrl ?? `http://${req.headers.host ?? 'localhost'}`;
  return `${base}/api/chat/transcript/${of}/${sessionId}?expires=${seconds}&signature=${signature}`;
}

export const chatTranscriptToWhatsApp = route({
  method: 'post',
  path: '/api/chat/transcript/whatsapp',
  name: 'sendTranscriptToWhatsApp',
  tag: CHAT_TAG,
  summary: 'Get the talk in WhatsApp',
  description:
    'The visitor writes first: the link brings a code in their message, and what answers it is a link to the talk as a PDF, good for ' +
    `seven days. The code joins both talks, as that of \`/api/chat/handoff-link\`. ${TOKEN_NOTE}`,
  access: 'public',
  admit: admitVisitorWrite,
  status: 200,
  data: z.strictObject({ whatsapp_url: z.string() }),
  errors: [...OF_VISITORS, 'WHATSAPP_NOT_OFFERED', 'NOTHING_WRITTEN'],
  examples: { whatsapp_url: WHATSAPP_URL_EXAMPLE },
  async handle({ req, info, context }) {
    const visitor = visitorOf(req);
    const { ticket } = await context.chat.talkOf(visitor);
    if (ticket.status === 'absent') throw new HttpError('NOTHING_WRITTEN');
    const url = transcriptUrl(context, req, visitor);
    return { data: { whatsapp_url: await whatsappUrl(context, visitor, info.id, url) } };
  },
});

const openTranscript = fileRoute({
  path: '/api/chat/transcript/:div/:session',
  name: 'openTranscript',
  tag: CHAT_TAG,
  summary: 'The talk that somebody asked for in WhatsApp',
  description:
    'The address as it was sent to them: the link is the credential. Nothing is left of a visitor who was erased.',
  access: 'public',
  admit: admitPage,
  params: { div: anything, session: anything },
  query: SIGNED,
  errors: ['SITE_UNKNOWN', 'RATE_LIMITED', 'FILE_LINK_INVALID', 'STORE_UNAVAILABLE'],
  examples: { div: 'sari', session: '019a9d1e-7c00-7000-8000-000000000001' },
  async send({ params, query, context }, res) {
    const { expires = '', signature = '', ...others } = query;
    const of = division.safeParse(params.div);
    const isGenuine = context.transcriptLinks.isGenuine(signature, params.div, params.session, expires);
    const isOver = Number(expires) * 1000 <= context.clock.now().getTime();
    if (Object.keys(others).length > 0 || !of.success || !isGenuine || isOver)
      throw new HttpError('FILE_LINK_INVALID');
    const lines = await linesOf(context, { sessionId: params.session, siteKey: '', division: of.data });
    if (lines.length === 0) throw new HttpError('FILE_LINK_INVALID');
    await sendDocument(context, transcriptDocument(context, lines), 'percakapan.pdf', res);
  },
});

/** A letter changed in the name of a parameter is a changed link as well, and no bad form. */
export const chatTranscriptFile: Route = { ...openTranscript, query: z.looseObject(SIGNED) };
