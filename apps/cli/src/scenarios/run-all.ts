import { firstFailure } from '../explain.ts'
import { setAccount } from './account.ts'
import { type Place, ScenarioFailure } from './failure.ts'
import { runScenario, type Scenario } from './scenario.ts'
import type { World } from './world.ts'

export interface Result {
  readonly scenario: Scenario
  /** Real time. */
  readonly ms: number
  /** Absent when all came that it expects. */
  readonly failure?: { readonly message: string; readonly place: Place | undefined }
}

/** So many at once; others begin when one ends. */
const SIDE_BY_SIDE = 50

/**
 * Runs scenarios in one world, side by side: each with a consumer of its own, in the same virtual time. Those that want another account
 * run after one another.
 * @param done hears of each when it has ended
 */
export async function runAll(
  world: World,
  scenarios: readonly Scenario[],
  done: (result: Result) => void,
): Promise<Result[]> {
  const results: Result[] = []
  const groups = Map.groupBy(scenarios, ({ account }) => JSON.stringify(account ?? {}))
  for (const group of groups.values()) {
    const restore = await setAccount(world.session, group[0]?.account ?? {})
    try {
      const waiting = [...group]
      const work = async () => {
        for (let next = waiting.shift(); next; next = waiting.shift()) {
          const result = await run(world, next)
          results.push(result)
          done(result)
        }
      }
      await Promise.all(Array.from({ length: Math.min(SIDE_BY_SIDE, group.length) }, work))
    } finally {
      await restore()
    }
  }
  return results
}

async function run(world: World, scenario: Scenario): Promise<Result> {
  const startedAt = performance.now()
  const ms = () => Math.round(performance.now() - startedAt)
  try {
    await runScenario(world, scenario)
    return { scenario, ms: ms() }
  } catch (failure) {
    // No scenario has failed when its world has ended: this throws.
    await world.mailsArrived()
    const cause = firstFailure(failure)
    const place = cause instanceof ScenarioFailure ? cause.place : undefined
    const isOurs = cause instanceof ScenarioFailure && place !== undefined
    const stack = cause instanceof Error && !isOurs ? placesIn(cause, scenario.file) : ''
    const message = `${cause instanceof Error ? cause.message : String(cause)}${stack}`
    return { scenario, ms: ms(), failure: { message, place } }
  }
}

/** Where in its own file a program was. */
function placesIn({ stack = '' }: Error, file: string): string {
  const line = stack.split('\n').find((one) => one.includes(file))
  return line === undefined ? '' : `\n  ${line.trim()}`
}
