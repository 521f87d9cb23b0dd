import { inject } from 'vitest'
import { cloneDatabase } from '#base/postgres'
import { openPlanWitness, type PlanWitness } from './plan-witness.ts'
import { anotherScene, type Scene } from './scene.ts'
import { startTestServer } from './start-test-server.ts'

/** A server whose statements are noted with their plans, and an account of it. */
export async function startWatchedServer(): Promise<
  AsyncDisposable & { scene: Scene; witness: PlanWitness }
> {
  await using opened = new AsyncDisposableStack()
  const database = opened.use(await cloneDatabase(inject('templateUrl')))
  const witness = opened.use(await openPlanWitness(database.url))
  const server = opened.use(await startTestServer({ databaseUrl: witness.url }))
  const scene = await anotherScene(server)
  const all = opened.move()
  return { scene, witness, [Symbol.asyncDispose]: () => all.disposeAsync() }
}
