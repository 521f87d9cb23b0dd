import { afterAll, expect, test } from 'vitest'
import { openMailOutbox } from '#testing'

const outbox = await openMailOutbox({ mailServer: false })
afterAll(() => outbox[Symbol.asyncDispose]())

test('mails are listed, counted and read by who may see their chat', async () => {
  const { account, server } = outbox
  const { mailId } = await outbox.send()
  const password = 'a long pass phrase'
  const user = { loginName: 'strange', password, skillIds: [account.returnsSkillId] }
  expect((await account.admin('POST', '/users', user)).status).toBe(201)
  const base = `/api/v1/accounts/${account.accountId}`
  const session = await server.request('POST', `${base}/sessions`, {
    body: { loginName: 'strange', password },
  })
  const { bearer } = session.json<{ bearer: string }>()
  const asked = {
    admin: account.admin,
    john: account.john,
    strange: (method: string, path: string) => server.request(method, `${base}${path}`, { bearer }),
  }
  const seen: Record<string, object> = {}
  for (const [who, ask] of Object.entries(asked)) {
    const { mails } = (await ask('GET', '/mails')).json<{ mails: object[] }>()
    const { states } = (await ask('GET', '/mail-counts')).json<{ states: { kept: number } }>()
    const one = await ask('GET', `/mails/${mailId}`)
    seen[who] = { listed: mails.length, counted: states.kept, read: one.status }
  }
  const all = { listed: 1, counted: 1, read: 200 }
  expect(seen).toEqual({ admin: all, john: all, strange: { listed: 0, counted: 0, read: 404 } })
})
