import { afterAll, expect, test } from 'vitest'
import { startTestServer } from '#testing'

const server = await startTestServer()
afterAll(() => server[Symbol.asyncDispose]())

const OFFICE = { from: '09:00', to: '17:00' }
const WEEK = { monday: [OFFICE], tuesday: [OFFICE], sunday: [{ from: '01:00', to: '04:00' }] }
const BERLIN = { timeZone: 'Europe/Berlin', week: WEEK }

type Account = Awaited<ReturnType<typeof server.anotherAccount>>

const call = (account: Account, method: string, path: string, body?: unknown) =>
  server.request(method, `/api/v1/accounts/${account.accountId}/${path}`, {
    bearer: account.adminBearer,
    ...(body !== undefined && { body }),
  })

const isOffHours = async (account: Account, at: string, skillId?: string) => {
  const query = new URLSearchParams({ at, ...(skillId && { skillId }) })
  const reply = await call(account, 'GET', `shift-status?${query}`)
  return reply.json<{ offHours: boolean }>().offHours
}

test('without a calendar it is always open', async () => {
  const account = await server.anotherAccount()

  expect(await isOffHours(account, '2026-01-01T03:00:00Z')).toBe(false)
})

test('hours are those of the wall clock in their time zone, to the minute', async () => {
  const account = await server.anotherAccount()
  await call(account, 'PUT', 'calendars/account', BERLIN)

  expect(await isOffHours(account, '2026-01-05T07:59:59Z')).toBe(true)
  expect(await isOffHours(account, '2026-01-05T08:00:00Z')).toBe(false)
  expect(await isOffHours(account, '2026-01-05T15:59:59Z')).toBe(false)
  expect(await isOffHours(account, '2026-01-05T16:00:00Z')).toBe(true)
  expect(await isOffHours(account, '2026-01-07T12:00:00Z')).toBe(true)
})

test('on the days when the clock changes, the wall clock still counts', async () => {
  const account = await server.anotherAccount()
  await call(account, 'PUT', 'calendars/account', BERLIN)

  // 29 March 2026: after 01:59 comes 03:00, so the night shift of 01:00 to 04:00 lasts two hours.
  expect(await isOffHours(account, '2026-03-28T23:59:59Z')).toBe(true)
  expect(await isOffHours(account, '2026-03-29T00:00:00Z')).toBe(false)
  expect(await isOffHours(account, '2026-03-29T01:59:59Z')).toBe(false)
  expect(await isOffHours(account, '2026-03-29T02:00:00Z')).toBe(true)
  // 25 October 2026: the hour from 02:00 comes twice, so it lasts four.
  expect(await isOffHours(account, '2026-10-24T23:00:00Z')).toBe(false)
  expect(await isOffHours(account, '2026-10-25T02:59:59Z')).toBe(false)
  expect(await isOffHours(account, '2026-10-25T03:00:00Z')).toBe(true)
  // The Monday after is on the new time.
  expect(await isOffHours(account, '2026-03-30T07:00:00Z')).toBe(false)
})

test('a special day replaces the week, a skill with hours of its own the account', async () => {
  const account = await server.anotherAccount()
  const [open, follows] = account.skillIds
  const specialDays = [
    { date: '2026-01-05', name: 'Stocktaking', shifts: [] },
    { date: '2026-01-11', shifts: [{ from: '00:00', to: '24:00' }] },
  ]
  await call(account, 'PUT', 'calendars/account', { ...BERLIN, specialDays })
  await call(account, 'PUT', `calendars/${open}`, { timeZone: 'UTC', week: { monday: [OFFICE] } })

  expect(await isOffHours(account, '2026-01-05T12:00:00Z')).toBe(true)
  expect(await isOffHours(account, '2026-01-05T12:00:00Z', follows)).toBe(true)
  expect(await isOffHours(account, '2026-01-05T12:00:00Z', open)).toBe(false)
  expect(await isOffHours(account, '2026-01-11T22:59:00Z')).toBe(false)
  expect(await isOffHours(account, '2026-01-11T23:00:00Z')).toBe(true)

  await call(account, 'DELETE', `calendars/${open}`)
  expect(await isOffHours(account, '2026-01-05T12:00:00Z', open)).toBe(true)
})

test('whether it is open comes with when that changes', async () => {
  const account = await server.anotherAccount()
  const changes = async (at: string) =>
    (await call(account, 'GET', `shift-status?at=${at}`)).json<Record<string, unknown>>()

  const always = { offHours: false, at: '2026-01-05T07:00:00.000Z' }
  expect(await changes('2026-01-05T07:00:00Z')).toEqual(always)
  await call(account, 'PUT', 'calendars/account', BERLIN)
  expect(await changes('2026-01-05T07:00:00Z')).toMatchObject({
    offHours: true,
    nextOn: '2026-01-05T08:00:00.000Z',
    nextOff: '2026-01-05T16:00:00.000Z',
  })
  expect(await changes('2026-01-05T12:00:00Z')).toMatchObject({
    offHours: false,
    nextOn: '2026-01-06T08:00:00.000Z',
    nextOff: '2026-01-05T16:00:00.000Z',
  })
  await call(account, 'PUT', 'calendars/account', { timeZone: 'UTC', week: {} })
  const never = { offHours: true, at: '2026-01-05T07:00:00.000Z' }
  expect(await changes('2026-01-05T07:00:00Z')).toEqual(never)
})

