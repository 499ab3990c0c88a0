/** Wires the second factor: the API and the scripts that a person signs in to use it. */
import { createStaffSecrets } from '../../adapters/personal-data/staff-secrets.ts';
import { createOneTimeCodes } from '../../adapters/security/one-time-codes.ts';
import { secondFactor, type SecondFactorCommands } from '../../commands/staff/second-factor.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import type { BlindIndex, Clock } from '../../ports.ts';
import type { Stores } from './stores.ts';

export const secondFactorOf = ({
  commands: { handler },
  stores,
  clock,
  blindIndex,
}: {
  readonly commands: { readonly handler: CommandHandler };
  readonly stores: Pick<Stores, 'keys'>;
  readonly clock: Clock;
  readonly blindIndex: BlindIndex;
}): SecondFactorCommands =>
  secondFactor({
    handler,
    clock,
    codes: createOneTimeCodes(clock, blindIndex),
    secrets: createStaffSecrets(stores.keys),
  });
