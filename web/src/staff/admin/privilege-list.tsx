/** Every privilege in groups, each with a switch. */
import type { ReactNode } from 'react';
import type { Privilege } from '../../lib/api.ts';
import { Switch } from '../../ui/switch.tsx';
import { PRIVILEGE_GROUPS, privilegeLabel } from './words.ts';

export function PrivilegeList({
  held,
  all,
  fixed,
  mark,
  onChange,
}: {
  readonly held: ReadonlySet<Privilege>;
  /** Every one that there is for whom this is about. */
  readonly all: readonly Privilege[];
  /** Cannot be changed here. */
  readonly fixed?: (privilege: Privilege) => boolean;
  readonly mark?: (privilege: Privilege) => ReactNode;
  readonly onChange: (privilege: Privilege, on: boolean) => void;
}) {
  const named = new Set(PRIVILEGE_GROUPS.flatMap(({ privileges }) => Object.keys(privileges)));
  const groups = [
    ...PRIVILEGE_GROUPS.map(({ title, privileges }) => ({
      title,
      privileges: all.filter((one) => Object.hasOwn(privileges, one)),
    })),
    { title: 'Lainnya', privileges: all.filter((one) => !named.has(one)) },
  ].filter(({ privileges }) => privileges.length > 0);
  return (
    <div className="grid gap-x-10 gap-y-6 md:grid-cols-2">
      {groups.map(({ title, privileges }) => (
        <fieldset key={title}>
          <legend className="mb-1 text-[13px] font-semibold text-faint">{title}</legend>
          {privileges.map((privilege) => (
            <div key={privilege} className="flex items-center justify-between gap-2">
              <Switch
                name={privilege}
                label={privilegeLabel(privilege)}
                checked={held.has(privilege)}
                disabled={fixed?.(privilege)}
                onChange={(on) => onChange(privilege, on)}
              />
              {mark?.(privilege)}
            </div>
          ))}
        </fieldset>
      ))}
    </div>
  );
}
