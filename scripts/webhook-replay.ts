/** `npm run webhook:replay`: reads the dead letters again, after WA_PHONE_MAP was corrected or the program updated (docs/integrations.md). */
import { createWebhookInbox } from '../src/adapters/operational/webhook-inbox.ts';
import { replayDeadLetters } from '../src/http/webhook/replay.ts';
import { sharedDivisions } from '../src/channels/bot/form.ts';
import { linesOf } from '../src/channels/registry.ts';
import { assertMayOpen, openDatabase } from '../src/main/wiring/stores.ts';
import { readSettings, runCommand } from './command-line/run-command.ts';
import { blindIndexOf } from './command-line/operator.ts';

await runCommand(async () => {
  const { config, logger } = readSettings();
  const database = await openDatabase(config, logger);
  // The ingester looks by itself, several times a second.
  const inbox = createWebhookInbox({ url: database.url, logger, pubSub: { publish: () => undefined } });
  try {
    await assertMayOpen(config, database.url, logger);
    const { deliveries, items } = await replayDeadLetters({
      inbox,
      lines: linesOf(config),
      maxAgeDays: config.WEBHOOK_MAX_AGE_DAYS,
      blindIndex: blindIndexOf(config),
      shared: sharedDivisions(config.EXTERNAL_BOT_SECRETS ?? []),
    });
    const { dead } = await inbox.backlog();
    console.log(
      `Read again: ${String(deliveries)} deliveries. Understood now: ${String(items)} items. Dead letters left: ${String(dead)}.`,
    );
  } finally {
    await inbox.close();
    await database.stop();
  }
});
