import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DoomedNode, startDoomedNode, startTestServer, type TestServer } from '#testing'
import {
  ended,
  jobOf,
  native,
  PATIENCE,
  recordIdsOf,
  recordingAccount,
  runsOf,
  startJob,
} from './jobs.fixture.ts'

const RUNS = 40

let server: TestServer
let doomed: DoomedNode
beforeAll(async () => {
  server = await startTestServer({ clock: 'system' })
  // Jobs are left to the nodes in processes of their own.
  await server.context.delivery.drain(0)
  doomed = await startDoomedNode(server)
})
afterAll(async () => {
  await doomed?.[Symbol.asyncDispose]()
  await server?.[Symbol.asyncDispose]()
})

test(
  'a job whose node is killed goes on on another node, and counts no run twice',
  { timeout: 600_000 },
  async () => {
    const account = await recordingAccount(server)
    // Long enough that the job is under way when its node is killed.
    const source = (more: string) => `const lambda = ({ payload }) => {
    let sum = 0
    for (let n = 0; n < 3e7; n += 1) sum += n % 7
    return [payload.n, sum${more}]
  }`
    const functionId = await account.deployed(source(''))
    for (let n = 0; n < RUNS; n += 1) await account.invoke(functionId, { n })
    await native(account, 'PATCH', `/functions/${functionId}`, { code: source(' + payload.n % 2') })
    const { jobId } = await startJob(account, functionId, { last: RUNS, against: 'draft' })
    await expect.poll(async () => (await jobOf(account, jobId)).done, PATIENCE).toBeGreaterThan(2)
    await doomed.kill()
    const killed = await jobOf(account, jobId)
    expect(killed.state).toBe('running')
    expect(killed.done).toBeLessThan(RUNS)

    await using other = await startDoomedNode(server)
    expect(other.url()).toBeDefined()
    const job = await ended(account, jobId)

    const half = RUNS / 2
    const counts = { total: RUNS, done: RUNS, same: half, different: half, notReplayed: 0 }
    expect(job).toMatchObject({ state: 'done', ...counts })
    const runs = await runsOf(account, jobId, '&state=same&state=different')
    expect(runs.map(({ recordId }) => recordId)).toEqual(await recordIdsOf(account, functionId))
  },
)
