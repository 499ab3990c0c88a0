/** `npm run demo`: writes the demo data once, then prints where everything is. */
import type { Secrets } from '../../adapters/security/secrets.ts';
import type { Config } from '../../config.ts';
import type { Logger } from '../../ports.ts';
import { ACCOUNTS } from './data.ts';
import { createAccounts, linkPhones, seedDemo } from './seed.ts';
import type { StaffTelegramSimulator } from './staff-telegram-simulator.ts';
import { readState, writeState } from './state.ts';
import type { Program } from '../program.ts';

/** What the documentation offers to sign in with. */
export const demoAccounts: readonly string[] = ACCOUNTS.map(({ email }) => email);

export { startChannelSimulator } from './channel-simulator.ts';
export { prepareDemo } from './prepare.ts';

/** @throws Error when the API does not run in this process, or the seed cannot be finished */
export async function runDemo(
  config: Config,
  secrets: Secrets,
  program: Program,
  log: Logger,
  staff?: StaffTelegramSimulator,
): Promise<void> {
  const { url } = program;
  if (url === null) throw new Error('npm run demo needs api, projections and jobs in RUN');
  const known = readState(config);
  writeState(config, known);
  // A later version may have more of them.
  if (!demoAccounts.every((email) => known.accounts?.includes(email)))
    await createAccounts({ commands: program.commands, password: known.password, log });
  const demo = { ...known, accounts: [...demoAccounts] };
  writeState(config, demo);
  if (!demo.seeded) {
    process.stdout.write('Seeding accounts and talks through the webhook and the API ...\n');
    await seedDemo({
      url,
      webhookPath: config.WEBHOOK_PATH,
      botSecret: secrets.EXTERNAL_BOT_SECRET,
      password: demo.password,
      commands: program.commands,
      waPhoneOf: (division) => [...config.WA_PHONE_MAP].find(([, phone]) => phone.division === division)?.[0],
      now: new Date(),
      log,
    });
    writeState(config, { ...demo, seeded: true });
  }
  if (staff) await linkPhones({ url, password: demo.password }, staff);
  process.stdout.write(welcome(url, demo.password, config, staff?.url));
}

function welcome(url: string, password: string, config: Config, phones: string | undefined): string {
  const changed =
    config.DEMO_PASSWORD !== undefined && config.DEMO_PASSWORD !== password
      ? `  (DEMO_PASSWORD only counts at the first start; delete ${config.DATA_DIR} to start again)\n`
      : '';
  const accounts = ACCOUNTS.map(
    ({ email, role, division }) => `    ${email.padEnd(28)}${role.padEnd(14)}${division}`,
  );
  return `
saga-backend demo is ready

  Site       ${url}
  Dashboard  ${url}/app
  API        ${url}/api/docs
${phones === undefined ? '' : `  Phones     ${phones} (staff in Telegram)\n`}  Accounts   password ${password}
${changed}${accounts.join('\n')}

  Try it:

    curl -s ${url}/api/auth/login -H 'content-type: application/json' \\
      -d '{"email":"agent1.sari@demo.saga","password":"${password}"}'

  Stop with Ctrl-C. The data stays in ${config.DATA_DIR}.
`;
}
