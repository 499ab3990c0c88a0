/** The jobs of an installation, as a process that can be killed: `jobs-process.ts <environment as JSON>`. */
import { secretsFor } from '../../../src/adapters/security/secrets.ts';
import { readConfig } from '../../../src/config.ts';
import { startProgram } from '../../../src/main/program.ts';
import { silentLogger } from '../observe/silent-logger.ts';

const config = readConfig(JSON.parse(process.argv[2] ?? '{}') as Record<string, string>);
// A test that was killed itself must not leave this behind.
process.on('disconnect', () => process.exit());
await startProgram({ ...config, RUN: new Set(['jobs'] as const) }, secretsFor(config), silentLogger());
process.send?.('ready');
