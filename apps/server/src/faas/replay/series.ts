import type { Replay } from '@parley/contract'
import type { ReplayDeps } from './deps.ts'
import { replayRun, type ReplayWith } from './replay-run.ts'

/** Of one instance: what cannot be seen of its state does not grow for ever. */
const MAX_RUNS = 200

/**
 * Replays for which nobody waits, one after the other. Those of a version share an instance: starting one takes longer than most runs. Each finds
 * the function as new. Where code has changed what all code of the process finds, the next one gets another instance; and what
 * differs in an instance that is not new is run again in a new one, which counts.
 */
export interface ReplaySeries extends Disposable {
  /** @throws as `replayRun` */
  run(recordId: string): Promise<Replay>
}

export function openSeries(
  deps: ReplayDeps,
  accountId: string,
  given: Pick<ReplayWith, 'targetOf' | 'calls'>,
): ReplaySeries {
  let shared: { version: number; deploymentId: string; runs: number } | undefined

  function end(): void {
    if (shared) deps.sandbox.retire(shared.deploymentId)
    shared = undefined
  }

  function deploymentOf(version: number): string {
    if (shared?.version !== version || shared.runs === MAX_RUNS) end()
    shared ??= { version, deploymentId: `replay ${deps.ids.uuid()}`, runs: 0 }
    shared.runs += 1
    return shared.deploymentId
  }

  async function run(recordId: string): Promise<Replay> {
    const isPatient = true
    const done = await replayRun(deps, accountId, recordId, { ...given, deploymentOf, isPatient })
    const counts = done.replay.isSame || done.isFirst
    if (!done.isClean || !counts) end()
    return counts ? done.replay : run(recordId)
  }

  return {
    async run(recordId) {
      try {
        return await run(recordId)
      } catch (cause) {
        end()
        throw cause
      }
    },
    [Symbol.dispose]: end,
  }
}
