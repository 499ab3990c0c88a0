import type { CoverSheet, SheetColumn } from '../../ports.ts';

/** What the worker gets, in this order: a sheet, then its rows, then the next sheet; `done` last. */
export type ToWorker =
  | { readonly kind: 'cover'; readonly cover: CoverSheet }
  | { readonly kind: 'table'; readonly name: string; readonly columns: readonly SheetColumn[] }
  /** JSON text of an array of rows of the table that was named last. */
  | { readonly kind: 'rows'; readonly json: string }
  | { readonly kind: 'done' };
