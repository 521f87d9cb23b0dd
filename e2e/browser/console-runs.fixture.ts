import { randomUUID } from 'node:crypto'
import { anotherScene, call, lambdasOf, type Scene, type TestServer } from '@parley/server/testing'

/** A function that greets, and fails for nobody. */
export const code = (greeting: string): string => `function lambda(input, callback) {
  const { name } = input.payload
  console.info('greeting', name)
  if (name === 'Nobody') throw new Error('there is nobody')
  callback(null, { text: '${greeting} ' + name })
}`

export interface Stage extends Scene {
  functionId: string
}

/** A function of two versions, of which the second is live, and runs of both. */
export async function givenRuns(server: TestServer): Promise<Stage> {
  const scene = await anotherScene(server)
  await call(scene, 'PATCH', 'settings', { recordings: { policy: 'all' } })
  const lambdas = lambdasOf(scene)
  const functionId = await lambdas.deployed(code('Hello'), { name: 'greeter' })
  for (const name of ['Ada', 'Grace', 'Nobody']) await lambdas.invoke(functionId, { name })
  await call(scene, 'PATCH', `functions/${functionId}`, { code: code('Good day') })
  await lambdas.deploy(functionId)
  await lambdas.invoke(functionId, { name: 'Edsger' })
  return Object.assign(scene, { functionId })
}

/** As if the first run had happened again and again. */
export async function copyFirstRun(stage: Stage, count: number): Promise<void> {
  const { db } = stage.context.store
  const run = await db
    .selectFrom('invocation')
    .selectAll()
    .where('accountId', '=', stage.accountId)
    .orderBy('startedAt')
    .limit(1)
    .executeTakeFirstOrThrow()
  const copies = Array.from({ length: count }, (_, number) => ({
    ...run,
    recordId: randomUUID(),
    startedAt: new Date(run.startedAt.getTime() - number - 1),
    inputJson: null,
    resultJson: null,
    trace: null,
    outgoing: null,
    commands: null,
  }))
  for (let from = 0; from < copies.length; from += 1_000) {
    await db
      .insertInto('invocation')
      .values(copies.slice(from, from + 1_000) as never)
      .execute()
  }
}
