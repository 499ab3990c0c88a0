/** Wires what visitors of the web chat can do. */
import { shippedFaqs } from '../../adapters/chat/faq-files.ts';
import { createStemmer } from '../../adapters/chat/stemmer.ts';
import { createChatClicks } from '../../adapters/operational/chat-clicks.ts';
import { writeDocument } from '../../adapters/pdf/index.ts';
import { newHandoffCode } from '../../adapters/security/handoff-codes.ts';
import { createChatCommands } from '../../commands/chat/chat.ts';
import type { ProgramContext } from '../context.ts';
import { eraseCustomerOf } from './erasure.ts';

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
    answerer: null,
    eraseCustomer: eraseCustomerOf(context),
    newCode: newHandoffCode,
    replyWithin: config.RESPONSE_TIMEOUT_MINUTES ?? null,
  });
  return { chat, shippedFaqs: shipped, chatClicks: createChatClicks(stores.postgres.writes), writeDocument };
}
