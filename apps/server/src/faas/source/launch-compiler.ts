import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Monotonic, ParleyError } from '#base/kernel'
import type { SourceCheck } from './check-source.ts'
import type { CheckReply, CheckRequest } from './compiler-program.ts'

/** For one source, from when its process is ready. Ordinary sources take milliseconds. */
const MAX_MS = 10_000
const MAX_HEAP_MB = 512

/** One process that checks and compiles sources, one after the other. */
export interface CompilerProcess extends Disposable {
  /** Ends the process when the source takes too long or too much memory: that is a problem of the source. */
  check(request: CheckRequest): Promise<SourceCheck>
  readonly isAlive: boolean
}

export function launchCompiler(monotonic: Monotonic): CompilerProcess {
  // What is ended in the middle of a check removes nothing: its folder ends with the process.
  const folder = join(tmpdir(), `parley-types-${randomUUID()}`)
  const child = spawn(
    process.execPath,
    [
      `--max-old-space-size=${MAX_HEAP_MB}`,
      join(import.meta.dirname, 'compiler-program.ts'),
      folder,
    ],
    // A group of its own, so that what the process starts ends with it.
    {
      detached: true,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      serialization: 'advanced',
      env: { GOMAXPROCS: '1', TMPDIR: folder },
      cwd: '/',
    },
  )
  const ready = Promise.withResolvers<void>()
  let running: PromiseWithResolvers<SourceCheck> | undefined
  let isAlive = true
  let tooLong = false
  // Counts only for the check that waits for it.
  ready.promise.catch(() => undefined)

  child.on('message', (reply: CheckReply) => {
    if ('ready' in reply) ready.resolve()
    else if ('checked' in reply) running?.resolve(reply.checked)
    else running?.reject(new Error(`The check of a source failed: ${reply.failed}`))
  })
  child.on('error', ended)
  child.on('exit', ended)

  function ended(): void {
    isAlive = false
    removeFolder()
    ready.reject(new ParleyError('unavailable', 'The compiler cannot be started'))
    running?.resolve(refusal(tooLong ? `${MAX_MS / 1000} seconds` : `${MAX_HEAP_MB} MB of memory`))
  }

  function end(): void {
    if (!isAlive || child.pid === undefined) return
    isAlive = false
    try {
      process.kill(-child.pid, 'SIGKILL')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
    // The server may end before it hears of the end of this process.
    removeFolder()
  }

  function removeFolder(): void {
    try {
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
    } catch {
      // A disk that cannot be written must not end the server.
    }
  }

  return {
    get isAlive() {
      return isAlive
    },
    async check(request) {
      await ready.promise
      running = Promise.withResolvers()
      using _limit = monotonic.after(MAX_MS, () => {
        tooLong = true
        end()
      })
      if (isAlive) child.send(request)
      else ended()
      return await running.promise
    },
    [Symbol.dispose]: end,
  }
}

function refusal(limit: string): SourceCheck {
  const message = `The source takes more than ${limit} to compile; make it simpler`
  return { ok: false, problems: [{ rule: 'syntax', message }] }
}
