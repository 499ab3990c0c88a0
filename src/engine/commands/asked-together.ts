/** Questions of many callers, asked in as few statements as their number allows. */

interface Waiting<Answer> {
  readonly key: string;
  readonly resolve: (answer: Answer | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Whoever is alone is asked for at once. Those who come while a question is under way travel together in the next one, which
 * begins after each of them came: so no answer is older than its question.
 *
 * @param ask answers for these keys, each once; a key without an answer is left out
 * @param most keys in one question
 * @returns asks for one key; undefined: no answer. Rejects with what `ask` throws
 */
export function askedTogether<Answer>(
  ask: (keys: readonly string[]) => Promise<ReadonlyMap<string, Answer>>,
  most = 256,
): (key: string) => Promise<Answer | undefined> {
  let waiting: Waiting<Answer>[] = [];
  let isUnderWay = false;

  async function askAll(): Promise<void> {
    isUnderWay = true;
    while (waiting.length > 0) {
      const group = waiting.slice(0, most);
      waiting = waiting.slice(most);
      try {
        const answers = await ask([...new Set(group.map(({ key }) => key))]);
        for (const { key, resolve } of group) resolve(answers.get(key));
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    isUnderWay = false;
  }

  return (key) =>
    new Promise((resolve, reject) => {
      waiting.push({ key, resolve, reject });
      if (!isUnderWay) void askAll();
    });
}
