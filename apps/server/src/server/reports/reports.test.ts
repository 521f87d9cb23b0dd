import { afterAll, expect, test } from 'vitest'
import { DAY_MS, FICKLE, openReporting } from './reported.fixture.ts'

const shared = await openReporting()
afterAll(() => shared[Symbol.asyncDispose]())

const HOUR_MS = 3_600_000
/** The tests begin on a Monday at 10:00 UTC, and each goes on at another day. */
const toNextDay = async (hour = 10) => {
  const { clock } = shared.server
  const tomorrow = (Math.floor(clock.now() / DAY_MS) + 1) * DAY_MS
  await clock.advance(tomorrow + hour * HOUR_MS - clock.now())
}
const today = () => new Date(shared.server.clock.now()).toISOString().slice(0, 10)

test('at 01:00 UTC each recipient gets the figures of the day before, beside those of the day before that', async () => {
  const account = await shared.newAccount()
  const { address, set, received, read, native } = account
  await native('PATCH', '/settings', { accountName: 'Shop & <b>Sons</b>' })
  const orders = await account.deployed(FICKLE, { name: 'orders' })
  const quiet = await account.deployed(FICKLE, { name: 'quiet' })
  await account.invoke(orders, { fail: false })
  await set('daily', [address('ann'), address('bob')])
  await toNextDay(0.5)
  const day = today()
  for (const fail of [false, false, true]) await account.invoke(orders, { fail })
  await account.invoke(quiet, { fail: false })
  await shared.server.clock.advance(HOUR_MS / 2 - 1)
  expect(received()).toEqual([])
  await shared.server.clock.advance(1)
  expect(received()).toHaveLength(2)
  await toNextDay(1)
  expect(received()).toHaveLength(4)

  const mail = await read(-1)
  expect(new Set(received().map(({ messageId }) => messageId)).size).toBe(4)
  expect(received().map(({ envelope }) => envelope.to[0])).toEqual(
    expect.arrayContaining([address('ann'), address('bob')]),
  )
  const { accountId } = account.account
  expect(mail.subject).toBe(
    `Functions of Shop & <b>Sons</b> (${accountId}): 4 invocations, 25.0 % failed, on ${day}`,
  )
  expect(mail.from).toMatchObject({ name: 'Parley', address: 'parley@parley.example.com' })
  for (const line of [
    `${day} 00:00 to ${today()} 00:00 UTC`,
    'Invocations: 4 (the period before: 1)',
    'Failed: 25.0 % (the period before: 0.0 %)',
    'Deployed functions: 2 of at most 1,000,000',
    `Metrics: https://parley.example.com/console/${accountId}/metrics`,
  ]) {
    expect(mail.text?.split(/\r?\n/)).toContain(line)
  }
  expect(mail.text).toMatch(
    /- orders: 3 invocations; CODING_FAILURE 1; p50 [\d,]+ ms; p95 [\d,]+ ms\n- quiet: 1 invocation; p50 /,
  )
  expect(mail.html).toContain('Shop &#38; &#60;b&#62;Sons&#60;/b&#62;')
  expect(mail.html).not.toMatch(/<img|<script|src=/)
  await set('none', [])
})

test('of more than twenty functions the rest is one row', async () => {
  const account = await shared.newAccount()
  const uuids = []
  for (let n = 0; n < 22; n++) {
    uuids.push(await account.deployed(FICKLE, { name: `f${String(n).padStart(2, '0')}` }))
  }
  for (const uuid of uuids) await account.invoke(uuid, { fail: true })
  await toNextDay(2)

  const { text } = (await account.native('GET', '/report-preview')).json<{ text: string }>()

  expect(text.match(/^- /gm)).toHaveLength(21)
  expect(text).toContain('- f19: 1 invocation;')
  expect(text).toContain('- 2 others: 2 invocations; CODING_FAILURE 2\n')
  await account.native('PATCH', '/settings', { language: 'de-AT', timeZone: 'Asia/Tokyo' })
  const german = (await account.native('GET', '/report-preview')).json<{
    text: string
    subject: string
  }>()
  const day = today().split('-').toReversed().join('.')
  expect(german.text).toContain(` bis ${day} 00:00 UTC\n`)
  expect(german.text).toContain('- 2 andere: 2 Aufrufe; CODING_FAILURE 2\n')
  expect(german.subject).toContain(': 22 Aufrufe, 100,0 % fehlgeschlagen, am ')
})

