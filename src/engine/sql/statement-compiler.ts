import { PostgresQueryCompiler } from 'kysely';

/** Stands for an argument while a statement is built: $1 for the first, and so on. */
export class Parameter {
  constructor(readonly place: number) {}
}

/**
 * Postgres' SQL with one difference: `$n` is the n-th argument of the statement, wherever it is used, and every other
 * value is a constant of the statement, so it is part of the text, where the planner can see it.
 */
export class StatementCompiler extends PostgresQueryCompiler {
  protected override appendValue(value: unknown): void {
    if (value instanceof Parameter) this.append(`$${String(value.place)}`);
    else this.appendImmediateValue(value);
  }
}
