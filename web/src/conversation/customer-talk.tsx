/** L1: what customer, bot and agents said to each other. */
import { Fragment, type ReactNode, useEffect, useMemo } from 'react';
import type { Message, Ticket } from '../lib/api.ts';
import { dayHeading, dayKey, useNow } from '../lib/dates.ts';
import { useMay, useMe } from '../lib/me.ts';
import { Empty, Failed, Loading, Skeleton } from '../ui/states.tsx';
import { MessageSquare } from 'lucide-react';
import { cx } from '../ui/classes.ts';
import { Bubble, senderOf } from './bubble.tsx';
import { PendingBubble, usePending } from './pending.tsx';
import { Scroller } from './scroller.tsx';
import { inOrder, markRead, useMessages } from './talk-queries.ts';
import { useJump } from './jump.ts';
import { useTyping } from './typing.ts';

const FOLLOWS_MS = 5 * 60_000;
const follows = (message: Message, before: Message | undefined): boolean =>
  before !== undefined &&
  senderOf(before) === senderOf(message) &&
  Date.parse(message.sent_at) - Date.parse(before.sent_at) < FOLLOWS_MS &&
  dayKey(before.sent_at) === dayKey(message.sent_at);

export function Bars() {
  return (
    <Loading>
      <div className="mx-auto flex w-full max-w-3xl flex-col gap-4 p-6">
        {[60, 45, 70, 35].map((width, n) => (
          <Skeleton
            key={width}
            className={cx('h-14 rounded-2xl', n % 2 === 0 ? 'w-3/5' : 'w-1/2 self-end')}
          />
        ))}
      </div>
    </Loading>
  );
}

export function Day({ at }: { readonly at: string }) {
  const now = useNow();
  return (
    <li className="my-4 flex items-center gap-3 text-[12px] font-medium text-faint">
      <span className="h-px flex-1 bg-line" />
      {dayHeading(at, now)}
      <span className="h-px flex-1 bg-line" />
    </li>
  );
}

export function TypingLine({ names }: { readonly names: readonly string[] }) {
  return (
    <p role="status" className="mt-3 min-h-5 px-1 text-[12px] text-faint">
      {names.length > 0 && `${names.join(', ')} sedang mengetik…`}
    </p>
  );
}

/** Messages, with a heading for each day. @param children draws one; `follows`: it is of the same person, soon after */
export function Lines({
  messages,
  children,
}: {
  readonly messages: readonly Message[];
  readonly children: (message: Message, follows: boolean) => ReactNode;
}) {
  return messages.map((message, at) => {
    const before = messages[at - 1];
    return (
      <Fragment key={message.id}>
        {(before === undefined || dayKey(before.sent_at) !== dayKey(message.sent_at)) && (
          <Day at={message.sent_at} />
        )}
        {children(message, follows(message, before))}
      </Fragment>
    );
  });
}

/** What the customer wrote is read when somebody looks at it. */
function useReading(ticket: Ticket, last: Message | undefined): void {
  const may = useMay('messages_read');
  const unread = ticket.unread_count ?? 0;
  const lastId = last?.sender_type === 'customer' ? last.id : null;
  const { id } = ticket;
  useEffect(() => {
    if (!may || (unread === 0 && lastId === null)) return;
    const read = (): void => {
      // A mark that was not made is made by the next look.
      if (document.visibilityState === 'visible') markRead(id).catch(() => undefined);
    };
    const timer = setTimeout(read, 600);
    document.addEventListener('visibilitychange', read);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', read);
    };
  }, [may, unread, lastId, id]);
}

interface TalkProps {
  readonly ticket: Ticket;
  /** The message that somebody came for. */
  readonly wanted?: string | undefined;
}

export function CustomerTalk({ ticket, wanted }: TalkProps) {
  const me = useMe();
  const talk = useMessages(ticket.id);
  const messages = useMemo(() => inOrder(talk.data), [talk.data]);
  const pending = usePending(
    ticket.id,
    'L1',
    messages.filter(({ sender_id }) => sender_id === me.id),
  );
  const typing = useTyping(ticket.id, 'L1');
  const mayTeam = useMay('reply_as_sa');
  useReading(ticket, messages.at(-1));
  useJump(wanted, messages, talk);
  if (talk.isPending) return <Bars />;
  const failed = talk.isError && messages.length === 0 && (
    <Failed error={talk.error} retry={() => void talk.refetch()} />
  );
  // What one said is in sight, whatever did not load before it.
  if (failed !== false && pending.length === 0) return failed;
  if (messages.length === 0 && pending.length === 0)
    return <Empty icon={<MessageSquare className="size-6" />} title="Belum ada pesan" />;
  const mayResend = (ticket.can?.reply ?? false) || mayTeam;
  const isMine = ticket.assigned_to?.id === me.id;
  const last = messages.at(-1);
  return (
    <Scroller
      label="Percakapan dengan pelanggan"
      hasOlder={talk.hasNextPage}
      loadingOlder={talk.isFetchingNextPage}
      onOlder={() => void talk.fetchNextPage()}
      ownCount={pending.length}
    >
      {failed}
      <ol>
        <Lines messages={messages}>
          {(message, isFollowing) => (
            <Bubble
              ticketId={ticket.id}
              message={message}
              follows={isFollowing}
              mayResend={mayResend}
              mayQuote={ticket.can?.reply ?? false}
              confirms={ticket.channel === 'whatsapp'}
              joined={isMine && message.sender_type === 'sa' && message.sender_id !== me.id}
              wanted={message.id === wanted}
            />
          )}
        </Lines>
        {pending.map((item) => (
          <PendingBubble key={item.id} item={item} />
        ))}
      </ol>
      <TypingLine names={typing} />
      {/* Only what is new is read out, never the history, never one's own words. */}
      <div role="log" aria-live="polite" className="sr-only">
        {last?.sender_type === 'customer' && `Pesan baru: ${last.content}`}
      </div>
    </Scroller>
  );
}
