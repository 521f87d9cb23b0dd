import { readdirSync, readFileSync } from 'node:fs'
import { commandLine, processTree } from '../e2e/live/process-tree.ts'
import { spread } from './report.ts'

/** Microseconds by `<process> <thread>`, such as `server main`. */
export type CpuByThread = Record<string, number>

function kindOf(pid: number, root: number): string {
  const command = commandLine(pid)
  if (/postgres/.test(command)) return 'PostgreSQL'
  if (pid === root) return 'server'
  return /deno/.test(command) ? 'function' : 'other'
}

/** Nanoseconds and name of every thread of a process; nothing of one that has ended meanwhile. */
function threadsOf(pid: number): { name: string; nanos: number }[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map((thread) => {
      const file = (name: string) => readFileSync(`/proc/${pid}/task/${thread}/${name}`, 'utf8')
      const name = Number(thread) === pid ? 'main' : file('comm').trim()
      return { name, nanos: Number(file('schedstat').split(' ')[0]) }
    })
  } catch {
    return []
  }
}

/** What the threads of a process and of all that it has started have used so far. */
export function accountOf(root: number): CpuByThread {
  const account: CpuByThread = {}
  for (const pid of processTree(root)) {
    const kind = kindOf(pid, root)
    for (const { name, nanos } of threadsOf(pid)) {
      const key = `${kind} ${name}`
      account[key] = (account[key] ?? 0) + nanos / 1000
    }
  }
  return account
}

/** Microseconds that these processes and all that they have started have used so far. */
export function spentBy(roots: readonly number[]): number {
  return roots.flatMap((root) => Object.values(accountOf(root))).reduce((sum, one) => sum + one, 0)
}

/** Microseconds of each of `calls` calls; threads that hardly worked are left out. */
export function spentSince(before: CpuByThread, after: CpuByThread, calls: number): CpuByThread {
  const spent = Object.entries(after).map(([thread, micros]): [string, number] => [
    thread,
    (micros - (before[thread] ?? 0)) / calls,
  ])
  return Object.fromEntries(spent.filter(([, micros]) => micros > 0.2))
}

/** Where the microseconds of a call go: a row for each thread, a column for each product with median, least and most of its rounds. */
export function accountRows(products: Record<string, CpuByThread[]>): Record<string, string>[] {
  const measured = Object.entries(products).filter(([, rounds]) => rounds.length > 0)
  const threads = new Set(
    measured.flatMap(([, rounds]) => rounds.flatMap((one) => Object.keys(one))),
  )
  return [...threads].toSorted().map((thread) => {
    const micros = measured.map(([name, rounds]) => {
      return [`${name} µs`, spread(rounds.map((one) => one[thread] ?? 0))]
    })
    return { thread, ...(Object.fromEntries(micros) as Record<string, string>) }
  })
}
