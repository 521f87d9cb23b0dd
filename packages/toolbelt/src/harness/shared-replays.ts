import { createModules, type ToolbeltHost } from '@parley/toolbelt'
import type { Lambda } from './calls.ts'
import { openLeftovers } from './leftovers.ts'
import type { Evaluate } from './load.ts'
import { installReplays } from './replay-world.ts'
import { stopTimersOfNoCall } from './timers.ts'

/** What lets replays run in one process, one after the other: each finds the function as if it was the first. */
export interface SharedReplays {
  /** Evaluates the source with variables, toolbelt and files of its own; timers of the replay before are stopped. */
  evaluate(): Lambda
  /** Whether what all code of the process finds is as it was. */
  isClean(): boolean
}

/** To be called before code of the function runs, when the clock is watched already. */
export function shareReplays(host: ToolbeltHost, evaluate: Evaluate): SharedReplays {
  installReplays()
  const leftovers = openLeftovers()
  return {
    evaluate() {
      stopTimersOfNoCall()
      return evaluate(createModules(host, leftovers.noteModule))
    },
    isClean: leftovers.areNone,
  }
}
