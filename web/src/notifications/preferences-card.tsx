/** Of what one is told, and how: in the list, on one's devices, with a sound. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Lock } from 'lucide-react';
import { api, dataOf, type Schemas } from '../lib/api.ts';
import { useMay } from '../lib/me.ts';
import { useMeta } from '../tickets/ticket-queries.ts';
import { Answer, useAdminCommand } from '../ui/parts.tsx';

type Kind = Schemas['NotificationKind'];
type Preference = Schemas['NotificationPreference'];
type Preferences = Readonly<Record<Kind, Preference>>;

const KEY = ['notifications', 'preferences'] as const;
const WAYS = [
  { name: 'in_app', label: 'Daftar' },
  { name: 'push', label: 'Push' },
  { name: 'sound', label: 'Bunyi' },
] as const satisfies readonly { readonly name: keyof Preference; readonly label: string }[];

/** Of the notes that the customer never sees. */
const L2: readonly Kind[] = ['internal_note', 'l2_tagged'];

export function PreferencesCard() {
  const client = useQueryClient();
  const reads = useMay('internal_read');
  const { data: meta } = useMeta();
  const query = useQuery({
    queryKey: KEY,
    queryFn: async ({ signal }): Promise<Preferences> =>
      (await dataOf(api.GET('/api/notifications/preferences', { signal }))).preferences,
  });
  const save = useAdminCommand(
    (preferences: Partial<Record<Kind, Partial<Preference>>>) =>
      dataOf(api.PATCH('/api/notifications/preferences', { body: { preferences } })),
    { changes: [KEY] },
  );
  const set = (kind: Kind, way: keyof Preference, on: boolean): void => {
    // At once, and taken back by the answer where the API does not want it.
    client.setQueryData<Preferences>(KEY, (old) => old && { ...old, [kind]: { ...old[kind], [way]: on } });
    save.mutate({ [kind]: { [way]: on } });
  };
  return (
    <Answer query={query} rows={3}>
      {(preferences) => (
        <table className="w-full">
          <thead>
            <tr className="text-[12px] text-faint">
              <th scope="col" className="pb-1 text-left font-medium">
                Tentang
              </th>
              {WAYS.map(({ name, label }) => (
                <th key={name} scope="col" className="w-14 pb-1 text-center font-medium md:w-16">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {(meta?.lists.notification_kind ?? [])
              .filter(
                ({ value }) => value in preferences && (reads || !(L2 as readonly string[]).includes(value)),
              )
              .map(({ value, label }) => {
                const kind = value as Kind;
                return (
                  <tr key={kind}>
                    <th scope="row" className="py-1 pr-2 text-left font-medium">
                      {L2.includes(kind) && (
                        <Lock
                          className="mr-1.5 inline size-3.5 text-note-ink"
                          role="img"
                          aria-label="Catatan internal"
                        />
                      )}
                      {label}
                    </th>
                    {WAYS.map(({ name, label: way }) => (
                      <td key={name} className="p-0 text-center">
                        <label className="inline-flex size-10 cursor-pointer items-center justify-center rounded-lg hover:bg-hover max-md:size-11">
                          <span className="sr-only">{`${label}: ${way}`}</span>
                          <input
                            type="checkbox"
                            name={`${kind}.${name}`}
                            checked={preferences[kind][name]}
                            // Without a push nothing of it sounds.
                            disabled={name === 'sound' && !preferences[kind].push}
                            onChange={({ target }) => set(kind, name, target.checked)}
                            className="size-[18px] accent-(--accent) disabled:opacity-45"
                          />
                        </label>
                      </td>
                    ))}
                  </tr>
                );
              })}
          </tbody>
        </table>
      )}
    </Answer>
  );
}
