import type { ReplayJob } from '@parley/contract'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '#testing'
import {
  ended,
  jobOf,
  native,
  recordIdsOf,
  recordingAccount,
  replayed,
  runsOf,
  startJob,
} from './jobs.fixture.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

test('a job that cannot go on is broken, says why, and goes on when it is resumed', async () => {
  const account = await recordingAccount(server)
  const functionId = await account.deployed('const lambda = () => 1')
  for (let n = 0; n < 3; n += 1) await account.invoke(functionId, {})
  const { db } = server.context.store
  await sql`create function refuse_for_test() returns trigger language plpgsql as
    $$ begin raise exception 'nothing is kept here'; end $$`.execute(db)
  await sql`create trigger refuse_for_test before update on replayed_run
    for each row execute function refuse_for_test()`.execute(db)
  const { jobId } = await startJob(account, functionId, {})
  const state = async () => {
    await server.clock.advance(5_000)
    return (await jobOf(account, jobId)).state
  }
  await expect.poll(state).toBe('broken')
  const broken = await jobOf(account, jobId)
  expect(broken).toMatchObject({ total: 3, done: 0 })
  expect(broken.problem).toContain('nothing is kept here')

  await sql`drop trigger refuse_for_test on replayed_run`.execute(db)
  await native(account, 'POST', `/replays/${jobId}/resume`)
  const job = await ended(account, jobId)
  expect(job).toMatchObject({ state: 'done', done: 3, same: 3 })
  expect(job.problem).toBeUndefined()
})

test('runs of versions that are no longer kept are counted as such, and run on others', async () => {
  const account = await recordingAccount(server)
  const functionId = await account.deployed('const lambda = () => 1')
  await account.invoke(functionId, {})
  const save = (code: string) => native(account, 'PATCH', `/functions/${functionId}`, { code })
  await save('const lambda = () => 2')
  expect((await account.deploy(functionId)).status).toBe(200)
  await account.invoke(functionId, {})
  await native(account, 'PATCH', '/settings', { limits: { keptVersions: 1, keptDeployments: 1 } })
  await save('const lambda = () => 3')
  await account.deploy(functionId)
  const own = await replayed(account, functionId, { against: 'recorded' })
  expect(own.reasons).toMatchObject([{ kind: 'versionGone' }])
  expect(own).toMatchObject({ done: 2, different: 0 })
  const live = await replayed(account, functionId, {})
  expect(live).toMatchObject({ version: 3, done: 2, different: 2, notReplayed: 0 })
})

test('of runs that were recorded in part, of an erased consumer, or cannot be read, the job says so, and goes on', async () => {
  const account = await recordingAccount(server)
  const { accountId } = account.account
  const functionId = await account.deployed('const lambda = ({ payload }) => payload.n')
  for (let n = 0; n < 4; n += 1) await account.invoke(functionId, { n })
  const recordIds = await recordIdsOf(account, functionId)
  const [inPart, unreadable, erased] = recordIds
  // What the server leaves when too much is recorded at once, an erasure, and a damaged disk.
  const { db } = server.context.store
  await sql`update invocation set trace = '{"kept":"metadata","reason":"too much at once"}'
    where account_id = ${accountId} and record_id = ${inPart}`.execute(db)
  await sql`update invocation set trace = '{"kept":5}'
    where account_id = ${accountId} and record_id = ${unreadable}`.execute(db)
  await sql`delete from invocation where account_id = ${accountId} and record_id = ${erased}`.execute(
    db,
  )
  const job = await replayed(account, functionId, { recordIds })
  expect(job).toMatchObject({ state: 'done', done: 4, same: 1, notReplayed: 3 })
  const runs = await runsOf(account, job.jobId)
  expect(runs.map(({ reason }) => reason?.kind)).toEqual(['recordedInPart', 'internal', 'gone'])
})

test('the newest 20 jobs of an account are kept, and none starts while all of them run', async () => {
  const account = await recordingAccount(server)
  const { accountId } = account.account
  const functionId = await account.deployed('const lambda = () => 1')
  await account.invoke(functionId, {})
  const { jobId } = await replayed(account, functionId, {})
  const { db } = server.context.store
  // As if they had run one after the other before.
  const addCopies = (of: string, count: number) =>
    sql`insert into replay_job
      select (jsonb_populate_record(job, jsonb_build_object('job_id', gen_random_uuid(), 'function_id', gen_random_uuid(),
        'started_at', job.started_at - n * interval '1 minute'))).*
      from replay_job job, generate_series(1, ${count}::int) n where job_id = ${of}`.execute(db)
  await addCopies(jobId, 20)
  const jobsOf = async () =>
    (await native<{ jobs: ReplayJob[] }>(account, 'GET', '/replays')).jobs.map((job) => job.jobId)
  const before = await jobsOf()
  await server.clock.advance(1)
  const newest = await replayed(account, functionId, {})
  expect(await jobsOf()).toEqual([newest.jobId, ...before.slice(0, 19)])

  await addCopies(jobId, 2)
  await sql`delete from replay_job where account_id = ${accountId} and function_id = ${functionId}`.execute(
    db,
  )
  await sql`update replay_job set state = 'running' where account_id = ${accountId}`.execute(db)
  const refused = await account.native('POST', `/functions/${functionId}/replays`, {})
  expect(refused.text).toContain('The account may have 20 replay jobs, and all of them run')
  expect(refused.text).toContain('replay_job_limit_reached')
})
