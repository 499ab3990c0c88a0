/** A language model that helps the bot of the web chat, if there is one (docs/design/chat.md#language-model). */

export interface AnswererUse {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export interface ChatAnswerer {
  /**
   * Which of these topics is meant? Never rejects.
   * @param visitor whose question it is: one has only so many
   * @param question without personal data
   * @returns a key of `choices`; null: none, not sure, or no answer in time
   */
  choose(
    visitor: string,
    question: string,
    choices: readonly { readonly key: string; readonly title: string }[],
  ): Promise<{ readonly key: string | null; readonly use: AnswererUse }>;
  /** Says the same in other words; the model sees nothing of the visitor. Never rejects. @returns null: no answer in time */
  reword(
    visitor: string,
    answer: string,
    mostTokens: number,
  ): Promise<{ readonly text: string | null; readonly use: AnswererUse }>;
}
