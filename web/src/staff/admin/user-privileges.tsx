import { useState } from 'react';
import type { Privilege } from '../../lib/api.ts';
import { ROLE, t } from '../../lib/id.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/parts.tsx';
import { PrivilegeList } from './privilege-list.tsx';
import { type User, usePatchUser, useRolePrivileges } from './user-queries.ts';
import { mayHave, privilegesWith } from './words.ts';

/** What the role may by itself, as far as the account shows it: for who may not ask for the role. */
const baseOf = (user: User): ReadonlySet<Privilege> =>
  new Set([...user.privileges.filter((one) => !user.granted.includes(one)), ...user.revoked]);

export function UserPrivileges({ user }: { readonly user: User }) {
  const ofRole = useRolePrivileges(user.role);
  const base: ReadonlySet<Privilege> = ofRole.data === undefined ? baseOf(user) : new Set(ofRole.data);
  const [held, setHeld] = useState<ReadonlySet<Privilege>>(() => new Set(user.privileges));
  const patch = usePatchUser(user.id, 'Privilege disimpan. Orang ini perlu masuk lagi.');
  const all = privilegesWith(user.privileges, user.granted, user.revoked, [...base]);
  const granted = all.filter((one) => held.has(one) && !base.has(one));
  const revoked = all.filter((one) => !held.has(one) && base.has(one));
  const dirty = all.some((one) => held.has(one) !== user.privileges.includes(one));
  const set = (privilege: Privilege, on: boolean): void => {
    const next = new Set(held);
    if (on) next.add(privilege);
    else next.delete(privilege);
    setHeld(next);
  };
  const own = granted.length + revoked.length;
  return (
    <Card
      title="Privilege orang ini"
      hint={
        own === 0
          ? `Sama dengan peran ${ROLE[user.role]}.`
          : `Peran ${ROLE[user.role]}, dengan ${String(own)} pengecualian untuk orang ini.`
      }
      action={
        own > 0 && (
          <Button small onClick={() => setHeld(base)}>
            Kembalikan ke peran
          </Button>
        )
      }
    >
      <PrivilegeList
        held={held}
        all={all.filter(
          // A viewer never reads or writes internal notes, whatever anybody grants (docs/design/api.md#roles-and-privileges).
          (one) => mayHave(user.role, one),
        )}
        mark={(one) =>
          granted.includes(one) ? (
            <Badge tone="green">Ditambah</Badge>
          ) : revoked.includes(one) ? (
            <Badge tone="red">Dicabut</Badge>
          ) : null
        }
        onChange={set}
      />
      <Button
        look="primary"
        className="mt-5 max-md:w-full"
        disabled={!dirty}
        busy={patch.isPending}
        onClick={() => patch.mutate({ privileges: { granted, revoked } })}
      >
        {t.save}
      </Button>
    </Card>
  );
}
