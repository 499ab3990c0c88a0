import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Bot, Copy, Ellipsis, MapPin, Reply, RotateCw, ShoppingBag, UserRound } from 'lucide-react';
import { memo, type ReactNode } from 'react';
import { api, dataOf, type Message, once } from '../lib/api.ts';
import { clockOf, momentOf } from '../lib/dates.ts';
import { keys } from '../lib/keys.ts';
import { rupiah } from '../lib/money.ts';
import { sayProblem } from '../tickets/commands.ts';
import { cx } from '../ui/classes.ts';
import { Menu, type MenuEntry } from '../ui/menu.tsx';
import { toast } from '../ui/toast.tsx';
import { AttachmentView } from './attachment.tsx';
import { Delivery } from './delivery.tsx';
import { quote } from './writing/quote.ts';

/** PELANGGAN / BOT / AGENT [nama], as the seed has it. */
export const senderOf = ({
  sender_type,
  sender_name,
}: Pick<Message, 'sender_type' | 'sender_name'>): string =>
  ({
    customer: 'PELANGGAN',
    bot: 'BOT',
    agent: `AGENT ${sender_name ?? ''}`.trim(),
    sa: sender_name ?? 'Saga Team',
  })[sender_type];

/** Link addresses in what people write; nothing else of it is markup. */
function Words({ text }: { readonly text: string }) {
  const parts = text.split(/(https?:\/\/[^\s<>"']+)/g);
  return (
    <p className="break-words whitespace-pre-wrap">
      {parts.map((part, at) =>
        at % 2 === 1 ? (
          <a
            key={at}
            href={part}
            target="_blank"
            rel="noopener noreferrer nofollow"
            className="underline underline-offset-2"
          >
            {part}
          </a>
        ) : (
          part
        ),
      )}
    </p>
  );
}

function Card({ icon, children }: { readonly icon: ReactNode; readonly children: ReactNode }) {
  return (
    <div className="flex items-start gap-3 rounded-xl border border-line bg-surface px-3 py-2.5 text-ink">
      <span className="mt-0.5 shrink-0 text-soft" aria-hidden="true">
        {icon}
      </span>
      <div className="min-w-0">{children}</div>
    </div>
  );
}

/** What is more than words. */
function Extras({ message }: { readonly message: Message }) {
  const { location, contacts, order, referral } = message;
  return (
    <>
      {location != null && (
        <Card icon={<MapPin className="size-4" />}>
          <a
            className="font-medium underline underline-offset-2"
            target="_blank"
            rel="noopener noreferrer"
            href={`https://www.openstreetmap.org/?mlat=${String(location.latitude)}&mlon=${String(location.longitude)}#map=16/${String(location.latitude)}/${String(location.longitude)}`}
          >
            {location.name ?? 'Lihat lokasi di peta'}
          </a>
          {location.address !== null && <p className="text-[13px] text-soft">{location.address}</p>}
        </Card>
      )}
      {contacts.map((contact, at) => (
        <Card key={at} icon={<UserRound className="size-4" />}>
          <p className="font-medium">{contact.name ?? 'Kontak'}</p>
          {[...contact.phones, ...contact.emails].map((line) => (
            <p key={line} className="text-[13px] text-soft">
              {line}
            </p>
          ))}
        </Card>
      ))}
      {order != null && (
        <Card icon={<ShoppingBag className="size-4" />}>
          {order.items.map((item) => (
            <p key={item.id}>
              {item.quantity} × {item.id}
              {item.price !== null && <span className="text-soft"> · {rupiah(item.price)}</span>}
            </p>
          ))}
        </Card>
      )}
      {referral != null && (
        <p className="text-[12px] opacity-80">
          Dari iklan: {referral.headline ?? referral.source_url ?? referral.source_id}
        </p>
      )}
    </>
  );
}

function Resend({ ticketId, message }: { readonly ticketId: string; readonly message: Message }) {
  const client = useQueryClient();
  const again = useMutation({
    mutationFn: () =>
      dataOf(
        api.POST('/api/admin/ticket/{id}/messages/{message_id}/resend', {
          params: { path: { id: ticketId, message_id: message.id }, ...once() },
          body: message.delivery_status === 'unknown' ? { confirm_unknown: true } : {},
        }),
      ),
    onError: sayProblem,
    onSettled: () => client.invalidateQueries({ queryKey: keys.messages(ticketId) }),
  });
  return (
    <button
      type="button"
      disabled={again.isPending}
      onClick={() => again.mutate()}
      className="inline-flex min-h-6 items-center gap-1 font-semibold text-ink underline underline-offset-2 max-md:min-h-11"
    >
      <RotateCw className={cx('size-3.5', again.isPending && 'animate-spin')} aria-hidden="true" />
      {message.delivery_status === 'unknown' ? 'Kirim ulang, mungkin terkirim dua kali' : 'Kirim ulang'}
    </button>
  );
}

/** What one can do with a message. The list comes when it is opened. */
function Doings({ ticketId, message }: { readonly ticketId: string | null; readonly message: Message }) {
  const entries: readonly MenuEntry[] = [
    ...(ticketId === null
      ? []
      : [
          {
            label: 'Balas pesan ini',
            icon: <Reply className="size-[18px]" />,
            onSelect: () => quote(ticketId, { id: message.id, preview: message.content }),
          },
        ]),
    {
      label: 'Salin teks',
      icon: <Copy className="size-[18px]" />,
      onSelect: () =>
        void navigator.clipboard.writeText(message.content).then(
          () => toast('Teks disalin.'),
          () => toast('Browser tidak mengizinkan menyalin.', 'problem'),
        ),
    },
  ];
  return (
    <div className="shrink-0 self-center opacity-0 transition-opacity group-hover:opacity-100 focus-within:opacity-100 pointer-coarse:opacity-100">
      <Menu label={`Tindakan untuk pesan ${senderOf(message)} ${clockOf(message.sent_at)}`} entries={entries}>
        <Ellipsis className="size-4" aria-hidden="true" />
      </Menu>
    </div>
  );
}

interface BubbleProps {
  /** null: read only, as among all talks of a customer. */
  readonly ticketId?: string | null;
  readonly message: Message;
  /** Follows one of the same sender: it needs no name again. */
  readonly follows: boolean;
  readonly mayResend?: boolean;
  /** A reply may quote it. */
  /** Its channel says what arrived: where it does not, that is shown. */
  readonly confirms?: boolean;
  readonly mayQuote?: boolean;
  /** A super admin answered on the reader's ticket. */
  readonly joined?: boolean;
  /** Somebody came here for it. */
  readonly wanted?: boolean;
}

export const Bubble = memo(function Bubble({
  ticketId = null,
  message,
  follows,
  mayResend = false,
  mayQuote = false,
  confirms = false,
  joined = false,
  wanted = false,
}: BubbleProps) {
  const fromCustomer = message.sender_type === 'customer';
  const isBot = message.sender_type === 'bot';
  const {
    delivery_status: status,
    delivery_error: problem,
    reply_to: quoted,
    attachments,
    reactions,
  } = message;
  const inDoubt = status === 'failed' || status === 'unknown';
  return (
    <li
      id={`m-${message.id}`}
      tabIndex={wanted ? -1 : undefined}
      className={cx(
        'group flex flex-col',
        wanted && 'rounded-2xl bg-yellow-soft p-2 outline-none',
        fromCustomer ? 'items-start' : 'items-end',
        follows ? 'mt-1' : 'mt-4',
      )}
    >
      {!follows && (
        <p className="mb-1 flex items-center gap-1 px-1 text-[11px] font-semibold tracking-wide text-faint">
          {isBot && <Bot className="size-3.5" aria-hidden="true" />}
          {senderOf(message)}
          {joined && (
            <span className="font-medium tracking-normal text-warn">· Super Admin ikut membalas</span>
          )}
        </p>
      )}
      <div className={cx('flex max-w-full gap-1', !fromCustomer && 'flex-row-reverse')}>
        <div
          className={cx(
            'relative flex max-w-[min(85%,36rem)] min-w-0 flex-col gap-2 rounded-2xl px-3.5 py-2',
            fromCustomer
              ? 'rounded-bl-md border border-line bg-surface'
              : isBot
                ? 'rounded-br-md bg-grey-soft'
                : 'rounded-br-md bg-own',
            status === 'failed' && 'outline outline-danger',
            reactions.length > 0 && 'mb-3',
          )}
        >
          {quoted != null && (
            <blockquote className="truncate border-l-2 border-accent pl-2 text-[13px] text-soft">
              {quoted.preview}
            </blockquote>
          )}
          {attachments.map((file) => (
            <AttachmentView key={file.id} file={file} />
          ))}
          <Extras message={message} />
          {message.revoked_at != null && (
            <p className="text-[12px] font-medium text-danger">Dihapus pelanggan. Isi semula:</p>
          )}
          {message.content !== '' && <Words text={message.content} />}
          <p className="flex flex-wrap items-center justify-end gap-x-2 gap-y-0.5 text-[11px] leading-4 text-faint">
            {isBot && typeof message.confidence === 'number' && (
              <span title="Keyakinan bot">Yakin {Math.round(message.confidence * 100)}%</span>
            )}
            {message.edited_at != null && <span title={momentOf(message.edited_at)}>diubah</span>}
            <time dateTime={message.sent_at} title={momentOf(message.sent_at)} className="tabular-nums">
              {clockOf(message.sent_at)}
            </time>
            {!fromCustomer && !isBot && status != null && (
              <Delivery status={status} sentAt={message.sent_at} confirms={confirms} />
            )}
          </p>
          {reactions.length > 0 && (
            <span
              className="absolute -bottom-3.5 left-2 rounded-full border border-line bg-raised px-1.5 text-[13px] leading-5"
              role="img"
              aria-label={`Reaksi: ${reactions.map(({ emoji }) => emoji).join(' ')}`}
            >
              {reactions.map(({ emoji }) => emoji).join('')}
            </span>
          )}
        </div>
        <Doings ticketId={mayQuote ? ticketId : null} message={message} />
      </div>
      {inDoubt && (
        <div className="mt-1 flex max-w-[85%] flex-wrap items-center justify-end gap-x-3 px-1 text-right text-[12px] text-soft">
          {problem != null && <span>{problem.text}</span>}
          {mayResend && ticketId !== null && (status === 'unknown' || problem?.retryable !== false) && (
            <Resend ticketId={ticketId} message={message} />
          )}
        </div>
      )}
    </li>
  );
});
