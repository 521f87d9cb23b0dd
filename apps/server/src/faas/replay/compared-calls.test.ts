import type { Replay } from '@parley/contract'
import { expect, test } from 'vitest'
import { lambdasOf, startHttpSite, startTestServer } from '#testing'

const VALUE = 'value-of-the-shop/1'

test('a call with a secret in its address or body is the same in a replay, and no difference shows the secret', async () => {
  await using far = await startHttpSite((_, response) => void response.end('{}'))
  await using server = await startTestServer({ env: { PARLEY_EGRESS_PRIVATE: far.host } })
  const account = lambdasOf(server, await server.anotherAccount())
  await account.native('PATCH', '/settings', { recordings: { policy: 'all' } })
  await account.native('POST', '/secrets', { name: 'shop', type: 'text', value: VALUE })
  const code = (path: string) => `
    const { Toolbelt } = require('lp-faas-toolbelt')
    const lambda = async ({ payload }) => {
      const { value } = await Toolbelt.SecretClient().readSecret('shop')
      await fetch(payload.origin + '${path}?key=' + encodeURIComponent(value), {
        method: 'POST', body: JSON.stringify({ sign: value }),
      })
    }`
  const functionId = await account.deployed(code('/orders'))
  await account.invoke(functionId, { origin: far.origin })
  const runs = await account.native('GET', `/invocations?functionId=${functionId}`)
  const [{ recordId } = { recordId: '' }] = runs.json<{ invocations: { recordId: string }[] }>()
    .invocations
  const replay = async (against: string) => {
    const reply = await account.native('POST', `/invocations/${recordId}/replay`, { against })
    return reply.json<Replay>()
  }

  expect(await replay('deployed')).toMatchObject({ isSame: true, differences: [] })

  await account.native('PATCH', `/functions/${functionId}`, { code: code('/returns') })
  const { differences } = await replay('draft')
  expect(differences.map(({ path }) => path)).toContain(`POST ${far.origin}/returns?key=[secret]`)
  expect(JSON.stringify(differences)).not.toContain('value-of-the-shop')
})

test('a call that failed before its body was sent is the same in a replay, and another one is not', async () => {
  await using server = await startTestServer()
  const account = lambdasOf(server, await server.anotherAccount())
  await account.native('PATCH', '/settings', { recordings: { policy: 'all' } })
  const code = (path: string) => `
    const lambda = async () => {
      const order = { method: 'POST', body: JSON.stringify({ order: 1 }) }
      await fetch('https://not-allowed.example/${path}', order).catch((error) => console.info(String(error)))
    }`
  const functionId = await account.deployed(code('orders'))
  await account.invoke(functionId, {})
  const runs = await account.native('GET', `/invocations?functionId=${functionId}`)
  const recordId = runs.json<{ invocations: { recordId: string }[] }>().invocations[0]?.recordId
  const replay = async (against: string) => {
    const reply = await account.native('POST', `/invocations/${recordId}/replay`, { against })
    return reply.json<Replay>()
  }

  expect(await replay('deployed')).toMatchObject({ isSame: true, differences: [] })

  await account.native('PATCH', `/functions/${functionId}`, { code: code('returns') })
  const { differences } = await replay('draft')
  const calls = differences.filter(({ part }) => part === 'calls')
  expect(calls.map(({ path }) => path)).toEqual([
    'POST https://not-allowed.example/orders',
    'POST https://not-allowed.example/returns',
  ])
})
