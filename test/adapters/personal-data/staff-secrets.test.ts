import { expect } from 'chai';
import { createKeyRing } from '../../../src/adapters/personal-data/keys.ts';
import { createStaffSecrets } from '../../../src/adapters/personal-data/staff-secrets.ts';
import { createPostgres } from '../../../src/adapters/postgres/index.ts';
import { uuids } from '../../../src/adapters/clock.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';
import { rejection } from '../../support/rejection.ts';
import { testDatabase } from '../../support/stores/postgres.ts';

describe('secrets of staff', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let postgres: ReturnType<typeof createPostgres>;
  before(async () => {
    database = await testDatabase();
    postgres = createPostgres({ url: database.url, logger: silentLogger() });
  });
  after(async () => {
    await postgres.close();
    await database.drop();
  });
  const secretsWith = (master: string) => createStaffSecrets(createKeyRing(postgres.writes, master));

  it('open for their person, and for no one else; changed ones do not', async () => {
    const secrets = secretsWith('master one');
    const [ani, budi] = [uuids.next(), uuids.next()];
    const sealed = await secrets.seal(ani, 'JBSWY3DPEHPK3PXP');
    expect(sealed).not.to.include('JBSWY3DPEHPK3PXP');
    expect(await secrets.open(ani, sealed)).to.equal('JBSWY3DPEHPK3PXP');
    await secrets.seal(budi, 'x');
    for (const [who, what] of [
      [budi, sealed],
      [budi, sealed.replace(ani, budi)],
      [ani, sealed.slice(0, -4) + 'AAA='],
      [ani, 'JBSWY3DPEHPK3PXP'],
    ] as const)
      expect((await rejection(secrets.open(who, what))).message).to.include('does not open');
  });

  it('open after MASTER_KEY was changed', async () => {
    const ani = uuids.next();
    const sealed = await secretsWith('master one').seal(ani, 'JBSWY3DPEHPK3PXP');
    expect(await secretsWith('master two,master one').open(ani, sealed)).to.equal('JBSWY3DPEHPK3PXP');
    await createKeyRing(postgres.writes, 'master two,master one').rewrap();
    expect(await secretsWith('master two').open(ani, sealed)).to.equal('JBSWY3DPEHPK3PXP');
    expect((await rejection(secretsWith('master one').open(ani, sealed))).name).to.equal('WrongMasterKey');
  });
});
