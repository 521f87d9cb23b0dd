import { performance } from 'node:perf_hooks'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '#testing'
import { native, openFar, recordingAccount, replayed, restless, runsOf } from './jobs.fixture.ts'

/** `PARLEY_TEST_REPLAYS=1000 npx vitest run apps/server/src/faas/replay-jobs/many-runs.test.ts` is the long form. */
// oxlint-disable-next-line node/no-process-env -- the size of a test is no setting of the server
const RUNS = Number(process.env['PARLEY_TEST_REPLAYS'] ?? 30)
const AT_ONCE = 8

let server: TestServer
let far: Awaited<ReturnType<typeof openFar>>
beforeAll(async () => {
  far = await openFar()
  server = await startTestServer({ clock: 'system', env: { PARLEY_EGRESS_PRIVATE: far.host } })
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await far[Symbol.asyncDispose]()
})

test(
  'runs are the same with their own version; with one changed line they differ exactly there',
  { timeout: 3_600_000 },
  async () => {
    const account = await recordingAccount(server)
    // The limit of outgoing calls is one of the time that really passes: the runs shall not wait for it.
    await native(account, 'PATCH', '/settings', { limits: { outboundRequestsPerSecond: 10_000 } })
    const functionId = await account.deployed(restless('payload.n + 1'))
    const { origin } = far
    const numbers = Array.from({ length: RUNS }, (_, n) => n)
    const left = [...numbers]
    const invokeAll = async () => {
      for (let n = left.shift(); n !== undefined; n = left.shift()) {
        await account.invoke(functionId, { origin, n })
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, invokeAll))
    const asked = far.asked()

    const began = performance.now()
    const own = await replayed(account, functionId, { last: RUNS, against: 'recorded' })
    const seconds = (performance.now() - began) / 1000
    process.stdout.write(
      `${RUNS} runs replayed in ${seconds.toFixed(1)} s: ${(RUNS / seconds).toFixed(1)} replays/s\n`,
    )
    expect(await runsOf(account, own.jobId)).toEqual([])
    expect(own).toMatchObject({
      state: 'done',
      total: RUNS,
      done: RUNS,
      same: RUNS,
      reasons: [],
    })

    await native(account, 'PATCH', `/functions/${functionId}`, { code: restless('payload.n + 2') })
    const job = await replayed(account, functionId, { last: RUNS, against: 'draft' })
    const runs = await runsOf(account, job.jobId)
    // Every fifth failed before it came to the line.
    const changed = numbers.filter((n) => n % 5 !== 4)
    const places = runs.map(({ firstDifference, differenceCount }) => [
      differenceCount,
      firstDifference,
    ])
    const byNumber = (a: unknown[], b: unknown[]) => recordedOf(a) - recordedOf(b)
    expect(places.toSorted(byNumber)).toEqual(
      changed.map((n) => [1, { part: 'result', path: '[0]', recorded: n + 1, replayed: n + 2 }]),
    )
    expect(job).toMatchObject({ different: changed.length, same: RUNS - changed.length })
    expect(far.asked()).toBe(asked)
  },
)

function recordedOf([, place]: unknown[]): number {
  return (place as { recorded: number }).recorded
}