test('a weekly report leaves on Monday, about the week before', async () => {
  const account = await shared.newAccount()
  const { address, set, received, read } = account
  const uuid = await account.deployed(FICKLE, { name: 'orders' })
  await set('weekly', [address('ann')])
  const monday = (at: number) => new Date(at).getUTCDay() === 1
  await toNextDay()
  while (!monday(shared.server.clock.now())) {
    expect(received()).toEqual([])
    await account.invoke(uuid, { fail: false })
    const sent = today()
    await toNextDay()
    expect(sent < today()).toBe(true)
  }

  expect(received()).toHaveLength(1)
  const from = new Date(shared.server.clock.now() - 7 * DAY_MS).toISOString().slice(0, 10)
  const { subject = '', text } = await read()
  expect(subject).toContain(`in the week from ${from}`)
  expect(text).toContain(`${from} 00:00 to ${today()} 00:00 UTC`)
  await toNextDay()
  expect(received()).toHaveLength(1)
  await set('none', [])
})

test('after an outage of three days one report leaves, the newest', async () => {
  const { address, set, received, read, account } = await shared.newAccount()
  await set('daily', [address('ann')])
  // As if no node had been running since.
  const due = new Date(shared.server.clock.now() - 3 * DAY_MS)
  const { db } = shared.server.context.store
  await db
    .updateTable('timer')
    .set({ dueAt: due, runAt: due })
    .where('accountId', '=', account.accountId)
    .where('kind', '=', 'report')
    .execute()
  await shared.server.clock.advance(1)

  expect(received()).toHaveLength(1)
  const yesterday = new Date(shared.server.clock.now() - DAY_MS).toISOString().slice(0, 10)
  expect((await read()).subject).toContain(`on ${yesterday}`)
  await toNextDay(0.9)
  expect(received()).toHaveLength(1)
  await shared.server.clock.advance(HOUR_MS)
  expect(received()).toHaveLength(2)
  await set('none', [address('ann')])
})

test('a clock that is set back while a report is made brings no second one', async () => {
  const { address, set, received, account } = await shared.newAccount()
  await set('daily', [address('ann')])
  // As if it had been one o'clock a moment ago.
  await shared.server.context.store.db
    .updateTable('timer')
    .set({ runAt: new Date(shared.server.clock.now()) })
    .where('accountId', '=', account.accountId)
    .where('kind', '=', 'report')
    .execute()
  await shared.server.clock.advance(1)
  expect(received()).toHaveLength(1)

  await toNextDay(1)
  expect(received()).toHaveLength(1)
  await set('none', [])
})

test.each([
  ['the frequency is none', 'none', ['ann']],
  ['there is no recipient', 'daily', []],
])('nothing leaves where %s', async (_why, frequency, names) => {
  const { address, set, received, native } = await shared.newAccount()
  await set('daily', [address('ann')])
  await set(frequency, names.map(address))
  await toNextDay()

  expect(received()).toEqual([])
  const preview = (await native('GET', '/report-preview')).json<object>()
  expect(preview).not.toHaveProperty('nextAt')
})

test('a suspended account gets no report, and the newest once it is resumed; an ended account gets none', async () => {
  const { address, set, received, account } = await shared.newAccount()
  const { operator } = shared
  const { accountId } = account
  await set('daily', [address('ann')])
  await operator('PUT', `accounts/${accountId}/suspension`, {})
  await toNextDay()
  await toNextDay()
  expect(received()).toEqual([])
  await operator('DELETE', `accounts/${accountId}/suspension`)
  await shared.server.clock.advance(1)
  expect(received()).toHaveLength(1)

  await operator('PUT', `accounts/${accountId}/suspension`, {})
  const ended = await operator('POST', `accounts/${accountId}/end`, { confirm: accountId })
  expect(ended.status).toBeLessThan(300)
  await toNextDay()
  expect(received()).toHaveLength(1)
})

test('a report stands in the outbox of mails until its figures have been kept long enough', async () => {
  const { address, set, native } = await shared.newAccount()
  await native('PATCH', '/settings', { retention: { metricsDays: 2 } })
  await set('daily', [address('ann')])
  await toNextDay()
  await set('none', [address('ann')])

  const listed = async () => (await native('GET', '/mails')).json<{ mails: object[] }>().mails
  const [mail] = await listed()
  expect(mail).toMatchObject({ source: 'report', state: 'sent', targetEmail: address('ann') })
  expect(mail).not.toHaveProperty('chatId')
  const { mailId } = mail as { mailId: string }
  const one = await native('GET', `/mails/${mailId}`)
  expect(one.json()).toMatchObject({ text: expect.stringContaining('Nothing ran.') })
  await toNextDay()
  expect(await listed()).toHaveLength(1)
  await toNextDay()
  await toNextDay()
  expect(await listed()).toEqual([])
})
