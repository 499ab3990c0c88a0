import { useState } from 'react';
import type { Division } from '../lib/api.ts';
import { DIVISION, ROLE, t } from '../lib/id.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Badge } from '../ui/badge.tsx';
import { SearchField } from '../ui/field.tsx';
import { Failed, Loading, Skeleton } from '../ui/states.tsx';
import { Switch } from '../ui/switch.tsx';
import { useAgents } from './inbox/inbox-queries.ts';

interface AgentChoiceProps {
  /** Whose agents come first; null: nobody's. */
  readonly division: Division | null;
  /** Who has it already. */
  readonly except?: string | undefined;
  readonly chosen: string | null;
  readonly onChoose: (id: string) => void;
}

/** Who gets it: agents who are online, of all divisions. */
export function AgentChoice({ division: own, except, chosen, onChoose }: AgentChoiceProps) {
  const [wanted, setWanted] = useState('');
  const [offline, setOffline] = useState(false);
  const agents = useAgents({ division: 'all', ...(offline ? {} : { status: 'online' as const }) });
  const found = (agents.data ?? [])
    .filter(({ id, name }) => id !== except && name.toLowerCase().includes(wanted.trim().toLowerCase()))
    .sort((a, b) => Number(b.division === own) - Number(a.division === own) || a.name.localeCompare(b.name));
  return (
    <>
      <SearchField
        name="agent"
        label="Cari agent"
        value={wanted}
        onChange={(event) => setWanted(event.target.value)}
      />
      <Switch label="Tampilkan juga yang Offline" checked={offline} onChange={setOffline} />
      {agents.isPending ? (
        <Loading>
          <Skeleton className="h-12" />
        </Loading>
      ) : agents.isError ? (
        <Failed error={agents.error} retry={() => void agents.refetch()} />
      ) : found.length === 0 ? (
        <p className="py-6 text-center text-soft">
          {offline ? 'Tidak ada agent yang cocok.' : 'Tidak ada agent yang Online.'}
        </p>
      ) : (
        <fieldset className="-mx-2 max-h-64 overflow-y-auto">
          <legend className="sr-only">Agent</legend>
          {found.map(({ id, name, division, role, status }) => (
            <label
              key={id}
              className="flex min-h-12 cursor-pointer items-center gap-3 rounded-lg px-2 hover:bg-hover has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:-outline-offset-2 has-focus-visible:outline-accent"
            >
              <input
                type="radio"
                name="assign_to"
                value={id}
                checked={chosen === id}
                onChange={() => onChoose(id)}
                className="size-4 accent-(--accent)"
              />
              <Avatar
                name={name}
                size="sm"
                mark={
                  <span
                    className={`block size-2 rounded-full ${status === 'online' ? 'bg-good' : 'bg-line-strong'}`}
                  />
                }
              />
              <span className="min-w-0 flex-1">
                <span className="block truncate font-medium">{name}</span>
                <span className="block text-[12px] text-soft">{ROLE[role]}</span>
              </span>
              <span className="sr-only">{status === 'online' ? t.presence.online : t.presence.offline}</span>
              <Badge tone={division === own ? 'teal' : 'grey'}>{DIVISION[division]}</Badge>
            </label>
          ))}
        </fieldset>
      )}
    </>
  );
}