test('an instant far from any shift is refused with its rule', async () => {
  const account = await server.anotherAccount()
  await call(account, 'PUT', 'calendars/account', BERLIN)
  for (const at of ['0001-01-01T00:00:00Z', '9999-12-31T23:59:59Z', '9998-12-31T23:59:59-12:00']) {
    const reply = await call(account, 'GET', `shift-status?at=${at}`)
    expect(reply.status).toBe(400)
    expect(reply.text).toContain('query.at: must be in the years 1970 to 9998')
  }
  expect(await isOffHours(account, '1970-01-01T00:00:00Z')).toBe(true)
  expect(await isOffHours(account, '9998-12-29T12:00:00Z')).toBe(false)
})

test.each([
  ['an unknown time zone', { ...BERLIN, timeZone: 'Europe/Nowhere' }, 'body.timeZone'],
  [
    'a shift that ends first',
    { ...BERLIN, week: { monday: [{ from: '17:00', to: '09:00' }] } },
    'body.week.monday.0.to',
  ],
  [
    'no time',
    { ...BERLIN, week: { monday: [{ from: '9', to: '25:00' }] } },
    'body.week.monday.0.from',
  ],
  ['a weekday that does not exist', { ...BERLIN, week: { someday: [] } }, 'someday'],
  [
    'a date that is named twice',
    {
      ...BERLIN,
      specialDays: [
        { date: '2026-12-24', shifts: [] },
        { date: '2026-12-24', shifts: [OFFICE] },
      ],
    },
    'body.specialDays.1.date: must not name a date twice',
  ],
])('%s is refused with the name of the field', async (_what, calendar, field) => {
  const reply = await call(server, 'PUT', 'calendars/account', calendar)

  expect(reply.status).toBe(400)
  expect(reply.text).toContain(field)
})

test('hours belong to the account or to one of its skills', async () => {
  expect((await call(server, 'PUT', 'calendars/424242', BERLIN)).status).toBe(404)
  expect((await call(server, 'PUT', 'calendars/everything', BERLIN)).status).toBe(400)
  expect((await call(server, 'DELETE', 'calendars/account')).status).toBe(404)
})

test('a closed calendar says when it opens again and why it is closed', async () => {
  const account = await server.anotherAccount()
  const specialDays = [{ date: '2026-01-06', shifts: [] }]
  await call(account, 'PUT', 'calendars/account', { ...BERLIN, specialDays })
  const next = async (at: string) => {
    const found = await server.context.accounts.nextOpening(
      account.accountId,
      undefined,
      Date.parse(at),
    )
    return found && [new Date(found.at).toISOString(), found.reason]
  }

  expect(await next('2026-01-05T07:00:00Z')).toEqual(['2026-01-05T08:00:00.000Z', 'NIGHT'])
  expect(await next('2026-01-05T12:00:00Z')).toBeUndefined()
  // Tuesday is a holiday, the shift after that is on Sunday night.
  expect(await next('2026-01-05T16:00:00Z')).toEqual(['2026-01-11T00:00:00.000Z', 'NIGHT'])
  expect(await next('2026-01-06T12:00:00Z')).toEqual(['2026-01-11T00:00:00.000Z', 'HOLIDAY'])
  expect(await next('2026-01-08T12:00:00Z')).toEqual(['2026-01-11T00:00:00.000Z', 'WEEKEND'])
  // Summer time begins on 29 March: Monday's nine o'clock is an hour earlier.
  expect(await next('2026-03-29T12:00:00Z')).toEqual(['2026-03-30T07:00:00.000Z', 'NIGHT'])
})

test('a shift that begins in the hour that is left out opens when the hour is over', async () => {
  const account = await server.anotherAccount()
  const night = { sunday: [{ from: '02:30', to: '06:00' }] }
  await call(account, 'PUT', 'calendars/account', { timeZone: 'Europe/Berlin', week: night })
  const next = (at: string) =>
    server.context.accounts.nextOpening(account.accountId, undefined, Date.parse(at))

  const found = await next('2026-03-28T12:00:00Z')

  expect(found).toEqual({ at: Date.parse('2026-03-29T01:00:00Z'), reason: 'WEEKEND' })
  await call(account, 'PUT', 'calendars/account', { timeZone: 'UTC', week: {} })
  expect(await next('2026-03-28T12:00:00Z')).toBeUndefined()
})
