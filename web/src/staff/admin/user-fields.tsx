/** What an account has: name, e-mail, role and division, for a new one and for one that is there. */
import type { ReactNode } from 'react';
import { DIVISION, ROLE } from '../../lib/id.ts';
import { SelectField, TextField } from '../../ui/field.tsx';
import type { Role, UserDivision } from './user-queries.ts';

export interface UserData {
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly division: UserDivision;
}

const ROLES = Object.entries(ROLE).map(([value, label]) => ({ value, label }));
const ONE = (['sari', 'savi', 'safia'] as const).map((value) => ({ value, label: DIVISION[value] }));
const ANY = [{ value: 'all', label: DIVISION.all }, ...ONE];

const inOneDivision = (role: Role): boolean => role === 'sales_agent' || role === 'technician';

/** A sales agent and a technician belong to one division (docs/design/api.md#roles-and-privileges). */
export const fitting = (data: UserData): UserData =>
  inOneDivision(data.role) && data.division === 'all' ? { ...data, division: 'sari' } : data;

export const REFUSALS: Readonly<Record<string, string>> = {
  EMAIL_TAKEN: 'email',
  PASSWORD_TOO_EASY: 'password',
  DIVISION_REQUIRED: 'division',
  ROLE_ABOVE_OWN: 'role',
  LAST_SUPER_ADMIN: 'role',
};

export function UserFields({
  data,
  errors,
  onChange,
  emailHint,
}: {
  readonly data: UserData;
  readonly errors: Readonly<Record<string, string>>;
  readonly onChange: (data: UserData) => void;
  readonly emailHint?: ReactNode;
}) {
  return (
    <>
      <TextField
        label="Nama"
        name="name"
        required
        maxLength={100}
        autoComplete="off"
        value={data.name}
        error={errors['name']}
        onChange={(event) => onChange({ ...data, name: event.target.value })}
      />
      <TextField
        label="Email"
        name="email"
        type="email"
        required
        maxLength={254}
        autoComplete="off"
        value={data.email}
        error={errors['email']}
        hint={emailHint}
        onChange={(event) => onChange({ ...data, email: event.target.value })}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <SelectField
          label="Peran"
          name="role"
          value={data.role}
          options={ROLES}
          error={errors['role']}
          onChange={(event) => onChange(fitting({ ...data, role: event.target.value as Role }))}
        />
        <SelectField
          label="Divisi"
          name="division"
          value={data.division}
          options={inOneDivision(data.role) ? ONE : ANY}
          error={errors['division']}
          onChange={(event) => onChange({ ...data, division: event.target.value as UserDivision })}
        />
      </div>
    </>
  );
}
