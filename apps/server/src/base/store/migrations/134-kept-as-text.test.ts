import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { lambdasOf, startTestServer } from '#testing'
import { up } from './134-kept-as-text.ts'

const EVENT = 'controllerbot_messaging_conversation_end'

test('runs that were recorded before are read and repeated as those of today, and new ones beside them', async () => {
  await using server = await startTestServer()
  const { db } = server.context.store
  const account = lambdasOf(server)
  const functionId = await account.deployed('const lambda = ({ payload }) => [payload.n]', {
    eventId: EVENT,
  })
  const runOnce = async (n: number) => {
    const { functions } = await server.context.invocations.invokeEvent(server.accountId, {
      eventId: EVENT,
      invocationId: `i${n}`,
      source: 'test',
      payload: { n },
    })
    for (const { record } of functions) server.context.invocations.record(record)
    await server.context.records.writer.flush()
  }
  await runOnce(1)
  // The state of before: everything parsed, the trace in a row of its own, and a day that is made and not yet attached.
  await sql`update invocation set input = input_json::jsonb, result = result_json::jsonb`.execute(
    db,
  )
  await sql`insert into recording (account_id, started_at, record_id, function_id, recording)
    select account_id, started_at, record_id, function_id,
      jsonb_build_object('kept', 'whole') || split_part(trace, e'\\n', 1)::jsonb from invocation`.execute(
    db,
  )
  await sql`alter table invocation drop column input_json, drop column result_json, drop column trace, drop column draws`.execute(
    db,
  )
  await sql`create table invocation_p29991231 (like invocation including all)`.execute(db)

  await up(db as unknown as Parameters<typeof up>[0])
  await runOnce(2)

  const listed = await account.native('GET', `/invocations?functionId=${functionId}`)
  const { invocations } = listed.json<{ invocations: { recordId: string }[] }>()
  expect(invocations).toMatchObject([
    { input: { payload: { n: 1 } }, result: [1] },
    { input: { payload: { n: 2 } }, result: [2] },
  ])
  for (const { recordId } of invocations) {
    const recording = await account.native('GET', `/invocations/${recordId}/recording`)
    expect(recording.json()).toMatchObject({
      kept: 'whole',
      seed: expect.stringMatching(/^.{32}$/),
    })
    const replay = await account.native('POST', `/invocations/${recordId}/replay`, {})
    expect(replay.json()).toMatchObject({ isSame: true })
  }
  const job = await account.native('POST', `/functions/${functionId}/replays`, {})
  const path = `/replays/${job.json<{ jobId: string }>().jobId}`
  await expect
    .poll(async () => (await account.native('GET', path)).json())
    .toMatchObject({ state: 'done', total: 2, same: 2 })
})
