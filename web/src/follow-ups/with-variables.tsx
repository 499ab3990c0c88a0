import { Fragment } from 'react';
import { variableLabel } from './words.ts';

/** A wording with its placeholders as the words that they stand for. */
export function WithVariables({ text }: { readonly text: string }) {
  return text.split(/\{\{\s*(\w+)\s*\}\}/).map((piece, n) =>
    n % 2 === 1 ? (
      <span
        key={n}
        className="rounded-md bg-accent-soft px-1.5 py-0.5 text-[13px] font-medium text-accent-ink"
      >
        {variableLabel(piece)}
      </span>
    ) : (
      <Fragment key={n}>{piece}</Fragment>
    ),
  );
}
