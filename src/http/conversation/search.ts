/** Area: search in what was said (docs/design/api.md#search). L1 and L2 are asked apart; only the hits meet here. */
import { z } from 'zod';
import { problem } from '../../domain/problems.ts';
import { requireNoteAllowed } from '../../commands/conversation/post-internal-note.ts';
import { Refusal } from '../../domain/refusals.ts';
import type { Caller } from '../../domain/staff/privileges.ts';
import { ticket } from '../../domain/tickets/ticket.ts';
import { userDivision } from '../../domain/vocabulary.ts';
import { searchMessages } from '../../projections/conversation/message-search.ts';
import { searchNotes } from '../../projections/conversation/note-search.ts';
import {
  byTime,
  cursorBehind,
  type MessageHit,
  placeOf,
  type SearchPage,
} from '../../projections/conversation/search-page.ts';
import { searchedWords, snippetOf } from '../../projections/conversation/search-words.ts';
import { numberIn } from '../../projections/tickets/search.ts';
import { HttpError } from '../framework/errors.ts';
import type { HttpContext } from '../framework/http-context.ts';
import { omitUndefined } from '../framework/omit-undefined.ts';
import { route } from '../framework/route.ts';
import { id, limitUpTo, time } from '../framework/schemas.ts';
import { scopeWithin } from '../tickets/ticket-scope.ts';

const searchHit = z
  .strictObject({
    ticket_id: id,
    message_id: id,
    layer: z.enum(['L1', 'L2']),
    customer_name: z.string().nullable(),
    snippet: z
      .strictObject({
        text: z.string().meta({ example: 'Berapa ongkir motor dari Batam ke Jakarta?' }),
        matches: z.array(z.array(z.int()).length(2)).meta({
          description: 'Beginning and end of each word that was found, in UTF-16 units of `text`.',
          example: [[14, 19]],
        }),
      })
      .meta({ id: 'SearchSnippet' }),
    sent_at: time,
  })
  .meta({ id: 'SearchHit' });

/** Notes that the caller may read: an agent those of the tickets they have, by the tickets' own events. */
async function notesFor(
  { read, commands }: HttpContext,
  caller: Caller,
  scope: ReturnType<typeof scopeWithin>['scope'],
  page: SearchPage,
): Promise<readonly MessageHit[]> {
  if (caller.role === 'viewer' || !caller.privileges.has('internal_read')) return [];
  if (caller.role !== 'sales_agent') return searchNotes(read, scope, page, null);
  const found = await searchNotes(read, scope, page, caller.id);
  // The read tables may still name the agent before.
  const mine = new Set<string>();
  for (const ticketId of new Set(found.map((hit) => hit.ticketId))) {
    try {
      requireNoteAllowed(await commands.handler.load(ticket, ticketId), caller);
      mine.add(ticketId);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  }
  return found.filter((hit) => mine.has(hit.ticketId));
}

export const search = route({
  method: 'get',
  path: '/api/admin/search',
  name: 'searchMessages',
  tag: 'Conversation (L1)',
  summary: 'Search in messages',
  description:
    'Newest first. Each word of `q` must begin a word of the message, in any order; case and accents do not matter. Internal ' +
    'notes are among the hits for those who may read them. `meta.next_cursor` leads on.',
  access: 'messages_read',
  reads: 'search',
  looksFor: ({ q }) => (typeof q === 'string' ? numberIn(q) : null),
  query: {
    q: z.string().trim().min(1).max(100),
    division: userDivision.optional(),
    limit: limitUpTo(50, 20),
    cursor: z.string().min(1).max(500).optional(),
  },
  status: 200,
  data: z.strictObject({ hits: z.array(searchHit) }),
  meta: { next_cursor: z.string().optional() },
  errors: ['DIVISION_FORBIDDEN'],
  examples: { q: 'ongkir batam', layer: 'L1' },
  async handle({ query, signedIn, context }) {
    const { caller } = signedIn;
    const { scope, divisions } = scopeWithin(caller, query.division);
    const words = searchedWords(query.q);
    if (words.length === 0) {
      throw new HttpError('VALIDATION_FAILED', [
        problem('q', 'REQUIRED', 'Tulis kata atau angka yang dicari'),
      ]);
    }
    // One more than is shown tells whether there is another page.
    const page = { words, divisions, before: placeOf(query.cursor), limit: query.limit + 1 };
    const [messages, notes] = await Promise.all([
      searchMessages(context.read, scope, page),
      notesFor(context, caller, scope, page),
    ]);
    const isNote = new Set(notes);
    const shown = [...messages, ...notes].toSorted(byTime).slice(0, query.limit);
    const isMore = messages.length + notes.length > query.limit;
    const last = shown.at(-1);
    return {
      data: {
        hits: shown.map((hit) => ({
          ticket_id: hit.ticketId,
          message_id: hit.id,
          layer: isNote.has(hit) ? ('L2' as const) : ('L1' as const),
          customer_name: hit.customerName,
          snippet: snippetOf(hit.content, words),
          sent_at: hit.sentAt,
        })),
      },
      meta: omitUndefined({ next_cursor: isMore && last ? cursorBehind(last) : undefined }),
    };
  },
});
