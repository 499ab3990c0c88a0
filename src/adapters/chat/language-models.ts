/**
 * OpenAI and Anthropic by plain HTTP: one request, one answer, no repeat (docs/design/chat.md#language-model). What a customer wrote
 * is in the user's turn only, never in the system's.
 */
import { z } from 'zod';
import type { AnswererUse } from '../../ports.ts';
import { postJson } from '../channels/request.ts';

export interface ModelQuestion {
  readonly system: string;
  readonly user: string;
  readonly mostTokens: number;
  /** Set: the answer is one of these words. */
  readonly oneOf?: readonly string[];
}

/** Never rejects. `text` null: no answer in time, or none that can be read. */
export type LanguageModel = (
  question: ModelQuestion,
) => Promise<{ readonly text: string | null; readonly use: AnswererUse }>;

export interface ModelSettings {
  readonly key: string;
  readonly model: string;
  /** Its address; undefined: the provider's own. */
  readonly url?: string | undefined;
  /** Milliseconds. Default 4,000: then the template goes out as it is. */
  readonly patience?: number;
}

const PATIENCE_MS = 4_000;
const NO_USE: AnswererUse = { inputTokens: 0, outputTokens: 0 };

const openAiAnswer = z.object({
  choices: z.array(z.object({ message: z.object({ content: z.string() }) })).min(1),
  usage: z.object({ prompt_tokens: z.int(), completion_tokens: z.int() }),
});
const anthropicAnswer = z.object({
  content: z
    .array(
      z.discriminatedUnion('type', [
        z.object({ type: z.literal('text'), text: z.string() }),
        z.object({ type: z.literal('tool_use'), input: z.object({ topic: z.string() }) }),
      ]),
    )
    .min(1),
  usage: z.object({ input_tokens: z.int(), output_tokens: z.int() }),
});
const topic = z.object({ topic: z.string() });

const topicSchema = (oneOf: readonly string[]) => ({
  type: 'object',
  properties: { topic: { type: 'string', enum: oneOf } },
  required: ['topic'],
  additionalProperties: false,
});

function topicIn(text: string): string | null {
  try {
    return topic.safeParse(JSON.parse(text)).data?.topic ?? null;
  } catch {
    return null;
  }
}

async function posted(url: string, body: object, headers: Record<string, string>, patience = PATIENCE_MS) {
  const answer = await postJson(url, body, {
    headers,
    answerMs: patience,
    signal: AbortSignal.timeout(patience),
  });
  return answer.kind === 'answer' && answer.ok ? answer.body : undefined;
}

export const openAi =
  ({ key, model, url = 'https://api.openai.com', patience }: ModelSettings): LanguageModel =>
  async ({ system, user, mostTokens, oneOf }) => {
    const body = {
      model,
      max_completion_tokens: mostTokens,
      messages: [
        { role: 'system', content: system },
        { role: 'user', content: user },
      ],
      ...(oneOf && {
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'topic', strict: true, schema: topicSchema(oneOf) },
        },
      }),
    };
    const headers = { authorization: `Bearer ${key}` };
    const { data } = openAiAnswer.safeParse(
      await posted(`${url}/v1/chat/completions`, body, headers, patience),
    );
    if (data === undefined) return { text: null, use: NO_USE };
    const use = { inputTokens: data.usage.prompt_tokens, outputTokens: data.usage.completion_tokens };
    const content = data.choices[0]?.message.content ?? '';
    return { text: oneOf ? topicIn(content) : content, use };
  };

export const anthropic =
  ({ key, model, url = 'https://api.anthropic.com', patience }: ModelSettings): LanguageModel =>
  async ({ system, user, mostTokens, oneOf }) => {
    const body = {
      model,
      max_tokens: mostTokens,
      system,
      messages: [{ role: 'user', content: user }],
      ...(oneOf && {
        tools: [
          { name: 'choose', description: 'The topic that is meant.', input_schema: topicSchema(oneOf) },
        ],
        tool_choice: { type: 'tool', name: 'choose' },
      }),
    };
    const headers = { 'x-api-key': key, 'anthropic-version': '2023-06-01' };
    const { data } = anthropicAnswer.safeParse(await posted(`${url}/v1/messages`, body, headers, patience));
    if (data === undefined) return { text: null, use: NO_USE };
    const use = { inputTokens: data.usage.input_tokens, outputTokens: data.usage.output_tokens };
    const [first] = data.content;
    return { text: first?.type === 'tool_use' ? first.input.topic : (first?.text ?? null), use };
  };
