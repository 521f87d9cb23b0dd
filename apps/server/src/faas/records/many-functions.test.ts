import { expect, test } from 'vitest'
import { lambdasOf, startTestServer } from '#testing'

/** More than are written each time. */
const FUNCTIONS = 20
/** Of each function: more than the sample, so that some records are packed. */
const CALLS = 14

test('runs of many functions are all counted and found on another node, though they are written less often', async () => {
  await using server = await startTestServer({ nodes: 2 })
  const lambdas = lambdasOf(server)
  const uuids: string[] = []
  while (uuids.length < FUNCTIONS) {
    uuids.push(await lambdas.deployed('const lambda = ({ payload }) => payload'))
  }
  for (let call = 0; call < CALLS; call++) {
    await Promise.all(uuids.map((uuid) => lambdas.invoke(uuid, { call })))
  }
  // A node writes before it reads, so that only the other one shows what was written by itself.
  const read = async <Answer>(path: string) => {
    const url = `${server.urls[1]}/api/v1/accounts/${server.accountId}${path}`
    const reply = await fetch(url, { headers: { authorization: `Bearer ${server.adminBearer}` } })
    return (await reply.json()) as Answer
  }
  const found = async (uuid: string) => {
    const path = `/invocations?functionId=${uuid}&limit=50`
    return (await read<{ invocations: unknown[] }>(path)).invocations.length
  }
  const counted = async () => {
    const to = new Date(server.clock.now() + 60_000).toISOString()
    const path = `/metrics?to=${to}&bucketSeconds=3600`
    const { buckets } = await read<{ buckets: { SUCCEEDED?: number }[] }>(path)
    return buckets.reduce((sum, { SUCCEEDED = 0 }) => sum + SUCCEEDED, 0)
  }

  await expect.poll(() => Promise.all(uuids.map(found))).toEqual(uuids.map(() => CALLS))
  await expect.poll(counted).toBe(FUNCTIONS * CALLS)
})
