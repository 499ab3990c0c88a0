/** Customers as the API tells of them (docs/design/api.md#customers). */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api, type Channel, dataOf, type Division, type Schemas, whole } from '../lib/api.ts';
import { useAdminCommand } from '../ui/parts.tsx';

export type Customer = Schemas['Customer'];

/** The filters in the address; the API refuses a word that is none. */
export interface CustomersSearch {
  q?: string;
  division?: Division;
  channel?: Channel;
  opted_out?: 'true' | 'false';
}

const all = ['customers'] as const;
export const customerKeys = {
  all,
  one: (id: string) => [...all, 'one', id] as const,
  thread: (id: string) => [...all, 'thread', id] as const,
};

export const nameOf = ({ name, phone }: Pick<Customer, 'name' | 'phone'>): string =>
  name ?? phone ?? 'Tanpa nama';

export const useCustomers = (query: Readonly<Record<string, string>>, enabled = true) =>
  useInfiniteQuery({
    queryKey: [...all, 'list', query],
    queryFn: async ({ pageParam, signal }) => {
      const paged = { ...query, limit: 50, ...(pageParam === null ? {} : { cursor: pageParam }) };
      const { data, meta } = await whole(
        api.GET('/api/admin/customers', { params: { query: paged }, signal }),
      );
      return { customers: data.customers, total: meta?.total, next: meta?.next_cursor ?? null };
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
    enabled,
  });

export const useCustomer = (id: string) =>
  useQuery({
    queryKey: customerKeys.one(id),
    queryFn: ({ signal }) =>
      dataOf(api.GET('/api/admin/customer/{id}', { params: { path: { id } }, signal })),
  });

/** All talks of a customer as one, page by page into the past; the newest page is the first. */
export const useThread = (id: string, enabled: boolean) =>
  useInfiniteQuery({
    queryKey: customerKeys.thread(id),
    queryFn: async ({ pageParam, signal }) => {
      const query = { limit: 50, ...(pageParam === null ? {} : { before: pageParam }) };
      const { data, meta } = await whole(
        api.GET('/api/admin/customer/{id}/messages', { params: { path: { id }, query }, signal }),
      );
      return {
        messages: data.messages,
        older: meta.has_more ? (data.messages[0]?.id ?? null) : null,
      };
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.older,
    enabled,
  });

export interface ProfileChange {
  name?: string;
  email?: string | null;
  address?: string | null;
  notes?: string | null;
}

export const useSaveProfile = (id: string) =>
  useAdminCommand(
    (body: ProfileChange) =>
      dataOf(api.PATCH('/api/admin/customer/{id}', { params: { path: { id } }, body })),
    { done: 'Data pelanggan disimpan.', changes: [all] },
  );

/** @param key one per intent: the same again is the same command */
export const useOffers = (id: string, wanted: boolean, key: { header: { 'Idempotency-Key': string } }) =>
  useAdminCommand(
    (reason: string) => {
      const to = { params: { path: { id }, ...key }, body: { reason } };
      return wanted
        ? dataOf(api.POST('/api/admin/customer/{id}/opt-in', to))
        : dataOf(api.POST('/api/admin/customer/{id}/opt-out', to));
    },
    {
      done: wanted ? 'Pelanggan dapat dihubungi lagi.' : 'Pelanggan tidak lagi dihubungi untuk promosi.',
      changes: [all, ['ticket'], ['inbox']],
    },
  );

export const useMerge = (id: string, key: { header: { 'Idempotency-Key': string } }) =>
  useAdminCommand(
    (body: { customer_id: string; join_tickets: boolean }) =>
      dataOf(api.POST('/api/admin/customer/{id}/merge', { params: { path: { id }, ...key }, body })),
    { done: 'Kedua pelanggan kini satu.', changes: [all, ['ticket'], ['inbox'], ['messages']] },
  );
