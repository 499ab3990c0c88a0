/** What customers sent together with their words, and whether its file is here. Rows of the view `messages_l1`. */
import type { Recorded, RecordedOf } from '../../domain/codec.ts';
import { attachmentId } from '../../domain/media/media.ts';
import type { ReadStore, Scope, Sql } from '../../ports.ts';
import { divisionOf } from '../customers/division-of.ts';
import { storableOrNull } from '../../engine/sql/postgres-text.ts';
import { partsOf } from '../../engine/projections/view.ts';
import { columnsOf } from '../../engine/sql/columns-of.ts';
import { statement, write } from '../../engine/sql/statement.ts';
import { tables } from '../../engine/sql/tables.ts';
import type { Division } from '../../domain/vocabulary.ts';

const isReceived = (event: Recorded): event is RecordedOf<'MessageReceived'> =>
  event.type === 'MessageReceived';
type Outcome = RecordedOf<'AttachmentStored' | 'AttachmentRefused' | 'AttachmentDeferred'>;
const isOutcome = (event: Recorded): event is Outcome =>
  event.type === 'AttachmentStored' ||
  event.type === 'AttachmentRefused' ||
  event.type === 'AttachmentDeferred';

// ---------------------------------------------------------------- query

/** Why there is no file, as the agent reads it. */
const NOTES = {
  quota:
    'Berkas belum diunduh: kuota media harian pelanggan ini habis. Akan diunduh otomatis pada hari berikutnya.',
  scan: 'Berkas sedang menunggu pemeriksaan virus. Akan tersedia setelah dinyatakan aman.',
  infected: 'Berkas tidak disimpan: mengandung virus atau program berbahaya.',
  not_scannable: 'Berkas tidak disimpan: terlalu besar untuk diperiksa dari virus.',
  gone: 'Berkas tidak dapat diunduh: sudah tidak ada di kanal.',
  too_large: 'Berkas tidak disimpan: terlalu besar.',
  type_not_allowed: 'Berkas tidak disimpan: jenis berkas ini tidak diizinkan.',
  not_reachable: 'Berkas tidak dapat diunduh: kanal tidak menjawab.',
} as const;
const NOTE = `case a.problem ${Object.entries(NOTES)
  .map(([problem, note]) => `when '${problem}' then '${note}'`)
  .join(' ')} end`;

/** JSON text of the attachments of the message `m`; null without any. */
export const ATTACHMENTS_SQL = `case when m.attachments is not null then
  (select json_agg(json_build_object('id', a.message_id || '-' || a.index, 'kind', a.kind, 'mime_type', a.mime_type,
      'file_name', a.file_name, 'size', a.size, 'problem', a.problem, 'note', ${NOTE}) order by a.index)::text
    from read.attachments a
    where a.division = m.division and a.ticket_id = m.ticket_id and a.message_id = m.id) end`;

export interface StoredAttachment {
  /** Key of the file is `media/<id>`. */
  readonly id: string;
  readonly mimeType: string;
  readonly fileName: string | null;
}

const attachmentFile = statement(
  'attachment_find',
  (division: Division, ticketId: string, messageId: string, index: number) =>
    tables
      .selectFrom('read.attachments')
      .select(['mime_type as mimeType', 'file_name as fileName'])
      .where('division', '=', division)
      .where('ticket_id', '=', ticketId)
      .where('message_id', '=', messageId)
      .where('index', '=', index)
      .where('size', 'is not', null)
      // A file that is here has a type.
      .$narrowType<{ mimeType: string }>(),
);

/** @returns null when the ticket has none of this id, or its file is not here */
export async function findAttachment(
  read: ReadStore,
  scope: Scope,
  ticketId: string,
  wanted: string,
): Promise<StoredAttachment | null> {
  const [, messageId = '', index = ''] = /^([0-9a-f-]{36})-(\d{1,3})$/.exec(wanted) ?? [];
  if (messageId === '') return null;
  const division = await divisionOf(read, scope, ticketId);
  if (division === null) return null;
  const [row] = await read.scoped(scope, (sql) =>
    sql.query(attachmentFile(division, ticketId, messageId, Number(index))),
  );
  return row ? { id: attachmentId(messageId, Number(index)), ...row } : null;
}

// ---------------------------------------------------------------- view

const writeAttachments = (sql: Sql, received: readonly RecordedOf<'MessageReceived'>[]): Promise<unknown> => {
  const rows = received.flatMap(({ data }) =>
    data.attachments.map((attachment, index) => ({ data, attachment, index })),
  );
  if (rows.length === 0) return Promise.resolve();
  return sql.query(
    write(
      'attachments_insert',
      `insert into read.attachments (division, ticket_id, message_id, index, kind, file_name, mime_type)
select * from unnest($1::text[], $2::uuid[], $3::uuid[], $4::int[], $5::text[], $6::text[], $7::text[])
on conflict (division, ticket_id, message_id, index) do nothing`,
      columnsOf('read.attachments', rows, {
        division: ({ data }) => data.division,
        ticket_id: ({ data }) => data.ticketId,
        message_id: ({ data }) => data.messageId,
        index: ({ index }) => index,
        kind: ({ attachment }) => attachment.kind,
        file_name: ({ attachment }) => storableOrNull(attachment.fileName),
        mime_type: ({ attachment }) => storableOrNull(attachment.mimeType),
      }),
    ),
  );
};

/** The last event of each file counts; a file that is here stays, whatever is said of it afterwards. */
const writeOutcomes = (sql: Sql, outcomes: readonly Outcome[]): Promise<unknown> => {
  const last = new Map<string, Outcome>();
  for (const one of outcomes) {
    const key = `${one.data.messageId} ${String(one.data.index)}`;
    if (last.get(key)?.type !== 'AttachmentStored' || one.type === 'AttachmentStored') last.set(key, one);
  }
  if (last.size === 0) return Promise.resolve();
  return sql.query(
    write(
      'attachments_outcomes',
      `update read.attachments a set mime_type = coalesce(s.mime_type, a.mime_type), size = coalesce(s.size, a.size),
  problem = case when coalesce(s.size, a.size) is null then s.problem end
from unnest($1::text[], $2::uuid[], $3::uuid[], $4::int[], $5::text[], $6::bigint[], $7::text[])
  s (division, ticket_id, message_id, index, mime_type, size, problem)
where a.division = s.division and a.ticket_id = s.ticket_id and a.message_id = s.message_id and a.index = s.index`,
      columnsOf('read.attachments', [...last.values()], {
        division: ({ data }) => data.division,
        ticket_id: ({ data }) => data.ticketId,
        message_id: ({ data }) => data.messageId,
        index: ({ data }) => data.index,
        mime_type: ({ type, data }) => (type === 'AttachmentStored' ? data.mimeType : null),
        size: ({ type, data }) => (type === 'AttachmentStored' ? data.size : null),
        problem: ({ type, data }) => (type === 'AttachmentStored' ? null : data.reason),
      }),
    ),
  );
};

/** What a batch says of attachments and their files, in order: nothing is known of a file before its message. */
export async function writeFiles(sql: Sql, events: readonly Recorded[]): Promise<void> {
  let settled = new Set<string>();
  const parts = partsOf(
    events.filter((event) => isReceived(event) || isOutcome(event)),
    (event) => {
      if (isOutcome(event)) settled.add(event.data.messageId);
      if (!isReceived(event) || !settled.has(event.data.messageId)) return false;
      settled = new Set();
      return true;
    },
  );
  for (const part of parts) {
    await writeAttachments(sql, part.filter(isReceived));
    await writeOutcomes(sql, part.filter(isOutcome));
  }
}
