import { type InfiniteData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { upsert } from '../app/live.ts';
import { api, dataOf, type Me, type Message, type Note, whole } from '../lib/api.ts';
import { keys } from '../lib/keys.ts';
import { type Arrival, onArrival, onRefusal, type Outgoing } from '../lib/outbox.ts';

const PAGE = 50;

interface Talk<M> {
  readonly messages: readonly M[];
}
const olderThan = ({ messages }: Talk<{ readonly id: string }>): string | null =>
  messages.length < PAGE ? null : (messages[0]?.id ?? null);
const pageOf = (before: string | null): { limit: number; before?: string } => ({
  limit: PAGE,
  ...(before === null ? {} : { before }),
});

/** L1, page by page into the past; the newest page is the first. */
export const useMessages = (id: string) =>
  useInfiniteQuery({
    queryKey: keys.messages(id),
    queryFn: async ({ pageParam, signal }): Promise<Talk<Message>> =>
      dataOf(
        api.GET('/api/admin/ticket/{id}/messages', {
          params: { path: { id }, query: pageOf(pageParam) },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: olderThan,
  });

/** L2. Nothing else in the dashboard asks for it. */
export const useNotes = (id: string) =>
  useInfiniteQuery({
    queryKey: keys.notes(id),
    queryFn: async ({ pageParam, signal }): Promise<Talk<Note>> =>
      dataOf(
        api.GET('/api/admin/ticket/{id}/internal-messages', {
          params: { path: { id }, query: pageOf(pageParam) },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: olderThan,
  });

/** Oldest first. */
export const inOrder = <M>(talk: InfiniteData<Talk<M>> | undefined): readonly M[] =>
  [...(talk?.pages ?? [])].reverse().flatMap((page) => page.messages);

/** What arrived of what we said stands in the talk at once, without waiting for the stream. */
export function useArrivals(me: Me): void {
  const client = useQueryClient();
  useEffect(() => {
    const put = (ticketId: string, message: Message): void =>
      // The stream may have been faster, and knows more.
      void client.setQueryData<InfiniteData<Talk<Message>>>(keys.messages(ticketId), (talk) =>
        knows(talk, message.id) ? talk : upsert(talk, message),
      );
    const arrived = ({ ticketId, work }: Outgoing, arrival: Arrival | null): void => {
      if (arrival === null) {
        for (const queryKey of [keys.ticket(ticketId), keys.inbox])
          void client.invalidateQueries({ queryKey });
        return;
      }
      const { id, sentAt, messages } = arrival;
      if (work.kind === 'note') {
        const note: Note = {
          id,
          sender_id: me.id,
          sender_name: me.name,
          content: work.text,
          sent_at: sentAt,
        };
        client.setQueryData<InfiniteData<Talk<Note>>>(keys.notes(ticketId), (talk) =>
          knows(talk, id) ? talk : upsert(talk, note),
        );
        if (work.taggedId !== null) void client.invalidateQueries({ queryKey: keys.notes(ticketId) });
        return;
      }
      if (messages === null) void client.invalidateQueries({ queryKey: keys.messages(ticketId) });
      else for (const message of messages) put(ticketId, message);
    };
    const stop = onArrival(arrived);
    const stopRefusals = onRefusal(
      ({ ticketId }) => void client.invalidateQueries({ queryKey: keys.ticket(ticketId) }),
    );
    return () => {
      stop();
      stopRefusals();
    };
  }, [client, me]);
}

const knows = (talk: InfiniteData<Talk<{ readonly id: string }>> | undefined, id: string): boolean =>
  talk?.pages.some((page) => page.messages.some((one) => one.id === id)) ?? false;

export const markRead = (id: string): Promise<unknown> =>
  whole(api.POST('/api/admin/ticket/{id}/read', { params: { path: { id } }, body: {} }));
export const sayViewing = (id: string): Promise<unknown> =>
  whole(api.POST('/api/admin/ticket/{id}/viewing', { params: { path: { id } }, body: {} }));
