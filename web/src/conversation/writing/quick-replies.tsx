/** `/` in an empty box: the sentences that one writes every day, with what is known of the customer filled in. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type KeyboardEvent, useEffect, useId, useState } from 'react';
import { api, type Crm, dataOf, type Ticket } from '../../lib/api.ts';
import { keys } from '../../lib/keys.ts';
import { useMay, useMe } from '../../lib/me.ts';
import { cx } from '../../ui/classes.ts';
import { filledIn, fitting, type QuickReply, wantedOf } from './find-quick-reply.ts';
import type { Around, KeyedList } from './frame.tsx';

interface QuickReplies {
  readonly list: KeyedList | null;
  readonly bind: (around: Around) => void;
  readonly found: readonly QuickReply[];
  readonly at: number;
  readonly id: string;
  readonly asked: boolean;
  readonly loading: boolean;
  readonly choose: (one: QuickReply, around: Around) => void;
}

export function useQuickReplies(ticket: Ticket, crm: Crm): QuickReplies {
  const me = useMe();
  const may = useMay('reply');
  const id = useId();
  const [around, setAround] = useState<Around | null>(null);
  const [at, setAt] = useState(0);
  const [shut, setShut] = useState<string | null>(null);
  const text = around?.text ?? '';
  const wanted = may && text !== shut ? wantedOf(text) : null;
  const { data = [], isLoading } = useQuery({
    queryKey: keys.quickReplies,
    queryFn: async ({ signal }) =>
      (await dataOf(api.GET('/api/admin/quick-replies', { signal }))).quick_replies,
    enabled: wanted !== null,
  });
  const found = wanted === null ? [] : fitting(data, wanted, ticket.division);
  const chosen = Math.min(at, Math.max(0, found.length - 1));
  const choose = ({ body }: QuickReply, { setText, area }: Around): void => {
    const next = filledIn(body, {
      name: ticket.customer_name,
      agent_name: me.name,
      origin_city: crm.origin_city,
      destination_city: crm.destination_city,
    });
    setText(next);
    setAt(0);
    requestAnimationFrame(() => {
      const gap = /\[[^\]]+\]/.exec(next);
      area.current?.focus();
      area.current?.setSelectionRange(
        gap?.index ?? next.length,
        gap === null ? next.length : gap.index + gap[0].length,
      );
    });
  };
  const onKey = (event: KeyboardEvent): boolean => {
    const one = found[chosen];
    if (around === null || one === undefined) return false;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      setAt((chosen + (event.key === 'ArrowDown' ? 1 : found.length - 1)) % found.length);
      return true;
    }
    if (
      (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) ||
      (event.key === 'Tab' && !event.shiftKey)
    ) {
      choose(one, around);
      return true;
    }
    if (event.key !== 'Escape') return false;
    setShut(text);
    return true;
  };
  return {
    list: found.length === 0 ? null : { id, active: `${id}-${String(chosen)}`, onKey },
    bind: setAround,
    found,
    at: chosen,
    id,
    asked: wanted !== null,
    loading: isLoading,
    choose,
  };
}

export function QuickReplyList({ quick, around }: { readonly quick: QuickReplies; readonly around: Around }) {
  const { bind, found, at, id, asked, loading, choose } = quick;
  const { text, setText, area } = around;
  // The box tells the list what is in it.
  useEffect(() => bind({ text, setText, area }), [bind, text, setText, area]);
  if (!asked) return null;
  return (
    <div className="absolute inset-x-0 bottom-full z-20 mb-1 overflow-hidden rounded-xl border border-line bg-raised shadow-pop">
      {found.length === 0 ? (
        <p role="status" className="px-4 py-3 text-soft">
          {loading ? (
            'Memuat balasan cepat…'
          ) : (
            <>
              Tidak ada balasan cepat yang cocok.{' '}
              <Link
                to="/admin/quick-replies"
                className="font-medium text-accent-ink underline underline-offset-2"
              >
                Kelola
              </Link>
            </>
          )}
        </p>
      ) : (
        <ul role="listbox" id={id} aria-label="Balasan cepat" className="max-h-72 overflow-y-auto p-1">
          {found.map((one, n) => (
            <li
              key={one.id}
              id={`${id}-${String(n)}`}
              role="option"
              aria-selected={n === at}
              // The box keeps the focus.
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => choose(one, around)}
              className={cx(
                'cursor-pointer rounded-lg px-3 py-2 max-md:min-h-11',
                n === at ? 'bg-accent-soft' : 'hover:bg-hover',
              )}
            >
              <span className="flex items-baseline gap-2">
                <span className="font-semibold text-accent-ink">/{one.shortcut}</span>
                <span className="min-w-0 truncate font-medium">{one.title}</span>
              </span>
              <span className="block truncate text-[13px] text-soft">{one.body}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
