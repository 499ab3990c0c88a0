/**
 * One run of `work` at a time, for all who ask. Who asks while one runs gets the next one, together with all others
 * who do: the answer of a run that began before the question may be older than what the asker knows.
 */
export function shared<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  let next: Promise<T> | undefined;

  function begin(): Promise<T> {
    const run = work().finally(() => {
      if (running === run) running = undefined;
    });
    running = run;
    return run;
  }

  return () => {
    if (!running) return begin();
    const before = running.then(
      () => undefined,
      () => undefined,
    );
    next ??= before.then(() => {
      next = undefined;
      return begin();
    });
    return next;
  };
}
