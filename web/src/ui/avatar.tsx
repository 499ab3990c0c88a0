import type { ReactNode } from 'react';
import { cx } from './classes.ts';

const TINTS = [
  'bg-blue-soft text-blue',
  'bg-accent-soft text-accent-ink',
  'bg-yellow-soft text-yellow',
  'bg-orange-soft text-orange',
  'bg-note-soft text-note-ink',
  'bg-good-soft text-good',
];

const initialsOf = (name: string): string => {
  const words = name
    .trim()
    .split(/\s+/)
    .filter((word) => /\p{L}/u.test(word));
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) =>
    word === undefined ? '' : ([...word][0] ?? ''),
  );
  return letters.join('').toUpperCase() || '?';
};

const tintOf = (name: string): string => {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 997;
  return TINTS[sum % TINTS.length] ?? '';
};

/** Initials in a colour of the name. Decoration: the name stands next to it. */
export function Avatar({
  name,
  size = 'md',
  mark,
}: {
  readonly name: string;
  readonly size?: 'sm' | 'md' | 'lg';
  readonly mark?: ReactNode;
}) {
  return (
    <span className="relative flex size-fit shrink-0" aria-hidden="true">
      <span
        className={cx(
          'flex items-center justify-center rounded-full font-semibold select-none',
          size === 'sm' ? 'size-7 text-[11px]' : size === 'md' ? 'size-10 text-[13px]' : 'size-14 text-lg',
          tintOf(name),
        )}
      >
        {initialsOf(name)}
      </span>
      {mark !== undefined && (
        <span className="absolute -right-0.5 -bottom-0.5 flex rounded-full bg-surface p-[2px]">{mark}</span>
      )}
    </span>
  );
}
