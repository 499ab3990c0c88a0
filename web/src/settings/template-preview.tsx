/** A template as the customer reads it, with values of an example. */
import { Fragment } from 'react';

const EXAMPLE: Readonly<Record<string, string>> = {
  name: 'Budi Santoso',
  origin_city: 'Jakarta',
  destination_city: 'Makassar',
  agent_name: 'Andi',
};
const PLACE = /\{\{(\w+)\}\}/;

/** @param filled with the example; else the names of the variables, in sight */
export function TemplateText({ body, filled }: { readonly body: string; readonly filled: boolean }) {
  return (
    <p className="break-words whitespace-pre-wrap">
      {body.split(PLACE).map((piece, n) =>
        n % 2 === 0 ? (
          <Fragment key={n}>{piece}</Fragment>
        ) : (
          <span key={n} className="rounded bg-accent-soft px-1 font-medium text-accent-ink">
            {filled ? (EXAMPLE[piece] ?? piece) : piece}
          </span>
        ),
      )}
    </p>
  );
}
