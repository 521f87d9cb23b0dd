import { afterAll, expect, test } from 'vitest'
import { login } from '#testing'
import { openReporting } from './reported.fixture.ts'

const shared = await openReporting()
afterAll(() => shared[Symbol.asyncDispose]())

const MANY = Array.from({ length: 11 }, (_, index) => `a${index}@example.com`)

test.each([
  [{ frequency: 'hourly' }, 'body.frequency: '],
  [{ recipients: ['nobody'] }, 'body.recipients.0: '],
  [{ recipients: ['Ada <ada@example.com>'] }, 'body.recipients.0: '],
  [{ recipients: ['a@example.com', 'A@example.com'] }, 'body.recipients.1: must be unique'],
  [{ recipients: MANY }, 'body.recipients: must have at most 10 addresses'],
  [{ recipient: [] }, 'body.recipient: no such setting; did you mean recipients?'],
  [{ receivers: [] }, 'body.receivers: no such setting; did you mean recipients?'],
])('%j is refused, with the field and the rule', async (body, message) => {
  const { native } = await shared.newAccount()

  const reply = await native('PUT', '/report-settings', body)

  expect(reply.status).toBe(400)
  expect(reply.json<{ error: { message: string } }>().error.message).toContain(message)
  const stored = await native('GET', '/report-settings')
  expect(stored.json()).toEqual({ frequency: 'none', recipients: [] })
})

test('an account may have more recipients when its limit says so', async () => {
  const { native, set } = await shared.newAccount()
  await native('PATCH', '/settings', { limits: { reportRecipients: 11 } })
  expect((await set('daily', MANY)).status).toBe(200)
  // Those that it has stay when the limit is lowered.
  await native('PATCH', '/settings', { limits: { reportRecipients: 2 } })
  expect((await set('weekly', MANY)).status).toBe(200)
  expect((await set('weekly', [...MANY, 'one-more@example.com'])).status).toBe(400)
})

test.each([
  ['FaaS-Admin', 200, 200, 200],
  ['FaaS-Developer', 200, 200, 403],
  ['FaaS-Invocation', 200, 403, 403],
])(
  'with %s reading answers %i, new recipients %i, another frequency %i',
  async (profile, reading, recipients, frequency) => {
    const { native, account, set } = await shared.newAccount()
    const { accountId } = account
    await set('daily', ['a@example.com'])
    const password = 'a-long-enough-password-1'
    await native('POST', '/users', {
      loginName: 'ann',
      role: 'agent-manager',
      profiles: [profile],
      password,
    })
    const { url } = shared.server
    const { bearer } = await login({ url, accountId }, { user: 'ann', password })
    const ask = async (method: string, path: string, body?: object) =>
      (await native(method, path, body, { bearer })).status

    expect(await ask('GET', '/report-settings')).toBe(reading)
    expect(await ask('GET', '/report-preview')).toBe(reading)
    const other = { frequency: 'daily', recipients: ['b@example.com'] }
    expect(await ask('PUT', '/report-settings', other)).toBe(recipients)
    expect(await ask('PUT', '/report-settings', { ...other, frequency: 'weekly' })).toBe(frequency)
  },
)

test('a change is among the activities of functions', async () => {
  const { native, set } = await shared.newAccount()
  await set('weekly', ['a@example.com', 'b@example.com'])

  const { activities } = (await native('GET', '/activities?topic=reporting')).json<{
    activities: object[]
  }>()

  expect(activities).toMatchObject([
    { activity: 'Report Update', description: 'weekly, 2 recipients' },
  ])
})
