import { inject } from 'vitest'
import { openLogger, randomIds, systemClock, systemMonotonic } from '#base/kernel'
import { cloneDatabase } from '#base/postgres'
import { openStore } from '#base/store'
import { readMail } from '#testing'
import { asDelivered } from './delivered.fixture.ts'
import { openMailboxTransport } from './mailbox-transport.ts'
import { describeMailTransport } from './mail-transport.contract.ts'

describeMailTransport('that keeps mails', async () => {
  await using opened = new AsyncDisposableStack()
  const logger = opened.use(openLogger('fatal'))
  const database = opened.use(await cloneDatabase(inject('templateUrl')))
  const deps = { logger, clock: systemClock(), monotonic: systemMonotonic(), ids: randomIds() }
  const { db } = opened.use(await openStore(deps, { kind: 'given', url: database.url }))
  const resources = opened.move()
  return {
    transport: openMailboxTransport({ db }),
    async delivered() {
      const kept = await db.selectFrom('keptMail').selectAll().orderBy('id').execute()
      return await Promise.all(
        kept.map(async ({ source, receiver, envelopeSender }) =>
          asDelivered(await readMail(source), { from: envelopeSender, to: [receiver] }),
        ),
      )
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
})
