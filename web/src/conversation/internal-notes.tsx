/** L2: notes of the team. Own colour, lock, and the sentence that is always in view (docs/design/dashboard.md#two-layers). */
import { Lock } from 'lucide-react';
import { Fragment, useMemo, useState } from 'react';
import type { Note, Ticket } from '../lib/api.ts';
import { clockOf, dayKey, momentOf } from '../lib/dates.ts';
import { useMe } from '../lib/me.ts';
import { useAgents } from '../tickets/inbox/inbox-queries.ts';
import { useMeta } from '../tickets/ticket-queries.ts';
import { Avatar } from '../ui/avatar.tsx';
import { cx } from '../ui/classes.ts';
import { Empty, Failed } from '../ui/states.tsx';
import { NoteComposer } from './writing/composer.tsx';
import { useJump } from './jump.ts';
import { Bars, Day, TypingLine } from './customer-talk.tsx';
import { PendingBubble, usePending } from './pending.tsx';
import { Scroller } from './scroller.tsx';
import { inOrder, useNotes } from './talk-queries.ts';
import { useTyping } from './typing.ts';

function NoteItem({ note, wanted }: { readonly note: Note; readonly wanted: boolean }) {
  const name = note.sender_name ?? 'Tanpa nama';
  return (
    <li
      id={`m-${note.id}`}
      tabIndex={wanted ? -1 : undefined}
      className={cx('mt-4 flex gap-3', wanted && 'rounded-2xl bg-yellow-soft p-2 outline-none')}
    >
      <Avatar name={name} size="sm" />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className="font-semibold">{name}</span>
          <time
            dateTime={note.sent_at}
            title={momentOf(note.sent_at)}
            className="text-[12px] text-faint tabular-nums"
          >
            {clockOf(note.sent_at)}
          </time>
        </p>
        <div className="mt-1 w-fit max-w-full rounded-2xl rounded-tl-md border border-note-line bg-surface px-3.5 py-2">
          {note.tagged_agent !== undefined && note.tagged_agent !== null && (
            <p className="mb-0.5 text-[13px] font-semibold text-note-ink">@{note.tagged_agent.name}</p>
          )}
          <p className="break-words whitespace-pre-wrap">{note.content}</p>
        </div>
      </div>
    </li>
  );
}

function TagPicker({
  ticketId,
  value,
  onChange,
}: {
  readonly ticketId: string;
  readonly value: string | null;
  readonly onChange: (id: string | null) => void;
}) {
  const me = useMe();
  const { data: agents = [] } = useAgents({ taggable_for: ticketId });
  const others = agents.filter(({ id }) => id !== me.id);
  if (others.length === 0) return null;
  return (
    <select
      name="tagged_agent_id"
      aria-label="Tandai rekan di catatan ini"
      value={value ?? ''}
      onChange={(event) => onChange(event.target.value === '' ? null : event.target.value)}
      className="ml-auto h-7 max-w-48 rounded-md border border-note-line bg-surface px-2 text-[12px] text-note-ink max-md:h-11"
    >
      <option value="">@ Tandai rekan</option>
      {others.map(({ id, name }) => (
        <option key={id} value={id}>
          @{name}
        </option>
      ))}
    </select>
  );
}

interface NotesProps {
  readonly ticket: Ticket;
  readonly mayWrite: boolean;
  /** The note that somebody came for. */
  readonly wanted?: string | undefined;
}

export function InternalNotes({ ticket, mayWrite, wanted }: NotesProps) {
  const me = useMe();
  const talk = useNotes(ticket.id);
  const { data: meta } = useMeta();
  const [tagged, setTagged] = useState<string | null>(null);
  const notes = useMemo(() => inOrder(talk.data), [talk.data]);
  const pending = usePending(
    ticket.id,
    'L2',
    notes.filter(({ sender_id }) => sender_id === me.id),
  );
  const typing = useTyping(ticket.id, 'L2');
  useJump(wanted, notes, talk);
  const failed = talk.isError && notes.length === 0 && (
    <Failed error={talk.error} retry={() => void talk.refetch()} />
  );
  return (
    <div className="flex min-h-0 flex-1 flex-col bg-note-soft">
      <p className="flex shrink-0 items-center justify-center gap-2 border-b border-note-line px-4 py-2 text-[13px] font-semibold text-note-ink">
        <Lock className="size-4" aria-hidden="true" />
        Tidak terlihat oleh pelanggan
      </p>
      {talk.isPending ? (
        <Bars />
      ) : failed !== false && pending.length === 0 ? (
        failed
      ) : notes.length === 0 && pending.length === 0 ? (
        <div className="min-h-0 flex-1">
          <Empty
            icon={<Lock className="size-6" />}
            title="Belum ada catatan"
            hint="Tulis apa yang perlu diketahui tim tentang tiket ini."
          />
        </div>
      ) : (
        <Scroller
          label="Catatan internal"
          hasOlder={talk.hasNextPage}
          loadingOlder={talk.isFetchingNextPage}
          onOlder={() => void talk.fetchNextPage()}
          ownCount={pending.length}
        >
          {failed}
          <ol>
            {notes.map((note, at) => {
              const before = notes[at - 1];
              return (
                <Fragment key={note.id}>
                  {(before === undefined || dayKey(before.sent_at) !== dayKey(note.sent_at)) && (
                    <Day at={note.sent_at} />
                  )}
                  <NoteItem note={note} wanted={note.id === wanted} />
                </Fragment>
              );
            })}
            {pending.map((item) => (
              <PendingBubble key={item.id} item={item} />
            ))}
          </ol>
          <TypingLine names={typing} />
        </Scroller>
      )}
      {mayWrite && (
        <NoteComposer
          ticketId={ticket.id}
          limit={meta?.limits.note_characters ?? 4096}
          tagged={tagged}
          tagPicker={<TagPicker ticketId={ticket.id} value={tagged} onChange={setTagged} />}
        />
      )}
    </div>
  );
}
