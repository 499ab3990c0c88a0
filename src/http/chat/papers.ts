/** Area: what a visitor takes along: the checklist of a topic, and the clicks that are counted (docs/design/chat.md#papers). */
import { z } from 'zod';
import { calendarOf, dayText } from '../../domain/time/calendar.ts';
import { division, type Division } from '../../domain/vocabulary.ts';
import type { Document, Section } from '../../ports.ts';
import { HttpError } from '../framework/errors.ts';
import type { HttpContext } from '../framework/http-context.ts';
import type { HttpResponse } from '../framework/request.ts';
import { fileRoute, route, type Route } from '../framework/route.ts';
import { id, time } from '../framework/schemas.ts';
import { CHAT_TAG, TOKEN_NOTE } from './session.ts';
import { admitPage, admitVisitorWrite, OF_VISITORS, visitorOf } from './visitors.ts';

export const momentOf = (at: Date, timezone: string): string =>
  new Intl.DateTimeFormat('id-ID', { dateStyle: 'medium', timeStyle: 'short', timeZone: timezone }).format(
    at,
  );

/** Makes a PDF and sends it. @param name of the file: our own letters and digits */
export async function sendDocument(
  { writeDocument }: Pick<HttpContext, 'writeDocument'>,
  document: Document,
  name: string,
  res: HttpResponse,
): Promise<void> {
  const leaving = new AbortController();
  res.once('close', () => {
    leaving.abort();
  });
  const pieces: Uint8Array[] = [];
  for await (const piece of writeDocument(document, leaving.signal)) pieces.push(piece);
  const bytes = Buffer.concat(pieces);
  res.setHeader('Content-Type', 'application/pdf');
  sendBytes(bytes, name, res);
}

/** @param name of the file: our own letters and digits */
export function sendBytes(bytes: Buffer, name: string, res: HttpResponse): void {
  res.statusCode = 200;
  res.setHeader('Content-Length', bytes.length);
  res.setHeader('Content-Disposition', `attachment; filename="${name}"`);
  res.setHeader('Content-Security-Policy', "default-src 'none'; sandbox");
  res.end(bytes);
}

export const paper = (
  title: string,
  cover: readonly string[],
  footer: string,
  section: Section,
): Document => ({
  ...{ title, cover, footer, landscape: false, sections: [section] },
});

export const chatCta = route({
  method: 'post',
  path: '/api/chat/cta',
  name: 'chatCta',
  tag: CHAT_TAG,
  summary: 'A button below an answer was pressed',
  description: `Counted by day and topic, without who. What is no answer of this talk counts nothing. ${TOKEN_NOTE}`,
  access: 'public',
  admit: admitVisitorWrite,
  body: z.strictObject({ message_id: id, which: z.enum(['primary', 'secondary']) }),
  status: 204,
  data: null,
  errors: OF_VISITORS,
  examples: { which: 'primary' },
  async handle({ req, body, context }) {
    const { ticket } = await context.chat.talkOf(visitorOf(req));
    const shown = ticket.status === 'absent' ? [] : ticket.talk.shown;
    const intent = shown.find(({ answerId }) => answerId === body.message_id)?.intent;
    if (intent === undefined || ticket.status === 'absent') return { data: null };
    const day = dayText(calendarOf(context.config.timezone).dayOf(context.clock.now().getTime()));
    await context.chatClicks.count({ division: ticket.division, day, intent, which: body.which });
    return { data: null };
  },
});

// ---------------------------------------------------------------- checklists

/** Days. */
const LINK_GOOD_FOR = 1;
const TITLE = 'Daftar dokumen';

async function checklistOf({ chat }: Pick<HttpContext, 'chat'>, of: Division, intent: string) {
  const { content } = await chat.faqs.of(of);
  const found = Object.hasOwn(content.intents, intent) ? content.intents[intent] : undefined;
  if (found?.checklist === undefined) throw new HttpError('CHECKLIST_NOT_FOUND');
  return { title: found.title, lines: found.checklist };
}

export const chatChecklist = route({
  method: 'post',
  path: '/api/chat/checklist',
  name: 'chatChecklist',
  tag: CHAT_TAG,
  summary: 'A link to the checklist of a topic',
  description: `A PDF with the date on it; the link is good for a day. ${TOKEN_NOTE}`,
  access: 'public',
  admit: admitVisitorWrite,
  body: z.strictObject({ intent: z.string().max(60) }),
  status: 200,
  data: z.strictObject({ url: z.string(), expires_at: time }),
  errors: [...OF_VISITORS, 'CHECKLIST_NOT_FOUND'],
  examples: {
    intent: 'DOKUMEN_MOBIL',
    url: '/api/chat/checklist/sari/DOKUMEN_MOBIL?expires=1783296000&signature=9f2c…',
  },
  async handle({ req, body, context }) {
    const { division: of } = visitorOf(req);
    await checklistOf(context, of, body.intent);
    const seconds = Math.floor(context.clock.now().getTime() / 1000) + LINK_GOOD_FOR * 86_400;
    const signature = context.checklistLinks.sign(of, body.intent, String(seconds));
    const path = `/api/chat/checklist/${of}/${body.intent}?expires=${String(seconds)}&signature=${signature}`;
    const url = `${context.config.publicUrl ?? ''}${path}`;
    return { data: { url, expires_at: new Date(seconds * 1000).toISOString() } };
  },
});

/** Anything at all: what is not what we signed is a bad signature, not a bad form. */
export const anything = z.string().max(200);
export const SIGNED = { expires: anything.optional(), signature: anything.optional() };

const openChecklist = fileRoute({
  path: '/api/chat/checklist/:div/:intent',
  name: 'openChecklist',
  tag: CHAT_TAG,
  summary: 'The checklist of a topic',
  description: 'The address as `url` gave it: the link is the credential.',
  access: 'public',
  admit: admitPage,
  params: { div: anything, intent: anything },
  query: SIGNED,
  errors: ['SITE_UNKNOWN', 'RATE_LIMITED', 'FILE_LINK_INVALID', 'CHECKLIST_NOT_FOUND', 'STORE_UNAVAILABLE'],
  examples: { div: 'sari', intent: 'DOKUMEN_MOBIL' },
  async send({ params, query, context }, res) {
    const { expires = '', signature = '', ...others } = query;
    const of = division.safeParse(params.div);
    const isGenuine = context.checklistLinks.isGenuine(signature, params.div, params.intent, expires);
    const isOver = Number(expires) * 1000 <= context.clock.now().getTime();
    if (Object.keys(others).length > 0 || !of.success || !isGenuine || isOver)
      throw new HttpError('FILE_LINK_INVALID');
    const { title, lines } = await checklistOf(context, of.data, params.intent);
    const made = momentOf(context.clock.now(), context.config.timezone);
    const rows = lines.map((line, at) => [String(at + 1), line, '']);
    const table = {
      headings: ['No.', 'Dokumen', 'Siap'],
      widths: [1, 8, 1],
      numeric: [true, false, false],
      rows,
    };
    const document = paper(
      `${TITLE}: ${title}`,
      [`Dibuat ${made}`],
      `Saga · dibuat ${made} · untuk pribadi`,
      {
        kind: 'table',
        title: 'Yang perlu disiapkan',
        table,
      },
    );
    await sendDocument(context, document, 'daftar-dokumen.pdf', res);
  },
});

/** A letter changed in the name of a parameter is a changed link as well, and no bad form. */
export const chatChecklistFile: Route = { ...openChecklist, query: z.looseObject(SIGNED) };
