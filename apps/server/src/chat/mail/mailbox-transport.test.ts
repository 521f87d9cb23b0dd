import { expect, inject, test } from 'vitest'
import { openLogger, randomIds, systemClock, systemMonotonic } from '#base/kernel'
import { cloneDatabase } from '#base/postgres'
import { openStore } from '#base/store'
import { readMail } from '#testing'
import { asDelivered } from './delivered.fixture.ts'
import { openMailboxTransport } from './mailbox-transport.ts'
import { MAIL } from './mail-state.ts'
import { aMail, describeMailTransport } from './mail-transport.contract.ts'

async function openMailbox() {
  await using opened = new AsyncDisposableStack()
  const logger = opened.use(openLogger('fatal'))
  const database = opened.use(await cloneDatabase(inject('templateUrl')))
  const deps = { logger, clock: systemClock(), monotonic: systemMonotonic(), ids: randomIds() }
  const { db } = opened.use(await openStore(deps, { kind: 'given', url: database.url }))
  await db
    .insertInto('document')
    .values({ accountId: '12345678', kind: MAIL, id: 'm1', version: 1, state: {} })
    .execute()
  const resources = opened.move()
  return {
    db,
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
}

describeMailTransport('that keeps mails', openMailbox)

test('a mail that has been erased since it was read is not kept: nobody would find it', async () => {
  await using mailbox = await openMailbox()
  await mailbox.transport.send(aMail())
  await mailbox.db.deleteFrom('document').where('kind', '=', MAIL).execute()

  await mailbox.transport.send(aMail({ subject: 'Again' }))

  const subjects = (await mailbox.delivered()).map(({ subject }) => subject)
  expect(subjects).toEqual(['Email Transcript Notification'])
})
