import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, dataOf, once } from '../lib/api.ts';
import { keys } from '../lib/keys.ts';
import { toast } from '../ui/toast.tsx';

/** Everybody and whether they are there; the stream says when somebody comes or goes. */
export const usePresences = () =>
  useQuery({
    queryKey: keys.presences,
    queryFn: async ({ signal }) => (await dataOf(api.GET('/api/agent/status/all', { signal }))).agents,
  });
export type Presence = NonNullable<ReturnType<typeof usePresences>['data']>[number];

interface Wish {
  readonly id: string;
  readonly name: string;
  readonly status: Presence['status'];
}

/** Sets somebody else on- or offline; what was wished is shown at once and taken back if it was refused. */
export function useSetPresence() {
  const client = useQueryClient();
  const show = (id: string, status: Presence['status']): void =>
    void client.setQueryData<readonly Presence[]>(keys.presences, (all) =>
      all?.map((one) => (one.id === id ? { ...one, status } : one)),
    );
  return useMutation({
    mutationFn: ({ id, status }: Wish) =>
      dataOf(api.POST('/api/agent/{id}/status', { params: { path: { id }, ...once() }, body: { status } })),
    onMutate: ({ id, status }) => show(id, status),
    onSuccess: ({ status }, { name }) =>
      toast(`${name} sekarang ${status === 'online' ? 'Online' : 'Offline'}.`),
    onError: (error) => toast(error.message, 'problem'),
    onSettled: () => client.invalidateQueries({ queryKey: keys.presences }),
  });
}
