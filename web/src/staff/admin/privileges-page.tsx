/** What each role may by itself. Single persons may be given more or less on their own page. */
import { useState } from 'react';
import { api, dataOf, once, type Privilege } from '../../lib/api.ts';
import { ROLE, t } from '../../lib/id.ts';
import { useMe } from '../../lib/me.ts';
import { Button } from '../../ui/button.tsx';
import { Choice } from '../../ui/field.tsx';
import { Page } from '../../ui/page.tsx';
import { Answer, Card, Guarded, useAdminCommand } from '../../ui/parts.tsx';
import { PrivilegeList } from './privilege-list.tsx';
import { type Role, useRolePrivileges, userKeys } from './user-queries.ts';
import { mayHave, privilegesWith } from './words.ts';

const ROLES = (Object.keys(ROLE) as Role[]).map((value) => ({ value, label: ROLE[value] }));

/** Super admins keep these, or nobody could undo it. */
const fixedFor = (role: Role, privilege: Privilege): boolean =>
  role === 'super_admin' && (privilege === 'manage_privileges' || privilege === 'manage_users');
const allFor = (role: Role, now: readonly Privilege[]): readonly Privilege[] =>
  privilegesWith(now).filter((one) => mayHave(role, one));

function RoleForm({ role, now }: { readonly role: Role; readonly now: readonly Privilege[] }) {
  const me = useMe();
  const [held, setHeld] = useState<ReadonlySet<Privilege>>(() => new Set(now));
  const save = useAdminCommand(
    (privileges: Privilege[]) =>
      dataOf(
        api.POST('/api/admin/privileges/{role}', {
          params: { path: { role }, ...once() },
          body: { privileges },
        }),
      ),
    { done: `Hak ${ROLE[role]} disimpan.`, changes: [userKeys.role(role), userKeys.all] },
  );
  const all = allFor(role, now);
  const changed = all.filter((one) => held.has(one) !== now.includes(one)).length;
  return (
    <Card
      title={ROLE[role]}
      hint={
        me.role === role ? 'Ini peran Anda sendiri.' : 'Berlaku langsung untuk semua orang dengan peran ini.'
      }
    >
      <PrivilegeList
        held={held}
        all={all}
        fixed={(one) => fixedFor(role, one)}
        onChange={(privilege, on) => {
          const next = new Set(held);
          if (on) next.add(privilege);
          else next.delete(privilege);
          setHeld(next);
        }}
      />
      <div className="mt-5 flex flex-wrap items-center gap-2">
        <Button
          look="primary"
          className="max-md:flex-1"
          disabled={changed === 0}
          busy={save.isPending}
          onClick={() => save.mutate(all.filter((one) => held.has(one)))}
        >
          {changed === 0 ? t.save : `Simpan ${String(changed)} perubahan`}
        </Button>
        {changed > 0 && <Button onClick={() => setHeld(new Set(now))}>{t.cancel}</Button>}
      </div>
    </Card>
  );
}

function Roles() {
  const [role, setRole] = useState<Role>('team_lead');
  const query = useRolePrivileges(role);
  return (
    <>
      <Choice label="Peran" name="role" value={role} options={ROLES} onChange={setRole} />
      <Answer query={query}>
        {(now) => <RoleForm key={`${role}${now.join()}`} role={role} now={now} />}
      </Answer>
    </>
  );
}

export function PrivilegesPage() {
  return (
    <Guarded title="Hak per peran" needs={['manage_privileges']}>
      <Page title="Hak per peran" narrow>
        <Roles />
      </Page>
    </Guarded>
  );
}
