import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readSync } from 'node:fs'
import type { Duplex } from 'node:stream'
import { type Confinement, type LaunchPlan, launchLine } from './confinement.ts'
import type { Reaper } from './reaper.ts'

const MAX_STDERR_CHARACTERS = 2_000
/** As in the harness. */
const EGRESS_FD = 3
/** The kernel counts a process's time in these (USER_HZ). */
const MS_PER_TICK = 10

export interface Death {
  code: number | null
  signal: NodeJS.Signals | null
  stderr: string
}

/** The operating-system side of one instance. */
export interface Child {
  readonly pid: number
  /** The only way out: it leads to the egress proxy. */
  readonly egress: Duplex
  write(bytes: Buffer): void
  /** What was written and waits in this process until the instance reads. */
  unwrittenBytes(): number
  onData(take: (chunk: Buffer) => void): void
  onDeath(take: (death: Death) => void): void
  freeze(): void
  thaw(): void
  kill(): void
  /** In MB, 0 when the system does not report it: resident memory, and the private part of it. */
  memory(): { residentMb: number; ownMb: number }
  /** Private writable memory in KiB, the base of the limit. */
  dataKb(): number
  /** Processor time that it has had, in ms; `undefined` when the system does not report it. */
  usedMs(): number | undefined
}

export function launch(
  confinement: Confinement,
  plan: LaunchPlan,
  reaper: Reaper | undefined,
): Child {
  const { command, args, env } = launchLine(confinement, plan)
  // `detached` gives the process its own session: a Ctrl-C in the server's terminal must not reach running calls.
  const child = spawn(command, args, {
    env,
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
  })
  const group = child.pid ?? 0
  // A pair of sockets of which no other process has an end.
  const egress = child.stdio[EGRESS_FD] as Duplex
  let stderr = ''
  let runtime = 0
  let isDead = false
  child.stderr.on('data', (chunk: Buffer) => {
    if (stderr.length < MAX_STDERR_CHARACTERS) stderr += chunk.toString()
  })
  // A broken pipe is reported by the death of the process.
  child.stdin.on('error', () => undefined)
  child.stdout.on('error', () => undefined)
  egress.on('error', () => undefined)
  if (group !== 0) reaper?.watch(group)
  child.on('exit', () => {
    isDead = true
    // Nobody may be reading it, and the end of the instance is reported when all of its pipes have ended.
    egress.destroy()
    reaper?.forget(group)
  })

  /** The process id of the runtime. With a process namespace it is a child of the spawned process. */
  function runtimePid(): number {
    if (runtime === 0 && group !== 0) {
      runtime = confinement.namespaces ? firstChildOf(group) : group
    }
    return runtime
  }

  return {
    get pid() {
      return runtimePid()
    },
    egress,
    write: (bytes) => void child.stdin.write(bytes),
    unwrittenBytes: () => child.stdin.writableLength,
    onData: (take) => void child.stdout.on('data', take),
    onDeath(take) {
      onEnd(child, (code, signal) => take({ code, signal, stderr }))
    },
    freeze: () => send(runtimePid(), 'SIGSTOP'),
    thaw: () => send(runtimePid(), 'SIGCONT'),
    kill() {
      if (isDead) return
      // The outer process reaps the inner one and then ends by itself.
      if (confinement.namespaces && runtimePid() !== 0) send(runtimePid(), 'SIGKILL')
      else send(-group, 'SIGKILL')
    },
    memory() {
      const status = statusOf(runtimePid())
      return { residentMb: kb(status, 'VmRSS') / 1024, ownMb: kb(status, 'RssAnon') / 1024 }
    },
    dataKb: () => kb(statusOf(runtimePid()), 'VmData'),
    usedMs: () => (process.platform === 'linux' ? timesOf(runtimePid()).usedMs : undefined),
  }
}

/** The reason that is logged and shown to the function's author. */
export function whyDied({ code, signal, stderr }: Death): string {
  if (/heap out of memory|heap limit|Out of memory|memory allocation/i.test(stderr)) {
    return 'memory limit'
  }
  if (signal === 'SIGTRAP' || signal === 'SIGABRT' || code === 133 || code === 134) {
    return 'memory limit'
  }
  return signal ? `signal ${signal}` : `exit code ${code}`
}

function onEnd(
  child: ChildProcess,
  take: (code: number | null, signal: NodeJS.Signals | null) => void,
): void {
  let reported = false
  const report = (code: number | null, signal: NodeJS.Signals | null) => {
    if (!reported) take(code, signal)
    reported = true
  }
  child.on('error', () => report(-1, null))
  // 'close' comes after the last byte of the pipes: a result written just before the end still counts.
  child.on('close', report)
}

function send(pid: number, signal: NodeJS.Signals): void {
  if (pid === 0) return
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

function firstChildOf(pid: number): number {
  return Number(readProcFile(`/proc/${pid}/task/${pid}/children`).trim().split(' ')[0] ?? 0)
}

/** Processor time of all threads of a process, and whether the first of them runs or waits for a processor. */
export function timesOf(pid: number): { usedMs: number; isRunnable: boolean } {
  const stat = readProcFile(`/proc/${pid}/stat`)
  // After the name, which is what the function says.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const ticks = Number(fields[11] ?? 0) + Number(fields[12] ?? 0)
  return { usedMs: ticks * MS_PER_TICK, isRunnable: fields[0] === 'R' }
}

function statusOf(pid: number): string {
  return readProcFile(`/proc/${pid}/status`)
}

function kb(status: string, field: string): number {
  // At the beginning of a line: the name is what the function says, and the kernel escapes its line breaks.
  return Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0)
}

/** Longer than what is read of any of these files. */
const room = Buffer.allocUnsafeSlow(16_384)

/**
 * A short file of `/proc`, as text: empty when the process is gone or the system has no `/proc`. Hundreds of them are read each second
 * beside many functions, and `readFileSync` takes half as long again, and 8 KB of new memory for each.
 */
export function readProcFile(path: string): string {
  let file: number | undefined
  try {
    file = openSync(path, 'r')
    return room.toString('latin1', 0, readSync(file, room))
  } catch {
    return ''
  } finally {
    if (file !== undefined) closeSync(file)
  }
}
