import { words } from './words.ts';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ApiError, once, whole } from '../lib/api.ts';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { type Submitted, textIn } from '../ui/form.ts';

interface PasswordFormProps {
  /** There is a second factor, and the API asks for its code. */
  readonly withCode: boolean;
  readonly onDone: () => void;
}

const FIELDS: Readonly<Record<string, string>> = {
  PASSWORD_WRONG: 'current_password',
  PASSWORD_TOO_EASY: 'new_password',
  PASSWORD_UNCHANGED: 'new_password',
  CODE_WRONG: 'code',
};

/** Which field an error is about, in the API's words. */
const errorsOf = (error: unknown): Readonly<Record<string, string>> => {
  if (!(error instanceof ApiError)) return {};
  const named = FIELDS[error.code];
  if (named !== undefined) return { [named]: error.message };
  return Object.fromEntries(error.details.map(({ path, message }) => [path, message]));
};

export function PasswordForm({ withCode, onDone }: PasswordFormProps) {
  const [askCode, setAskCode] = useState(withCode);
  const change = useMutation({
    mutationFn: (body: { current_password: string; new_password: string; code?: string }) =>
      whole(api.POST('/api/auth/password', { params: once(), body })),
    onSuccess: onDone,
    onError: (error) => {
      if (error instanceof ApiError && error.code === 'CODE_WRONG') setAskCode(true);
    },
  });
  const errors = errorsOf(change.error);
  const submit = (event: Submitted): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const code = textIn(form, 'code');
    change.mutate({
      current_password: textIn(form, 'current_password'),
      new_password: textIn(form, 'new_password'),
      ...(code !== '' ? { code } : {}),
    });
  };
  return (
    <form className="flex max-w-md flex-col gap-4" onSubmit={submit}>
      <TextField
        label={words.password.current}
        name="current_password"
        type="password"
        autoComplete="current-password"
        required
        error={errors['current_password']}
      />
      <TextField
        label={words.password.next}
        name="new_password"
        type="password"
        autoComplete="new-password"
        minLength={10}
        maxLength={128}
        required
        hint={words.password.hint}
        error={errors['new_password']}
      />
      {askCode && (
        <TextField
          label={words.password.code}
          name="code"
          autoComplete="one-time-code"
          required
          error={errors['code']}
        />
      )}
      {change.isError && Object.keys(errors).length === 0 && (
        <p role="alert" className="font-medium text-danger">
          {change.error.message}
        </p>
      )}
      <Button type="submit" look="primary" busy={change.isPending} className="self-start max-md:w-full">
        {words.password.submit}
      </Button>
    </form>
  );
}
