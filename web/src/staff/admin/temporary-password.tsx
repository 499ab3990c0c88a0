import { Dices } from 'lucide-react';
import { TextField } from '../../ui/field.tsx';
import { Button } from '../../ui/button.tsx';

/** Easy to read out and to type, hard to guess: no letter or digit that looks like another. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';
const GROUPS = 3;
const GROUP = 5;

export function newPassword(): string {
  // Bytes past the last whole multiple are left out, so that every letter is as likely as another.
  const most = 256 - (256 % LETTERS.length);
  const letters: string[] = [];
  while (letters.length < GROUPS * GROUP)
    for (const byte of crypto.getRandomValues(new Uint8Array(32)))
      if (byte < most) letters.push(LETTERS[byte % LETTERS.length] ?? '');
  return Array.from({ length: GROUPS }, (_, n) => letters.slice(n * GROUP, (n + 1) * GROUP).join('')).join(
    '-',
  );
}

/** A password that somebody else reads out: in sight, or made by the machine. */
export function TemporaryPassword({
  value,
  error,
  onChange,
}: {
  readonly value: string;
  readonly error: string | undefined;
  readonly onChange: (password: string) => void;
}) {
  return (
    <div className="flex items-start gap-2">
      <div className="min-w-0 flex-1">
        <TextField
          label="Kata sandi awal"
          name="password"
          required
          minLength={10}
          maxLength={128}
          autoComplete="off"
          spellCheck={false}
          value={value}
          error={error}
          hint="Sampaikan langsung kepada orangnya. Ia menggantinya saat masuk pertama kali."
          onChange={(event) => onChange(event.target.value)}
        />
      </div>
      <Button
        className="mt-6"
        icon={<Dices className="size-4" aria-hidden="true" />}
        onClick={() => onChange(newPassword())}
      >
        Acak
      </Button>
    </div>
  );
}
