import { Refusal } from '../../src/domain/refusals.ts';

/** The error that `work` fails with. @throws when it does not fail */
export async function rejection(work: Promise<unknown>): Promise<Error> {
  let value: unknown;
  try {
    value = await work;
  } catch (error) {
    if (error instanceof Error) return error;
    throw new Error(`rejected with something that is no error: ${String(error)}`);
  }
  throw new Error(`expected a failure, got ${JSON.stringify(value)}`);
}

/** 'done', or the code of the refusal. @throws what else `work` fails with */
export async function refusalOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'done',
    (error: unknown) => (error instanceof Refusal ? error.code : Promise.reject(error)),
  );
}
