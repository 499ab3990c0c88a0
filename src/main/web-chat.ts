/** Wires what visitors of the web chat can do. */
import { createAnswerer } from '../adapters/chat/answerer.ts';
import { shippedFaqs } from '../adapters/chat/faq-files.ts';
import { anthropic, openAi } from '../adapters/chat/language-models.ts';
import { createStemmer } from '../adapters/chat/stemmer.ts';
import { createChatClicks } from '../adapters/chat/chat-clicks.ts';
import { writeDocument } from '../adapters/pdf/index.ts';
import { newHandoffCode } from '../adapters/security/handoff-codes.ts';
import { createChatCommands } from '../commands/chat/chat.ts';
import type { ChatAnswerer } from '../ports.ts';
import type { ProgramContext } from './context.ts';
import { eraseCustomerOf } from './wiring/erasure.ts';

const MODELS = { openai: openAi, anthropic } as const;

/** null: LLM_PROVIDER is not set, and nothing leaves the house. */
function answererOf({ config, clock }: ProgramContext): ChatAnswerer | null {
  const { LLM_PROVIDER: provider, LLM_API_KEY: key, LLM_MODEL: model, LLM_URL: url } = config;
  if (provider === undefined || key === undefined || model === undefined) return null;
  return createAnswerer(MODELS[provider]({ key, model, url }), clock, {
    dailyTokens: config.LLM_DAILY_TOKENS,
  });
}

/** @throws Error a file of `content/faq` is not there, or cannot be used */
export function chatOf(context: ProgramContext) {
  const { config, commands, stores } = context;
  const shipped = shippedFaqs();
  const chat = createChatCommands({
    ...context,
    handler: commands.handler,
    timezone: config.BUSINESS_TIMEZONE,
    shipped,
    stem: createStemmer(),
    answerer: answererOf(context),
    eraseCustomer: eraseCustomerOf(context),
    newCode: newHandoffCode,
    replyWithin: config.RESPONSE_TIMEOUT_MINUTES ?? null,
  });
  return { chat, shippedFaqs: shipped, chatClicks: createChatClicks(stores.postgres.writes), writeDocument };
}
