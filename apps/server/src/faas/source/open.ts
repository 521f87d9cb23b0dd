import { availableParallelism } from 'node:os'
import { declareBound, openPlaces } from '#base/bounds'
import { type Monotonic, ParleyError, PassingSet } from '#base/kernel'
import type { CheckOptions, SourceCheck } from './check-source.ts'
import { inputTypesOf } from './input-type.ts'
import { type CompilerProcess, launchCompiler } from './launch-compiler.ts'

/** More than processors: sources that take long must not keep the others waiting. */
const MAX_PROCESSES = Math.max(4, availableParallelism())
const MAX_IDLE_MS = 60_000

const MAX_OF_ACCOUNT = 1_000_000
/** The published command line pushes all functions of a project at once, and no push again that was refused. */
const CHECKS = declareBound({
  kind: 'places',
  holds: 'characters of sources that are being checked or wait for it',
  limit: 20_000_000,
  each: MAX_OF_ACCOUNT,
  per: 'node',
  beyond: '429; each account has one checked at a time',
})
/** What waits with a short source counts, too. */
const MIN_CHARACTERS = 1000

/** Checks and compiles sources outside of the server's process, which goes on meanwhile whatever they hold. */
export interface Compiler extends Disposable {
  /**
   * A source that takes more than 10 seconds or 512 MB has a problem that says so.
   * @throws `rate_limited` when the account has many sources waiting
   */
  check(accountId: string, code: string, options: CheckOptions): Promise<SourceCheck>
}

interface Waiting {
  accountId: string
  start(process: CompilerProcess): Promise<void>
}

export function openCompiler({ monotonic }: { monotonic: Monotonic }): Compiler {
  const places = openPlaces(CHECKS)
  const processes = new PassingSet<CompilerProcess>()
  const idle: CompilerProcess[] = []
  // Bounded by `places`.
  const waiting: Waiting[] = []
  const busyAccounts = new PassingSet<string>()
  let idleTimer: Disposable | undefined

  /** Starts what may start: one source of an account, in the order of asking. */
  function startNext(): void {
    for (;;) {
      const at = waiting.findIndex(({ accountId }) => !busyAccounts.has(accountId))
      const next = waiting[at]
      const process = next && takeProcess()
      if (!next || !process) return
      waiting.splice(at, 1)
      void start(next, process)
    }
  }

  async function start(next: Waiting, process: CompilerProcess): Promise<void> {
    busyAccounts.add(next.accountId)
    await next.start(process)
    busyAccounts.delete(next.accountId)
    if (process.isAlive) idle.push(process)
    else processes.delete(process)
    idleTimer?.[Symbol.dispose]()
    idleTimer = monotonic.after(MAX_IDLE_MS, endIdle)
    startNext()
  }

  function takeProcess(): CompilerProcess | undefined {
    const free = idle.pop()
    if (free?.isAlive) return free
    if (free) processes.delete(free)
    if (processes.size >= MAX_PROCESSES) return undefined
    const made = launchCompiler(monotonic)
    processes.add(made)
    return made
  }

  function endIdle(): void {
    for (const process of idle.splice(0)) {
      process[Symbol.dispose]()
      processes.delete(process)
    }
  }

  return {
    async check(accountId, code, options) {
      // One that is longer than all may be together is refused for its length.
      const characters = Math.min(Math.max(code.length, MIN_CHARACTERS), MAX_OF_ACCOUNT)
      using place = places.take(accountId, characters)
      if (!place) {
        throw new ParleyError('rate_limited', 'Too many sources wait to be checked; try again')
      }
      const inputTypes = inputTypesOf(options.types ? options.eventId : undefined)
      const checked = Promise.withResolvers<SourceCheck>()
      waiting.push({
        accountId,
        start: (process) =>
          process.check({ code, options, inputTypes }).then(checked.resolve, checked.reject),
      })
      startNext()
      return await checked.promise
    },
    [Symbol.dispose]() {
      idleTimer?.[Symbol.dispose]()
      for (const process of processes) process[Symbol.dispose]()
    },
  }
}
