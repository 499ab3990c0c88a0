/** Files that go with a message, and whether they are here. Rows of the view `messages_l1`. */
import { sql } from 'kysely';
import type { Recorded, RecordedOf } from '../../domain/codec.ts';
import { attachmentId, fileKey } from '../../domain/media/media.ts';
import type { ReadStore, Scope, Sql } from '../../ports.ts';
import { divisionOf } from '../customers/division-of.ts';
import { storableOrNull } from '../../engine/sql/postgres-text.ts';
import { partsOf } from '../../engine/projections/view.ts';
import { columnsOf } from '../../engine/sql/columns-of.ts';
import { statement, write } from '../../engine/sql/statement.ts';
import type { Columns } from '../../engine/sql/tables.ts';
import type { Attachment, Division } from '../../domain/vocabulary.ts';

const MESSAGES_WITH_FILES = ['MessageReceived', 'AgentReplied', 'TeamReplied'] as const;
type WithFiles = RecordedOf<(typeof MESSAGES_WITH_FILES)[number]>;
const mayHaveFiles = (event: Recorded): event is WithFiles =>
  (MESSAGES_WITH_FILES as readonly string[]).includes(event.type);
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

/** How far a file is: `pending` comes by itself; the others will not. */
export const FILE_STATES = ['pending', 'ready', 'failed', 'too_large', 'gone', 'refused'] as const;
export type FileState = (typeof FILE_STATES)[number];

const STATE_OF: Readonly<Record<keyof typeof NOTES, FileState>> = {
  quota: 'pending',
  scan: 'pending',
  infected: 'refused',
  not_scannable: 'refused',
  gone: 'gone',
  too_large: 'too_large',
  type_not_allowed: 'refused',
  not_reachable: 'failed',
};

const ERASED_NOTE = 'Berkas sudah dihapus bersama data pelanggan.';

/** What a row says of one attachment. */
export interface AttachmentRow {
  readonly index: number;
  readonly kind: Attachment['kind'];
  readonly name: string | null;
  readonly mime: string | null;
  readonly size: number | null;
  readonly problem: string | null;
  readonly caption: string | null;
  /** The channel named a file at all. */
  readonly named: boolean;
}

/** @param of `erased`: its customer was erased */
export function attachmentStateOf({
  size,
  problem,
  named,
  erased,
}: Pick<AttachmentRow, 'size' | 'problem' | 'named'> & { readonly erased: boolean }): {
  readonly state: FileState;
  readonly reason: string | null;
} {
  if (erased) return { state: 'gone', reason: ERASED_NOTE };
  if (size !== null) return { state: 'ready', reason: null };
  const known = (problem ?? (named ? '' : 'gone')) as keyof typeof NOTES | '';
  return known === '' ? { state: 'pending', reason: null } : { state: STATE_OF[known], reason: NOTES[known] };
}

/** The attachments of the message `m` as `AttachmentRow`s; null without any. */
export const ATTACHMENTS_SQL = `case when m.attachments is not null then
  (select json_agg(json_build_object('index', a.index, 'kind', a.kind, 'name', a.file_name, 'mime', a.mime_type,
      'size', a.size, 'problem', a.problem, 'caption', m.attachments -> a.index ->> 'caption',
      'named', coalesce(m.attachments -> a.index ->> 'mediaId', '') <> '') order by a.index)
    from read.attachments a
    where a.division = m.division and a.ticket_id = m.ticket_id and a.message_id = m.id) end`;

export interface StoredAttachment {
  readonly id: string;
  /** Of its file. */
  readonly key: string;
  readonly mimeType: string;
  readonly fileName: string | null;
}

type FileRow = Columns<'read.attachments', { fileName: 'file_name' }> & {
  /** A file that is here has a type. */
  readonly mimeType: string;
  /** Of a file of ours. */
  readonly upload: string | null;
};

const attachmentFile = statement(
  'attachment_find',
  (division: Division, ticketId: string, messageId: string, index: number) => sql<FileRow>`
select a.mime_type as "mimeType", a.file_name as "fileName",
  case when m.sender_type <> 'customer' then m.attachments -> a.index ->> 'mediaId' end as upload
from read.attachments a
join read.messages_l1 m on m.division = a.division and m.ticket_id = a.ticket_id and m.id = a.message_id
where a.division = ${division} and a.ticket_id = ${ticketId} and a.message_id = ${messageId} and a.index = ${index}
  and a.size is not null`,
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
  const [row] = await read.scoped(scope, (on) =>
    on.query(attachmentFile(division, ticketId, messageId, Number(index))),
  );
  if (!row) return null;
  const { upload, ...file } = row;
  const id = attachmentId(messageId, Number(index));
  return { id, key: fileKey(upload ?? id), ...file };
}

// ---------------------------------------------------------------- view

/** A file of ours is here before it is sent; one of a customer is fetched. */
const writeAttachments = (on: Sql, messages: readonly WithFiles[]): Promise<unknown> => {
  const rows = messages.flatMap(({ data }) =>
    (data.attachments ?? []).map((attachment, index) => ({
      data,
      attachment,
      index,
      size: 'size' in attachment ? attachment.size : null,
    })),
  );
  if (rows.length === 0) return Promise.resolve();
  return on.query(
    write(
      'attachments_insert',
      `insert into read.attachments (division, ticket_id, message_id, index, kind, file_name, mime_type, size)
select * from unnest($1::text[], $2::uuid[], $3::uuid[], $4::int[], $5::text[], $6::text[], $7::text[], $8::bigint[])
on conflict (division, ticket_id, message_id, index) do nothing`,
      columnsOf('read.attachments', rows, {
        division: ({ data }) => data.division,
        ticket_id: ({ data }) => data.ticketId,
        message_id: ({ data }) => data.messageId,
        index: ({ index }) => index,
        kind: ({ attachment }) => attachment.kind,
        file_name: ({ attachment }) => storableOrNull(attachment.fileName),
        mime_type: ({ attachment }) => storableOrNull(attachment.mimeType),
        size: ({ size }) => size,
      }),
    ),
  );
};

/** The last event of each file counts; a file that is here stays, whatever is said of it afterwards. */
const writeOutcomes = (on: Sql, outcomes: readonly Outcome[]): Promise<unknown> => {
  const last = new Map<string, Outcome>();
  for (const one of outcomes) {
    const key = `${one.data.messageId} ${String(one.data.index)}`;
    if (last.get(key)?.type !== 'AttachmentStored' || one.type === 'AttachmentStored') last.set(key, one);
  }
  if (last.size === 0) return Promise.resolve();
  return on.query(
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
export async function writeFiles(on: Sql, events: readonly Recorded[]): Promise<void> {
  let settled = new Set<string>();
  const parts = partsOf(
    events.filter((event) => mayHaveFiles(event) || isOutcome(event)),
    (event) => {
      if (isOutcome(event)) settled.add(event.data.messageId);
      if (!mayHaveFiles(event) || !settled.has(event.data.messageId)) return false;
      settled = new Set();
      return true;
    },
  );
  for (const part of parts) {
    await writeAttachments(on, part.filter(mayHaveFiles));
    await writeOutcomes(on, part.filter(isOutcome));
  }
}
